import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import { History } from '../../../../src/experiment/driver/history.ts';
import type { LedgerBody } from '../../../../src/experiment/driver/ledger.ts';

function historyOf(...entries: readonly (readonly [t: number, body: LedgerBody])[]): History {
  const history = new History();
  history.take(entries.map(([t, body], seq) => ({ v: 1, seq, t, ...body })));
  return history;
}

const start = (driver: number): LedgerBody => ({ kind: 'start', driver, executor: 'local', jobs: null, slots: 1, says: text('', ''), version: '1' }); // prettier-ignore
const stop = (driver: number): LedgerBody => ({ kind: 'stop', driver, reason: 'stopped', message: null });
const submit: LedgerBody = {
  kind: 'submit',
  run: 'r',
  stage: 's',
  arm: 'a',
  task: null,
  seed: 1,
  spec: 'x',
  resume: false,
};
const end: LedgerBody = { kind: 'end', run: 'r', state: 'done', failure: null, reason: null, seconds: 3 };

test('time is spent while a driver works: pauses do not count, a killed one until its last record', () => {
  assert.equal(historyOf().spent(100), 0);
  const one = historyOf([100, start(1)], [150, stop(1)]);
  assert.equal(one.spent(1000), 50);
  assert.equal(one.spent(null), 50);
  const paused = historyOf([100, start(1)], [110, { kind: 'pause', by: 'x' }], [190, { kind: 'resume', by: 'x' }]);
  assert.equal(paused.spent(200), 20);
  assert.equal(historyOf([100, start(1)], [110, { kind: 'pause', by: 'x' }], [190, stop(1)]).spent(null), 10);
  const killed = historyOf([100, start(1)], [130, submit], [1000, start(2)], [1005, stop(2)]);
  assert.equal(killed.spent(null), 35);
  assert.equal(historyOf([100, start(1)], [130, submit]).spent(null), 30);
  assert.equal(historyOf([100, start(1)], [130, submit]).spent(180), 80);
});

test('drivers are counted; the newest stop is that of the newest driver', () => {
  const history = historyOf([1, start(1)], [2, stop(1)], [3, start(2)]);
  assert.equal(history.drivers, 2);
  assert.equal(history.stop, null);
  assert.equal(history.start?.driver, 2);
  assert.equal(historyOf([1, start(1)], [2, stop(1)]).stop?.driver, 1);
});

test('of every run: how often it was asked for, what happened, and whether it has ended since', () => {
  const reason = text('', '');
  const history = historyOf(
    [1, submit],
    [2, { kind: 'death', run: 'r', attempt: 1, step: 4, code: null, signal: null }],
    [3, submit],
    [4, { kind: 'retry', run: 'r', attempt: 2, reason }],
    [5, { kind: 'pruned', run: 'r', epoch: 2, reason }],
    [6, end],
  );
  const run = history.of('r');
  assert.deepEqual(
    [run.submits, run.deaths.map(({ step }) => step), run.retries.length, run.pruned?.epoch, run.end?.seconds],
    [2, [4], 1, 2, 3],
  );
  assert.equal(history.of('other').submits, 0);
  assert.equal(
    historyOf([1, submit], [2, end], [3, submit]).of('r').end,
    null,
    'asked for once more, it has not ended',
  );
  assert.deepEqual([...history.runs.keys()], ['r']);
});
