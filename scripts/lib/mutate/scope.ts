// Where faults are put, and which tests are asked.

/** Suites that are quick enough to be asked about each fault: not those of browsers, editors, and long runs. */
const suites = /^test\/(unit|golden|fuzz)\/.*\.test\.ts$/;
/** They measure memory, walk over every pair of settings, look at packages or install the engine: minutes each. */
const slow = /(matrix\/(wasm|native|captured)|leaks|scripts\/vsix|engine\/chunks|runtime\/\w+-native)\.test\.ts$/;

export const testFiles = (files: readonly string[]): string[] =>
  files.filter((file) => suites.test(file) && !slow.test(file));

/** It needs a window of VS Code or of a browser, which these tests do not have. */
const needsEditor = /^import (?!type\b).* from 'vscode'/m;
const needsPage = /\b(document|window)\.|\b(acquireVsCodeApi|HTML\w*Element)\b|from '(uplot|mermaid)/;

export function isPure(file: string, read: (file: string) => string): boolean {
  if (!/^(src|webview)\/.*\.ts$/.test(file) || file.endsWith('.d.ts')) return false;
  return !needsEditor.test(read(file)) && !(file.startsWith('webview/') && needsPage.test(read(file)));
}
