/**
 * One writer per run directory. `lock` names who writes: {attempt, token}, with the process's mark so that it can be
 * told before its first beat in `alive.json`.
 */
import { newToken, parseHolder, readLockFile, takeLock, type HeldLock, type LockHolder } from '../files/lock.ts';
import { lifeOf, thisProcess } from '../files/process-mark.ts';
import { readAlive } from './alive.ts';
import { RunError } from './error.ts';
import { member, orderedText } from './json.ts';
import { runPaths, unwritable } from './layout.ts';

export interface LockRecord extends LockHolder {
  readonly attempt: number;
}

export interface Lock extends HeldLock {
  readonly attempt: number;
  readonly token: string;
}

export interface LockOptions {
  readonly attempt: number;
  readonly token?: string;
  /** How long a holder that cannot be asked is watched for a beat before its lock is taken, in milliseconds. */
  readonly watch?: number;
}

/** The validated lock of a run; null when there is none, `damaged` when the file is no lock. */
export function readLock(directory: string): LockRecord | 'damaged' | null {
  return readLockFile(runPaths(directory).lock, parseRecord);
}

function parseRecord(value: unknown): LockRecord | null {
  const holder = parseHolder(value);
  const attempt = member(value, 'attempt');
  return holder && typeof attempt === 'number' ? { ...holder, attempt } : null;
}

/** The live holder of a run's lock by what is known at this moment, or null. */
export function liveHolder(directory: string): LockRecord | null {
  const lock = readLock(directory);
  if (lock === null || lock === 'damaged') return null;
  const life = lifeOf(lock, lastBeat(directory, lock));
  return life === 'alive' || life === 'beating' ? lock : null;
}

function lastBeat(directory: string, lock: LockRecord): number {
  const alive = readAlive(directory);
  return alive && alive.token === lock.token ? alive.beat : lock.since;
}

/** "This run is alive in process N". */
export function aliveError(pid: number): RunError {
  return new RunError(
    'alive',
    `This run is alive in process ${pid}. Stop it first, or watch it with "mtl runs list".`,
    `此运行正在进程 ${pid} 中进行。请先停止它，或用“mtl runs list”查看。`,
  );
}

/**
 * Takes the lock of a run directory; a dead holder's lock is taken over.
 *
 * @throws RunError `alive` when another process holds it, `unwritable`
 */
export async function acquireLock(directory: string, options: LockOptions): Promise<Lock> {
  const { attempt, token = newToken() } = options;
  const record: LockRecord = { attempt, token, ...thisProcess(), since: Date.now() };
  const own = { token, text: orderedText(record) };
  const held = await takeLock<LockRecord>(runPaths(directory).lock, own, {
    parse: parseRecord,
    lastBeat: (holder) => lastBeat(directory, holder),
    busy: ({ pid }) => aliveError(pid),
    unwritable: (error) => unwritable(directory, error),
    watch: options.watch,
  });
  return { attempt, token, ...held };
}
