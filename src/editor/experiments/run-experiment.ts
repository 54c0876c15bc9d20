import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Spec } from '../../spec/index.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { rootOf } from '../runs/run-folders.ts';
import { specFor } from '../window/arguments.ts';
import { languageArguments, runCli } from '../window/cli.ts';
import { setting } from '../window/config.ts';
import type { CommandId } from '../window/ids.ts';
import { pick } from '../window/language.ts';
import { confirms, nameText, showError, showInformation } from '../window/say.ts';
import { trusted } from '../window/trust.ts';
import type { ExperimentFindings } from './experiment-findings.ts';
import { experimentText } from './experiment-text.ts';

/** What is known of specs and their experiments. */
export interface ExperimentFeatures {
  readonly documents: SpecDocuments;
  readonly experiments: ExperimentFindings;
}

/** What the `mtl` command is asked for, by this window's settings. */
export function startWords(uri: vscode.Uri, spec: Spec | undefined): readonly string[] {
  const lifted = setting('mtl.paths.allowOutsideWorkspace', uri) ? ['--allow-outside'] : [];
  const engine = setting('mtl.training.engine', uri);
  const asked = spec?.training.engine === 'auto' && engine !== 'auto' ? ['--engine', engine] : [];
  const place = ['--root', rootOf(uri.fsPath), ...lifted];
  return ['experiment', uri.fsPath, '--detach', ...asked, ...place, ...languageArguments()];
}

/**
 * Runs the experiment of a spec: saves it, says how many runs that are and how long they take, and starts them after a yes.
 * The driver is a process of its own, which outlives the window.
 *
 * @returns the experiment's directory; undefined where nothing was started, which the person then knows
 */
export async function runExperiment(
  extension: vscode.Uri,
  features: ExperimentFeatures,
  argument: unknown,
): Promise<string | undefined> {
  const uri = await specFor(argument);
  if (!uri || !(await trusted())) return undefined;
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) return undefined;
  const name = path.basename(uri.fsPath);
  const { problems, reading } = await features.documents.settled(document);
  if (problems.every(({ severity }) => severity !== 'error') && reading.spec?.experiment === undefined) {
    void showError(
      vscode.l10n.t('{0} has no section "experiment". Add one, for example "experiment": {{ "replicates": 5 }}.', name),
    );
    return undefined;
  }
  const finding = features.experiments.current(document);
  const errors = [...problems, ...finding.problems].filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined || finding.summary === undefined) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    void showError(vscode.l10n.t('{0} cannot be trained: {1}', name, first === undefined ? '' : pick(first.message)));
    return undefined;
  }
  const what = experimentText(vscode.l10n.t, finding.summary);
  const question = vscode.l10n.t('Run the experiment of {0}? {1}', nameText(name), what);
  if (!(await confirms(question, vscode.l10n.t('Run')))) return undefined;
  const title = vscode.l10n.t('Starting the experiment of {0}', nameText(name));
  const { stdout } = await runCli(extension, title, startWords(uri, reading.spec), path.dirname(uri.fsPath));
  const directory = path.resolve(path.dirname(uri.fsPath), stdout.trim().split('\n').at(-1) ?? '');
  void showInformation(
    vscode.l10n.t('The experiment runs in the background, also when this window is closed: {0}.', directory),
  );
  await vscode.commands.executeCommand('mtl.compareRuns' satisfies CommandId, directory);
  return directory;
}
