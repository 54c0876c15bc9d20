/**
 * The driver's story: expand the plan; start runs until there is no room; wait until one has ended; judge by its directory
 * what has become of it; again, until nothing is left. A driver that begins anew reads all of this from the directories and
 * from the ledger, so that it does not matter when, or how, the one before ended.
 */
import * as path from 'node:path';
import type { Text } from '../../common/text.ts';
import { toldText } from '../../common/told-error.ts';
import { takeRequest, type Control } from '../../runs/control.ts';
import type { Design, Expansion, Outcome } from '../contract.ts';
import type { Executor, RunExit } from '../executors/contract.ts';
import { experimentPaths } from '../layout.ts';
import { Forms, whyForeign } from './forms.ts';
import type { History } from './history.ts';
import { judgeRun, type Verdict } from './judge.ts';
import type { LedgerBody, StopReason } from './ledger.ts';
import { freeBytes, makeRun, type SpecPlace } from './make-run.ts';
import type { Cutter } from './pruning.ts';
import { StatusTeller, type Tracked } from './teller.ts';
import { diskText, hoursText, incompleteText, runsText } from './texts.ts';
import { isFullDisk, type LedgerWriter } from './writer.ts';

/** Milliseconds between two looks for requests. */
const lookEvery = 200;
/** So long a run may take to stop after its checkpoint before it is killed, in milliseconds. */
const usualGrace = 120_000;
/** Free bytes below which nothing more is begun: enough for what must still be written. */
const leastDisk = 64 * 2 ** 20;

export interface DriveOptions extends SpecPlace {
  readonly directory: string;
  readonly design: Design;
  /** The runs, given what others have come to. */
  readonly expand: (outcomes: ReadonlyMap<string, Outcome>) => Expansion;
  readonly ledger: LedgerWriter;
  readonly history: History;
  readonly executor: Executor;
  readonly token: string;
  readonly cutter?: Cutter | null;
  readonly grace?: number;
  readonly freeDisk?: () => number;
}

export interface Stop {
  readonly reason: StopReason;
  readonly message: Text | null;
}

export class Driver {
  readonly #options: DriveOptions;
  readonly #forms = new Forms();
  readonly #runs = new Map<string, Tracked>();
  readonly #outcomes = new Map<string, Outcome>();
  readonly #teller: StatusTeller;
  #expansion: Expansion = { runs: [], pending: [], compared: [], remarks: [] };
  /** Something has ended since the last expansion. */
  #stale = true;
  #paused = false;
  #stopping: Stop | null = null;
  #stopAsked = 0;
  /** What was found at the start has been dealt with. */
  #begun = false;
  /** Something has happened since the loop last looked. */
  #awake = false;
  #resolve: () => void = () => undefined;
  /** Ends that are being judged: nothing is decided meanwhile. */
  #settling: Promise<void> = Promise.resolve();
  #fault: unknown = null;

  constructor(options: DriveOptions) {
    this.#options = options;
    this.#teller = new StatusTeller(options.directory, options.token, options.executor);
  }

