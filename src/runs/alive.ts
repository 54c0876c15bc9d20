/**
 * Signs of life of the process that writes a run: `alive.json {pid, boot, ticks, token, beat}`, renewed every two
 * seconds.
 */
import { readJson, replaceFile } from '../files/plain.ts';
import { beatEvery, parseMark, thisProcess, type ProcessMark } from '../files/process-mark.ts';
import { member, orderedText } from './json.ts';
import { runPaths } from './layout.ts';

export interface Alive extends ProcessMark {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly beat: number;
}

/** A validated `alive.json`; null when missing or nonsense. */
export function readAlive(directory: string): Alive | null {
  const value = readJson(runPaths(directory).alive);
  const mark = parseMark(value);
  const token = member(value, 'token');
  const beat = member(value, 'beat');
  if (!mark || typeof token !== 'string' || typeof beat !== 'number') return null;
  return { ...mark, token, beat };
}

export interface Beating {
  stop(): void;
}

/**
 * Writes `alive.json` now and every two seconds. A beat that cannot be written (a full disk) is tried again at the next.
 *
 * @param onBeat called after every beat: the supervisor's other regular duties
 */
export function startBeating(directory: string, token: string, onBeat?: () => void): Beating {
  const file = runPaths(directory).alive;
  const mark = thisProcess();
  const beat = (): void => {
    try {
      replaceFile(file, orderedText({ ...mark, token, beat: Date.now() }));
    } catch {
      // The next beat tries again; readers on this host go by pid and start time anyway.
    }
  };
  beat();
  const timer = setInterval(() => {
    beat();
    onBeat?.();
  }, beatEvery);
  return { stop: () => clearInterval(timer) };
}
