import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SpecLoader } from '../documents/spec-loader.ts';
import { experimentText } from '../experiments/experiment-text.ts';
import { request } from '../../runs/control.ts';
import { rootOf } from '../runs/run-folders.ts';
import { languageArguments } from '../training/use-run.ts';
import { askCli } from '../window/cli.ts';
import { setting } from '../window/config.ts';
import { nameText } from '../window/say.ts';

/** What an assistant says a tool is to work on. */
interface Input {
  readonly spec?: unknown;
  readonly experiment?: unknown;
}

interface Tool {
  /** The input that names a file or a directory. */
  readonly of: keyof Input;
  /** What the `mtl` command is asked for; nothing where the tool acts by itself. */
  readonly words?: (file: string) => readonly string[];
  /** What it does, and what it says of that. */
  readonly act?: (file: string) => string;
  /** A question for the person, for tools that do something. */
  readonly question?: (specs: SpecLoader, file: string) => Promise<vscode.LanguageModelToolConfirmationMessages>;
}

/** By the names of package.json. Those without a question only read. */
const tools: Readonly<Record<string, Tool>> = {
  mtl_validate: { of: 'spec', words: (file) => ['check', file, '--json'] },
  mtl_explain: { of: 'spec', words: (file) => ['check', file, '--explain'] },
  mtl_plan: { of: 'spec', words: (file) => ['plan', file, '--json'] },
  mtl_compare: { of: 'experiment', words: (file) => ['compare', file, '--json'] },
  mtl_run_experiment: { of: 'spec', words: (file) => ['experiment', file, '--detach'], question: askToRun },
  mtl_stop_experiment: {
    of: 'experiment',
    act: (file) => {
      request(file, 'stop', { by: 'assistant' });
      return vscode.l10n.t('{0} stops after its checkpoints and can be gone on with.', path.basename(file));
    },
    question: (_, file) =>
      Promise.resolve({
        title: vscode.l10n.t('Stop the experiment?'),
        message: vscode.l10n.t(
          '{0} stops after its checkpoints and can be gone on with.',
          nameText(path.basename(file)),
        ),
      }),
  },
};

/** How many runs, and how long: the same as the lens says. */
async function askToRun(specs: SpecLoader, file: string): Promise<vscode.LanguageModelToolConfirmationMessages> {
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

/** The language model's tools; none where the editor has no such thing. */
export function registerTools(extension: vscode.Uri, specs: SpecLoader): vscode.Disposable {
  // Editors built from VS Code may lack the whole name.
  const lm = (vscode as { readonly lm?: typeof vscode.lm }).lm;
  if (typeof lm?.registerTool !== 'function') return new vscode.Disposable(() => undefined);
  return vscode.Disposable.from(
    ...Object.entries(tools).map(([name, tool]) => lm.registerTool(name, implementation(extension, specs, tool))),
  );
}

function implementation(extension: vscode.Uri, specs: SpecLoader, tool: Tool): vscode.LanguageModelTool<Input> {
  const { question } = tool;
  return {
    async invoke({ input }, token) {
      const file = fileOf(input[tool.of]);
      if (tool.act !== undefined) return answer(tool.act(file));
      const policy = setting('mtl.paths.allowOutsideWorkspace', vscode.Uri.file(file)) ? ['--allow-outside'] : [];
      const words = [...(tool.words?.(file) ?? []), '--root', rootOf(file), ...policy, ...languageArguments()];
      const { stdout, code } = await askCli(extension, words, path.dirname(file), token);
      const text = stdout.trim() === '' ? vscode.l10n.t('The command ended with code {0}.', String(code)) : stdout;
      return answer(text);
    },
    ...(question !== undefined && {
      async prepareInvocation({ input }) {
        return { confirmationMessages: await question(specs, fileOf(input[tool.of])) };
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
