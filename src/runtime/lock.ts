/**
 * One at a time: a file that names the process which is installing or removing. Its time of modification is renewed while
 * that process lives, which tells it to those who cannot ask: on another host, in another container, and where the system
 * does not say when a process began.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { isFields } from '../common/checks.ts';
import { newToken, parseHolder, takeLock, type LockHolder } from '../files/lock.ts';
import { beatEvery, parseMark, startTicks, thisBoot, thisProcess } from '../files/process-mark.ts';
import { lockFile } from './layout.ts';
import { RuntimeError } from './error.ts';

interface Holder extends LockHolder {
  /** False for an earlier version, which did not renew anything. */
  readonly beats: boolean;
}

/**
 * Takes the lock of a runtime folder; a dead process's lock is taken over.
 * @param watch how long a holder that cannot be asked is watched for a sign of life, in milliseconds
 * @returns what releases it
 * @throws RuntimeError `busy`; the file system's error
 */
export async function lock(folder: string, watch?: number): Promise<() => void> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  const file = lockFile(folder);
  const { pid, boot, ticks } = thisProcess();
  const token = newToken();
  // `pid` and `began` are what an earlier version looks for.
  const record = { pid, began: ticks === 0 ? '' : String(ticks), boot, token, since: Date.now() };
  const held = await takeLock<Holder>(
    file,
    { token, text: JSON.stringify(record) },
    {
      parse: parseRecord,
      lastBeat: (holder) => lastBeat(file, holder),
      busy: (holder) => busy(holder.pid),
      unwritable: (error) => error,
      watch,
    },
  );
  const beating = setInterval(() => {
    if (held.held()) renew(file);
  }, beatEvery).unref();
  return () => {
    clearInterval(beating);
    held.release();
  };
}

function renew(file: string): void {
  try {
    const now = new Date();
    fs.utimesSync(file, now, now);
  } catch {
    // The next beat tries again; readers on this host go by pid and start time anyway.
  }
}

function parseRecord(value: unknown): Holder | null {
  if (!isFields(value) || typeof value['began'] !== 'string') return null;
  const holder = parseHolder({ ...value, ticks: Number(value['began']) });
  return holder ? { ...holder, beats: true } : parseEarlier(value);
}

/** What an earlier version wrote: {pid, began} alone, of a process of this host. */
function parseEarlier(value: Readonly<Record<string, unknown>>): Holder | null {
  const { pid, began } = value;
  if ('boot' in value || typeof pid !== 'number') return null;
  // Where it could not tell when it began, its being alive decides.
  const ticks = began === '' ? (startTicks(pid) ?? 0) : Number(began);
  const mark = parseMark({ pid, boot: thisBoot(), ticks });
  if (mark === null) return null;
  const token = createHash('sha256')
    .update(JSON.stringify([pid, began]))
    .digest('hex')
    .slice(0, 32);
  return { ...mark, token, since: 0, beats: false };
}

function lastBeat(file: string, { beats, since }: Holder): number {
  const renewed = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (beats) return Math.max(renewed, since);
  // What was written before this boot is of no process that is there; else the process is asked, and counts while it lives.
  return renewed < Date.now() - os.uptime() * 1000 ? 0 : Date.now();
}

function busy(pid: number): RuntimeError {
  return new RuntimeError(
    'busy',
    `Another window or command (process ${String(pid)}) is installing or removing the native engine. Try again when it has finished.`,
    `另一窗口或命令（进程 ${String(pid)}）正在安装或移除原生引擎，请待其结束后重试。`,
  );
}
