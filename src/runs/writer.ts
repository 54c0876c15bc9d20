/**
 * The only hand that writes `events.ndjson`: that of the lock's holder. Append-only, one record a line, `seq` without
 * gaps, also across resume.
 *
 * What survives: every record that `append` has returned survives the death of the process, since the system has it.
 * A power cut may take what the disk has not; so that nothing later refers to lost records, the file is synced at every
 * `start`, `epoch`, `best`, `checkpoint`, `state` and `end` and before a checkpoint (`sync`), not at every step.
 */
import { LineFile } from './append.ts';
import { RunError } from './error.ts';
import type { EventInput, ResumedFrom } from './events.ts';
import { isRun, runPaths, unwritable } from './layout.ts';
import { readLock } from './lock.ts';
import { encodeRecord, parseRecord } from './records.ts';

/** `seq` of the first record; a resume without any checkpoint goes back to before it. */
export const firstSeq = 0;

const durable: ReadonlySet<EventInput['kind']> = new Set(['start', 'epoch', 'best', 'checkpoint', 'state', 'end']);
/** The lock is looked at again at most this often, in milliseconds. */
const lockCheckEvery = 1000;

export interface EventWriter {
  /** `seq` the next record will have. */
  readonly nextSeq: number;
  /**
   * Appends one record.
   *
   * @returns its `seq`
   * @throws RunError `lock-lost`, or `unwritable` (a full disk); the file then ends with the last whole record
   */
  append(body: EventInput): number;
  /** Waits until the disk has everything appended so far. */
  sync(): void;
  /**
   * The `resumedFrom` of a checkpoint. When the process died after `latest.json` and before the `checkpoint` record, the
   * record is appended now.
   */
  resumedFrom(checkpoint: {
    readonly step: number;
    readonly epoch: number;
    readonly path: string;
    readonly bytes: number;
  }): ResumedFrom;
  close(): void;
}

export interface WriterOptions {
  /** Of the lock, which this process (any of its threads) must hold. */
  readonly token: string;
  readonly now?: () => number;
}

/**
 * Opens the event file for appending, and cuts off a torn last line: the only cut ever made.
 *
 * @throws RunError `lock-lost` without the lock, `link`, `unwritable`
 */
export function openWriter(directory: string, options: WriterOptions): EventWriter {
  return new Writer(directory, options);
}

class Writer implements EventWriter {
  readonly #directory: string;
  readonly #token: string;
  readonly #now: () => number;
  readonly #file: LineFile;
  #nextSeq: number;
  #lockSeen = -Infinity;

  constructor(directory: string, options: WriterOptions) {
    this.#directory = directory;
    this.#token = options.token;
    this.#now = options.now ?? Date.now;
    this.#checkLock();
    try {
      this.#file = new LineFile(runPaths(directory).events);
    } catch (error) {
      throw error instanceof RunError ? error : unwritable(directory, error);
    }
    this.#nextSeq = this.#lastSeq() + 1;
  }

  get nextSeq(): number {
    return this.#nextSeq;
  }

  append(body: EventInput): number {
    this.#checkLock();
    const seq = this.#nextSeq;
    try {
      this.#file.append(encodeRecord(seq, this.#now(), body), durable.has(body.kind));
    } catch (error) {
      throw unwritable(this.#directory, error);
    }
    this.#nextSeq++;
    return seq;
  }

  sync(): void {
    this.#file.sync();
  }

  resumedFrom(checkpoint: { step: number; epoch: number; path: string; bytes: number }): ResumedFrom {
    const { step, epoch, path, bytes } = checkpoint;
    const seq = this.#findCheckpoint(step, path) ?? this.append({ kind: 'checkpoint', step, path, bytes });
    return { step, epoch, seq };
  }

  close(): void {
    this.#file.close();
  }

  #checkLock(): void {
    const now = performance.now();
    if (now - this.#lockSeen < lockCheckEvery) return;
    const lock = readLock(this.#directory);
    if (lock === null || lock === 'damaged' || lock.token !== this.#token) {
      if (!isRun(this.#directory)) throw movedAway();
      throw new RunError(
        'lock-lost',
        'Another process has taken over this run, so this one must not write to it any more. Its checkpoints are kept.',
        '另一个进程已接管此运行，本进程不得继续写入。检查点已保留。',
      );
    }
    this.#lockSeen = now;
  }

  #lastSeq(): number {
    for (const line of this.#file.backward()) {
      const record = parseRecord(line);
      if (typeof record !== 'string') return record.seq;
    }
    return firstSeq - 1;
  }

  /** `seq` of the newest record of that checkpoint that no later `start` has superseded. */
  #findCheckpoint(step: number, path: string): number | null {
    let superseded = Infinity;
    for (const line of this.#file.backward()) {
      // Most lines are steps: they are passed over unparsed.
      if (!line.includes('"kind":"checkpoint"') && !line.includes('"kind":"start"')) continue;
      const record = parseRecord(line);
      if (typeof record === 'string' || record.seq > superseded) continue;
      if (record.kind === 'start' && record.resumedFrom) superseded = record.resumedFrom.seq;
      if (record.kind === 'checkpoint' && record.step === step && record.path === path) return record.seq;
    }
    return null;
  }
}

function movedAway(): RunError {
  return new RunError(
    'lock-lost',
    'The run directory was moved or deleted while the training wrote to it. Resume the run where it is now; its checkpoints went with it.',
    '训练写入期间，运行目录被移动或删除。请在其现在的位置继续此运行；检查点随之移动。',
  );
}
