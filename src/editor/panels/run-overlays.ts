import * as path from 'node:path';
import * as vscode from 'vscode';
import { isExperiment } from '../../experiment/layout.ts';
import type { OverlayChoice, OverlayCurve, OverlaySeries } from '../../messages/protocol.ts';
import { readRunRecord } from '../../runs/frozen.ts';
import { isRun } from '../../runs/layout.ts';
import { readIdentity } from '../../runs/reader.ts';
import { RunError } from '../../runs/error.ts';
import type { ExperimentRuns, PlannedEntry } from '../experiments/experiment-runs.ts';
import { epochCurves } from '../runs/epoch-curves.ts';
import { RunEpochs, type EpochAt } from '../runs/run-epochs.ts';
import { specFileOf } from '../runs/run-folders.ts';
import type { RunStore, TrackedRun } from '../runs/run-store.ts';

/** Other runs of a spec that are offered, the newest ones; seeds of an arm that are drawn at once. */
const mostRuns = 30;
const mostSeeds = 50;

interface Group {
  readonly choice: OverlayChoice;
  /** Those that have been started. */
  readonly runs: readonly { readonly directory: string; readonly seed: number | null }[];
  /** Of the parent of a fork: curves from this step on. */
  readonly from?: number;
}

export interface OverlayAnswer {
  readonly curves: readonly OverlayCurve[];
  /** Names of what has no curve yet. */
  readonly missing: readonly string[];
  /** Seeds that are not drawn since there are too many. */
  readonly left: number;
}

/** What may lie under the losses of a run: all seeds of its arm, and other runs of its spec. */
export class RunOverlays {
  readonly #store: RunStore;
  readonly #epochs = new RunEpochs();
  readonly #experiments = new Map<string, ExperimentRuns>();

  constructor(store: RunStore) {
    this.#store = store;
  }

  async choices(run: TrackedRun): Promise<readonly OverlayChoice[]> {
    return (await this.#groups(run)).map(({ choice }) => choice);
  }

  /** Curves of every task of the chosen ones; what is not among the choices any more is left out, which the page sees. */
  async curves(run: TrackedRun, series: OverlaySeries, ids: readonly string[]): Promise<OverlayAnswer> {
    const groups = (await this.#groups(run)).filter(({ choice }) => ids.includes(choice.id));
    const curves: OverlayCurve[] = [];
    const missing: string[] = [];
    let left = 0;
    for (const { choice, runs, from } of groups) {
      left += Math.max(0, runs.length - mostSeeds);
      for (const { directory, seed } of runs.slice(0, mostSeeds)) {
        const own = epochCurves(since(await this.#epochs.of(directory), from), series);
        const id = path.basename(directory);
        if (own.length === 0) missing.push(choice.kind === 'arm' ? `${choice.name} ${String(seed)}` : choice.name);
        curves.push(...own.map((curve) => ({ ...curve, choice: choice.id, run: id, seed })));
      }
    }
    return { curves, missing, left };
  }

  async #groups(run: TrackedRun): Promise<readonly Group[]> {
    const arm = await this.#armOf(run.directory);
    const parent = this.#parentOf(run);
    const others = this.#others(run).filter(({ choice }) => choice.id !== parent?.choice.id);
    const all = [...(arm === null ? [] : [arm]), ...(parent === null ? [] : [parent]), ...others];
    // The reference first: it is there without being asked for.
    const isReference = ({ choice }: Group): boolean => choice.reference === true;
    return [...all.filter(isReference), ...all.filter((group) => !isReference(group))];
  }

  /** The runs of its arm that differ in their seeds alone; null for a run of no experiment, or one that is alone. */
  async #armOf(directory: string): Promise<Group | null> {
    const experiment = path.dirname(path.dirname(directory));
    if (path.basename(path.dirname(directory)) !== 'runs' || !isExperiment(experiment)) return null;
    const { ExperimentRuns: Runs } = await import('../experiments/experiment-runs.ts');
    const known = this.#experiments.get(experiment) ?? new Runs(experiment);
    this.#experiments.set(experiment, known);
    const id = path.basename(directory);
    for (const { arm, runs } of known.listing().arms) {
      const own = runs.find((one) => one.id === id);
      if (own === undefined) continue;
      const same = ({ task, label }: PlannedEntry): boolean => task === own.task && label === own.label;
      const started = runs.filter((one) => same(one) && isRun(one.directory));
      if (started.length < 2) return null;
      const choice: OverlayChoice = { id: `arm:${arm}`, kind: 'arm', name: arm, runs: started.length };
      return { choice, runs: started };
    }
    return null;
  }

  /** The run that this one was forked from, as long as it is there. */
  #parentOf({ directory, identity: { fork } }: TrackedRun): Group | null {
    if (fork === null) return null;
    const known = this.#store.entries.find(({ id }) => id === fork.run)?.directory;
    const parent = known ?? path.join(path.dirname(directory), fork.run);
    if (parent === directory || !isRun(parent)) return null;
    const entry = this.#store.entry(parent);
    const { name } = entry ?? readIdentity(parent);
    const shown = vscode.l10n.t('forked from {0}', name === '' ? fork.run : name);
    const reference = entry?.notes.pinned === true;
    const choice: OverlayChoice = {
      id: fork.run,
      kind: 'run',
      name: shown,
      runs: 1,
      ...(reference ? { reference } : {}),
    };
    return { choice, runs: [{ directory: parent, seed: null }], from: fork.step };
  }

  #others(run: TrackedRun): readonly Group[] {
    const specFile = run.specFile ?? frozenSpec(run.directory);
    if (specFile === undefined) return [];
    const others = this.#store.entries
      .filter((entry) => entry.specFile === specFile && entry.directory !== run.directory && entry.state !== 'idle')
      .toSorted((a, b) => b.created - a.created);
    // Of several that are pinned (a directory was copied) the newest counts; an old one is offered however many are newer.
    const pinned = others.find(({ notes }) => notes.pinned);
    return [...(pinned ? [pinned] : []), ...others.filter((entry) => entry !== pinned)]
      .slice(0, mostRuns)
      .map((entry) => {
        const { directory, id, name, created } = entry;
        const reference = entry === pinned;
        const when = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
        const choice: OverlayChoice = {
          ...{ id, kind: 'run', name: `${name} · ${when.format(created)}`, runs: 1 },
          ...(reference ? { reference } : {}),
        };
        return { choice, runs: [{ directory, seed: null }] };
      });
  }
}

/** The epochs from a step on, with the last one before it: there both curves begin. All that led there where nothing follows. */
function since(epochs: readonly EpochAt[], from: number | undefined): readonly EpochAt[] {
  if (from === undefined) return epochs;
  const first = epochs.findLastIndex(({ step }) => step !== null && step <= from);
  return first >= epochs.length - 1 ? epochs : epochs.slice(Math.max(0, first));
}

function frozenSpec(directory: string): string | undefined {
  try {
    return specFileOf(directory, readRunRecord(directory).spec);
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}
