/**
 * Reading an experiment while its driver works on it: the comparison, the editor and the terminal look through this. Nothing
 * here throws for what stands in the directory beside its plan; what is wrong comes back as remarks.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { counted, type Text, text } from '../common/text.ts';
import { isLive, type RunState } from '../common/run-state.ts';
import { namesIn } from '../files/plain.ts';
import { isRun, runPaths } from '../runs/layout.ts';
import { glance } from '../runs/list.ts';
import type { Design, Expansion, Outcome, PlannedRun } from './contract.ts';
import { collectOutcome, failedOutcome, prunedOutcome, spentOn } from './driver/collect.ts';
import { Forms, whyForeign } from './driver/forms.ts';
import { History } from './driver/history.ts';
import { judgeRun } from './driver/judge.ts';
import { LedgerReader, type LedgerRecord } from './driver/ledger.ts';
import { readStatus, type DriverStatus } from './driver/status.ts';
import { experimentPaths } from './layout.ts';
import { driverOf } from './lock.ts';
import { readPlan, type Deviation, type PlanRecord } from './plan-file.ts';
import { planningOf, type Planning } from './planning.ts';

/**
 * What a planned run is at: `waiting` for its first start, live in some way, `interrupted` (it goes on when the experiment
 * does), ended, or `foreign`: its directory holds something else.
 */
export type PlannedState =
  | 'waiting'
  | Extract<RunState, 'preparing' | 'running' | 'paused' | 'stopping'>
  | 'interrupted'
  | Outcome['state']
  | 'foreign';

type Kind<K extends LedgerRecord['kind']> = Extract<LedgerRecord, { kind: K }>;

export interface ExperimentView {
  readonly directory: string;
  readonly plan: PlanRecord;
  readonly design: Design;
  /** By all that is known now. */
  readonly expansion: Expansion;
  /** Of planned runs that have ended, by id. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Of every planned run, by id. */
  readonly states: ReadonlyMap<string, PlannedState>;
  /** Absolute directory of a planned run, whether it is there or not. */
  readonly directoryOf: (run: string) => string;
  /** The process that works on it; null where none does. `status` is null until it has told one. */
  readonly driver: { readonly pid: number; readonly token: string; readonly status: DriverStatus | null } | null;
  /** Why the newest driver ended; null while it works, and where it was killed. */
  readonly stop: Kind<'stop'> | null;
  /** By the ledger; by the plan where the ledger has lost some. */
  readonly deviations: readonly Deviation[];
  /** What does not count and why, and what could not go as planned. */
  readonly remarks: readonly Text[];
}

/**
 * One look at an experiment.
 *
 * @throws ExperimentError where its plan cannot be read or run
 */
export function readExperiment(directory: string): ExperimentView {
  return new ExperimentReader(directory).read();
}

interface Known {
  /** What it was read from: as long as it is the same, so is the outcome. */
  readonly state: string;
  readonly outcome: Outcome | null;
}

/** Keeps what it has read: a second look at five hundred runs costs a look at each one's files. */
export class ExperimentReader {
  readonly #directory: string;
  readonly #ledger: LedgerReader;
  #history = new History();
  #problems: Text[] = [];
  #planning: (Planning & { readonly key: string; readonly plan: PlanRecord }) | null = null;
  #forms = new Forms();
  readonly #known = new Map<string, Known>();
  readonly #checked = new Map<string, { readonly state: string; readonly foreign: Text | null }>();
  #expanded: { readonly key: string; readonly expansion: Expansion } | null = null;

  constructor(directory: string) {
    this.#directory = path.resolve(directory);
    this.#ledger = new LedgerReader(this.#directory);
  }

