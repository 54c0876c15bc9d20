import * as vscode from 'vscode';
import { setting } from '../window/config.ts';
import { Disposables } from '../window/disposables.ts';
import { report } from '../window/log.ts';
import { isLive } from '../../common/run-state.ts';
import { text as told } from '../../common/text.ts';
import { pick } from '../window/language.ts';
import { metricName } from './metric-names.ts';
import { linesOf, metricLabel } from './run-text.ts';
import type { RunStore, TrackedRun } from './run-store.ts';
import { showError, showInformation } from '../window/say.ts';

/**
 * Notifications only for what needs an answer: a run of this window that crashed or failed before our eyes. One that a
 * terminal, an experiment or another window started is told there; here its place in the tree and the loss panel say it.
 * That a run is finished is said where the setting asks for it.
 */
export class Notifications extends Disposables {
  constructor(store: RunStore) {
    super();
    this.register(
      store.onDidChangeState((run) => {
        // A run that was found dead at startup is old news.
        if (!isLive(run.previous) || isLive(run.state)) return;
        const own = store.own.has(run.directory);
        store.own.remove(run.directory);
        this.#tell(run, own).catch(report);
      }),
    );
  }

  async #tell(run: TrackedRun, own: boolean): Promise<void> {
    if (run.state === 'crashed' && own) await offerResume(run);
    else if (run.state === 'failed' && own) await showFailure(run);
    else if (run.state === 'completed' && setting('mtl.notifications.completion')) await showCompletion(run);
  }
}

async function offerResume(run: TrackedRun): Promise<void> {
  const resume = vscode.l10n.t('Resume');
  const openLog = vscode.l10n.t('Open Log');
  const text = vscode.l10n.t('"{0}" crashed.', run.name);
  const problem = run.summary().problem?.split('\n')[0] ?? '';
  const chosen = await showError(afterEachOther(text, problem), resume, openLog);
  if (chosen === resume) await vscode.commands.executeCommand('mtl.resumeFromCheckpoint', run.directory);
  if (chosen === openLog) await vscode.commands.executeCommand('mtl.openLog', run.directory);
}

async function showFailure(run: TrackedRun): Promise<void> {
  const openLog = vscode.l10n.t('Open Log');
  const text = vscode.l10n.t('"{0}" failed.', run.name);
  const chosen = await showError(afterEachOther(text, run.summary().problem ?? ''), openLog);
  if (chosen === openLog) await vscode.commands.executeCommand('mtl.openLog', run.directory);
}

/** Two sentences; Chinese has no space between them. */
const afterEachOther = (first: string, second: string): string => `${first}${pick(told(' ', ''))}${second}`;

async function showCompletion(run: TrackedRun): Promise<void> {
  const open = vscode.l10n.t('Show Losses');
  const lines = linesOf(run.history).map((line) => metricLabel(line, metricName));
  const metrics = lines.join(pick(told(', ', '，')));
  const text = vscode.l10n.t('"{0}" is trained: {1}', run.name, metrics);
  if ((await showInformation(text, open)) === open) {
    await vscode.commands.executeCommand('mtl.internal.showRun', run.directory);
  }
}
