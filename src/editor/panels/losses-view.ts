import * as vscode from 'vscode';
import type { LossesToPage } from '../../messages/protocol.ts';
import { pack } from '../../messages/snapshot.ts';
import { parseLossesToHost } from '../../messages/protocol.ts';
import { Disposables } from '../window/disposables.ts';
import { views, type CommandId } from '../window/ids.ts';
import { locale } from '../window/language.ts';
import { log, report } from '../window/log.ts';
import type { RunStore, TrackedRun } from '../runs/run-store.ts';
import { RunOverlays } from './run-overlays.ts';
import { htmlFor, savePicture, webviewOptions } from '../window/webviews.ts';

const forwarded = {
  stop: 'mtl.stop',
  pause: 'mtl.pause',
  resume: 'mtl.resume',
  resumeFromCheckpoint: 'mtl.resumeFromCheckpoint',
  openLog: 'mtl.openLog',
  proposeGroups: 'mtl.proposeGroups',
} as const satisfies Record<string, CommandId>;

/**
 * The loss panel's host. The page is given the whole history when it says that it is ready, and again whenever it was
 * hidden in between; deltas go to a visible page only.
 */
export class LossesView extends Disposables implements vscode.WebviewViewProvider {
  #view: vscode.WebviewView | undefined;
  #ready = false;
  /** Run whose whole history the page holds. */
  #hydrated: string | undefined;

  readonly #extension: vscode.Uri;
  readonly #store: RunStore;
  readonly #overlays: RunOverlays;

  constructor(extension: vscode.Uri, store: RunStore) {
    super();
    this.#extension = extension;
    this.#store = store;
    this.#overlays = new RunOverlays(store);
    this.register(vscode.window.registerWebviewViewProvider(views.losses, this));
    this.register(
      store.onDidAppend(({ run, records, first }) => {
        if (run.directory !== this.#hydrated || run !== store.shown) return;
        // A long history crosses as a whole once it has been read, not as a million records.
        if (first && run.complete) this.#hydrate();
        else if (!first) this.#post({ type: 'records', run: run.id, records });
      }),
    );
    this.register(
      store.onDidChangeState((run) => {
        if (run === store.shown && run.directory === this.#hydrated) this.#post({ type: 'state', run: run.summary() });
      }),
    );
    this.register(store.onDidRead((run) => run === store.shown && this.#tellReading(run)));
    this.register(store.onDidReset((run) => run === store.shown && this.#hydrate()));
    this.register(store.onDidShow(() => this.#hydrate()));
    this.register(
      store.onDidChangeRuns(() => {
        const run = store.shown;
        if (run === undefined || run.directory !== this.#hydrated) return;
        // It may be called something else now.
        this.#post({ type: 'state', run: run.summary() });
        this.#offer(run).catch(report);
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#ready = false;
    this.#hydrated = undefined;
    view.webview.options = webviewOptions(this.#extension);
    const listeners = [
      view.webview.onDidReceiveMessage((message: unknown) => {
        this.#receive(message).catch(report);
      }),
      view.onDidChangeVisibility(() => {
        // A hidden page is destroyed; when it comes back it says `ready` anew.
        // It may say so before the view counts as visible.
        if (view.visible) {
          this.#hydrate();
          return;
        }
        this.#ready = false;
        this.#hydrated = undefined;
      }),
    ];
    view.onDidDispose(() => {
      for (const listener of listeners) listener.dispose();
      if (this.#view === view) this.#view = undefined;
    });
    view.webview.html = htmlFor(view.webview, this.#extension, 'losses', vscode.l10n.t('Losses'));
  }

  /** Opens the panel without taking the focus from the editor. */
  async reveal(): Promise<void> {
    if (this.#view) this.#view.show(true);
    else await vscode.commands.executeCommand(`${views.losses}.focus`, { preserveFocus: true });
  }

  #hydrate(): void {
    if (!this.#view?.visible || !this.#ready) return;
    const run = this.#store.shown;
    this.#hydrated = run?.directory;
    const summary = run ? run.summary() : null;
    this.#view.description = run ? run.name : '';
    const history = run ? pack(run.history.snapshot()) : null;
    this.#post({ type: 'hydrate', locale: locale(), run: summary, history });
    if (run && !run.complete) this.#tellReading(run);
    if (run) this.#offer(run).catch(report);
  }

  #tellReading(run: TrackedRun): void {
    if (run.directory === this.#hydrated) this.#post({ type: 'reading', run: run.id, fraction: run.fraction });
  }

  /** Tells the page what may be overlaid. */
  async #offer(run: TrackedRun): Promise<void> {
    const choices = await this.#overlays.choices(run);
    if (run.directory === this.#hydrated) this.#post({ type: 'overlays', run: run.id, choices });
  }

  #post(message: LossesToPage): void {
    if (!this.#view?.visible) {
      this.#hydrated = undefined;
      return;
    }
    void this.#view.webview.postMessage(message);
  }

  async #receive(raw: unknown): Promise<void> {
    const message = parseLossesToHost(raw);
    if (!message) {
      log().warn('The loss panel sent a message that fits no known type.');
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#hydrate();
        return;
      case 'export': {
        const folder = this.#store.shown?.specFile;
        const base = folder ? vscode.Uri.joinPath(vscode.Uri.file(folder), '..') : homeFolder();
        await savePicture(base, message.name, message.format, message.base64);
        return;
      }
      case 'overlay': {
        const run = this.#store.byId(message.run);
        if (run === undefined) return;
        const { series, choices } = message;
        const answer = await this.#overlays.curves(run, series, choices);
        this.#post({ type: 'overlay', run: run.id, series, choices, ...answer });
        return;
      }
      case 'error':
        log().error(`Loss panel: ${message.message}`);
        return;
      default: {
        const run = this.#store.byId(message.run);
        if (run) await vscode.commands.executeCommand(forwarded[message.type], run.directory);
      }
    }
  }
}

function homeFolder(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
}
