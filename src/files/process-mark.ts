/**
 * Which process has written a file, and whether it lives. On the same host a process is told by its pid and its start time
 * (Linux), or by its pid and a fresh beat; on another host by the beat alone.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { isFields } from '../common/checks.ts';

/** A process, as another process can recognize it. */
export interface ProcessMark {
  readonly pid: number;
  /** Which boot of which host, and which pid namespace: pids of another one mean nothing here. */
  readonly boot: string;
  /** Start time of the process in clock ticks since boot (Linux), else 0. */
  readonly ticks: number;
}

/** Whoever holds something gives a sign of life so often, in milliseconds. */
export const beatEvery = 2000;
/** Older beats are no sign of life. */
export const beatLimit = 30_000;

let bootMark: string | undefined;

/**
 * This boot of this host. On Linux the kernel's boot id and the pid namespace (a container sees other pids than its
 * host, under the same boot id); elsewhere a hash, so that no host name is written.
 */
export function thisBoot(): string {
  bootMark ??= linuxBoot() ?? hashedHost();
  return bootMark;
}

function linuxBoot(): string | undefined {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
    return boot === '' ? undefined : `${boot}-${namespace}`;
  } catch {
    return undefined;
  }
}

function hashedHost(): string {
  return createHash('sha256').update(`${os.hostname()}\n${os.platform()}\n${os.arch()}`).digest('hex').slice(0, 32);
}

/** Start time of a live process in ticks; null when there is none (or only a zombie); 0 where the system does not tell. */
export function startTicks(pid: number): number | null {
  if (process.platform !== 'linux') return processExists(pid) ? 0 : null;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command's name, may hold blanks and brackets: fields are counted from its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return Number(fields[19]);
  } catch {
    // Without /proc, and where it hides what others run, a process is there or is not.
    return processExists(pid) ? 0 : null;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

export function thisProcess(): ProcessMark {
  return { pid: process.pid, boot: thisBoot(), ticks: startTicks(process.pid) ?? 0 };
}

/** The part of a JSON value that marks a process, or null. */
export function parseMark(value: unknown): ProcessMark | null {
  if (!isFields(value)) return null;
  const { pid, boot, ticks } = value;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
  if (typeof boot !== 'string' || typeof ticks !== 'number') return null;
  return { pid, boot, ticks };
}

/** Whether pids of that mark mean something to this process. */
export function isHere(mark: ProcessMark): boolean {
  return mark.boot === thisBoot();
}

export type Life =
  /** The system itself says so. */
  | 'alive'
  | 'dead'
  /** Nothing but the beat can tell, and it is fresh or stale by this host's clock. */
  | 'beating'
  | 'silent';

/**
 * @param beat its last sign of life, in milliseconds since the epoch, or null when there is none
 * @param now this host's clock
 */
export function lifeOf(mark: ProcessMark, beat: number | null, now: number = Date.now()): Life {
  const fresh = beat !== null && Math.abs(now - beat) < beatLimit;
  if (!isHere(mark)) return fresh ? 'beating' : 'silent';
  const ticks = startTicks(mark.pid);
  if (ticks === null) return 'dead';
  if (ticks !== 0) return ticks === mark.ticks ? 'alive' : 'dead';
  return fresh ? 'beating' : 'silent';
}
