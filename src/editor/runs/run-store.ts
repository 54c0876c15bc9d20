import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunState } from '../../common/run-state.ts';
import type { EventRecord } from '../../runs/events.ts';
import { listCheckpoints } from '../../runs/checkpoints.ts';
import { glance, runsIn } from '../../runs/list.ts';
import { runPaths } from '../../runs/layout.ts';
import type { RunNotes } from '../../runs/notes.ts';
import { Disposables } from '../window/disposables.ts';
import { contextKeys } from '../window/ids.ts';
import { pick } from '../window/language.ts';
import { OwnRuns } from './own-runs.ts';
import { specFileOf, type RunFolders } from './run-folders.ts';
import { isLive } from '../../common/run-state.ts';
import { linesOf, linesOfResult, type MetricLine } from './run-text.ts';
import { TrackedRun } from './tracked-run.ts';

export type { TrackedRun } from './tracked-run.ts';

/** A run as the tree shows it; its history may not have been read. */
export interface RunEntry {
  readonly directory: string;
  readonly id: string;
  readonly name: string;
  readonly specFile: string | undefined;
  readonly created: number;
  readonly state: RunState;
  readonly problem: string | undefined;
  readonly lines: readonly MetricLine[];
  /** Name of the strategy; empty where it cannot be read. */
  readonly strategy: string;
  readonly notes: RunNotes;
  /** It keeps a checkpoint that another run can begin with. */
  readonly forkable: boolean;
}

export interface Appended {
  readonly run: TrackedRun;
  /** They belong to what was read at first: many more may follow at once. */
  readonly first: boolean;
  readonly records: readonly EventRecord[];
}

/** Record to pixel stays under 250 ms. */
const pollEvery = 100;
const scanEvery = 3000;
const shownKey = 'mtl.shownRun';

/**
 * The runs of this window's specs. It owns the readers of the runs on show and of live ones, polls them, and tells
 * everybody else of deltas. Other windows and terminals write the same directories: the truth is on disk.
 */
export class RunStore extends Disposables {
  readonly #runsChanged = this.register(new vscode.EventEmitter<void>());
  readonly #appended = this.register(new vscode.EventEmitter<Appended>());
  readonly #stateChanged = this.register(new vscode.EventEmitter<TrackedRun>());
  readonly #read = this.register(new vscode.EventEmitter<TrackedRun>());
  readonly #reset = this.register(new vscode.EventEmitter<TrackedRun>());
  readonly #shown = this.register(new vscode.EventEmitter<TrackedRun | undefined>());
  readonly onDidChangeRuns = this.#runsChanged.event;
  readonly onDidAppend = this.#appended.event;
  readonly onDidChangeState = this.#stateChanged.event;
  /** A large history is being read, or has been. */
  readonly onDidRead = this.#read.event;
  readonly onDidReset = this.#reset.event;
  readonly onDidShow = this.#shown.event;

  readonly #specs = new Set<string>();
  readonly #entries = new Map<string, { readonly stamp: string; readonly entry: RunEntry }>();
  readonly #tracked = new Map<string, TrackedRun>();
  #current: TrackedRun | undefined;
  #attached = false;
  #attachedAt = Infinity;
  #poll: NodeJS.Timeout | undefined;

  readonly #folders: RunFolders;
  readonly #memory: vscode.Memento;
  /** Runs that this window started. */
  readonly own: OwnRuns;

