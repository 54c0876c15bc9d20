import * as path from 'node:path';
import * as vscode from 'vscode';
import { usualExtensions } from '../../spec/index.ts';
import { languageArguments, runCli } from '../window/cli.ts';
import { setting } from '../window/config.ts';
import { plainLabel } from '../weights/lens-text.ts';
import type { RunEntry } from '../runs/run-store.ts';
import { nameText } from '../window/say.ts';

/** Things done with a trained run by the `mtl` command in a process of its own: evaluate and predict. */

/** Where a run's paths may lead, as this window's settings say. */
export function policyArguments(run: RunEntry): readonly string[] {
  const root = rootFor(run);
  const lifted = setting('mtl.paths.allowOutsideWorkspace', vscode.Uri.file(run.directory));
  return [...(root === undefined ? [] : ['--root', root]), ...(lifted ? ['--allow-outside'] : [])];
}

function rootFor(run: RunEntry): string | undefined {
  const place = vscode.Uri.file(run.specFile ?? run.directory);
  return vscode.workspace.getWorkspaceFolder(place)?.uri.fsPath;
}

async function showJson(text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'json', content: text });
  await vscode.window.showTextDocument(document, { preview: true });
}

/** Evaluates on a split of the run's own data or on another file, and shows losses and metrics. */
export async function evaluate(extension: vscode.Uri, run: RunEntry): Promise<void> {
  const splits = ['test', 'validation', 'train'] as const;
  const items = [
    ...splits.map((split) => ({ label: splitName(split), args: ['--split', split] })),
    { label: `$(folder-opened) ${vscode.l10n.t('Another data file…')}`, args: undefined },
  ];
  const placeHolder = vscode.l10n.t('Evaluate {0} on which data?', plainLabel(run.name));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (!chosen) return;
  const data = chosen.args ?? (await askForData(run));
  if (!data) return;
  const args = ['evaluate', run.directory, ...data, '--json', ...policyArguments(run), ...languageArguments()];
  const title = vscode.l10n.t('Evaluating {0}', nameText(run.name));
  const { stdout } = await runCli(extension, title, args, path.dirname(run.directory));
  await showJson(pretty(stdout));
}

function splitName(split: 'test' | 'validation' | 'train'): string {
  switch (split) {
    case 'test':
      return vscode.l10n.t('test split');
    case 'validation':
      return vscode.l10n.t('validation split');
    case 'train':
      return vscode.l10n.t('training split');
  }
}

async function askForData(run: RunEntry): Promise<readonly string[] | undefined> {
  const file = await dataFile(run);
  return file ? ['--data', file.fsPath] : undefined;
}

async function dataFile(run: RunEntry): Promise<vscode.Uri | undefined> {
  const folder = path.dirname(run.specFile ?? run.directory);
  const chosen = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.file(folder),
    filters: { [vscode.l10n.t('Data')]: usualExtensions() },
    canSelectMany: false,
  });
  return chosen?.[0];
}

function pretty(text: string): string {
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return text;
  }
}

/** Predicts for the rows of a data file; the answer goes to a file that the person names, and is opened. */
export async function predict(extension: vscode.Uri, run: RunEntry): Promise<void> {
  const data = await dataFile(run);
  if (!data) return;
  const base = path.basename(data.fsPath, path.extname(data.fsPath));
  const out = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(data, '..', `${base}.predictions.csv`),
    filters: { CSV: ['csv'], JSONL: ['jsonl'], NPZ: ['npz'] },
    title: vscode.l10n.t('Save predictions as'),
  });
  if (!out) return;
  const files = ['--data', data.fsPath, '--out', out.fsPath];
  const args = ['predict', run.directory, ...files, ...policyArguments(run), ...languageArguments()];
  await runCli(extension, vscode.l10n.t('Predicting with {0}', run.name), args, path.dirname(run.directory));
  if (/\.(csv|jsonl)$/i.test(out.path)) await vscode.window.showTextDocument(out, { preview: true });
}
