/** Memory that a process holds, where the system tells (Linux). */
import * as fs from 'node:fs';

export interface ProcessMemory {
  /** Bytes that it holds now. */
  readonly now: number;
  /** The most that it has held. */
  readonly peak: number;
}

export function processMemory(pid: number): ProcessMemory | null {
  if (process.platform !== 'linux') return null;
  try {
    return parseStatus(fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    // It has ended.
    return null;
  }
}

/** @param status text of `/proc/<pid>/status`, which counts in KiB; of a process that has ended the lines are missing */
export function parseStatus(status: string): ProcessMemory | null {
  const bytesOf = (name: string): number | null => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return found === undefined ? null : Number(found) * 1024;
  };
  const [now, peak] = [bytesOf('VmRSS'), bytesOf('VmHWM')];
  return now === null ? null : { now, peak: peak ?? now };
}
