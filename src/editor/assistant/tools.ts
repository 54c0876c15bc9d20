import * as path from 'node:path';
import * as vscode from 'vscode';
import { durationText } from '../../common/duration.ts';
import { readStatus } from '../../experiment/driver/status.ts';
import { driverOf } from '../../experiment/lock.ts';
import { request } from '../../runs/control.ts';
import type { SpecLoader } from '../documents/spec-loader.ts';
import { experimentText } from '../experiments/experiment-text.ts';
import { startWords } from '../experiments/run-experiment.ts';
import { rootOf } from '../runs/run-folders.ts';
import { askCli, languageArguments, lastWords } from '../window/cli.ts';
import { setting } from '../window/config.ts';
import { pick } from '../window/language.ts';
import { nameText } from '../window/say.ts';

/** What an assistant says a tool is to work on. */
interface Input {
  readonly spec?: unknown;
  readonly experiment?: unknown;
}

type Loader = Pick<SpecLoader, 'load'>;

interface Tool {
  /** The input that names a file or a directory. */
  readonly of: keyof Input;
  /** What the `mtl` command is asked for; nothing where the tool acts by itself. */
  readonly words?: (file: string, specs: Loader) => readonly string[] | Promise<readonly string[]>;
  /** What it does, and what it says of that. */
  readonly act?: (file: string) => string;
  /** A question for the person, for tools that do something. */
  readonly question?: (file: string, specs: Loader) => Promise<vscode.LanguageModelToolConfirmationMessages>;
}

/** By the names of package.json. Those without a question only read. */
const tools: Readonly<Record<string, Tool>> = {
  mtl_validate: { of: 'spec', words: (file) => ['check', file, '--json', ...placeOf(file)] },
  mtl_explain: { of: 'spec', words: (file) => ['check', file, '--explain', ...placeOf(file)] },
  mtl_plan: { of: 'spec', words: (file) => ['plan', file, '--json', ...placeOf(file)] },
  mtl_compare: { of: 'experiment', words: (file) => ['compare', file, '--json', ...languageArguments()] },
  mtl_run_experiment: { of: 'spec', words: toRun, question: askToRun },
  mtl_stop_experiment: { of: 'experiment', act: stop, question: (file) => Promise.resolve(askToStop(file)) },
};

/** Where a spec's files may lie, as this window's settings say. */
function placeOf(file: string): readonly string[] {
  const lifted = setting('mtl.paths.allowOutsideWorkspace', vscode.Uri.file(file)) ? ['--allow-outside'] : [];
  return ['--root', rootOf(file), ...lifted, ...languageArguments()];
}

/** The same as *Run experiment* does, after the same saving: what the person was asked about is what is run. */
async function toRun(file: string, specs: Loader): Promise<readonly string[]> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  if (document.isDirty && !(await document.save())) {
    throw new Error(vscode.l10n.t('{0} could not be saved, and was not run.', nameText(path.basename(file))));
  }
  const { documents } = await specs.load();
  return startWords(document.uri, (await documents.settled(document)).reading.spec);
}

/** How many runs, and how long: the same as the lens says. */
async function askToRun(file: string, specs: Loader): Promise<vscode.LanguageModelToolConfirmationMessages> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const { documents, experiments } = await specs.load();
  await documents.settled(document);
  const { summary } = experiments.current(document);
  const title = vscode.l10n.t('Run the experiment?');
  const what =
    summary === undefined
      ? vscode.l10n.t('it cannot be planned; the check says why')
      : experimentText(vscode.l10n.t, summary);
  return { title, message: `${nameText(path.basename(file))}: ${what}` };
}

const stopsText = (file: string): string =>
  vscode.l10n.t('{0} stops after its checkpoints and can be gone on with.', nameText(path.basename(file)));

/** @throws RunError `not-alive` where nobody works on it */
function stop(file: string): string {
  request(file, 'stop', { by: 'assistant' });
  return stopsText(file);
}

/** How many runs are under way and to come, and how long they take. */
function askToStop(file: string): vscode.LanguageModelToolConfirmationMessages {
  const title = vscode.l10n.t('Stop the experiment?');
  const driver = driverOf(file);
  if (driver === null) {
    return { title, message: vscode.l10n.t('{0}: nobody works on it.', nameText(path.basename(file))) };
  }
  const status = readStatus(file, driver.token);
  if (status === null) return { title, message: stopsText(file) };
  const { running, waiting } = status.counts;
  const time =
    status.remaining === null ? vscode.l10n.t('time not measured yet') : `≈ ${pick(durationText(status.remaining))}`;
  const left = vscode.l10n.t('{0} runs under way, {1} to come', running, waiting + status.pending);
  return { title, message: `${stopsText(file)} ${left} · ${time}` };
}

/** The language model's tools; none where the editor has no such thing. */
export function registerTools(extension: vscode.Uri, specs: Loader): vscode.Disposable {
  // Editors built from VS Code may lack the whole name.
  const lm = (vscode as { readonly lm?: typeof vscode.lm }).lm;
  if (typeof lm?.registerTool !== 'function') return new vscode.Disposable(() => undefined);
  return vscode.Disposable.from(
    ...Object.entries(tools).map(([name, tool]) => lm.registerTool(name, implementation(extension, specs, tool))),
  );
}

function implementation(extension: vscode.Uri, specs: Loader, tool: Tool): vscode.LanguageModelTool<Input> {
  const { question } = tool;
  return {
    async invoke({ input }, token) {
      const file = fileOf(input[tool.of]);
      if (tool.act !== undefined) return answer(tool.act(file));
      const words = (await tool.words?.(file, specs)) ?? [];
      const { stdout, complaints, code } = await askCli(extension, words, path.dirname(file), token);
      if (stdout.trim() !== '') return answer(stdout);
      return answer(lastWords(complaints) ?? vscode.l10n.t('The command ended with code {0}.', String(code)));
    },
    ...(question !== undefined && {
      async prepareInvocation({ input }) {
        return { confirmationMessages: await question(fileOf(input[tool.of]), specs) };
      },
    }),
  };
}

const answer = (text: string): vscode.LanguageModelToolResult =>
  new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);

/**
 * A path of the workspace.
 *
 * @throws Error for anything else: an assistant has no say in other places, nor in an untrusted workspace
 */
function fileOf(value: unknown): string {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('Training, evaluating, predicting and installing need a trusted workspace.'));
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first] = folders;
  if (typeof value !== 'string' || value === '' || first === undefined) {
    throw new Error(vscode.l10n.t('Name a file of the workspace.'));
  }
  const file = path.resolve(first.uri.fsPath, value);
  const inside = folders.some(({ uri }) => {
    const way = path.relative(uri.fsPath, file);
    return way !== '' && !way.startsWith('..') && !path.isAbsolute(way);
  });
  if (!inside) throw new Error(vscode.l10n.t('Name a file of the workspace.'));
  return file;
}
