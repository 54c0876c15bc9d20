/** What `run.json`, the `start` record and `result.json` tell of a run that was forked: its parent, and what is different. */
import { isFields } from '../../common/checks.ts';
import type { Difference } from '../../spec/index.ts';
import { member } from '../json.ts';

/** A place of the long form where a fork differs from its parent; `before` or `after` is missing where only the other has it. */
export interface ForkChange {
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** State of the parent that a fork does not go on with. */
export type NotCarried =
  /** What the strategy keeps between steps. */
  | 'strategy'
  /** Slots and counts of the optimizer. */
  | 'optimizer'
  /** The best epoch so far, and what early stopping has counted. */
  | 'best'
  /** Observed strategies and task affinity. */
  | 'watched'
  /** Drops of the learning rate so far. */
  | 'drops';

const notCarriedCodes: readonly NotCarried[] = ['strategy', 'optimizer', 'best', 'watched', 'drops'];

/** As records and results tell it. */
export interface ForkFacts {
  /** Directory name of the parent. */
  readonly run: string;
  /** Updates that the parent had done. */
  readonly step: number;
  /** Relative to the parent's directory, with `/`. */
  readonly checkpoint: string;
  readonly changes: readonly ForkChange[];
  readonly notCarried: readonly NotCarried[];
}

/** As `run.json` keeps it. */
export interface ForkRecord extends ForkFacts {
  /** SHA-256 of the parent's long form: what its checkpoint belongs to. */
  readonly spec: string;
  /** Of the parent: the fork's must be the same, or its place in the data would be another. */
  readonly stepsPerEpoch: number;
}

/** What of it is told outside `run.json`. */
export function forkFacts({ run, step, checkpoint, changes, notCarried }: ForkRecord): ForkFacts {
  return { run, step, checkpoint, changes, notCarried };
}

export function forkChange({ pointer, before, after }: Difference): ForkChange {
  return { pointer, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** More changes than this are no fork of ours. */
const mostChanges = 10_000;

/** A validated record out of `run.json`; null where it is none. */
export function parseFork(value: unknown): ForkRecord | null {
  const [run, step, checkpoint] = [member(value, 'run'), member(value, 'step'), member(value, 'checkpoint')];
  const [spec, stepsPerEpoch] = [member(value, 'spec'), member(value, 'stepsPerEpoch')];
  const [changes, left] = [member(value, 'changes'), member(value, 'notCarried')];
  if (!isDirectoryName(run) || typeof checkpoint !== 'string' || typeof spec !== 'string') return null;
  if (!isCount(step) || !isCount(stepsPerEpoch) || !Array.isArray(changes) || !Array.isArray(left)) return null;
  if (changes.length > mostChanges || !changes.every(isChange)) return null;
  const notCarried = notCarriedCodes.filter((code) => left.includes(code));
  return notCarried.length === left.length ? { run, step, checkpoint, changes, notCarried, spec, stepsPerEpoch } : null;
}

/** The name of a directory beside this one, never a way to another place. */
function isDirectoryName(value: unknown): value is string {
  return typeof value === 'string' && /^[^/\\\u0000]{1,255}$/.test(value) && !/^\.{1,2}$/.test(value);
}

function isChange(value: unknown): value is ForkChange {
  return isFields(value) && typeof value['pointer'] === 'string';
}
