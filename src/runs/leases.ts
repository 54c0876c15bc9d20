/**
 * Leases: who wants a run to go on. Every window, terminal or driver holds one file `leases/<id>` and touches it. The
 * trainer counts its own ticks since any of them last changed; clock time would count a laptop's sleep.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { namesIn, replaceFile } from '../files/plain.ts';
import { runPaths } from './layout.ts';
import { isLink } from '../files/links.ts';
import { makeOwnFolder } from './links.ts';

export const touchEvery = 10_000;

export interface Lease {
  readonly id: string;
  touch(): void;
  /** Removes the lease: this holder does not mind any more. */
  release(): void;
}

/** Takes a lease on a run and keeps touching it until released. A vanished run directory is no error here. */
export function openLease(directory: string, kind: 'window' | 'terminal' | 'driver', every = touchEvery): Lease {
  const id = `${kind}-${randomBytes(6).toString('hex')}`;
  const file = path.join(runPaths(directory).leases, id);
  let touches = 0;
  const touch = (): void => {
    try {
      makeOwnFolder(path.dirname(file));
      replaceFile(file, `${++touches}\n`);
    } catch {
      // Read-only or gone: then the run ends by its own limit, which is what a lease that is not renewed means.
    }
  };
  touch();
  const timer = setInterval(touch, every);
  timer.unref();
  return {
    id,
    touch,
    release: () => {
      clearInterval(timer);
      try {
        if (!isLink(path.dirname(file))) fs.rmSync(file, { force: true });
      } catch {
        // It may not be removed (a read-only disk, somebody else's folder). It is not touched any more, which says the same.
      }
    },
  };
}

/** The trainer's side: call `tick` once every regular duty. */
export class LeaseWatch {
  readonly #directory: string;
  readonly #limit: number;
  #seen: Map<string, string>;
  #ticks = 0;

  /** @param limit ticks without any change after which the run should stop; 0 = never */
  constructor(directory: string, limit: number) {
    this.#directory = directory;
    this.#limit = limit;
    this.#seen = this.#look();
  }

  /** Ticks since a lease last changed. */
  get ticks(): number {
    return this.#ticks;
  }

  /** Counts one tick; true when nobody has wanted this run for the whole limit. */
  tick(): boolean {
    const now = this.#look();
    const touched = [...now].some(([id, state]) => this.#seen.get(id) !== state);
    this.#seen = now;
    this.#ticks = touched ? 0 : this.#ticks + 1;
    return this.#limit > 0 && this.#ticks >= this.#limit;
  }

  #look(): Map<string, string> {
    const folder = runPaths(this.#directory).leases;
    const seen = new Map<string, string>();
    for (const name of namesIn(folder)) {
      try {
        const { mtimeMs, size, ino } = fs.lstatSync(path.join(folder, name));
        seen.set(name, `${mtimeMs} ${size} ${ino}`);
      } catch {
        // Released between the listing and the look.
      }
    }
    return seen;
  }
}
