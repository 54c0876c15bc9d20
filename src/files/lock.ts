/**
 * One holder at a time: a file that names the process which holds it. It comes into being complete (written beside, then
 * hard-linked, which fails if the name is taken: what O_EXCL does, without an instant in which the file is empty).
 *
 * A dead holder's lock is taken over by rename. So that of several processes only one does it, the successor first links
 * its lock to `<lock>.<token of the dead>`; whoever holds that name is alone in the right to replace that lock.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFields } from '../common/checks.ts';
import { systemCode } from '../common/told-error.ts';
import { isTaken } from './links.ts';
import { besides, readJson, renameOver, writeNew } from './plain.ts';
import { beatEvery, lifeOf, parseMark, type ProcessMark } from './process-mark.ts';

/** What every lock says of its holder. */
export interface LockHolder extends ProcessMark {
  /** A word that no other holder has. */
  readonly token: string;
  /** When it was taken, milliseconds since the epoch: the first beat. */
  readonly since: number;
}

/** What differs between locks. */
export interface LockKind<H extends LockHolder> {
  /** The holder by the JSON of a lock, or null where that is none. */
  readonly parse: (value: unknown) => H | null;
  /** The newest sign of life of a holder, milliseconds since the epoch. */
  readonly lastBeat: (holder: H) => number;
  /** What is thrown when another process holds it. */
  readonly busy: (holder: H) => Error;
  /** What is thrown when the system does not let it be written. */
  readonly unwritable: (error: unknown) => unknown;
  /**
   * How long a holder that cannot be asked (another host, another system) is watched for a beat before its lock is taken,
   * in milliseconds.
   */
  readonly watch?: number | undefined;
}

/** What is written into the lock file: JSON that `parse` reads, with this token. */
export interface LockText {
  readonly token: string;
  readonly text: string;
}

export interface HeldLock {
  /** Is it still ours? Another host may have taken it while this one slept. */
  held(): boolean;
  /** Gives it back, if it is still ours. */
  release(): void;
}

export function newToken(): string {
  return randomBytes(16).toString('hex');
}

const tokenPattern = /^[A-Za-z0-9-]{8,64}$/;

/** The part of a JSON value that every lock has, or null. */
export function parseHolder(value: unknown): LockHolder | null {
  const mark = parseMark(value);
  if (!mark || !isFields(value)) return null;
  const { token, since } = value;
  // It becomes part of a file's name.
  if (typeof token !== 'string' || !tokenPattern.test(token)) return null;
  return { ...mark, token, since: typeof since === 'number' ? since : 0 };
}

/** The holder by a lock file; null when there is none, `damaged` when the file is no lock. */
export function readLockFile<H>(file: string, parse: (value: unknown) => H | null): H | 'damaged' | null {
  if (!isTaken(file)) return null;
  const holder = parse(readJson(file));
  if (holder !== null) return holder;
  // It may have been released between the two looks.
  return isTaken(file) ? 'damaged' : null;
}

/**
 * Takes a lock; a dead holder's lock is taken over.
 *
 * @param own what the file says from then on
 * @throws what the kind says: `busy`, `unwritable`
 */
export async function takeLock<H extends LockHolder>(
  file: string,
  own: LockText,
  kind: LockKind<H>,
): Promise<HeldLock> {
  const attempt = new Attempt(file, own, kind);
  await attempt.take();
  return {
    held: () => attempt.isOurs(),
    release: () => {
      try {
        if (attempt.isOurs()) fs.rmSync(file, { force: true });
      } catch {
        // It may not be removed any more (the disk became read-only): the lock of a dead process is taken over.
      }
    },
  };
}

class Attempt<H extends LockHolder> {
  readonly #file: string;
  readonly #own: LockText;
  readonly #kind: LockKind<H>;
  /** Our lock, written beside. */
  readonly #ours: string;

  constructor(file: string, own: LockText, kind: LockKind<H>) {
    this.#file = file;
    this.#own = own;
    this.#kind = kind;
    this.#ours = besides(file);
  }

  async take(): Promise<void> {
    try {
      writeNew(this.#ours, this.#own.text, true);
    } catch (error) {
      throw this.#kind.unwritable(error);
    }
    try {
      for (;;) {
        if (this.#linkNew(this.#ours, this.#file)) return;
        const holder = this.#read();
        if (holder === null) continue;
        if (holder !== 'damaged' && holder.token === this.#own.token) return;
        await this.#ensureDead(holder);
        if (this.#takeOver(holder)) return;
      }
    } finally {
      fs.rmSync(this.#ours, { force: true });
    }
  }

  isOurs(): boolean {
    return tokenOf(this.#read()) === this.#own.token;
  }

  #read(file = this.#file): H | 'damaged' | null {
    return readLockFile(file, this.#kind.parse);
  }

  /** Gives `from` the second name `to` if that is free. */
  #linkNew(from: string, to: string): boolean {
    try {
      fs.linkSync(from, to);
      return true;
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EEXIST') return false;
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(code))
        throw this.#kind.unwritable(error);
    }
    // A file system without hard links (FAT, some network drives): exclusive creation, complete a moment later.
    try {
      writeNew(to, fs.readFileSync(from), true);
      return true;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false;
      throw this.#kind.unwritable(error);
    }
  }

  /** @throws what the kind says: `busy` */
  async #ensureDead(holder: H | 'damaged'): Promise<void> {
    const { lastBeat, busy, watch = 2.5 * beatEvery } = this.#kind;
    if (holder === 'damaged') {
      // Perhaps it is being written at this instant, on a file system without hard links.
      await sleep(Math.min(watch, 1000));
      const again = this.#read();
      if (again === 'damaged' || again === null) return;
      return this.#ensureDead(again);
    }
    const beat = lastBeat(holder);
    const life = lifeOf(holder, beat);
    if (life === 'dead') return;
    if (life === 'silent') {
      // The clocks of two hosts may differ by more than the limit: a beat that moves is a sign of life whatever it says.
      await sleep(watch);
      if (tokenOf(this.#read()) !== holder.token || lastBeat(holder) === beat) return;
    }
    throw busy(holder);
  }

  /** Replaces the lock of a dead holder; false when another process was quicker and the state must be looked at again. */
  #takeOver(dead: H | 'damaged'): boolean {
    const claim = `${this.#file}.${dead === 'damaged' ? 'damaged' : dead.token}`;
    if (!this.#linkNew(this.#ours, claim)) {
      this.#dropDeadClaim(claim);
      return false;
    }
    // Only the holder of the claim may replace that lock, so what is seen now stays.
    const now = this.#read();
    const same = dead === 'damaged' ? now === 'damaged' : tokenOf(now) === dead.token;
    if (!same) {
      fs.rmSync(claim, { force: true });
      return false;
    }
    try {
      renameOver(claim, this.#file);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw this.#kind.unwritable(error);
    }
    return this.isOurs();
  }

  /** A claim whose maker died between its two steps would block for ever. */
  #dropDeadClaim(claim: string): void {
    const claimant = this.#read(claim);
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
    const moved = tokenOf(this.#read(grave));
    if (moved !== null && moved !== claimant.token) this.#linkNew(grave, claim);
    fs.rmSync(grave, { force: true });
  }
}

function tokenOf(holder: LockHolder | 'damaged' | null): string | null {
  return holder === null || holder === 'damaged' ? null : holder.token;
}