  /** @throws ExperimentError where its plan cannot be read or run */
  read(): ExperimentView {
    // The process first and its records then: a driver found dead has written all it ever will.
    const driver = driverOf(this.#directory);
    this.#readLedger();
    const { plan, design, expand } = this.#plan();
    const { outcomes, expansion, foreign } = this.#expand(expand);
    const states = new Map(
      expansion.runs.map(({ id }) => [id, foreign.has(id) ? 'foreign' : this.#stateOf(id, outcomes.get(id))] as const),
    );
    return {
      ...{ directory: this.#directory, plan, design, expansion, outcomes, states },
      directoryOf: (run) => this.#directoryOf(run),
      driver: driver && { pid: driver.pid, token: driver.token, status: readStatus(this.#directory, driver.token) },
      stop: this.#history.stop,
      deviations: this.#deviations(plan),
      remarks: [
        ...expansion.remarks,
        ...foreign.values(),
        ...this.#unplanned(expansion),
        ...this.#problems,
        ...this.#lost(plan, states),
      ],
    };
  }

  #deviations({ deviations: planned }: PlanRecord): readonly Deviation[] {
    const told = this.#history.deviations;
    return told.length >= planned.length
      ? told.map(({ changes, counted: number, of }) => ({ changes, counted: number, of }))
      : planned;
  }

  /** A ledger that is not there, or not all of it: what it alone tells is not known any more. */
  #lost({ deviations }: PlanRecord, states: ReadonlyMap<string, PlannedState>): readonly Text[] {
    const begun = [...states.values()].filter((state) => state !== 'waiting' && state !== 'foreign').length;
    if (begun > 0 && this.#history.start === null) {
      return [
        text(
          `ledger.ndjson is missing or empty, though ${counted(begun, 'run has', 'runs have')} begun: retries, deaths and pauses are not known any more.`,
          `ledger.ndjson 缺失或为空，但已有 ${String(begun)} 次运行开始：重试、进程终止与暂停的记录已不可知。`,
        ),
      ];
    }
    const missing = deviations.length - this.#history.deviations.length;
    return missing <= 0
      ? []
      : [
          text(
            `ledger.ndjson has lost ${counted(missing, 'accepted change')} that plan.json tells.`,
            `ledger.ndjson 缺少 plan.json 所记载的 ${String(missing)} 次已接受的更改。`,
          ),
        ];
  }

  #readLedger(): void {
    const { records, replaced, problems } = this.#ledger.read();
    if (replaced) this.#history = new History();
    this.#history.take(records);
    for (const problem of problems) {
      this.#problems.push(
        text(
          `A line of ledger.ndjson is no record (${problem}).`,
          `ledger.ndjson 中有一行不是有效记录（${problem}）。`,
        ),
      );
    }
  }

  #plan(): Planning & { readonly plan: PlanRecord } {
    const { mtimeMs, size } = fs.statSync(experimentPaths(this.#directory).plan, { throwIfNoEntry: false }) ?? {};
    const key = `${String(mtimeMs)} ${String(size)}`;
    if (this.#planning?.key === key) return this.#planning;
    const plan = readPlan(this.#directory);
    this.#planning = { ...planningOf(plan), plan, key };
    this.#expanded = null;
    this.#forms = new Forms();
    return this.#planning;
  }

  /** Outcomes give runs, which have outcomes: until nothing new is found. */
  #expand(expand: Planning['expand']): {
    readonly outcomes: ReadonlyMap<string, Outcome>;
    readonly expansion: Expansion;
    readonly foreign: ReadonlyMap<string, Text>;
  } {
    const outcomes = new Map<string, Outcome>();
    const foreign = new Map<string, Text>();
    const looked = new Set<string>();
    this.#expanded ??= { key: '', expansion: expand(outcomes) };
    let { expansion } = this.#expanded;
    for (;;) {
      for (const run of expansion.runs) {
        if (looked.has(run.id)) continue;
        looked.add(run.id);
        const why = this.#foreign(run);
        if (why !== null) foreign.set(run.id, why);
        const outcome = why === null ? this.#outcomeOf(run.id) : null;
        if (outcome !== null) outcomes.set(run.id, outcome);
      }
      const key = this.#keyOf(outcomes);
      if (this.#expanded.key === key) return { outcomes, expansion, foreign };
      // Where no runs are to come, what has ended changes nothing of the expansion.
      if (expansion.pending.length > 0) expansion = expand(outcomes);
      this.#expanded = { key, expansion };
      if (expansion.runs.every(({ id }) => looked.has(id)))
        return { outcomes: planned(outcomes, expansion), expansion, foreign };
    }
  }

  #keyOf(outcomes: ReadonlyMap<string, Outcome>): string {
    return [...outcomes.keys()].map((id) => `${id} ${this.#known.get(id)?.state ?? ''}`).join('\n');
  }

  #directoryOf(run: string): string {
    return path.join(experimentPaths(this.#directory).runs, run);
  }

  #foreign(run: PlannedRun): Text | null {
    const directory = this.#directoryOf(run.id);
    if (!isRun(directory)) return null;
    const paths = runPaths(directory);
    const state = `${stateOfFile(paths.spec)}\n${stateOfFile(paths.run)}`;
    const known = this.#checked.get(run.id);
    if (known?.state === state) return known.foreign;
    const { plan } = this.#plan();
    const foreign = whyForeign(directory, plan, this.#history.of(run.id).submit?.spec ?? this.#forms.of(run).hash);
    this.#checked.set(run.id, { state, foreign });
    return foreign;
  }

  /** What it has come to; null while it has not ended. */
  #outcomeOf(run: string): Outcome | null {
    const directory = this.#directoryOf(run);
    if (!isRun(directory)) return null;
    const { end, retries } = this.#history.of(run);
    const { result, events } = runPaths(directory);
    const others = end === null ? stateOfFile(events) : '';
    const state = `${stateOfFile(result)} ${String(end?.seq)} ${String(retries.length)} ${others}`;
    const known = this.#known.get(run);
    // Of a run that ends without a word no file tells: it is looked at again as long as the ledger does not.
    if (known?.state === state && (end !== null || known.outcome !== null)) return known.outcome;
    const outcome = this.#readOutcome(run, directory);
    this.#known.set(run, { state, outcome });
    return outcome;
  }

  #readOutcome(run: string, directory: string): Outcome | null {
    const { plan, design } = this.#plan();
    const history = this.#history.of(run);
    const { files } = plan.surroundings;
    const { end } = history;
    if (end === null) {
      const { retry } = design.experiment.failures.crash;
      const verdict = judgeRun(directory, run, history, { files, retry });
      return verdict.kind === 'ended' ? verdict.outcome : null;
    }
    if (end.state === 'done') return collectOutcome(directory, files);
    const reason = end.reason ?? text('It failed.', '失败。');
    if (end.state === 'pruned') return prunedOutcome(directory, reason);
    const { epochs } = spentOn(directory);
    return failedOutcome(end.failure ?? 'crash', reason, end.seconds, epochs);
  }

  #stateOf(run: string, outcome: Outcome | undefined): PlannedState {
    if (outcome !== undefined) return outcome.state;
    const directory = this.#directoryOf(run);
    if (!isRun(directory)) return 'waiting';
    const { state } = glance(directory);
    if (state === 'idle') return 'waiting';
    return isLive(state)
      ? (state as Extract<RunState, 'preparing' | 'running' | 'paused' | 'stopping'>)
      : 'interrupted';
  }

  /** Directories among the runs that are none of the plan's. */
  #unplanned({ runs }: Expansion): readonly Text[] {
    const planned = new Set(runs.map(({ id }) => id));
    const others = namesIn(experimentPaths(this.#directory).runs).filter((name) => !planned.has(name));
    const former = others.filter((name) => this.#history.of(name).submit !== undefined);
    const strange = others.filter((name) => !former.includes(name));
    return [
      ...(former.length === 0 ? [] : [formerText(former.length)]),
      ...strange
        .toSorted()
        .map((name) =>
          text(
            `runs/${name} is not a run of this experiment. It is not counted; move it away.`,
            `runs/${name} 不是此实验的运行，不予计入；请将其移走。`,
          ),
        ),
    ];
  }
}

function planned(outcomes: ReadonlyMap<string, Outcome>, { runs }: Expansion): ReadonlyMap<string, Outcome> {
  const ids = new Set(runs.map(({ id }) => id));
  return new Map([...outcomes].filter(([id]) => ids.has(id)));
}

function formerText(count: number): Text {
  return text(
    `${counted(count, 'run')} of former plans ${count === 1 ? 'is' : 'are'} not counted any more.`,
    `先前计划中的 ${String(count)} 次运行不再计入。`,
  );
}

function stateOfFile(file: string): string {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  return status === undefined ? '' : `${String(status.mtimeMs)} ${String(status.size)}`;
}
