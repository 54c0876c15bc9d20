import * as path from 'node:path';
import * as vscode from 'vscode';
import { isLive } from '../../common/run-state.ts';
import { isExperiment } from '../../experiment/layout.ts';
import type { RunEntry, RunStore } from '../runs/run-store.ts';
import { stateText } from '../runs/run-text.ts';
import { directoryOf } from '../runs/runs-tree.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { uriOf } from '../window/arguments.ts';
import { showInformation } from '../window/say.ts';
import type { ComparisonLoader } from './comparison-loader.ts';
import type { Compared } from './comparison-source.ts';
import { experimentsOf } from './experiments-of.ts';

/**
 * Opens the comparison of an experiment or of some runs.
 *
 * @param argument a node of the tree, a directory, or nothing: then one is asked for
 * @param selected all nodes that are selected in the tree
 */
export async function compareRuns(
  comparisons: ComparisonLoader,
  store: RunStore,
  argument: unknown,
  selected: unknown,
): Promise<void> {
  const compared = withReference(store, givenBy(argument, selected)) ?? (await ask(store));
  if (compared !== undefined) (await comparisons.load()).show(compared);
}

/** What the tree or a caller has given. */
export function givenBy(argument: unknown, selected: unknown): Compared | undefined {
  const nodes: readonly unknown[] = Array.isArray(selected) && selected.length > 1 ? selected : [argument];
  const experiment = nodes.map(experimentOf).find((directory) => directory !== undefined);
  // An experiment is compared by itself: arms of different experiments share no plan.
  if (experiment !== undefined) return { experiment };
  const runs = [...new Set(nodes.flatMap(runsOf))];
  return runs.length === 0 ? undefined : { runs };
}

/** The oldest first, whichever was clicked first; one run alone is set beside the pinned one of its spec. */
export function withReference(store: Pick<RunStore, 'entries'>, compared: Compared | undefined): Compared | undefined {
  if (compared === undefined || !('runs' in compared)) return compared;
  const created = (run: string): number => store.entries.find(({ directory }) => directory === run)?.created ?? 0;
  if (compared.runs.length > 1) return { runs: compared.runs.toSorted((a, b) => created(a) - created(b)) };
  const [run = ''] = compared.runs;
  const specFile = store.entries.find(({ directory }) => directory === run)?.specFile;
  const pinned = store.entries.find((one) => one.specFile === specFile && one.notes.pinned && one.directory !== run);
  return specFile === undefined || pinned === undefined ? compared : { runs: [pinned.directory, run] };
}

function experimentOf(node: unknown): string | undefined {
  if (typeof node === 'object' && node !== null && 'kind' in node) {
    if (node.kind !== 'experiment' || !('directory' in node)) return undefined;
    return typeof node.directory === 'string' ? node.directory : undefined;
  }
  if (node === undefined) return undefined;
  const directory = typeof node === 'string' && path.isAbsolute(node) ? node : uriOf(node)?.fsPath;
  return directory !== undefined && isExperiment(directory) ? directory : undefined;
}

/** The run of a node, or all that have ended of a spec's. */
function runsOf(node: unknown): readonly string[] {
  if (typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'spec' && 'runs' in node) {
    return (node.runs as readonly RunEntry[]).filter(({ state }) => !isLive(state)).map(({ directory }) => directory);
  }
  const directory = directoryOf(node);
  return directory === undefined ? [] : [directory];
}

async function ask(store: RunStore): Promise<Compared | undefined> {
  const experiments = [...new Set([...store.specs].flatMap(experimentsOf))].map((directory) => ({
    label: `$(beaker) ${plainLabel(path.basename(directory))}`,
    description: plainLabel(vscode.workspace.asRelativePath(directory)),
    compared: { experiment: directory },
  }));
  const runs = store.entries.filter(({ state }) => state !== 'idle');
  if (experiments.length === 0 && runs.length === 0) {
    void showInformation(vscode.l10n.t('There is no experiment and no run to compare yet.'));
    return undefined;
  }
  const some = { label: vscode.l10n.t('Some runs…'), description: '', compared: null };
  const items = [...experiments, ...(runs.length > 0 ? [some] : [])];
  if (experiments.length === 0) return askRuns(runs);
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What to compare?') });
  return chosen?.compared === null ? askRuns(runs) : chosen?.compared;
}

async function askRuns(runs: readonly RunEntry[]): Promise<Compared | undefined> {
  const items = runs
    .toSorted((a, b) => b.created - a.created)
    .map((entry) => ({
      label: plainLabel(entry.name),
      description: `${stateText(vscode.l10n.t, entry.state)} · ${new Date(entry.created).toLocaleString(vscode.env.language)}`,
      entry,
    }));
  const placeHolder = vscode.l10n.t('Which runs? Those of one spec with different seeds are one arm.');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true });
  if (chosen === undefined || chosen.length === 0) return undefined;
  return { runs: chosen.map(({ entry }) => entry.directory) };
}
