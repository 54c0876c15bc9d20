import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import { ExperimentProgress } from '../../../../src/cli/experiments/view.ts';
import { setLanguage } from '../../../../src/cli/language.ts';
import type { LedgerBody } from '../../../../src/experiment/driver/ledger.ts';
import type { DriverStatus } from '../../../../src/experiment/driver/status.ts';

beforeEach(() => setLanguage('en'));

const status: DriverStatus = {
  ...{ v: 1, token: 't', t: 0, mode: 'running', pending: 0, remaining: 190, atMost: false, slots: 2 },
  counts: { done: 12, failed: 1, pruned: 0, running: 2, waiting: 25 },
  arms: [
    { arm: 'joint', done: 5, failed: 1, pruned: 2, running: 1, waiting: 4 },
    { arm: '宽', done: 7, failed: 0, pruned: 0, running: 1, waiting: 21 },
  ],
  ...{ running: [], why: null, last: { run: 'x', arm: 'joint', seed: 3, state: 'done' } },
};
const view = (): ExperimentProgress => new ExperimentProgress('penguins');
const headline = (changes: Partial<DriverStatus>): string => view().headline({ ...status, ...changes });

test('the headline: counts, and the remaining time as far as anybody knows it', () => {
  assert.equal(headline({}), 'penguins  12 of 40 done, 1 failed, 2 running, 25 left; about 3 min left');
  assert.equal(
    headline({ pending: 10, atMost: true, counts: { ...status.counts, failed: 0, pruned: 3 } }),
    'penguins  12 of at most 52 done, 3 cut, 2 running, 35 left; at most about 3 min left',
  );
  assert.match(headline({ remaining: null }), /; remaining time unknown until a run has finished$/);
  assert.match(headline({ mode: 'paused' }), /; paused$/);
  assert.match(headline({ mode: 'stopping' }), /; stopping$/);
  const why = text('no memory', '内存不足');
  assert.doesNotMatch(headline({ why }), /no memory/, 'with every slot taken there is nothing to explain');
  assert.match(headline({ why, counts: { ...status.counts, running: 1 } }), / \(no memory\)$/);
  setLanguage('zh');
  assert.equal(headline({}), 'penguins  已完成 12/40，失败 1，进行中 2，剩余 25；剩余时间约 3 分钟');
});

test('the table: an arm a row, what is cut beside what is done, no wider than the terminal', () => {
  const lines = view().table(status, 79);
  assert.deepEqual(lines.slice(1), [
    'arm    done  failed  running  left',
    'joint   5+2       1        1     4',
    '宽        7       0        1    21',
    'last: joint 3 done',
  ]);
  assert.ok(
    view()
      .table(status, 20)
      .every((line) => line.length <= 20),
  );
  const arms = Array.from({ length: 14 }, (_, index) => ({ ...status.counts, arm: String(index) }));
  assert.equal(
    view()
      .table({ ...status, arms }, 79)
      .at(-2),
    '… and 2 more arms',
  );
  assert.deepEqual(view().table(null, 79), ['penguins  beginning …']);
});

test('each record that deserves it is a line, ends of runs are results, and the end sums them up', () => {
  const progress = view();
  let seq = 0;
  const take = (body: LedgerBody) => progress.take({ v: 1, seq: seq++, t: 0, ...body });
  const submit = { kind: 'submit', stage: 's', spec: 'x', resume: false } as const;
  const reason = text('There are no rows.\nMore of it.', '没有行。');
  take({ kind: 'stop', driver: 1, reason: 'stopped', message: null });
  assert.equal(progress.stop?.reason, 'stopped');
  const begin = take({ kind: 'start', driver: 2, executor: 'local', jobs: null, slots: 2, says: text('why', ''), version: '1' }); // prettier-ignore
  assert.deepEqual(begin, { line: 'Up to 2 runs at once (local: why)', result: false });
  assert.equal(progress.stop, null, 'a stop of a driver before is no end of this one');
  assert.equal(take({ ...submit, run: 'a', arm: 'joint', task: null, seed: 1 }), null);
  take({ ...submit, run: 'b', arm: 'single', task: 'mass', seed: 2 });
  assert.equal(
    take({ kind: 'death', run: 'a', attempt: 1, step: 2, code: null, signal: 'SIGKILL' })?.line,
    'joint 1: its process was ended (SIGKILL); it goes on from its checkpoint',
  );
  assert.match(
    take({ kind: 'death', run: 'a', attempt: 1, step: 2, code: 3, signal: null })?.line ?? '',
    /\(exit code 3\)/,
  );
  assert.match(
    take({ kind: 'death', run: 'a', attempt: 1, step: 2, code: null, signal: null })?.line ?? '',
    /ended; it/,
  );
  const again = take({ kind: 'retry', run: 'b', attempt: 1, reason });
  assert.match(again?.line ?? '', /^single \(mass\) 2: tried again: There are no rows\./);
  const cut = take({ kind: 'pruned', run: 'b', epoch: 3, reason });
  const [paused, resumed] = (['pause', 'resume'] as const).map((kind) => take({ kind, by: 'terminal' }));
  assert.deepEqual(
    [cut?.line, paused?.line, resumed?.line],
    [String.raw`single (mass) 2: There are no rows.\nMore of it.`, 'Paused.', 'Goes on.'],
  );
  for (const one of [again, cut, paused, resumed]) assert.equal(one?.result, false);
  const done = take({ kind: 'end', run: 'a', state: 'done', failure: null, reason: null, seconds: 2.14 });
  assert.deepEqual(done, { line: 'joint 1  done, 2.1 s', result: true });
  const failed = take({ kind: 'end', run: 'b', state: 'failed', failure: 'crash', reason, seconds: 1 });
  assert.equal(failed?.line, 'single (mass) 2  failed, 1.0 s: There are no rows.');
  assert.deepEqual(progress.closing(), ['2 runs have ended: 1 done, 1 failed.', 'single (mass) 2  failed, 1.0 s: There are no rows.']); // prettier-ignore
  // Asked for again it has not ended.
  take({ ...submit, run: 'b', arm: 'single', task: 'mass', seed: 2 });
  take({ kind: 'end', run: 'b', state: 'pruned', failure: null, reason: null, seconds: 1 });
  assert.deepEqual(progress.closing(), ['2 runs have ended: 1 done, 0 failed, 1 cut.']);
});
