import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { isRun } from '../../runs/layout.ts';
import type { SpecFeatures } from '../documents/spec-features.ts';
import type { RunEntry, RunStore } from '../runs/run-store.ts';
import { stateText } from '../runs/run-text.ts';
import { directoryOf } from '../runs/runs-tree.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { isSpec, specFor, uriOf } from '../window/arguments.ts';
import { specSuffix } from '../window/ids.ts';
import type { Side, Sides } from './diagram-comparison.ts';

/** More runs than this are found by their tree, not in a list. */
const listedRuns = 100;

/**
 * Draws how two specs or runs differ: the spec that is written against another spec or a run, a run of the tree against its
 * spec of now, or two selected runs against each other.
 *
 * @param argument a spec, or a node of the runs tree
 * @param other all nodes that are selected in the tree; or a spec or the directory of a run, from another program
 */
export async function compareDiagram(
  { diagrams }: Pick<SpecFeatures, 'diagrams'>,
  store: RunStore,
  argument: unknown,
  other: unknown,
): Promise<void> {
  const clicked = runOf(argument);
  const chosen = clicked === undefined ? await ofSpec(store, argument, other) : ofRuns(store, clicked, other);
  if (chosen) await diagrams.compare(chosen.uri, chosen.sides);
}

interface Chosen {
  /** The spec whose diagram's panel shows it. */
  readonly uri: vscode.Uri;
  readonly sides: Sides;
}

/** Directory of a run that a node or a text means. */
function runOf(argument: unknown): string | undefined {
  const directory = directoryOf(argument);
  return directory !== undefined && path.isAbsolute(directory) && isRun(directory) ? directory : undefined;
}

function ofRuns(store: RunStore, clicked: string, other: unknown): Chosen {
  const selected: readonly unknown[] = Array.isArray(other) ? other : [other];
  const others = [...new Set(selected.flatMap((node) => runOf(node) ?? []))].filter((one) => one !== clicked);
  if (others.length > 1) {
    throw new Error(vscode.l10n.t('A diagram is compared with one other: select one run, or two.'));
  }
  const [second] = others;
  const files = [clicked, ...others].map((directory) => entryOf(store, directory)?.specFile);
  const specFile = files.find((file) => file !== undefined && fs.existsSync(file));
  if (specFile === undefined) {
    throw new Error(
      vscode.l10n.t(
        'The spec of this run is not there any more, and the diagram opens beside it. On the command line it can be compared: mtl diagram RUN --against RUN',
      ),
    );
  }
  const uri = vscode.Uri.file(specFile);
  const run = sideOf(store, clicked);
  const sides = second === undefined ? { first: specSide(uri), second: run } : { first: run, second: sideOf(store, second) }; // prettier-ignore
  return { uri, sides };
}

async function ofSpec(store: RunStore, argument: unknown, other: unknown): Promise<Chosen | undefined> {
  const uri = await specFor(argument);
  if (uri === undefined) return undefined;
  const given = otherThan(uri, other);
  const second = given === undefined ? await ask(store, uri) : givenSide(store, given);
  return second && { uri, sides: { first: specSide(uri), second } };
}

/** What a caller names beside the spec; menus give more than that. */
function otherThan(uri: vscode.Uri, other: unknown): unknown {
  // The explorer gives all files that are selected: two of them are compared with each other.
  const selected: readonly unknown[] = Array.isArray(other) ? other : [other];
  return selected.find((one) => {
    const named = uriOf(one);
    return named !== undefined && named.toString() !== uri.toString();
  });
}

function givenSide(store: RunStore, given: unknown): Side {
  const directory = runOf(given);
  if (directory !== undefined) return sideOf(store, directory);
  const uri = uriOf(given);
  if (uri && isSpec(uri)) return specSide(uri);
  throw new Error(vscode.l10n.t('A diagram is compared with a .mtl.json file or a run.'));
}

const specSide = (uri: vscode.Uri): Side => ({ kind: 'spec', uri });

function entryOf(store: RunStore, directory: string): RunEntry | undefined {
  if (!store.entry(directory)) store.scan();
  return store.entry(directory);
}

function sideOf(store: RunStore, directory: string): Side {
  return { kind: 'run', directory, name: entryOf(store, directory)?.name ?? path.basename(directory) };
}

async function ask(store: RunStore, uri: vscode.Uri): Promise<Side | undefined> {
  interface Item extends vscode.QuickPickItem {
    readonly side?: Side | 'file';
  }
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const runs = store.entries
    .filter(({ specFile }) => specFile === uri.fsPath)
    .toSorted((a, b) => b.created - a.created)
    .slice(0, listedRuns)
    .map(({ directory, name, state, created }): Item => ({
      label: plainLabel(name),
      description: `${stateText(vscode.l10n.t, state)} · ${new Date(created).toLocaleString(vscode.env.language)}`,
      side: { kind: 'run', directory, name },
    }));
  const found = await vscode.workspace.findFiles(`**/*${specSuffix}`, '**/{node_modules,.mtl}/**', 500);
  const specs = found
    .filter((one) => one.toString() !== uri.toString())
    .map((one): Item => ({
      label: plainLabel(one.path.split('/').at(-1) ?? ''),
      description: plainLabel(vscode.workspace.asRelativePath(vscode.Uri.joinPath(one, '..'))),
      side: specSide(one),
    }));
  const items: readonly Item[] = [
    ...(runs.length === 0 ? [] : [heading(vscode.l10n.t('Runs of this spec')), ...runs]),
    ...(specs.length === 0 ? [] : [heading(vscode.l10n.t('Other specs')), ...specs]),
    heading(''),
    { label: vscode.l10n.t('Choose a file…'), side: 'file' },
  ];
  const placeHolder = vscode.l10n.t('Compare the diagram with what?');
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked?.side === 'file' ? askFile(store, uri) : picked?.side;
}

async function askFile(store: RunStore, uri: vscode.Uri): Promise<Side | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      defaultUri: vscode.Uri.joinPath(uri, '..'),
      filters: { [vscode.l10n.t('Specs')]: ['mtl.json'] },
    })) ?? [];
  return file && givenSide(store, file);
}
