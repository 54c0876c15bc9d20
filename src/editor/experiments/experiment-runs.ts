/**
 * What the list of runs shows of an experiment, read as it is unfolded: arms and their counts from the plan and the ledger
 * alone, a run's own directory only when its arm is open. Five thousand runs are two files until then.
 */
import * as path from 'node:path';
import { isLive, type RunState } from '../../common/run-state.ts';
import type { Text } from '../../common/text.ts';
import { toldText } from '../../common/told-error.ts';
import type { Expansion, Measure } from '../../experiment/contract.ts';
import { History, type RunHistory } from '../../experiment/driver/history.ts';
import { LedgerReader } from '../../experiment/driver/ledger.ts';
import { experimentPaths } from '../../experiment/layout.ts';
import { driverOf } from '../../experiment/lock.ts';
import { readPlan } from '../../experiment/plan-file.ts';
import { planningOf } from '../../experiment/planning.ts';
import type { PlannedState } from '../../experiment/read.ts';
import { isRun } from '../../runs/layout.ts';
import { glance } from '../../runs/list.ts';
import { readResult } from '../../runs/result.ts';
import { linesOfSplit, type MetricLine } from '../runs/run-text.ts';
import { fileStamp } from './stamps.ts';

/** A run as plan and ledger know it. */
export interface PlannedEntry {
  readonly id: string;
  readonly directory: string;
  readonly arm: string;
  readonly seed: number;
  /** The task of a single-task baseline. */
  readonly task: string | null;
  /** What tells it from others of its arm and seed: a point of a tuning or a frontier; empty for most. */
  readonly label: string;
  /** As the ledger tells; of one that it leaves open its directory may know more. */
  readonly state: PlannedState;
  /** Why it failed or was cut. */
  readonly reason: Text | null;
  /** Asked for before the plan was changed, and not among what the plan names now. */
  readonly former: boolean;
}

export interface ArmEntry {
  readonly arm: string;
  readonly runs: readonly PlannedEntry[];
  readonly done: number;
  /** Failed for good. */
  readonly failed: number;
  readonly running: number;
}

export interface Listing {
  readonly arms: readonly ArmEntry[];
  /** Runs of later stages that earlier ones choose, as far as none of them was started. */
  readonly later: number;
  /** Why nothing can be listed. */
  readonly problem: Text | null;
}

export interface RunFacts {
  readonly state: PlannedState;
  /** The declared metric of each task on the validation split. */
  readonly lines: readonly MetricLine[];
}

interface Planned {
  readonly stamp: string;
  readonly expansion: Expansion;
  readonly measures: readonly Measure[];
}

/** One experiment, looked at again and again. */
export class ExperimentRuns {
  readonly #directory: string;
  readonly #ledger: LedgerReader;
  #history = new History();
  #planned: Planned | null = null;
  #listed: { readonly key: string; readonly listing: Listing } | null = null;
  /** Of runs that have ended, by id: they change no more. */
  readonly #ended = new Map<string, { readonly seq: number; readonly facts: RunFacts }>();

  constructor(directory: string) {
    this.#directory = directory;
    this.#ledger = new LedgerReader(directory);
  }

