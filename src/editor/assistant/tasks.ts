import * as vscode from 'vscode';
import { specSuffix } from '../window/ids.ts';

/** What the `mtl` command does in a task. */
const verbs = ['check', 'train', 'plan', 'experiment'] as const;

/** As a `tasks.json` writes it. */
interface Definition extends vscode.TaskDefinition {
  readonly verb: string;
  /** Relative to the workspace folder. */
  readonly spec: string;
  readonly args?: readonly string[];
}

const taskType = 'mtl';
/** One of each severity: a pattern cannot translate the words. */
const matchers = ['$mtl-error', '$mtl-warning', '$mtl-information'];

/** Tasks of every spec of the workspace, with problem matchers; those of a `tasks.json` are filled in. */
class Tasks implements vscode.TaskProvider {
  readonly #extension: vscode.Uri;

  constructor(extension: vscode.Uri) {
    this.#extension = extension;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    const found = await vscode.workspace.findFiles(`**/*${specSuffix}`, '**/{node_modules,.mtl}/**', 100);
    return found.flatMap((uri) => {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      if (folder === undefined) return [];
      const spec = vscode.workspace.asRelativePath(uri, false);
      return verbs.map((verb) => this.#task(folder, { type: taskType, verb, spec }));
    });
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const { verb, spec, args } = task.definition as Partial<Definition>;
    const folder = typeof task.scope === 'object' ? task.scope : vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined || typeof spec !== 'string' || !isVerb(verb)) return undefined;
    const more = (args ?? []).filter((word) => typeof word === 'string');
    // The very definition that was given must come back.
    return this.#task(folder, { ...(task.definition as Definition), verb, spec, args: more }, task.definition);
  }

  #task(
    folder: vscode.WorkspaceFolder,
    { verb, spec, args = [] }: Definition,
    definition: vscode.TaskDefinition = { type: taskType, verb, spec },
  ): vscode.Task {
    const cli = vscode.Uri.joinPath(this.#extension, 'dist', 'cli.cjs').fsPath;
    const language = vscode.env.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
    const words = [cli, verb, spec, ...args, '--root', folder.uri.fsPath, '--lang', language];
    const execution = new vscode.ProcessExecution(process.execPath, words, {
      cwd: folder.uri.fsPath,
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });
    const task = new vscode.Task(definition, folder, `${verb} ${spec}`, taskType, execution, matchers);
    if (verb === 'check') task.group = vscode.TaskGroup.Build;
    return task;
  }
}

const isVerb = (word: unknown): word is (typeof verbs)[number] => verbs.some((verb) => verb === word);

/** Does nothing where tasks are not known. */
export function registerTasks(extension: vscode.Uri): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(taskType, new Tasks(extension));
}
