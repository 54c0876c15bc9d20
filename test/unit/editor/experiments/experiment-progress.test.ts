import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOf } from '../../../../src/editor/experiments/experiment-progress.ts';
import type { PlannedState } from '../../../../src/experiment/read.ts';

type View = Parameters<typeof progressOf>[0];
const why = { en: 'No memory.', zh: '内存不足。' };

function view(states: readonly PlannedState[], pending: readonly number[] = [], more: Partial<View> = {}): View {
  return {
    states: new Map(states.map((state, at) => [String(at), state])),
    expansion: { pending: pending.map((runs) => ({ stage: 's', arm: null, runs })) } as unknown as View['expansion'],
    ...{ driver: null, stop: null },
    ...more,
  };
}
const driver = (mode: 'running' | 'paused' | 'stopping') =>
  ({ pid: 1, token: 't', status: { mode, remaining: 12, atMost: true, why } }) as unknown as View['driver'];

test('every state counts once', () => {
  const all: readonly PlannedState[] = [
    ...(['done', 'done', 'failed', 'pruned', 'waiting', 'interrupted', 'foreign'] as const),
    ...(['preparing', 'running', 'paused', 'stopping'] as const),
  ];
  const { done, failed, pruned, running, waiting, later, held } = progressOf(view(all, [3, 4]), 2);
  assert.deepEqual([done, failed, pruned, running, waiting, later, held], [2, 1, 1, 4, 3, 7, 2]);
});

test('with a driver: what it tells of itself', () => {
  for (const mode of ['running', 'paused', 'stopping'] as const) {
    const told = progressOf(view(['running', 'waiting'], [], { driver: driver(mode) }), 0);
    assert.deepEqual([told.mode, told.remaining, told.atMost, told.why], [mode, 12, true, why]);
  }
  const silent = progressOf(view(['waiting'], [], { driver: { pid: 1, token: 't', status: null } }), 0);
  assert.deepEqual([silent.mode, silent.remaining, silent.atMost, silent.why], ['running', null, false, null]);
});

test('without one: done when nothing is left, else idle, with the reason of its end', () => {
  const stop = { message: why } as unknown as View['stop'];
  assert.deepEqual(progressOf(view(['done', 'failed'], [], { stop }), 0).mode, 'done');
  assert.equal(progressOf(view(['done'], [], { stop }), 0).why, null);
  for (const left of [
    view(['done', 'waiting'], [], { stop }),
    view(['done'], [1], { stop }),
    view(['interrupted'], [], { stop }),
  ]) {
    // prettier-ignore
    assert.deepEqual([progressOf(left, 0).mode, progressOf(left, 0).why], ['idle', why]);
  }
  assert.equal(progressOf(view(['waiting']), 0).why, null);
});
