// One VS Code window, driven through what a person sees.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/lib/process.mjs';
import { eventually, patience } from './eventually.ts';

/** A webview's files have addresses here, which VS Code's service worker answers: nothing leaves the machine. */
const webviewHost = '.vscode-resource.vscode-cdn.net';

/** Folder of the pictures that tests take, failures included; not under version control. */
export const screenshotFolder = path.join(root, 'out/screenshots');

/** What stands in the active editor besides the text. */
export interface Squiggles {
  readonly errors: number;
  readonly warnings: number;
}

export class Workbench {
  readonly page: Page;
  readonly folder: string;
  readonly #address: string;
  readonly #complaints: string[] = [];
  readonly #hosts = new Set<string>();

  constructor(page: Page, folder: string, address: string) {
    this.page = page;
    this.folder = folder;
    this.#address = address;
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(message.text().slice(0, 500));
    });
    page.on('request', (request) => {
      const { host, protocol } = new URL(request.url());
      const local = host.startsWith('127.0.0.1') || host.endsWith(webviewHost);
      if (/^(https?|wss?):$/.test(protocol) && !local) this.#hosts.add(host);
    });
  }

  /** Errors that pages and the workbench wrote to the browser's console. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** Hosts other than this machine that something asked for. */
  get outsideHosts(): readonly string[] {
    return [...this.#hosts];
  }

  /** Loads the window and waits until the explorer lists the folder. */
  async open(): Promise<void> {
    await this.page.goto(this.#address, { waitUntil: 'commit' });
    await this.#ready();
  }

  /** Reloads the window: the extension host starts anew, editors come back. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
    await this.#ready();
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: patience });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: patience });
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** Row of the explorer with exactly this name. */
  explorerRow(name: string): Locator {
    return this.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`);
  }

  /** Opens a file of the folder's first level, kept open (not as a preview), and waits for its text. */
  async openFile(name: string): Promise<void> {
    await this.explorerRow(name).first().dblclick();
    await this.page.locator(`.tab[data-resource-name="${name}"]`).first().waitFor({ timeout: patience });
    await this.editor.locator('.view-line').first().waitFor({ timeout: patience });
  }

  /** The text editor on the screen, the first when there are several. */
  get editor(): Locator {
    return this.page.locator('.editor-group-container .editor-instance .monaco-editor:visible').first();
  }

  /** Puts the keyboard's focus into the text editor. */
  async focusEditor(): Promise<void> {
    await this.editor.locator('.native-edit-context, textarea.inputarea').first().focus();
  }

  /** Hides the panel below the editor, if it is there. */
  async hidePanel(): Promise<void> {
    const panel = this.page.locator('.part.panel');
    if (!(await panel.isVisible())) return;
    await this.page.keyboard.press('Control+j');
    await panel.waitFor({ state: 'hidden' });
  }

  /** Lines on the screen, in order, with ordinary spaces. */
  async visibleText(): Promise<string> {
    const lines = await this.editor.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: (element as HTMLElement).offsetTop, text: element.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('Control+g');
    await this.#quickInput().fill(`:${String(line)}:1`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    // By arrow keys: "go to line" counts a Chinese character as two columns.
    for (let step = 1; step < column; step += 1) await this.page.keyboard.press('ArrowRight');
  }

  /** Puts the cursor at the start of the first place where `text` stands in the file on disk (as opened, unedited). */
  async goToText(file: string, text: string): Promise<void> {
    const before = fs.readFileSync(path.join(this.folder, file), 'utf8').split(text)[0] ?? '';
    const lines = before.split('\n');
    await this.goTo(lines.length, (lines.at(-1)?.length ?? 0) + 1);
  }

  /** Types at the cursor without VS Code's closing of brackets and quotes getting in the way. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
  }

  /** Saves the active editor; the tab's mark of unsaved changes must have been there. */
  async save(): Promise<void> {
    await this.page.locator('.tab.active.dirty').first().waitFor({ timeout: patience });
    await this.page.keyboard.press('Control+s');
    // The active tabs of other groups are clean all the while.
    await eventually('a saved file', async () => (await this.page.locator('.tab.active.dirty').count()) === 0);
  }

  async undo(): Promise<void> {
    await this.page.keyboard.press('Control+z');
  }

  /** Right-clicks a line (from 1) of the editor and chooses an entry. */
  async clickContextMenu(label: string, line = 1): Promise<void> {
    await this.#openAndChoose(label, () => this.openContextMenu(line));
  }

  /** Right-clicks a line (from 1) of the editor. */
  async openContextMenu(line: number): Promise<void> {
    await this.goTo(line);
    const cursor = await this.editor.locator('.cursors-layer .cursor').first().boundingBox();
    if (cursor === null) throw new Error('the cursor is not on the screen');
    await this.page.mouse.click(cursor.x + 3, cursor.y + cursor.height / 2, { button: 'right' });
  }

  /** Right-clicks a file of the explorer and chooses an entry. */
  async clickExplorerMenu(file: string, label: string): Promise<void> {
    await this.#openAndChoose(label, () => this.explorerRow(file).first().click({ button: 'right' }));
  }

  /** A menu that was opened before VS Code had read the extension's entries stays without them: it is opened again. */
  async #openAndChoose(label: string, open: () => Promise<void>): Promise<void> {
    await eventually(`the entry ${label} of a menu`, async () => {
      await open();
      const item = this.page.locator('.monaco-menu .action-item', { hasText: label }).first();
      const there = await eventually(label, () => item.isVisible(), patience / 6).catch(() => false);
      if (!there) await this.page.keyboard.press('Escape');
      return there;
    });
    await this.chooseFromMenu(label);
  }

  /** Labels of the open context menu. */
  async menuLabels(): Promise<string[]> {
    const items = this.page.locator('.monaco-menu .action-item .action-label:not(.separator)');
    await items.first().waitFor({ timeout: patience });
    return (await items.allTextContents()).map((text) => text.trim());
  }

  /** Clicks an entry of the open context menu. VS Code ignores clicks in a menu's first moment: repeated until it closes. */
  async chooseFromMenu(label: string): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-item', { hasText: label }).first();
    await item.waitFor({ timeout: patience });
    for (let attempt = 0; attempt < 50 && (await item.isVisible()); attempt += 1) {
      await item.click({ timeout: 2000 }).catch(() => undefined);
      await sleep(100);
    }
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input').first();
  }

  /** Rows of the open quick pick. */
  get quickPickRows(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  /** Runs a command by its title through the palette. */
  async runCommand(title: string): Promise<void> {
    await this.openPalette(title);
    await this.quickPickRows.filter({ hasText: title }).first().click();
  }

  /**
   * Opens the palette with a title typed in and waits for a row that has it. A palette that was opened before VS Code had all
   * commands stays without them, and one may be closed by what takes the focus: it is opened again.
   */
  async openPalette(title: string): Promise<void> {
    const row = this.quickPickRows.filter({ hasText: title }).first();
    await eventually(`the command ${title}`, async () => {
      await this.page.keyboard.press('F1');
      const there = await this.#quickInput()
        .fill(`>${title}`, { timeout: patience / 6 })
        .then(() => eventually(title, () => row.isVisible(), patience / 6))
        .catch(() => false);
      if (!there) await this.page.keyboard.press('Escape');
      return there;
    });
  }

  /** Answers an open input box or quick pick with a text. */
  async answer(text: string): Promise<void> {
    await this.#quickInput().waitFor({ timeout: patience });
    await this.#quickInput().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Answers the dialog that asks for a folder, which in a browser is an input with a list.
   *
   * @param inside something in the folder: once that is listed, the dialog has arrived there
   */
  async chooseFolder(folder: string, inside: string): Promise<void> {
    const input = this.#quickInput();
    await input.waitFor({ timeout: patience });
    // The dialog writes the folder it starts in whenever it is ready, also into a path that stands there already.
    await eventually(`the folder ${folder}`, async () => {
      if ((await input.inputValue()) !== folder + path.sep) await input.fill(folder + path.sep);
      return (await this.quickPickRows.filter({ hasText: inside }).count()) > 0;
    });
    await this.page.locator('.quick-input-widget .quick-input-action .monaco-button', { hasText: 'OK' }).click();
  }

  /** Texts of the lenses on the screen, one entry a lens. */
  async codeLenses(): Promise<string[]> {
    const texts = await this.page.locator('.codelens-decoration a').allTextContents();
    return texts.map((text) => text.replaceAll('\u00a0', ' ').trim());
  }

  lens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: text });
  }

  /** Text of the hover at the cursor; it stays open. Asked for again where an edit or the mouse has put it away. */
  async hover(): Promise<string> {
    const content = this.page.locator('.monaco-hover:not(.hidden)');
    const shown = async (): Promise<string | false> => {
      const text = (await content.allTextContents()).join('\n').replaceAll('\u00a0', ' ').trim();
      return text !== '' && text;
    };
    return eventually('a hover', async () => {
      await this.runCommand('Show or Focus Hover');
      return eventually('a hover', shown, patience / 6).catch(() => false as const);
    });
  }

  /** Squiggles of the visible part of the editor. */
  async squiggles(): Promise<Squiggles> {
    return {
      errors: await this.editor.locator('.squiggly-error').count(),
      warnings: await this.editor.locator('.squiggly-warning').count(),
    };
  }

  /** Messages of the Problems panel, which is opened for it. */
  async problems(): Promise<string[]> {
    await this.runCommand('Problems: Focus on Problems View');
    const panel = this.page.locator('.markers-panel');
    await panel.waitFor({ timeout: patience });
    return panel.locator('.monaco-list-row .marker-message').allTextContents();
  }

  /** Titles of the quick fixes offered at the cursor; the list stays open for `applyQuickFix`. */
  async quickFixes(): Promise<string[]> {
    await this.page.keyboard.press('Control+.');
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    await rows.first().waitFor({ timeout: patience });
    return (await rows.allTextContents()).map((text) => text.trim());
  }

  /** Applies an entry of the open list by keyboard: an older VS Code keeps clicks away from it. */
  async applyQuickFix(title: string): Promise<void> {
    const chosen = this.page.locator('.action-widget .monaco-list-row.action.focused', { hasText: title });
    for (let step = 0; step < 20 && (await chosen.count()) === 0; step += 1)
      await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
    await this.page.locator('.action-widget').first().waitFor({ state: 'hidden' });
  }

  /** Inside of a webview with this title (of its tab or view). */
  webview(title: string): FrameLocator {
    return this.page
      .frameLocator(`iframe.webview:not([style*="visibility: hidden"])`)
      .frameLocator(`iframe#active-frame[title="${title}"]`);
  }

  /** Inside of the webview that holds an element, whatever its title; waits for it. */
  async webviewWith(selector: string): Promise<FrameLocator> {
    for (const deadline = Date.now() + patience; Date.now() < deadline;) {
      const frames = this.page.locator('iframe.webview');
      for (let index = 0; index < (await frames.count()); index += 1) {
        const inside = this.page
          .frameLocator(`iframe.webview >> nth=${String(index)}`)
          .frameLocator('iframe#active-frame');
        // A frame may go away while it is asked.
        const found = await inside
          .locator(selector)
          .count()
          .catch(() => 0);
        if (found > 0) return inside;
      }
      await sleep(100);
    }
    throw new Error(`no webview holds ${selector}`);
  }

  /** Rows of a tree view, by the title in its header or its aria label, as text. */
  async treeRows(label: string | RegExp): Promise<string[]> {
    const rows = this.page.getByRole('tree', { name: label }).getByRole('treeitem');
    return rows.evaluateAll((elements) =>
      elements.map((element) => element.getAttribute('aria-label') ?? element.textContent),
    );
  }

  /** Texts of the status bar's entries. */
  async statusBar(): Promise<string[]> {
    return this.page
      .locator('.statusbar-item')
      .evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? element.textContent));
  }

  /** Texts of notifications on the screen, at the border or in the list behind the bell. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-list-item .notification-list-item-message').allTextContents();
  }

  /** Waits for a notification; VS Code puts one that comes while others go straight behind the bell, so that is opened. */
  async notified(words: RegExp): Promise<void> {
    const isThere = async (): Promise<boolean> => (await this.notifications()).some((one) => words.test(one));
    const soon = eventually(String(words), isThere, 10_000).catch(() => false);
    if (await soon) return;
    await this.runCommand('Notifications: Show Notifications');
    await eventually(String(words), isThere, 60_000);
  }

  /**
   * Presses a button of the notification with these words until that is gone: a press while a toast still slides into its
   * place is lost.
   */
  async clickNotification(button: string, words: RegExp): Promise<void> {
    const toast = this.page.locator('.notification-list-item').filter({ hasText: words });
    const pressed = toast.locator('.monaco-button', { hasText: button }).first();
    await pressed.click({ timeout: patience });
    await eventually(`${button} closes ${String(words)}`, async () => {
      if ((await toast.count()) === 0) return true;
      await pressed.click({ timeout: 1000 }).catch(() => undefined);
      return false;
    });
  }

  /** Writes out/screenshots/<name>.png. */
  async screenshot(name: string): Promise<string> {
    fs.mkdirSync(screenshotFolder, { recursive: true });
    const file = path.join(screenshotFolder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Runs the steps; when one fails, takes a picture and adds its place to the message. */
  async witnessed<T>(name: string, steps: () => Promise<T>): Promise<T> {
    try {
      return await steps();
    } catch (error) {
      const file = await this.screenshot(`failed-${name}`).catch(() => 'no picture');
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${message}\n(seen: ${path.relative(root, file)})`, { cause: error });
    }
  }
}
