import { text, type Text } from './text.ts';

/** State of a run as a person sees it: `crashed` = dead without an `end` record; `idle` = made but never started. */
export const runStates = [
  'idle',
  'preparing',
  'running',
  'paused',
  'stopping',
  'stopped',
  'completed',
  'failed',
  'crashed',
] as const;

export type RunState = (typeof runStates)[number];

/** One word for each, wherever a person reads it. */
export const runStateTexts: Readonly<Record<RunState, Text>> = {
  idle: text('not started', '未开始'),
  preparing: text('preparing', '准备中'),
  running: text('running', '训练中'),
  paused: text('paused', '已暂停'),
  stopping: text('stopping', '正在停止'),
  stopped: text('stopped', '已停止'),
  completed: text('completed', '已完成'),
  failed: text('failed', '失败'),
  crashed: text('crashed', '意外中断'),
};

/** Its process is at work, or about to be. */
export function isLive(state: RunState): boolean {
  return state === 'preparing' || state === 'running' || state === 'paused' || state === 'stopping';
}
