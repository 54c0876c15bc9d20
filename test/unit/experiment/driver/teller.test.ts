// What who watches a driver is told: counts, and how long it will take.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Outcome, PlannedRun } from '../../../../src/experiment/contract.ts';
import { readStatus, type DriverStatus } from '../../../../src/experiment/driver/status.ts';
import { StatusTeller, type Tracked } from '../../../../src/experiment/driver/teller.ts';
import { failed } from '../outcomes.ts';
import { quickFolder } from '../workplace.ts';

const now = 1_700_000_000_000;

const tracked = (id: string, arm: string, phase: Tracked['phase'], since: number | null = null): Tracked => ({
  run: { id, arm } as PlannedRun,
  ...{ phase, resume: false, since, seconds: null },
});

interface Watched {
  readonly folder: string;
  readonly teller: StatusTeller;
  readonly tell: (runs: readonly Tracked[], pending?: number, at?: { time: number; now?: boolean }) => void;
  readonly told: () => DriverStatus;
}

/** A teller whose clocks stand still. */
function watched(context: TestContext, slots = 1): Watched {
  const folder = quickFolder(context);
  const teller = new StatusTeller(folder, 'mine', { slots });
  let clock = 0;
  context.mock.method(Date, 'now', () => now);
  context.mock.method(performance, 'now', () => clock);
  return {
    ...{ folder, teller },
    tell: (runs, pending = 0, at = { time: 0, now: true }) => {
      clock = at.time;
      const later = pending === 0 ? [] : [{ stage: 's', arm: null, runs: pending }];
      teller.tell('running', new Map(runs.map((run) => [run.run.id, run])), later, at.now ?? false);
    },
    told: () => {
      const status = readStatus(folder, 'mine');
      assert.ok(status);
      return status;
    },
  };
}

const ended = (state: Outcome['state']): Outcome => ({ ...failed, state });

test('runs are counted by arm and in all, each as what it has come to', (context) => {
  const { teller, tell, told } = watched(context, 3);
  const runs = [
    ...[tracked('1', 'a', 'ended'), tracked('2', 'a', 'ended'), tracked('3', 'a', 'live'), tracked('4', 'b', 'ended')],
    ...[tracked('5', 'b', 'waiting'), tracked('6', 'b', 'waiting'), tracked('7', 'b', 'ended')],
  ];
  for (const [place, state] of (['done', 'pruned'] as const).entries()) {
    const run = runs[place];
    assert.ok(run);
    teller.finished(run, ended(state), 10);
  }
  const [, , , fourth] = runs;
  assert.ok(fourth);
  teller.finished(fourth, ended('done'), 10);
  tell(runs, 4);
  const status = told();
  assert.deepEqual(status.arms, [
    { arm: 'a', done: 1, failed: 0, pruned: 1, running: 1, waiting: 0 },
    // What ended before this driver could tell how is no success.
    { arm: 'b', done: 1, failed: 1, pruned: 0, running: 0, waiting: 2 },
  ]);
  assert.deepEqual(status.counts, { done: 2, failed: 1, pruned: 1, running: 1, waiting: 2 });
  assert.deepEqual([status.running, status.pending, status.slots, status.mode], [['3'], 4, 3, 'running']);
  assert.deepEqual([status.t, status.atMost, status.token], [now, true, 'mine']);
});

test('what is left of a live run is what others of its arm took, less the time that it has been live', (context) => {
  const { teller, tell, told } = watched(context);
  const [first, second] = [tracked('1', 'a', 'ended'), tracked('2', 'a', 'live', now - 4000)];
  teller.finished(first, ended('done'), 10);
  tell([first, second]);
  assert.equal(told().remaining, 6);
  assert.equal(told().atMost, false);
  // Since when it is live nobody knows: all of it may be left.
  tell([first, tracked('2', 'a', 'live')]);
  assert.equal(told().remaining, 10);
  // One that waits comes after it.
  tell([first, second, tracked('3', 'a', 'waiting')]);
  assert.equal(told().remaining, 16);
});

test('what failed or was cut tells nothing of how long a run takes', (context) => {
  const { teller, tell, told } = watched(context);
  const first = tracked('1', 'a', 'ended');
  for (const state of ['failed', 'pruned'] as const) teller.finished(first, ended(state), 10);
  tell([first, tracked('2', 'a', 'waiting')]);
  assert.equal(told().remaining, null);
});

test('it is told twice a second at most, and at once where something has changed', (context) => {
  const { tell, told } = watched(context);
  const waiting = (): number => told().counts.waiting;
  tell([tracked('1', 'a', 'waiting')], 0, { time: 0 });
  assert.equal(waiting(), 1, 'the first time at once');
  const two = [tracked('1', 'a', 'waiting'), tracked('2', 'a', 'waiting')];
  tell(two, 0, { time: 499 });
  assert.equal(waiting(), 1);
  tell(two, 0, { time: 500 });
  assert.equal(waiting(), 2);
  tell([], 0, { time: 501, now: true });
  assert.equal(waiting(), 0);
  tell(two, 0, { time: 1000 });
  assert.equal(waiting(), 0, 'half a second from when it was told last');
});

test('a folder that nothing can be written to hinders nobody', (context) => {
  const { folder, tell } = watched(context);
  fs.rmSync(folder, { recursive: true });
  fs.writeFileSync(folder, '');
  tell([tracked('1', 'a', 'waiting')]);
  assert.equal(fs.readFileSync(folder, 'utf8'), '');
  assert.ok(!fs.existsSync(path.join(folder, 'status.json')));
});
