import * as vscode from 'vscode';
import type { Diagram, Direction } from '../../plan/plan.ts';
import type { DiagramToPage } from '../../messages/protocol.ts';
import { parseDiagramToHost } from '../../messages/protocol.ts';
import { isSpec } from '../window/arguments.ts';
import { Debounced, Disposables, Throttled } from '../window/disposables.ts';
import { diagramDirectionKey, diagramViewType, specSuffix } from '../window/ids.ts';
import { locale, pick } from '../window/language.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { log, report } from '../window/log.ts';
import { closest, pointerAt, rangeOf } from '../window/pointers.ts';
import type { RunStore } from '../runs/run-store.ts';
import { nameText } from '../window/say.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { DiagramComparison, type Sides } from './diagram-comparison.ts';
import { DiagramLedger } from './diagram-ledger.ts';
import { lossesOf } from './diagram-losses.ts';
import { splitTrunk } from './diagram-split.ts';
import { htmlFor, savePicture, webviewOptions } from '../window/webviews.ts';

/** All diagrams: one a document, revived after a window reload. */
export class DiagramPanels extends Disposables {
  readonly #panels = new Map<string, DiagramPanel>();

  readonly #extension: vscode.Uri;
  readonly #documents: SpecDocuments;
  readonly #store: RunStore;
  readonly #memory: vscode.Memento;

  /** @param memory of what a person chose for all diagrams */
  constructor(extension: vscode.Uri, documents: SpecDocuments, store: RunStore, memory: vscode.Memento) {
    super();
    this.#extension = extension;
    this.#documents = documents;
    this.#store = store;
    this.#memory = memory;
  }

  /** Opens the diagram of a spec beside it, or shows the one that is open. */
  async show(uri: vscode.Uri): Promise<void> {
    await this.#shown(uri);
  }

  /** Shows the diagram of a spec held against another one, or two of its runs against each other. */
  async compare(uri: vscode.Uri, sides: Sides): Promise<void> {
    await (await this.#shown(uri)).compare(sides);
  }

  async #shown(uri: vscode.Uri): Promise<DiagramPanel> {
    const open = this.#panels.get(uri.toString());
    if (open) {
      open.reveal();
      return open;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const title = titleOf(uri);
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel(diagramViewType, title, place, {
      ...webviewOptions(this.#extension),
      enableFindWidget: true,
    });
    return this.#adopt(panel, document);
  }

  /** Takes over a panel that came back after a reload, by what its page had saved. */
  async revive(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const place = placeOf(state);
    const document = place ? await openQuietly(place) : undefined;
    if (!document) {
      panel.dispose();
      return;
    }
    panel.webview.options = webviewOptions(this.#extension);
    this.#adopt(panel, document);
  }

  #adopt(panel: vscode.WebviewPanel, document: vscode.TextDocument): DiagramPanel {
    const key = document.uri.toString();
    this.#panels.get(key)?.dispose();
    const own = new DiagramPanel(panel, document.uri, this.#extension, this.#documents, this.#store, this.#memory);
    this.#panels.set(key, own);
    panel.onDidDispose(() => {
      own.dispose();
      if (this.#panels.get(key) === own) this.#panels.delete(key);
    });
    return own;
  }

  override dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
    super.dispose();
  }
}

function titleOf(uri: vscode.Uri): string {
  const name = uri.path.split('/').at(-1) ?? '';
  return vscode.l10n.t('{0} · task mapping', nameText(name.replace(specSuffix, '')));
}

/** The document that the page was told to remember; the page's state is data. */
function placeOf(state: unknown): vscode.Uri | undefined {
  if (typeof state !== 'object' || state === null || !('document' in state)) return undefined;
  if (typeof state.document !== 'string') return undefined;
  try {
    const uri = vscode.Uri.parse(state.document, true);
    return isSpec(uri) ? uri : undefined;
  } catch {
    return undefined;
  }
}

async function openQuietly(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

class DiagramPanel extends Disposables {
  #ready = false;
  /** Last picture that could be drawn. */
  #good: Diagram | null = null;
  #highlighted: string | null = null;
  /** Siblings alike are drawn as one, but for these groups. */
  #alike: { readonly opened: ReadonlySet<string> } | undefined = { opened: new Set() };

  readonly #memory: vscode.Memento;
  readonly #panel: vscode.WebviewPanel;
  readonly #uri: vscode.Uri;
  readonly #documents: SpecDocuments;
  readonly #store: RunStore;
  readonly #ledger: DiagramLedger;
  readonly #comparison: DiagramComparison;

  constructor(
    panel: vscode.WebviewPanel,
    uri: vscode.Uri,
    extension: vscode.Uri,
    documents: SpecDocuments,
    store: RunStore,
    memory: vscode.Memento,
  ) {
    super();
    this.#memory = memory;
    this.#panel = panel;
    this.#uri = uri;
    this.#documents = documents;
    this.#store = store;
    this.#ledger = new DiagramLedger(store, uri.fsPath);
    this.#comparison = new DiagramComparison(documents, uri);
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', `diagram-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const lossesSoon = this.register(new Throttled(1000, () => this.#ofRun()));
    const highlightSoon = this.register(new Debounced(120, () => this.#highlight()));
    this.register(panel.webview.onDidReceiveMessage((raw: unknown) => void this.#receive(raw).catch(report)));
    this.register(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#ready = false;
      }),
    );
    this.register(
      documents.onDidAnalyze((document) => {
        if (this.#isOurs(document) || this.#comparison.involves(document)) this.#hydrate();
      }),
    );
    this.register(store.onDidAppend(({ run }) => run.specFile === uri.fsPath && lossesSoon.call()));
    this.register(store.onDidChangeState((run) => run.specFile === uri.fsPath && lossesSoon.call()));
    this.register(
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (this.#isOurs(textEditor.document)) highlightSoon.soon();
      }),
    );
    panel.webview.html = htmlFor(panel.webview, extension, 'diagram', panel.title, uri);
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  override dispose(): void {
    super.dispose();
    this.#panel.dispose();
  }

  #isOurs(document: vscode.TextDocument): boolean {
    return document.uri.toString() === this.#uri.toString();
  }

  #document(): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find((document) => this.#isOurs(document));
  }

  #post(message: DiagramToPage): void {
    if (this.#ready && this.#panel.visible) void this.#panel.webview.postMessage(message);
  }

  /**
   * Holds the diagram against another one from now on.
   *
   * @throws Error with what is wrong where the two cannot be compared
   */
  async compare(sides: Sides): Promise<void> {
    await this.#comparison.begin(sides);
    this.#hydrate();
  }

  #hydrate(): void {
    const document = this.#document();
    if (!document) return;
    if (this.#comparison.active) {
      this.#compared().catch(report);
      return;
    }
    const analysis = this.#documents.get(document);
    const direction = this.#direction;
    const diagram = this.#documents.diagramOf(document, { direction, alike: this.#alike });
    const errors = analysis.problems.filter(({ severity }) => severity === 'error');
    if (diagram) this.#good = diagram;
    const problem = errors[0] ? pick(errors[0].message) : null;
    this.#post({
      type: 'hydrate',
      locale: locale(),
      diagram: this.#good,
      problem,
      name: this.#uri.path.split('/').at(-1) ?? '',
    });
    this.#highlighted = null;
    this.#highlight();
    this.#losses();
  }

  /** The picture of the difference; of two runs it has no text to go to. */
  async #compared(): Promise<void> {
    const drawn = await this.#comparison.draw({ direction: this.#direction, alike: this.#alike });
    // It has ended meanwhile, or there is a newer one.
    if (drawn === null) return;
    this.#good = drawn.diagram;
    this.#post({ type: 'hydrate', locale: locale(), ...drawn });
    this.#post({ type: 'losses', losses: [] });
    this.#highlighted = null;
    this.#highlight();
  }

  get #direction(): Direction {
    return this.#memory.get(diagramDirectionKey) === 'LR' ? 'LR' : 'TB';
  }

