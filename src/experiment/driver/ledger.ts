/**
 * `ledger.ndjson`: what a driver has done, one record a line, appended by the holder of the experiment's lock alone. What
 * the runs have come to stands in their own directories; here stands what those cannot tell: that a run was asked for,
 * tried again, cut or given up, when a driver worked, and where the plan was changed.
 */
import {
  count,
  flag,
  isFields,
  number,
  object,
  oneOf,
  orNull,
  text as string,
  type Fault,
  type Shape,
} from '../../common/checks.ts';
import type { Text } from '../../common/text.ts';
import { orderedText } from '../../runs/json.ts';
import { faultText } from '../../runs/records.ts';
import { LineTail } from '../../runs/tail.ts';
import { experimentPaths } from '../layout.ts';

/** Why a driver ended. `failed`: all is done that can be, and some runs have failed for good. */
export const stopReasons = ['done', 'failed', 'stopped', 'budget', 'disk', 'error'] as const;
export type StopReason = (typeof stopReasons)[number];

const endStates = ['done', 'failed', 'pruned'] as const;
const failures = ['nan', 'crash', 'killed', 'data-changed'] as const;

/** What a plan was made of, in short. */
export interface PlanMark {
  readonly sha256: string;
  readonly analysisHash: string;
  readonly engine: string;
  /** Hash of the paths and hashes of all files. */
  readonly files: string;
}

export type LedgerBody =
  | {
      readonly kind: 'start';
      readonly driver: number;
      readonly executor: string;
      readonly jobs: number | null;
      readonly slots: number;
      /** Where the number of slots comes from. */
      readonly says: Text;
      readonly version: string;
    }
  | {
      readonly kind: 'stop';
      readonly driver: number;
      readonly reason: StopReason;
      readonly message: Text | null;
    }
  | { readonly kind: 'pause' | 'resume'; readonly by: string }
  | {
      readonly kind: 'submit';
      readonly run: string;
      readonly stage: string;
      readonly arm: string;
      readonly task: string | null;
      readonly seed: number;
      /** SHA-256 of the resolved spec that is frozen with it. */
      readonly spec: string;
      /** It goes on from its checkpoint. */
      readonly resume: boolean;
    }
  | {
      readonly kind: 'end';
      readonly run: string;
      readonly state: (typeof endStates)[number];
      readonly failure: (typeof failures)[number] | null;
      readonly reason: Text | null;
      /** From its start to its end, waiting left out. */
      readonly seconds: number;
    }
  | { readonly kind: 'pruned'; readonly run: string; readonly epoch: number; readonly reason: Text }
  | {
      /** A process that ended without a word; `step` is that of the checkpoint that it leaves. */
      readonly kind: 'death';
      readonly run: string;
      readonly attempt: number;
      readonly step: number;
      readonly code: number | null;
      readonly signal: string | null;
    }
  | { readonly kind: 'retry'; readonly run: string; readonly attempt: number; readonly reason: Text }
  | {
      readonly kind: 'deviation';
      readonly before: PlanMark;
      readonly after: PlanMark;
      readonly changes: Text;
      /** Finished runs that count on, and of how many. */
      readonly counted: number;
      readonly of: number;
    };

export type LedgerRecord = { readonly v: 1; readonly seq: number; readonly t: number } & LedgerBody;

const text = object({ en: string, zh: string });
const mark = object({ sha256: string, analysisHash: string, engine: string, files: string });
const reason = orNull(text);

const kinds: Readonly<Record<LedgerBody['kind'], Shape>> = {
  start: { driver: count, executor: string, jobs: orNull(count), slots: count, says: text, version: string },
  stop: { driver: count, reason: oneOf(...stopReasons), message: reason },
  pause: { by: string },
  resume: { by: string },
  submit: { run: string, stage: string, arm: string, task: orNull(string), seed: number, spec: string, resume: flag },
  end: { run: string, state: oneOf(...endStates), failure: orNull(oneOf(...failures)), reason, seconds: number },
  pruned: { run: string, epoch: count, reason: text },
  death: { run: string, attempt: count, step: count, code: orNull(number), signal: orNull(string) },
  retry: { run: string, attempt: count, reason: text },
  deviation: { before: mark, after: mark, changes: text, counted: count, of: count },
};

const checks = new Map(
  Object.entries(kinds).map(([kind, shape]) => [
    kind,
    object({ v: count, seq: count, t: number, kind: string, ...shape }),
  ]),
);

/** One line, without its newline. */
export function encodeLedger(seq: number, t: number, body: LedgerBody): string {
  return orderedText({ v: 1, seq, t, ...body });
}

/** The record of a line, or what is wrong with it. */
export function parseLedger(line: string): LedgerRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not JSON';
  }
  if (!isFields(value) || value['v'] !== 1) return 'not a record of version 1';
  const check = typeof value['kind'] === 'string' ? checks.get(value['kind']) : undefined;
  if (check === undefined) return 'of an unknown kind';
  const fault: Fault | null = check(value);
  return fault === null ? (value as unknown as LedgerRecord) : faultText(fault);
}

/** Follows a ledger: each call gives what is new. Lines that are no records are passed over and told. */
export class LedgerReader {
  readonly #tail: LineTail;
  #lastSeq = -1;

  constructor(directory: string) {
    this.#tail = new LineTail(experimentPaths(directory).ledger);
  }

  read(): {
    readonly records: readonly LedgerRecord[];
    readonly replaced: boolean;
    readonly problems: readonly string[];
  } {
    const records: LedgerRecord[] = [];
    const problems: string[] = [];
    let replaced = false;
    for (let more = true; more;) {
      const look = this.#tail.read();
      more = look.more;
      if (look.replaced) {
        this.#lastSeq = -1;
        records.length = 0;
        replaced = true;
      }
      for (const line of look.lines) {
        const record = parseLedger(line);
        if (typeof record === 'string') problems.push(record);
        else if (record.seq !== this.#lastSeq + 1)
          problems.push(`seq ${String(record.seq)} after ${String(this.#lastSeq)}`);
        if (typeof record === 'string') continue;
        this.#lastSeq = record.seq;
        records.push(record);
      }
    }
    return { records, replaced, problems: problems.slice(0, 10) };
  }
}
