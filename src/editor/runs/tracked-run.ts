import * as path from 'node:path';
import { LossHistory } from '../../messages/history.ts';
import type { RunState } from '../../common/run-state.ts';
import type { RunSummary } from '../../messages/protocol.ts';
import type { EventRecord } from '../../runs/events.ts';
import { readHistoryCache, worthCaching, writeHistoryCache } from './history-cache.ts';
import { openLease, type Lease } from '../../runs/leases.ts';
import type { ForkRecord } from '../../runs/fork/record.ts';
import { forkChangesText, notCarriedText } from '../../runs/fork/texts.ts';
import { readNotes } from '../../runs/notes.ts';
import { readIdentity, RunReader, type RunIdentity, type RunStatus } from '../../runs/reader.ts';
import { pick } from '../window/language.ts';
import { isLive } from '../../common/run-state.ts';

/** Bytes of the event file read at one go: some ten thousand records, a few ten milliseconds. */
const slice = 2 * 1024 * 1024;

export interface Look {
  readonly records: readonly EventRecord[];
  /** They belong to what was read at first: many more may follow at once. */
  readonly first: boolean;
  /** The history is another one now; what was drawn before is void. */
  readonly reset: boolean;
}

/** A run whose whole history this window holds. */
export class TrackedRun {
  readonly id: string;
  readonly identity: RunIdentity;
  history: LossHistory;
  status: RunStatus = { state: 'idle', problem: null, pid: null };
  /** The state before the last change, as this window saw it. */
  previous: RunState = 'idle';
  /** What a person calls it; null where nobody does. */
  called: string | null;
  readonly #reader: RunReader;
  readonly #fork: RunSummary['fork'];
  #lease: Lease | undefined;
  /** How much of the history has been read, 0…1. */
  #fraction = 0;
  /** False until the history has been read to its end once. */
  #complete = false;

  readonly directory: string;
  readonly specFile: string | undefined;
  readonly #caches: boolean;
  /** Bytes of the events that the cache beside them holds. */
  #cached = 0;
  #writing = false;

  /** @param caches a long history is kept beside the run's events, and read from there */
  constructor(directory: string, specFile: string | undefined, caches = false) {
    this.directory = directory;
    this.specFile = specFile;
    this.#caches = caches;
    this.id = path.basename(directory);
    this.#reader = new RunReader(directory, { keep: false });
    this.identity = this.#reader.identity();
    const cached = caches ? readHistoryCache(directory, this.identity.weights) : undefined;
    this.history = cached?.history ?? new LossHistory(this.identity.weights);
    if (cached) {
      this.#reader.skipTo(cached.place);
      this.#cached = cached.place.offset;
    }
    this.called = readNotes(directory).name;
    this.#fork = this.identity.fork === null ? undefined : told(this.identity.fork, path.dirname(directory));
  }

  get name(): string {
    return this.called ?? (this.identity.name === '' ? this.id : this.identity.name);
  }

  get state(): RunState {
    return this.status.state;
  }

  /** How much of the history has been read, 0…1. */
  get fraction(): number {
    return this.#fraction;
  }

  get complete(): boolean {
    return this.#complete;
  }

  summary(): RunSummary {
    const { problem, state } = this.status;
    return {
      id: this.id,
      name: this.name,
      state,
      weights: this.identity.weights,
      ...(problem ? { problem: pick(problem) } : {}),
      ...(this.#fork === undefined ? {} : { fork: this.#fork }),
    };
  }

  /** Reads what has been written since the last look. */
  poll(): Look {
    const first = !this.#complete;
    const delta = this.#reader.poll(slice);
    if (delta.replaced) this.history = new LossHistory(this.identity.weights);
    // Records of one look that supersede earlier ones begin with the `start` that says so.
    this.history.append(delta.records);
    // What follows the last newline is not written yet.
    this.#fraction = delta.more ? delta.fraction : 1;
    if (!delta.more) this.#complete = true;
    if (delta.replaced) this.#cached = 0;
    if (first && this.#complete) this.#remember();
    return { records: delta.records, first, reset: delta.replaced };
  }

  /** Keeps what has been read for the next time. */
  #remember(): void {
    const place = this.#reader.place();
    if (!this.#caches || this.#writing || place.offset - this.#cached < worthCaching) return;
    this.#writing = true;
    void writeHistoryCache(this.directory, this.history, place).then((written) => {
      this.#writing = false;
      if (written) this.#cached = place.offset;
    });
  }

  /** Looks at the process; true when the state is another one than before. */
  refreshStatus(): boolean {
    const before = this.status;
    this.status = this.#reader.status();
    this.#holdLease(isLive(this.status.state));
    if (isLive(before.state) && !isLive(this.status.state)) this.#remember();
    if (before.state === this.status.state) return false;
    this.previous = before.state;
    return true;
  }

  /** While this window watches a live run, the run knows that somebody wants it. */
  #holdLease(wanted: boolean): void {
    if (wanted) this.#lease ??= openLease(this.directory, 'window');
    else this.release();
  }

  release(): void {
    this.#lease?.release();
    this.#lease = undefined;
  }
}

/** A fork as the page tells it. A parent that was deleted is called by its id. */
function told({ run, step, changes, notCarried }: ForkRecord, folder: string): RunSummary['fork'] {
  const parent = path.join(folder, run);
  const { name } = readIdentity(parent);
  const [changed, anew] = [forkChangesText(changes), notCarriedText(notCarried)];
  return {
    ...{ run, step, name: readNotes(parent).name ?? (name === '' ? run : name) },
    changes: changed === null ? [] : [pick(changed)],
    notCarried: anew && pick(anew),
  };
}
