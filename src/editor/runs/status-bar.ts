import * as vscode from 'vscode';
import { Disposables, Throttled } from '../window/disposables.ts';
import { views } from '../window/ids.ts';
import { shorten } from '../weights/lens-text.ts';
import type { RunStore, TrackedRun } from './run-store.ts';
import { isLive } from '../../common/run-state.ts';
import { metricName } from './metric-names.ts';
import { linesOf, metricLabel, stateText, statusText } from './run-text.ts';

const trustedCommands = ['mtl.stop', 'mtl.pause', 'mtl.resume', 'mtl.openLog', `${views.losses}.focus`];

/** One item, only while something trains. A click opens the loss panel; the tooltip has stop, pause and log. */
export class StatusBar extends Disposables {
  #item: vscode.StatusBarItem | undefined;

  readonly #store: RunStore;

  constructor(store: RunStore) {
    super();
    this.#store = store;
    const refresh = this.register(new Throttled(1000, () => this.#refresh()));
    this.register(store.onDidAppend(() => refresh.call()));
    this.register(store.onDidChangeState(() => refresh.call()));
    this.register(store.onDidShow(() => refresh.call()));
    refresh.call();
  }

  #refresh(): void {
    if (this.disposed) return;
    const live = this.#store.tracked.filter((run) => isLive(run.state));
    const shown = this.#store.shown;
    const run = shown && isLive(shown.state) ? shown : live.at(-1);
    if (!run) {
      this.#item?.hide();
      return;
    }
    this.#item ??= this.register(this.#make());
    const others = live.length > 1 ? ` (+${live.length - 1})` : '';
    this.#item.text = statusText(vscode.l10n.t, run.state, run.history) + others;
    this.#item.tooltip = tooltip(run);
    this.#item.show();
  }

  #make(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem('mtl.training', vscode.StatusBarAlignment.Left, 0);
    item.name = vscode.l10n.t('Multi-task training');
    item.command = `${views.losses}.focus`;
    return item;
  }
}

function tooltip(run: TrackedRun): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: trustedCommands };
  text.appendText(`${shorten(run.name)} · ${stateText(vscode.l10n.t, run.state)}`);
  for (const { task, metric, value } of linesOf(run.history)) {
    text.appendMarkdown('\n\n');
    text.appendText(metricLabel({ task: shorten(task), metric, value }, metricName));
  }
  text.appendMarkdown('\n\n');
  const link = (command: string, title: string): string =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([run.directory]))})`;
  const control =
    run.state === 'paused' ? link('mtl.resume', vscode.l10n.t('Continue')) : link('mtl.pause', vscode.l10n.t('Pause'));
  const links = [control, link('mtl.stop', vscode.l10n.t('Stop')), link('mtl.openLog', vscode.l10n.t('Log'))];
  text.appendMarkdown(links.join(' · '));
  return text;
}