  /** A signal, or a request of who watches. */
  stop(by: string): void {
    if (this.#stopping === null) this.#halt({ reason: 'stopped', message: null }, by);
    this.#wake();
  }

  /** Runs what is missing; resolves when nothing is left to do, or nothing more may be done. */
  async run(): Promise<Stop> {
    const { executor } = this.#options;
    executor.watch((id, exit) => {
      this.#settling = this.#settling
        .then(() => this.#settle(id, exit))
        .catch((error: unknown) => {
          this.#fault ??= error;
        });
      void this.#settling.then(() => this.#wake());
    });
    const looking = setInterval(() => this.#look(), lookEvery);
    try {
      await this.#grow();
      this.#begun = true;
      for (;;) {
        this.#awake = false;
        await this.#settling;
        if (this.#fault !== null) throw toError(this.#fault);
        if (this.#stopping === null && !this.#paused) await this.#fill();
        const end = this.#end();
        this.#tell(end !== null);
        if (end !== null) return end;
        await this.#next();
      }
    } finally {
      clearInterval(looking);
      executor.close();
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      if (this.#awake) resolve();
    });
  }

  #wake(): void {
    this.#awake = true;
    this.#resolve();
  }

  /** What it has come to, where nothing is live and nothing can be begun. */
  #end(): Stop | null {
    if (this.#count('live') > 0) return null;
    if (this.#stopping !== null) return this.#stopping;
    if (this.#paused || this.#count('waiting') > 0) return null;
    const failed = [...this.#outcomes].filter(([id, { state }]) => state === 'failed' && this.#runs.has(id)).length;
    const foreign = [...this.#runs.values()].filter(({ phase }) => phase === 'foreign').length;
    const pending = this.#expansion.pending.reduce((sum, { runs }) => sum + runs, 0);
    if (failed + foreign + pending === 0) return { reason: 'done', message: null };
    return { reason: 'failed', message: incompleteText(failed, foreign, pending) };
  }

  #count(phase: Tracked['phase']): number {
    let count = 0;
    for (const run of this.#runs.values()) if (run.phase === phase) count++;
    return count;
  }

  // ---- what is to be run -----------------------------------------------------------------------------------------

  /** Expands the plan by what is known now, and looks at the directories of runs that were not known before. */
  async #grow(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      this.#expansion = this.#options.expand(this.#outcomes);
      for (const run of this.#expansion.runs) {
        if (this.#runs.has(run.id)) continue;
        const tracked: Tracked = { run, phase: 'waiting', resume: false, since: null, seconds: null };
        this.#runs.set(run.id, tracked);
        await this.#place(tracked);
      }
      // Without runs to come nothing changes by what has ended.
      if (this.#expansion.pending.length === 0) this.#stale = false;
    }
  }

  /** A run that is met for the first time: what a driver before has left of it. */
  async #place(tracked: Tracked): Promise<void> {
    const { id } = tracked.run;
    const verdict = this.#judge(id);
    const known = this.#options.history.of(id);
    if (verdict.kind !== 'missing') {
      const foreign = whyForeign(
        this.#directoryOf(id),
        this.#options.plan,
        known.submit?.spec ?? this.#forms.of(tracked.run).hash,
      );
      if (foreign !== null) {
        console.error(foreign.en);
        tracked.phase = 'foreign';
        return;
      }
    }
    if (verdict.kind === 'live') {
      await this.#options.executor.submit(tracked.run, { directory: this.#directoryOf(id), resume: true });
      tracked.phase = 'live';
      tracked.since = Date.now();
      // Its driver was killed while all was paused.
      if (verdict.paused) this.#options.executor.request(id, 'resume', 'driver');
      return;
    }
    this.#apply(tracked, verdict);
  }

  #judge(id: string): Verdict {
    const { plan, design, history } = this.#options;
    const { retry } = design.experiment.failures.crash;
    return judgeRun(this.#directoryOf(id), id, history.of(id), { files: plan.surroundings.files, retry });
  }

  #directoryOf(id: string): string {
    return path.join(experimentPaths(this.#options.directory).runs, id);
  }

  // ---- starting --------------------------------------------------------------------------------------------------

  async #fill(): Promise<void> {
    for (;;) {
      const next = await this.#nextWaiting();
      this.#teller.why = null;
      if (next === null) return;
      const spent = this.#budgetSpent(next);
      if (spent !== null) this.#halt({ reason: 'budget', message: spent }, 'budget', false);
      const full = this.#diskFull();
      if (full !== null) this.#halt({ reason: 'disk', message: full }, 'disk', false);
      if (spent !== null || full !== null) return;
      this.#teller.why = this.#options.executor.whyNoRoom(next.run);
      if (this.#teller.why !== null) return;
      await this.#submit(next);
      if (this.#stopping !== null) return;
    }
  }

  /** The first run that waits. Where none does, those are looked for that follow from what has ended. */
  async #nextWaiting(): Promise<Tracked | null> {
    const first = (): Tracked | null => {
      // Those that have been begun first: they hold a checkpoint, and their arm's pairs wait for them.
      let found: Tracked | null = null;
      for (const run of this.#runs.values()) {
        if (run.phase !== 'waiting') continue;
        if (run.resume) return run;
        found ??= run;
      }
      return found;
    };
    const found = first();
    if (found !== null || this.#expansion.pending.length === 0) return found;
    await this.#grow();
    return first();
  }

  async #submit(tracked: Tracked): Promise<void> {
    const { run } = tracked;
    const { ledger, executor, history } = this.#options;
    const directory = this.#directoryOf(run.id);
    try {
      const form = this.#forms.of(run);
      const { id, stage, arm, task, seed } = run;
      const submit = { run: id, stage, arm, task, seed, spec: form.hash, resume: tracked.resume };
      history.take([ledger.append({ kind: 'submit', ...submit })]);
      if (!tracked.resume && this.#judge(id).kind === 'missing') makeRun(this.#options, run, directory, form);
      await executor.submit(run, { directory, resume: tracked.resume });
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      this.#halt({ reason: 'disk', message: toldText(error) ?? diskText }, 'disk', false);
      return;
    }
    tracked.phase = 'live';
    tracked.since = Date.now();
  }

  #budgetSpent({ run, resume }: Tracked): Text | null {
    const { hours, runs } = this.#options.design.experiment.budget;
    const { history } = this.#options;
    if (hours !== undefined && history.spent(Date.now()) >= hours * 3_600_000) return hoursText(hours);
    const begun = history.runs.size;
    const known = resume || history.of(run.id).submits > 0;
    return runs !== undefined && !known && begun >= runs ? runsText(runs) : null;
  }

  #diskFull(): Text | null {
    const free = this.#options.freeDisk?.() ?? freeBytes(this.#options.directory);
    return free < leastDisk ? diskText : null;
  }

  // ---- ending ----------------------------------------------------------------------------------------------------

  async #settle(id: string, exit: RunExit): Promise<void> {
    const tracked = this.#runs.get(id);
    if (tracked === undefined) return;
    await this.#options.executor.collect(id);
    const verdict = this.#judge(id);
    // Somebody else has gone on with it at this instant: then that one is watched.
    if (verdict.kind === 'live') {
      await this.#options.executor.submit(tracked.run, { directory: this.#directoryOf(id), resume: true });
      return;
    }
    tracked.seconds = tracked.since === null ? null : (Date.now() - tracked.since) / 1000;
    tracked.since = null;
    if (exit.unwritable !== undefined && verdict.kind !== 'ended') {
      tracked.phase = 'waiting';
      tracked.resume = true;
      this.#halt({ reason: 'disk', message: exit.unwritable }, 'disk', false);
      return;
    }
    this.#apply(tracked, verdict);
  }

  #apply(tracked: Tracked, verdict: Exclude<Verdict, { kind: 'live' }>): void {
    switch (verdict.kind) {
      case 'missing':
        tracked.phase = 'waiting';
        tracked.resume = false;
        return;
      case 'go-on':
        tracked.phase = 'waiting';
        tracked.resume = verdict.resume;
        if (verdict.note !== null) this.#write(verdict.note);
        return;
      case 'disk':
        tracked.phase = 'waiting';
        tracked.resume = true;
        // Found at a start it is what ended the driver before; whether it still holds, the next write tells.
        if (this.#begun) this.#halt({ reason: 'disk', message: verdict.message }, 'disk', false);
        return;
      case 'ended':
        return this.#finish(tracked, verdict.outcome);
    }
  }

  #finish(tracked: Tracked, outcome: Outcome): void {
    const { id: run, arm, seed } = tracked.run;
    tracked.phase = 'ended';
    this.#outcomes.set(run, outcome);
    this.#stale = true;
    const { history } = this.#options;
    const { submits, end } = history.of(run);
    // From its start to its end, where one driver saw both; else as long as it says that it has trained.
    const seconds = submits <= 1 && tracked.seconds !== null ? tracked.seconds : outcome.seconds;
    this.#teller.finished(tracked, outcome, end?.seconds ?? seconds);
    if (end !== null) return;
    this.#write({ kind: 'end', run, state: outcome.state, failure: outcome.failure, reason: outcome.reason, seconds });
    this.#teller.last = { run, arm, seed, state: outcome.state };
  }

  #write(body: LedgerBody): void {
    const { ledger, history } = this.#options;
    try {
      history.take([ledger.append(body)]);
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      // What it said can be found again by the run's directory.
      this.#halt({ reason: 'disk', message: toldText(error) ?? diskText }, 'disk', false);
    }
  }

  // ---- requests --------------------------------------------------------------------------------------------------

  #look(): void {
    const { directory, token, cutter } = this.#options;
    try {
      const wish = takeRequest(directory, token);
      if (wish !== null) this.#obey(wish);
      this.#killLate();
      if (cutter && this.#stopping === null) this.#prune(cutter);
      this.#tell(false);
    } catch (error) {
      this.#fault ??= error;
    }
    this.#wake();
  }

  #obey({ request, by }: Control): void {
    if (request === 'stop') return this.stop(by);
    if (this.#stopping !== null || this.#paused === (request === 'pause')) return;
    this.#paused = request === 'pause';
    this.#write({ kind: request, by });
    for (const [id, { phase }] of this.#runs) if (phase === 'live') this.#options.executor.request(id, request, by);
  }

  /** @param runsToo ask the runs to stop; else they may end, and nothing more is begun */
  #halt(stop: Stop, by: string, runsToo = true): void {
    this.#stopping ??= stop;
    this.#stopAsked = performance.now();
    for (const [id, { phase }] of this.#runs) {
      if (phase === 'live' && runsToo) this.#options.executor.request(id, 'stop', by);
    }
  }

  /** A run that does not stop keeps nobody waiting for ever: it goes on from its last checkpoint later. */
  #killLate(): void {
    if (this.#stopping?.reason !== 'stopped') return;
    if (performance.now() - this.#stopAsked < (this.#options.grace ?? usualGrace)) return;
    this.#stopAsked = performance.now();
    for (const [id, { phase }] of this.#runs) if (phase === 'live') this.#options.executor.kill(id);
  }

  #prune(cutter: Cutter): void {
    const begun = [...this.#runs.values()].filter(({ phase }) => phase === 'live' || phase === 'ended');
    for (const { run, epoch, reason } of cutter.look(
      begun.map((one) => one.run),
      this.#outcomes,
    )) {
      if (this.#options.history.of(run).pruned !== null) continue;
      this.#write({ kind: 'pruned', run, epoch, reason });
      this.#options.executor.request(run, 'stop', 'prune');
    }
  }

  #tell(now: boolean): void {
    const mode = this.#stopping !== null ? 'stopping' : this.#paused ? 'paused' : 'running';
    this.#teller.tell(mode, this.#runs, this.#expansion.pending, now);
  }
}

const toError = (fault: unknown): Error => (fault instanceof Error ? fault : new Error(String(fault)));
