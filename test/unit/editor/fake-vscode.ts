/**
 * Just enough of `vscode` for editor code that asks it little: what was shown is remembered, and answers can be set. Import
 * this first, the code under test with `await import(…)` afterwards.
 */
import { register } from 'node:module';

export interface Shown {
  readonly kind: 'information' | 'warning' | 'error';
  readonly text: string;
  readonly rest: readonly unknown[];
}

export const shown: Shown[] = [];
/** What the person presses, by the text of the button. */
export const answers = { button: undefined as string | undefined, trusted: true };
export const executed: string[] = [];

const show =
  (kind: Shown['kind']) =>
  (text: string, ...rest: readonly unknown[]): Promise<unknown> => {
    shown.push({ kind, text, rest });
    return Promise.resolve(rest.includes(answers.button) ? answers.button : undefined);
  };

class TreeItem {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}

const vscode = {
  window: {
    showInformationMessage: show('information'),
    showWarningMessage: show('warning'),
    showErrorMessage: show('error'),
    createOutputChannel: () => ({ info: () => undefined, warn: () => undefined, error: () => undefined }),
  },
  workspace: {
    get isTrusted() {
      return answers.trusted;
    },
    getConfiguration: () => ({ get: (_: string, otherwise: unknown) => otherwise }),
    getWorkspaceFolder: () => undefined,
  },
  commands: {
    executeCommand: (id: string) => {
      executed.push(id);
      return Promise.resolve();
    },
  },
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...values: readonly unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)])),
  },
  Uri: { file: (fsPath: string) => ({ fsPath }), joinPath: (uri: { fsPath: string }) => uri },
  ProgressLocation: { Notification: 15 },
  TreeItem,
};

Object.assign(globalThis, { fakeVscode: vscode });
const exported = Object.keys(vscode).map((name) => `export const ${name} = globalThis.fakeVscode.${name};`);
const source = `data:text/javascript,${encodeURIComponent(exported.join('\n'))}`;
const hooks = `export async function resolve(specifier, context, next) {
  return specifier === 'vscode' ? { url: ${JSON.stringify(source)}, shortCircuit: true } : next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