  constructor(folders: RunFolders, memory: vscode.Memento) {
    super();
    this.#folders = folders;
    this.#memory = memory;
    this.own = new OwnRuns(memory);
    const scan = setInterval(() => this.scan(), scanEvery);
    this.register({ dispose: () => clearInterval(scan) });
    this.register({ dispose: () => this.#releaseAll() });
  }

  /** All runs known, in no order. */
  get entries(): readonly RunEntry[] {
    return [...this.#entries.values()].map(({ entry }) => {
      const run = this.#tracked.get(entry.directory);
      if (!run?.complete) return entry;
      const problem = run.summary().problem;
      return { ...entry, state: run.state, lines: linesOf(run.history), problem };
    });
  }

  /** Files of the specs whose runs are looked for. */
  get specs(): ReadonlySet<string> {
    return this.#specs;
  }

  /** Runs whose history this window holds. */
  get tracked(): readonly TrackedRun[] {
    return [...this.#tracked.values()];
  }

  /** The run that the loss panel shows. */
  get shown(): TrackedRun | undefined {
    return this.#current;
  }

  byId(id: string): TrackedRun | undefined {
    return this.tracked.find((run) => run.id === id);
  }

  entry(directory: string): RunEntry | undefined {
    return this.entries.find((entry) => entry.directory === directory);
  }

  /** The newest run of a spec whose history is held: live or the last one. */
  latestOf(specFile: string): TrackedRun | undefined {
    const newest = this.newestEntry(specFile);
    return newest ? this.#tracked.get(newest.directory) : undefined;
  }

  newestEntry(specFile: string): RunEntry | undefined {
    let newest: RunEntry | undefined;
    for (const { entry } of this.#entries.values()) {
      if (entry.specFile === specFile && entry.created >= (newest?.created ?? -Infinity)) newest = entry;
    }
    return newest && this.entry(newest.directory);
  }

  /** Looks for runs of these specs from now on, and for the last one's history. */
  addSpecs(files: Iterable<string>): void {
    const before = this.#specs.size;
    for (const file of files) this.#specs.add(file);
    if (this.#specs.size > before) this.scan();
  }

  /** Reads the history of a spec's newest run, so that lenses can show it. */
  follow(specFile: string): void {
    this.addSpecs([specFile]);
    const newest = this.newestEntry(specFile);
    if (newest) this.track(newest.directory, newest.specFile);
  }

  /** After a reload: the run that was on show, or a live one that was started later. From then on new runs show up. */
  reattach(): void {
    this.#attached = true;
    this.#attachedAt = Date.now();
    const remembered = this.entry(this.#memory.get<string>(shownKey, ''));
    const live = this.entries.filter((entry) => isLive(entry.state));
    const last = [...(remembered ? [remembered] : []), ...live].toSorted((a, b) => a.created - b.created).at(-1);
    if (!this.#current && last) this.show(last.directory);
  }

  track(directory: string, specFile: string | undefined): TrackedRun {
    const known = this.#tracked.get(directory);
    if (known) return known;
    // Nothing is believed of, or written into, the folders of strangers.
    const run = new TrackedRun(directory, specFile, vscode.workspace.isTrusted);
    this.#tracked.set(directory, run);
    run.poll();
    run.refreshStatus();
    this.#updateContext();
    this.#schedule();
    return run;
  }

  /** A run was started in this window: it is on show at once. */
  started(directory: string, specFile: string): TrackedRun {
    this.#specs.add(specFile);
    this.own.add(directory);
    const run = this.track(directory, specFile);
    this.#pollRun(run);
    this.#schedule();
    this.scan();
    this.show(directory);
    return run;
  }

  show(directory: string): void {
    const run = this.track(directory, this.#entries.get(directory)?.entry.specFile);
    if (this.#current === run) return;
    this.#current = run;
    void this.#memory.update(shownKey, directory);
    this.#updateContext();
    this.#shown.fire(run);
  }

  /** The directory was deleted. */
  forget(directory: string): void {
    this.#tracked.get(directory)?.release();
    this.#tracked.delete(directory);
    this.#entries.delete(directory);
    if (this.#current?.directory === directory) {
      this.#current = undefined;
      void this.#memory.update(shownKey, undefined);
      this.#shown.fire(undefined);
    }
    this.#updateContext();
    this.#runsChanged.fire();
  }

  /** Looks at the folders again: new runs, gone runs, runs that other processes changed. */
  scan(): void {
    if (this.disposed) return;
    const seen = new Set<string>();
    let changed = false;
    for (const folder of new Set([...this.#specs].flatMap((spec) => this.#folders.of(spec)))) {
      for (const directory of runsIn(folder)) {
        seen.add(directory);
        changed = this.#look(directory) || changed;
      }
    }
    for (const directory of [...this.#entries.keys()]) if (!seen.has(directory)) this.forget(directory);
    if (changed) this.#runsChanged.fire();
  }

  #look(directory: string): boolean {
    const known = this.#entries.get(directory);
    const stamp = stampOf(directory);
    if (known?.stamp === stamp && !isLive(known.entry.state)) return false;
    const { id, name, created, spec, state, problem, result, strategy, notes } = glance(directory);
    const specFile = specFileOf(directory, spec);
    const entry: RunEntry = {
      ...{ directory, id, created, specFile, state, strategy, notes },
      name: name === '' ? id : name,
      problem: problem ? pick(problem) : undefined,
      lines: linesOfResult(result),
      forkable: listCheckpoints(directory).length > 0,
    };
    this.#entries.set(directory, { stamp, entry });
    const tracked = this.#tracked.get(directory);
    if (tracked) tracked.called = notes.name;
    if (isLive(state)) {
      const run = this.track(directory, specFile);
      // A run that had ended goes on: it is polled again.
      if (!isLive(run.state)) this.#pollRun(run);
      this.#schedule();
    }
    // Started by another window or a terminal: the panel shows the last started run. One that failed at once may have
    // ended before it was seen.
    if (!known && this.#attached && (isLive(state) || created >= this.#attachedAt)) this.show(directory);
    return known?.entry.state !== state || known.stamp !== stamp;
  }

  #schedule(): void {
    if (this.#poll !== undefined || this.disposed) return;
    // A history that is being read waits for nothing but its turn.
    const reading = this.tracked.some((run) => !run.complete);
    this.#poll = setTimeout(
      () => {
        this.#poll = undefined;
        this.#pollAll();
      },
      reading ? 0 : pollEvery,
    );
  }

  #pollAll(): void {
    const wanted = this.tracked.filter((run) => !run.complete || isLive(run.state));
    for (const run of wanted) this.#pollRun(run);
    if (this.tracked.some((run) => !run.complete || isLive(run.state))) this.#schedule();
  }

  #pollRun(run: TrackedRun): void {
    const reading = !run.complete;
    const { records, first, reset } = run.poll();
    if (reading) this.#read.fire(run);
    const changed = run.refreshStatus();
    if (reset) this.#reset.fire(run);
    else if (records.length > 0) this.#appended.fire({ run, records, first });
    if (changed) this.#tellState(run);
  }

  #tellState(run: TrackedRun): void {
    this.#updateContext();
    this.#stateChanged.fire(run);
  }

  #updateContext(): void {
    const live = this.tracked.some((run) => isLive(run.state));
    void vscode.commands.executeCommand('setContext', contextKeys.live, live);
    void vscode.commands.executeCommand('setContext', contextKeys.shownState, this.#current?.state);
  }

  #releaseAll(): void {
    clearTimeout(this.#poll);
    for (const run of this.tracked) run.release();
  }
}

/** Changes whenever something in the directory did that the tree shows. */
function stampOf(directory: string): string {
  const { lock, events, result, notes } = runPaths(directory);
  const times = [lock, events, result, notes, path.join(directory, 'attempts')].map((file) => {
    const status = fs.statSync(file, { throwIfNoEntry: false });
    return status ? `${status.mtimeMs} ${status.size}` : '-';
  });
  return times.join(' ');
}
