/**
 * Reading a run while another process writes it: the editor, the terminal and the tests all look through this. Nothing
 * here throws for what stands in a directory; what is wrong comes back as problems.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Text } from '../common/text.ts';
import { latestAttempt } from './attempts.ts';
import { RunError } from './error.ts';
import type { EventRecord } from './events.ts';
import type { ForkRecord } from './fork/record.ts';
import { frozenStrategy, frozenWeights, readFrozen, readRunRecord, type RunRecord } from './frozen.ts';
import { runPaths } from './layout.ts';
import { liveHolder } from './lock.ts';
import { parseRecord } from './records.ts';
import { problemOf, stateOf } from './state.ts';
import type { RunState } from '../common/run-state.ts';
import type { Evidence } from './state.ts';
import { LineTail } from './tail.ts';

/** What one look at a run gave. */
export interface RunDelta {
  /** New records in order; none of them is superseded by another one of them. */
  readonly records: readonly EventRecord[];
  /** Records seen before with a higher `seq` than this are superseded; null when none are. */
  readonly supersededAfter: number | null;
  /** The directory holds another history than at the last look: forget everything and take `records`. */
  readonly replaced: boolean;
  /** Lines that were left out: what is wrong with them. At most ten a look. */
  readonly problems: readonly string[];
  readonly more: boolean;
  /** How much of the event file has been read, 0…1. */
  readonly fraction: number;
}

export interface RunStatus {
  readonly state: RunState;
  /** For `failed` and `crashed`: what went wrong and what next. */
  readonly problem: Text | null;
  /** Process that works on it, if any. */
  readonly pid: number | null;
}

/** Name and weights of a run, as frozen; empty where the directory does not tell. */
export interface RunIdentity {
  readonly name: string;
  readonly created: number;
  /** The spec's file relative to its root. */
  readonly spec: string;
  readonly weights: readonly (readonly [string, number])[];
  /** Name of the strategy; empty where it cannot be read. */
  readonly strategy: string;
  /** The run that it was forked from. */
  readonly fork: ForkRecord | null;
  /** The experiment, arm and trial it belongs to. */
  readonly parent: RunRecord['parent'];
  readonly problem: Text | null;
}

export interface ReaderOptions {
  /** Hold all live records in `records` (default); false for a reader that only passes them on. */
  readonly keep?: boolean;
  /** Called for every record as it is read, with its line as it stands in the file; superseded ones, too. */
  readonly onRecord?: ((record: EventRecord, line: string) => void) | undefined;
}

/** Where a reader is, with what it knows of what lies before. */
export interface ReaderPlace extends Pick<Evidence, 'start' | 'end' | 'state'> {
  /** Bytes of the event file. */
  readonly offset: number;
  /** -1 before the first record. */
  readonly lastSeq: number;
}

export class RunReader {
  readonly directory: string;
  readonly #keep: boolean;
  readonly #onRecord: ReaderOptions['onRecord'];
  readonly #tail: LineTail;
  #records: EventRecord[] = [];
  #evidence: Pick<Evidence, 'start' | 'end' | 'state'> = { start: null, end: null, state: null };
  #life: Pick<Evidence, 'holder' | 'attempt'> = { holder: null, attempt: null };
  #lastSeq = -1;

  constructor(directory: string, options: ReaderOptions = {}) {
    this.directory = directory;
    this.#onRecord = options.onRecord;
    this.#keep = options.keep ?? true;
    this.#tail = new LineTail(runPaths(directory).events);
  }

  /** All live records so far, superseded ones dropped. Empty with `keep: false`. */
  get records(): readonly EventRecord[] {
    return this.#records;
  }

