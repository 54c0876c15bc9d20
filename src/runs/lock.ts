/**
 * One writer per run directory. `lock` names who writes: {attempt, token}, with the process's mark so that it can be
 * told before its first beat. It comes into being complete (written beside, then hard-linked, which fails if the name is
 * taken: what O_EXCL does, without an instant in which the file is empty).
 *
 * A dead holder's lock is taken over by rename. So that of several processes only one does it, the successor first
 * links its lock to `lock.<token of the dead>`; whoever holds that name is alone in the right to replace that lock.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beatEvery, lifeOf, parseMark, readAlive, thisProcess } from './alive.ts';
import type { ProcessMark } from './alive.ts';
import { systemCode } from '../common/told-error.ts';
import { RunError } from './error.ts';
import { besides, readJson, renameOver, writeNew } from '../files/plain.ts';
import { member, orderedText } from './json.ts';
import { runPaths, unwritable } from './layout.ts';
import { isTaken } from '../files/links.ts';

export interface LockRecord extends ProcessMark {
  readonly attempt: number;
  readonly token: string;
  /** When it was taken, milliseconds since the epoch: the first beat. */
  readonly since: number;
}

export interface Lock {
  readonly attempt: number;
  readonly token: string;
  /** Is it still ours? Another host may have taken it while this one slept. */
  held(): boolean;
  /** Gives it back, if it is still ours. */
  release(): void;
}

export interface LockOptions {
  readonly attempt: number;
  readonly token?: string;
  /** How long a holder that cannot be asked (another host, another system) is watched for a beat before its lock is taken. */
  readonly watch?: number;
}

export function newToken(): string {
  return randomBytes(16).toString('hex');
}

const tokenPattern = /^[A-Za-z0-9-]{8,64}$/;

/** The validated lock of a run; null when there is none, `damaged` when the file is no lock. */
export function readLock(directory: string): LockRecord | 'damaged' | null {
  return readLockFile(runPaths(directory).lock);
}

function readLockFile(file: string): LockRecord | 'damaged' | null {
  if (!isTaken(file)) return null;
  const value = readJson(file);
  const mark = parseMark(value);
  const attempt = member(value, 'attempt');
  const token = member(value, 'token');
  const since = member(value, 'since');
  if (!mark || typeof attempt !== 'number' || typeof token !== 'string' || !tokenPattern.test(token)) {
    // It may have been released between the two looks.
    return isTaken(file) ? 'damaged' : null;
  }
  return { ...mark, attempt, token, since: typeof since === 'number' ? since : 0 };
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
  const { lock: file } = runPaths(directory);
  const record: LockRecord = {
    attempt: options.attempt,
    token: options.token ?? newToken(),
    ...thisProcess(),
    since: Date.now(),
  };
  const ours = besides(file);
  try {
    writeNew(ours, orderedText(record), true);
  } catch (error) {
    throw unwritable(directory, error);
  }
  try {
    for (;;) {
      if (linkNew(ours, file)) return new HeldLock(file, record);
      const holder = readLock(directory);
      if (holder === null) continue;
      if (holder !== 'damaged' && holder.token === record.token) return new HeldLock(file, record);
      await ensureDead(directory, holder, options.watch ?? 2.5 * beatEvery);
      if (takeOver(file, ours, record.token, holder)) return new HeldLock(file, record);
    }
  } finally {
    fs.rmSync(ours, { force: true });
  }
}

class HeldLock implements Lock {
  readonly attempt: number;
  readonly token: string;
  readonly #file: string;

  constructor(file: string, record: LockRecord) {
    this.#file = file;
    this.attempt = record.attempt;
    this.token = record.token;
  }

  held(): boolean {
    const lock = readLockFile(this.#file);
    return lock !== null && lock !== 'damaged' && lock.token === this.token;
  }

  release(): void {
    try {
      if (this.held()) fs.rmSync(this.#file, { force: true });
    } catch {
      // It may not be removed any more (the disk became read-only): the lock of a dead process is taken over.
    }
  }
}

/** Gives `from` the second name `to` if that is free. */
function linkNew(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(code)) throw unwritable(to, error);
  }
  // A file system without hard links (FAT, some network drives): exclusive creation, complete a moment later.
  try {
    writeNew(to, fs.readFileSync(from), true);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw unwritable(to, error);
  }
}

/** @throws RunError `alive` */
async function ensureDead(directory: string, holder: LockRecord | 'damaged', watch: number): Promise<void> {
  if (holder === 'damaged') {
    // Perhaps it is being written at this instant, on a file system without hard links.
    await sleep(Math.min(watch, 1000));
    const again = readLock(directory);
    if (again === 'damaged' || again === null) return;
    return ensureDead(directory, again, watch);
  }
  const beat = lastBeat(directory, holder);
  const life = lifeOf(holder, beat);
  if (life === 'dead') return;
  if (life === 'silent') {
    // The clocks of two hosts may differ by more than the limit: a beat that moves is a sign of life whatever it says.
    await sleep(watch);
    const now = readLock(directory);
    if (now === null || now === 'damaged' || now.token !== holder.token || lastBeat(directory, holder) === beat) return;
  }
  throw aliveError(holder.pid);
}

/** Replaces the lock of a dead holder; false when another process was quicker and the state must be looked at again. */
function takeOver(file: string, ours: string, token: string, dead: LockRecord | 'damaged'): boolean {
  const claim = `${file}.${dead === 'damaged' ? 'damaged' : dead.token}`;
  if (!linkNew(ours, claim)) {
    dropDeadClaim(claim);
    return false;
  }
  // Only the holder of the claim may replace that lock, so what is seen now stays.
  const now = readLockFile(file);
  const same = dead === 'damaged' ? now === 'damaged' : now !== null && now !== 'damaged' && now.token === dead.token;
  if (!same) {
    fs.rmSync(claim, { force: true });
    return false;
  }
  try {
    renameOver(claim, file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw unwritable(file, error);
  }
  const taken = readLockFile(file);
  return taken !== null && taken !== 'damaged' && taken.token === token;
}

/** A claim whose maker died between its two steps would block for ever. */
function dropDeadClaim(claim: string): void {
  const claimant = readLockFile(claim);
  if (claimant === null || claimant === 'damaged') return;
  const life = lifeOf(claimant, claimant.since);
  if (life === 'alive' || life === 'beating') return;
  // Moved away by a name that holds its token: two processes that clean up cannot remove a newer claim unnoticed.
  const grave = `${claim}.${claimant.token}`;
  try {
    fs.renameSync(claim, grave);
  } catch {
    return;
  }
  const moved = readLockFile(grave);
  if (moved !== null && moved !== 'damaged' && moved.token !== claimant.token) linkNew(grave, claim);
  fs.rmSync(grave, { force: true });
}
