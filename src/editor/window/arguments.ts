import * as vscode from 'vscode';
import { specSuffix } from './ids.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { showInformation } from './say.ts';

/** What commands are given: by lenses, menus, the palette, and by other people's calls. */

export function isSpec(uri: vscode.Uri): boolean {
  const known = uri.scheme === 'file' || uri.scheme === 'untitled' || uri.scheme === 'vscode-remote';
  return known && uri.path.endsWith(specSuffix);
}

/** A Uri, its JSON form, or its text; undefined for anything else. */
export function uriOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string' && argument !== '') {
    return /^[a-z][a-z0-9+.-]+:/i.test(argument) ? vscode.Uri.parse(argument) : vscode.Uri.file(argument);
  }
  if (typeof argument !== 'object' || argument === null) return undefined;
  if (!('scheme' in argument) || !('path' in argument)) return undefined;
  const { scheme, path } = argument;
  return typeof scheme === 'string' && typeof path === 'string' ? vscode.Uri.from({ scheme, path }) : undefined;
}

/** The spec that a command means: its argument, the active editor, or one that is picked. */
export async function specFor(argument: unknown): Promise<vscode.Uri | undefined> {
  const given = uriOf(argument);
  if (given && isSpec(given)) return given;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && isSpec(active)) return active;
  // Whoever presses a button of a page has no text in front; the one that stands beside it is meant.
  const [visible, ...others] = vscode.window.visibleTextEditors.map(({ document }) => document.uri).filter(isSpec);
  if (visible && others.length === 0) return visible;
  const found = await vscode.workspace.findFiles(`**/*${specSuffix}`, '**/{node_modules,.mtl}/**', 500);
  if (found.length > 0) return pickSpec(found);
  // Without a folder: what has been opened, as the sample of the walkthrough.
  const open = vscode.workspace.textDocuments.map(({ uri }) => uri).filter(isSpec);
  return open.length > 1 ? pickSpec(open) : (open[0] ?? offerNewSpec());
}

async function pickSpec(found: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const items = found.map((uri) => ({
    label: plainLabel(uri.path.split('/').at(-1) ?? ''),
    description: plainLabel(vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..'))),
    uri,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which experiment?') }))?.uri;
}

async function offerNewSpec(): Promise<undefined> {
  const create = vscode.l10n.t('New Experiment…');
  const text = vscode.l10n.t('There is no .mtl.json file in this workspace.');
  if ((await showInformation(text, create)) === create) {
    await vscode.commands.executeCommand('mtl.newSpec');
  }
}
