/** One at a time: a file that names the process which is installing or removing. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { lockFile } from './layout.ts';
import { RuntimeError } from './error.ts';

interface Holder {
  readonly pid: number;
  /** When that process began, in clock ticks since boot, where the system tells: a process id may be given away again. */
  readonly began: string;
}

/**
 * Takes the lock of a runtime folder; a dead process's lock is taken over.
 * @returns what releases it
 * @throws RuntimeError `busy`
 */
export function lock(folder: string): () => void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  const file = lockFile(folder);
  const mine = JSON.stringify({ pid: process.pid, began: beganAt(process.pid) } satisfies Holder);
  // A lock that was written whole appears at once: link() fails when the name is taken.
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  fs.writeFileSync(draft, mine, { flag: 'wx' });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryLink(draft, file)) return () => release(file, mine);
      const holder = readHolder(file);
      if (holder !== undefined && isAlive(holder)) throw busy(holder.pid);
      takeAway(file, holder);
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  throw busy(readHolder(file)?.pid ?? 0);
}

function tryLink(draft: string, file: string): boolean {
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // A file system without hard links.
    try {
      fs.copyFileSync(draft, file, fs.constants.COPYFILE_EXCL);
      return true;
    } catch (second) {
      if (hasCode(second, 'EEXIST')) return false;
      throw second;
    }
  }
}

/** Moves a dead lock aside under a name that only one process can win, then looks again that it was the dead one. */
function takeAway(file: string, dead: Holder | undefined): void {
  const aside = `${file}.dead.${String(process.pid)}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && dead !== undefined && moved.pid === dead.pid && moved.began === dead.began) {
    fs.rmSync(aside, { force: true });
  } else if (moved !== undefined && isAlive(moved)) {
    // Another process took the lock in between: it gets it back.
    if (tryLink(aside, file)) fs.rmSync(aside, { force: true });
  } else {
    fs.rmSync(aside, { force: true });
  }
}

function release(file: string, mine: string): void {
  try {
    if (fs.readFileSync(file, 'utf8') === mine) fs.rmSync(file, { force: true });
  } catch {
    // Already gone.
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('began' in value)) return undefined;
    const { pid, began } = value;
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  const now = beganAt(pid);
  return now === '' || began === '' || now === began;
}

/** Field 22 of /proc/<pid>/stat; empty where there is no /proc. */
function beganAt(pid: number): string {
  try {
    const text = fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in parentheses may hold anything; the fields are counted after its end.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

function busy(pid: number): RuntimeError {
  const who = pid > 0 ? ` (process ${String(pid)})` : '';
  const whoZh = pid > 0 ? `（进程 ${String(pid)}）` : '';
  return new RuntimeError(
    'busy',
    `Another window or command${who} is installing or removing the native engine. Try again when it has finished.`,
    `另一窗口或命令${whoZh}正在安装或移除原生引擎，请待其结束后重试。`,
  );
}
