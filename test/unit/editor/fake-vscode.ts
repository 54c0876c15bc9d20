/**
 * Just enough of `vscode` for editor code that asks it little: what was shown is remembered, and answers can be set. Import
 * this first, the code under test with `await import(…)` afterwards.
 */
import fs from 'node:fs/promises';
import { register } from 'node:module';
import path from 'node:path';
import * as classes from './fake-classes.ts';
import { FakeInput, FakePick } from './fake-inputs.ts';

const { EventEmitter, Disposable, TestController, Uri } = classes;

export interface Shown {
  readonly kind: 'information' | 'warning' | 'error';
  readonly text: string;
  readonly rest: readonly unknown[];
}

export const shown: Shown[] = [];
/** What the person presses, by the text of the button; what is typed or picked, and settings that are not the usual ones. */
export const answers = {
  button: undefined as string | undefined,
  trusted: true,
  input: undefined as string | undefined,
  pick: undefined as ((items: readonly { readonly label: string }[]) => unknown) | undefined,
  settings: {} as Record<string, unknown>,
  /** Whether an edit of documents is made, or refused because they have changed. */
  edits: ((edit: classes.WorkspaceEdit): boolean => edit.edits.length > 0) as (edit: classes.WorkspaceEdit) => boolean,
};
export const executed: string[] = [];
/** What the window has: open documents, folders, files that a search finds, and what was registered. */
export const windowState = {
  documents: [] as { readonly uri: classes.Uri }[],
  folders: [] as { readonly uri: classes.Uri }[],
  found: [] as classes.Uri[],
  controllers: [] as classes.TestController[],
  tools: new Map<string, unknown>(),
  providers: new Map<string, unknown>(),
  trees: new Map<string, unknown>(),
};

const events = {
  opened: new EventEmitter<object>(),
  closed: new EventEmitter<object>(),
  changed: new EventEmitter<object>(),
  saved: new EventEmitter<object>(),
  trusted: new EventEmitter<void>(),
};
/** Of every watcher of files together. */
const watched = {
  created: new EventEmitter<classes.Uri>(),
  changed: new EventEmitter<classes.Uri>(),
  deleted: new EventEmitter<classes.Uri>(),
};
export const happens = { ...events, watched };

const show =
  (kind: Shown['kind']) =>
  (text: string, ...rest: readonly unknown[]): Promise<unknown> => {
    shown.push({ kind, text, rest });
    return Promise.resolve(rest.includes(answers.button) ? answers.button : undefined);
  };

const folderOf = (uri: { readonly fsPath: string }): { readonly uri: classes.Uri } | undefined =>
  windowState.folders.find((folder) => uri.fsPath.startsWith(`${folder.uri.fsPath}/`));

const vscode = {
  window: {
    showInformationMessage: show('information'),
    showWarningMessage: show('warning'),
    showErrorMessage: show('error'),
    showInputBox: () => Promise.resolve(answers.input),
    showQuickPick: (items: readonly { readonly label: string }[]) => Promise.resolve(answers.pick?.(items)),
    visibleTextEditors: [],
    createQuickPick: () => new FakePick(),
    createInputBox: () => new FakeInput(),
    showTextDocument: () => Promise.resolve({ revealRange: () => undefined }),
    createOutputChannel: () => ({ info: () => undefined, warn: () => undefined, error: () => undefined }),
    createTreeView: (id: string, options: { readonly treeDataProvider: unknown }) => {
      windowState.trees.set(id, options.treeDataProvider);
      return { visible: true, onDidChangeSelection: new EventEmitter<unknown>().event, dispose: () => undefined };
    },
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
      work({ report: () => undefined }, new classes.Token()),
  },
  workspace: {
    get isTrusted() {
      return answers.trusted;
    },
    get textDocuments() {
      return windowState.documents;
    },
    get workspaceFolders() {
      return windowState.folders;
    },
    getConfiguration: () => ({ get: (id: string, otherwise: unknown) => answers.settings[id] ?? otherwise }),
    getWorkspaceFolder: folderOf,
    fs: {
      writeFile: (uri: classes.Uri, bytes: Uint8Array) => fs.writeFile(uri.fsPath, bytes),
      copy: (from: classes.Uri, to: classes.Uri) => fs.cp(from.fsPath, to.fsPath, { recursive: true }),
      stat: (uri: classes.Uri) => fs.stat(uri.fsPath),
    },
    findFiles: () => Promise.resolve(windowState.found),
    asRelativePath: (uri: string | classes.Uri) => {
      const file = typeof uri === 'string' ? uri : uri.fsPath;
      const folder = folderOf({ fsPath: file });
      return folder === undefined ? file : path.relative(folder.uri.fsPath, file);
    },
    openTextDocument: (uri: classes.Uri) => {
      const document = windowState.documents.find((one) => one.uri.fsPath === uri.fsPath);
      return document === undefined
        ? Promise.reject(new Error(`cannot open ${uri.fsPath}`))
        : Promise.resolve(document);
    },
    applyEdit: (edit: classes.WorkspaceEdit) => Promise.resolve(answers.edits(edit)),
    createFileSystemWatcher: () => ({
      onDidCreate: watched.created.event,
      onDidChange: watched.changed.event,
      onDidDelete: watched.deleted.event,
      dispose: () => undefined,
    }),
    onDidOpenTextDocument: events.opened.event,
    onDidCloseTextDocument: events.closed.event,
    onDidChangeTextDocument: events.changed.event,
    onDidSaveTextDocument: events.saved.event,
    onDidGrantWorkspaceTrust: events.trusted.event,
  },
  commands: {
    executeCommand: (id: string) => {
      executed.push(id);
      return Promise.resolve();
    },
  },
  tests: {
    createTestController: (id: string) => {
      const controller = new TestController(id);
      windowState.controllers.push(controller);
      return controller;
    },
  },
  tasks: {
    registerTaskProvider: (type: string, provider: unknown) => {
      windowState.providers.set(type, provider);
      return new Disposable(() => windowState.providers.delete(type));
    },
  },
  lm: {
    registerTool: (name: string, tool: unknown) => {
      windowState.tools.set(name, tool);
      return new Disposable(() => windowState.tools.delete(name));
    },
  } as object | undefined,
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...values: readonly unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)])),
  },
  ProgressLocation: { Window: 10, Notification: 15 },
  QuickPickItemKind: { Separator: -1, Default: 0 },
  QuickInputButtons: { Back: { iconPath: 'back' } },
  ViewColumn: { Active: -1, Beside: -2, One: 1 },
  TextEditorRevealType: { InCenterIfOutsideViewport: 2 },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  TestRunProfileKind: { Run: 1, Debug: 2, Coverage: 3 },
  TaskGroup: { Build: 'build' },
  ...classes,
  Uri,
};

/** An editor that knows nothing of language models, as some that were built from VS Code. Before the code is imported. */
export function withoutLanguageModels(): void {
  vscode.lm = undefined;
}

/** Other words of the person's interface, until it is called again. */
export function speak(language: 'en' | 'zh-cn'): void {
  vscode.env.language = language;
}

Object.assign(globalThis, { fakeVscode: vscode });
const exported = Object.keys(vscode).map((name) => `export const ${name} = globalThis.fakeVscode.${name};`);
const source = `data:text/javascript,${encodeURIComponent(exported.join('\n'))}`;
const hooks = `export async function resolve(specifier, context, next) {
  return specifier === 'vscode' ? { url: ${JSON.stringify(source)}, shortCircuit: true } : next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