  /** All arms. Reads the plan and what is new in the ledger; nothing of single runs. Never throws. */
  listing(): Listing {
    try {
      // The process first and its records then: a driver found dead has written all it ever will.
      const driver = driverOf(this.#directory);
      const { records, replaced } = this.#ledger.read();
      if (replaced) {
        this.#history = new History();
        this.#ended.clear();
      }
      this.#history.take(records);
      const planned = this.#plan();
      const key = `${planned.stamp} ${String(driver?.pid)} ${String(records.length)}`;
      if (this.#listed?.key === key && records.length === 0 && !replaced) return this.#listed.listing;
      const listing = this.#list(planned, driver !== null);
      this.#listed = { key: `${planned.stamp} ${String(driver?.pid)} 0`, listing };
      return listing;
    } catch (error) {
      const problem = toldText(error);
      if (problem === undefined) throw error;
      return { arms: [], later: 0, problem };
    }
  }

  /** What a run's own directory says. Never throws. */
  facts({ id, directory, state }: PlannedEntry): RunFacts {
    const { end } = this.#history.of(id);
    const known = this.#ended.get(id);
    if (end !== null && known?.seq === end.seq) return known.facts;
    const measured = this.#planned?.measures ?? [];
    if (end === null) {
      if (!isRun(directory)) return { state, lines: [] };
      const own = glance(directory);
      return { state: plannedState(own.state), lines: linesOfSplit(own.result, 'validation', measured) };
    }
    // One that failed or was cut has no numbers that would count.
    const result = end.state === 'done' ? readResult(directory) : null;
    const facts: RunFacts = { state: end.state, lines: linesOfSplit(result, 'validation', measured) };
    this.#ended.set(id, { seq: end.seq, facts });
    return facts;
  }

  #plan(): Planned {
    const stamp = fileStamp(experimentPaths(this.#directory).plan);
    if (this.#planned?.stamp === stamp) return this.#planned;
    const { design, expand } = planningOf(readPlan(this.#directory));
    this.#planned = { stamp, expansion: expand(new Map()), measures: design.measures };
    this.#ended.clear();
    return this.#planned;
  }

  #list({ expansion }: Planned, driven: boolean): Listing {
    const history = this.#history;
    const byId = new Map(expansion.runs.map(({ id, arm, seed, task, label }) => [id, { arm, seed, task, label }]));
    const changed = history.deviations.at(-1)?.seq ?? -1;
    // Runs of later stages are not in a plan that knows no outcomes; that they were asked for stands in the ledger.
    const others = [...history.runs].flatMap(([id, { submit }]) =>
      submit === undefined || byId.has(id) ? [] : [{ id, submit, former: submit.seq < changed }],
    );
    const runs = [
      ...[...byId].map(([id, run]) => this.#entry(id, run, driven, false)),
      ...others.map(({ id, submit: { arm, seed, task }, former }) =>
        this.#entry(id, { arm, seed, task, label: '' }, driven, former),
      ),
    ];
    const arms = new Map<string, PlannedEntry[]>();
    for (const run of runs) {
      const own = arms.get(run.arm);
      if (own === undefined) arms.set(run.arm, [run]);
      else own.push(run);
    }
    const planned = expansion.pending.reduce((sum, { runs: count }) => sum + count, 0);
    const begun = others.filter(({ former }) => !former).length;
    return {
      arms: [...arms].map(([arm, own]) => armEntry(arm, own)),
      later: Math.max(0, planned - begun),
      problem: null,
    };
  }

  #entry(
    id: string,
    run: Pick<PlannedEntry, 'arm' | 'seed' | 'task' | 'label'>,
    driven: boolean,
    former: boolean,
  ): PlannedEntry {
    const history = this.#history.of(id);
    const directory = path.join(experimentPaths(this.#directory).runs, id);
    const { end } = history;
    return { ...run, id, directory, state: toldState(history, driven), reason: end?.reason ?? null, former };
  }
}

function armEntry(arm: string, runs: readonly PlannedEntry[]): ArmEntry {
  const count = (state: PlannedState): number => runs.filter((run) => run.state === state).length;
  return { arm, runs, done: count('done'), failed: count('failed'), running: count('running') };
}

/** @param driven a driver is at work: what was asked for and has not ended is running */
function toldState({ submit, end }: RunHistory, driven: boolean): PlannedState {
  if (end !== null) return end.state;
  if (submit === undefined) return 'waiting';
  return driven ? 'running' : 'interrupted';
}

/** Of a run that the ledger leaves open. */
function plannedState(state: RunState): PlannedState {
  if (state === 'idle') return 'waiting';
  if (state === 'completed') return 'done';
  return isLive(state) ? (state as Extract<RunState, PlannedState>) : 'interrupted';
}