  /** Marks the node whose JSON the cursor is in. */
  #highlight(): void {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => this.#isOurs(document));
    if (!editor || !this.#good) return;
    const pointer = pointerAt(editor.document.getText(), editor.document.offsetAt(editor.selection.active));
    const node = closest(this.#good.nodes, pointer)?.id ?? null;
    if (node === this.#highlighted) return;
    this.#highlighted = node;
    this.#post({ type: 'highlight', node });
  }

  /** What is new of the run. */
  #ofRun(): void {
    this.#losses();
    this.#tellLedger(this.#ledger.news());
  }

  #tellLedger(message: ReturnType<DiagramLedger['news']>): void {
    if (message !== null) this.#post(message);
  }

  #losses(): void {
    if (this.#comparison.active) return;
    const run = this.#store.latestOf(this.#uri.fsPath);
    this.#post({ type: 'losses', ...lossesOf(run, this.#good) });
  }

  async #receive(raw: unknown): Promise<void> {
    const message = parseDiagramToHost(raw);
    if (!message) {
      log().warn('The diagram sent a message that fits no known type.');
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#ledger.setOpen(false);
        // The losses of the last run stay on its picture.
        this.#store.follow(this.#uri.fsPath);
        // The page was loaded anew: it has neither picture nor highlight.
        this.#highlighted = null;
        if (!this.#document()) await openQuietly(this.#uri);
        this.#hydrate();
        return;
      case 'reveal':
        await this.#reveal(message.pointer);
        return;
      case 'view':
        this.#alike = message.collapse ? { opened: new Set(message.opened) } : undefined;
        if (message.direction !== undefined) await this.#memory.update(diagramDirectionKey, message.direction);
        this.#hydrate();
        return;
      case 'compare':
        await vscode.commands.executeCommand('mtl.compareDiagram', this.#uri);
        return;
      case 'endComparison':
        this.#comparison.end();
        this.#good = null;
        this.#hydrate();
        return;
      case 'ledger':
        this.#tellLedger(this.#ledger.setOpen(message.open));
        return;
      case 'split': {
        const document = await vscode.workspace.openTextDocument(this.#uri);
        await splitTrunk(document, this.#documents.get(document).plan, message.task);
        return;
      }
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        void vscode.window.setStatusBarMessage(vscode.l10n.t('Mermaid text copied'), 3000);
        return;
      case 'save':
        await savePicture(vscode.Uri.joinPath(this.#uri, '..'), message.name, message.format, message.base64);
        return;
      case 'error':
        log().error(`Diagram of ${plainLabel(this.#uri.path.split('/').at(-1) ?? '')}: ${message.message}`);
    }
  }

  /** Shows the JSON of a node in the editor that has the spec, or in the first column. */
  async #reveal(pointer: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#uri);
    const place = rangeOf(document.getText(), pointer);
    if (!place) return;
    const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
    const open = vscode.window.visibleTextEditors.find((editor) => this.#isOurs(editor.document));
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
      preserveFocus: false,
    });
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
