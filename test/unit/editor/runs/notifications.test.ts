// What pops up in a window, and what does not: only the end of what this window has started is told by a notification.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { answers, executed, shown } from '../fake-vscode.ts';
import { EventEmitter } from '../fake-classes.ts';
import type { RunState } from '../../../../src/common/run-state.ts';
import { LossHistory } from '../../../../src/messages/history.ts';
import { OwnRuns } from '../../../../src/editor/runs/own-runs.ts';

const { Notifications } = await import('../../../../src/editor/runs/notifications.ts');

class Memory {
  readonly kept = new Map<string, unknown>();
  get<T>(key: string, fallback: T): T {
    return (this.kept.get(key) as T | undefined) ?? fallback;
  }
  update(key: string, value: unknown): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A window that is told of runs whose state changes. */
function window(memory = new Memory()) {
  const changed = new EventEmitter<object>();
  const own = new OwnRuns(memory);
  const notifications = new Notifications({ onDidChangeState: changed.event, own } as never);
  const ends = async (directory: string, previous: RunState, state: RunState): Promise<void> => {
    const summary = (): object => ({ problem: 'Training diverged.' });
    changed.fire({ directory, name: directory, previous, state, summary, history: new LossHistory() });
    await settled();
  };
  return { own, ends, notifications };
}

beforeEach(() => {
  shown.length = 0;
  executed.length = 0;
  answers.button = undefined;
  answers.settings = {};
});

test('a run that this window started and that failed or crashed is told, with a way on', async () => {
  const { own, ends } = window();
  own.add('a');
  own.add('b');
  answers.button = 'Open Log';
  await ends('a', 'running', 'failed');
  answers.button = 'Resume';
  await ends('b', 'running', 'crashed');
  assert.deepEqual(
    shown.map(({ kind, text }) => [kind, text]),
    [
      ['error', '"a" failed. Training diverged.'],
      ['error', '"b" crashed. Training diverged.'],
    ],
  );
  assert.deepEqual(executed, ['mtl.openLog', 'mtl.resumeFromCheckpoint']);
});

test('one that a terminal, an experiment or another window started is not', async () => {
  const { own, ends } = window();
  own.add('mine');
  await ends('theirs', 'running', 'failed');
  await ends('theirs', 'preparing', 'crashed');
  assert.deepEqual(shown, []);
  // It is told once: who goes on with it in a terminal is told there.
  await ends('mine', 'running', 'stopped');
  await ends('mine', 'running', 'failed');
  assert.deepEqual(shown, []);
});

test('nor what was found dead, or only goes on in another way', async () => {
  const { own, ends } = window();
  own.add('a');
  await ends('a', 'idle', 'failed');
  await ends('a', 'running', 'paused');
  assert.deepEqual(shown, []);
  await ends('a', 'paused', 'failed');
  assert.equal(shown.length, 1);
});

test('it is still this window’s when the window was loaded anew', async () => {
  const memory = new Memory();
  window(memory).own.add('a');
  const { ends } = window(memory);
  await ends('a', 'running', 'failed');
  assert.equal(shown.length, 1);
  assert.equal(new OwnRuns(memory).has('a'), false);
});

test('no more are remembered than can be of use', () => {
  const memory = new Memory();
  const own = new OwnRuns(memory);
  for (let at = 0; at < 60; at++) own.add(`run ${String(at)}`);
  assert.deepEqual([own.has('run 9'), own.has('run 10'), own.has('run 59')], [false, true, true]);
  own.add('run 10');
  own.add('run 60');
  assert.equal(own.has('run 10'), true, 'started again, it is the newest but one');
});

test('a finished run is told where the setting asks for it, whoever started it', async () => {
  const { ends } = window();
  await ends('a', 'running', 'completed');
  assert.deepEqual(shown, []);
  answers.settings = { 'mtl.notifications.completion': true };
  await ends('a', 'running', 'completed');
  assert.deepEqual(
    shown.map(({ kind }) => kind),
    ['information'],
  );
});