  /** Reads on, about `maxBytes` of the event file (some thousand records a megabyte). */
  poll(maxBytes?: number): RunDelta {
    // The process first and its records then: a process found dead has written all it ever will.
    this.#life = { holder: liveHolder(this.directory), attempt: latestAttempt(this.directory) };
    const look = this.#tail.read(maxBytes);
    if (look.replaced) this.#forget();
    const fresh: EventRecord[] = [];
    const problems: string[] = [];
    let supersededAfter: number | null = null;
    for (const line of look.lines) {
      const record = this.#accept(line);
      if (typeof record === 'string') {
        if (problems.length < 10) problems.push(record);
        continue;
      }
      if (record.kind === 'start' && record.resumedFrom) {
        const after = record.resumedFrom.seq;
        dropAfter(fresh, after);
        supersededAfter = Math.min(supersededAfter ?? Infinity, after);
      }
      this.#onRecord?.(record, line);
      fresh.push(record);
      this.#notice(record);
    }
    if (look.tooLong > 0) problems.push(`${look.tooLong} lines are too long to be records`);
    if (this.#keep) {
      if (supersededAfter !== null) dropAfter(this.#records, supersededAfter);
      for (const record of fresh) this.#records.push(record);
    }
    return {
      records: fresh,
      supersededAfter,
      replaced: look.replaced,
      problems,
      more: look.more,
      fraction: look.fraction,
    };
  }

  /** Reads to the end of what is there. */
  pollAll(): void {
    while (this.poll().more);
  }

  place(): ReaderPlace {
    return { ...this.#evidence, offset: this.#tail.offset, lastSeq: this.#lastSeq };
  }

  /** Goes on where another reader was, before the first look; the file is still what that one read, and may be longer. */
  skipTo({ offset, lastSeq, ...evidence }: ReaderPlace): void {
    this.#tail.skipTo(offset);
    this.#lastSeq = lastSeq;
    this.#evidence = evidence;
  }

  /** What has become of the run, as of the last look; read to the end first. */
  status(now: number = Date.now()): RunStatus {
    const evidence: Evidence = { ...this.#evidence, ...this.#life, now };
    const state = stateOf(evidence);
    return { state, problem: problemOf(this.directory, state, evidence), pid: this.#life.holder?.pid ?? null };
  }

  /** Name, spec and weights, as frozen. */
  identity(): RunIdentity {
    return readIdentity(this.directory);
  }

  #accept(line: string): EventRecord | string {
    const record = parseRecord(line);
    if (typeof record === 'string') return record;
    if (record.seq <= this.#lastSeq) return `seq ${record.seq} follows ${this.#lastSeq}`;
    this.#lastSeq = record.seq;
    return record;
  }

  #notice(record: EventRecord): void {
    if (record.kind === 'start') this.#evidence = { start: record, end: null, state: null };
    else if (record.kind === 'end') this.#evidence = { ...this.#evidence, end: record };
    else if (record.kind === 'state') this.#evidence = { ...this.#evidence, state: record };
  }

  #forget(): void {
    this.#records = [];
    this.#evidence = { start: null, end: null, state: null };
    this.#lastSeq = -1;
  }
}

function dropAfter(records: EventRecord[], seq: number): void {
  while (records.length > 0 && (records.at(-1)?.seq ?? seq) > seq) records.pop();
}

/** Name, spec and weights of a run; what cannot be read is empty, and `problem` says why. Never throws. */
export function readIdentity(directory: string): RunIdentity {
  let known: RunIdentity = {
    name: path.basename(directory),
    created: 0,
    spec: '',
    weights: [],
    strategy: '',
    fork: null,
    parent: null,
    problem: null,
  };
  try {
    const { name, created, spec, parent, fork = null } = readRunRecord(directory);
    // A damaged spec.json does not take a run its name: prune goes by spec and time.
    known = { ...known, name, created, spec, parent, fork };
    const frozen = readFrozen(directory);
    return { ...known, weights: frozenWeights(frozen), strategy: frozenStrategy(frozen) };
  } catch (error) {
    if (error instanceof RunError) return { ...known, problem: error.text };
    throw error;
  }
}

export interface Watch {
  close(): void;
}

/**
 * Calls back soon after anything in a run directory changes, and at every interval: the system's notices are quick where
 * they work (not on every network drive), and a death changes no file at all.
 */
export function watchRun(directory: string, onLook: () => void, interval = 500): Watch {
  const watchers: fs.FSWatcher[] = [];
  let soon: NodeJS.Timeout | undefined;
  const look = (): void => {
    soon = undefined;
    onLook();
  };
  try {
    const watcher = fs.watch(directory, (_kind, name) => {
      // Many appends in a moment are one look.
      if (name === null || name === 'events.ndjson' || name === 'lock') soon ??= setTimeout(look, 50);
    });
    watcher.on('error', () => watcher.close());
    watchers.push(watcher);
  } catch {
    // No notices here: the interval does it.
  }
  const timer = setInterval(onLook, interval);
  return {
    close: () => {
      clearInterval(timer);
      clearTimeout(soon);
      for (const watcher of watchers) watcher.close();
    },
  };
}
