/** What has become of a run, judged from its records, its attempts and the life of its process. */
import * as fs from 'node:fs';
import { text, type Text } from '../common/text.ts';
import type { RunState } from '../common/run-state.ts';
import type { Attempt } from './attempts.ts';
import type { EventRecord } from './events.ts';
import { openPlain } from '../files/plain.ts';
import { runPaths } from './layout.ts';
import type { LockRecord } from './lock.ts';

/** A process that was started so recently may not have its lock yet. */
const startingTime = 15_000;

type Kind<K extends EventRecord['kind']> = Extract<EventRecord, { kind: K }>;

/** The newest records that matter for the state; superseded ones are not among them. */
export interface Evidence {
  readonly start: { readonly attempt: number } | null;
  readonly end: Kind<'end'> | null;
  /** Newest `state` record after `start`. */
  readonly state: Kind<'state'> | null;
  /** The live holder of the lock. */
  readonly holder: LockRecord | null;
  /** The newest attempt that was not refused. */
  readonly attempt: Attempt | null;
  readonly now: number;
}

export function stateOf(evidence: Evidence): RunState {
  const { start, end, state, holder, attempt, now } = evidence;
  const ended = end !== null && belongsToNewest(evidence);
  if (ended) return end.status === 'failed' ? 'failed' : end.status === 'stopped' ? 'stopped' : 'completed';
  if (holder) {
    if (start?.attempt !== holder.attempt) return 'preparing';
    if (state?.state === 'paused' || state?.state === 'stopping') return state.state;
    return 'running';
  }
  if (!attempt) return start ? 'crashed' : 'idle';
  // Who wrote its `start` had its lock: without a holder it is gone, however young.
  if (start?.attempt === attempt.attempt) return 'crashed';
  return !attempt.ended && Math.abs(now - attempt.created) < startingTime ? 'preparing' : 'crashed';
}

/** An `end` may be that of an earlier attempt, before the newest one wrote its first record. */
function belongsToNewest({ start, end, holder, attempt }: Evidence): boolean {
  const newest = holder?.attempt ?? attempt?.attempt;
  if (newest === undefined || start?.attempt === newest) return true;
  return end !== null && attempt !== null && end.t >= attempt.created;
}

/** Why a run failed or crashed, and what to do; null otherwise. */
export function problemOf(directory: string, state: RunState, evidence: Evidence): Text | null {
  if (state === 'failed') {
    const { message = '', zh = message } = evidence.end?.error ?? {};
    if (message !== '') return { en: message, zh };
    return text('The training failed; log.txt in the run directory says more.', '训练失败，详见运行目录中的 log.txt。');
  }
  if (state !== 'crashed') return null;
  const ended = evidence.attempt?.ended;
  const log = lastLines(runPaths(directory).log);
  const said = log.length === 0 ? '' : `\n${log.join('\n')}`;
  const [how, wie] = ended?.signal
    ? [` by signal ${ended.signal}`, `，信号 ${ended.signal}`]
    : typeof ended?.code === 'number'
      ? [` with exit code ${ended.code}`, `，退出码 ${ended.code}`]
      : ['', ''];
  return {
    en: `The training process ended${how} without finishing. Resume goes on from its last checkpoint.${said}`,
    zh: `训练进程未完成就已结束${wie}。可从最近的检查点继续。${said}`,
  };
}

/** The last lines of a log, at most 8 KiB. */
export function lastLines(file: string, count = 5): readonly string[] {
  try {
    const handle = openPlain(file);
    try {
      const { size } = fs.fstatSync(handle);
      const block = Buffer.alloc(Math.min(size, 8192));
      fs.readSync(handle, block, 0, block.length, size - block.length);
      const lines = block.toString('utf8').split(/\r?\n/);
      return lines.filter((line) => line.trim() !== '').slice(-count);
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    return [];
  }
}
