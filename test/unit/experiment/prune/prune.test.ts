import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { rungsOf } from '../../../../src/experiment/prune/asha.ts';
import type { PrunedTrial, PruneRequest, Report } from '../../../../src/experiment/prune/contract.ts';
import { pruners } from '../../../../src/experiment/prune/table.ts';
import { keyed } from '../../../../src/numbers/random.ts';

const { asha, median } = pruners;
const request = (more: Partial<PruneRequest> = {}): PruneRequest => ({
  eta: 3,
  rule: 'worse-on-all-tasks',
  tasks: ['a', 'b'],
  epochs: 27,
  ...more,
});

type Values = readonly (number | null)[];
const report = (measures: Values, monitor: number | null = null): Report => ({ measures, monitor });
const trial = (
  id: string,
  reports: Readonly<Record<number, Report>>,
  state: PrunedTrial['state'] = 'running',
): PrunedTrial => ({
  id,
  state,
  reports: new Map(Object.entries(reports).map(([epoch, one]) => [Number(epoch), one])),
});
/** Trials t0, t1, … with one report at an epoch each. */
const at = (epoch: number, ...measures: readonly Values[]) =>
  measures.map((values, index) => trial(`t${index}`, { [epoch]: report(values, values[0] ?? null) }));

test('rungs: powers of η from the third part down, below the end', () => {
  assert.deepEqual(rungsOf({ epochs: 27, eta: 3 }), [1, 3, 9]);
  assert.deepEqual(rungsOf({ epochs: 100, eta: 3 }), [4, 12, 36]);
  assert.deepEqual(rungsOf({ epochs: 28, eta: 3 }), [1, 3, 9, 27]);
  assert.deepEqual(rungsOf({ epochs: 16, eta: 2 }), [2, 4, 8]);
  assert.deepEqual(rungsOf({ epochs: 2, eta: 4 }), [1]);
  assert.deepEqual(rungsOf({ epochs: 1, eta: 2 }), []);
});

test('ASHA: the first to arrive goes on, then the best third; equal values are not worse', () => {
  const asked = request({ tasks: ['a'] });
  const decisions = (...values: readonly number[]) => {
    const trials = at(3, ...values.map((value) => [value]));
    return trials.map(({ id }) => asha(asked, trials, id, 3).decision);
  };
  assert.deepEqual(decisions(5), ['go on']);
  assert.deepEqual(decisions(1, 2), ['go on', 'cut']);
  assert.deepEqual(decisions(1, 2, 3, 4, 5), ['go on', 'cut', 'cut', 'cut', 'cut']);
  assert.deepEqual(decisions(6, 5, 4, 3, 2, 1), ['cut', 'cut', 'cut', 'cut', 'go on', 'go on']);
  assert.deepEqual(decisions(1, 1, 2), ['go on', 'go on', 'cut']);
  const trials = at(3, [1], [2], [3]);
  const cut = asha(asked, trials, 't1', 3);
  assert.equal(cut.reason.en, 'Outside the best 1/3 at epoch 3 ("a": place 2 of 3).');
  assert.equal(cut.reason.zh, '第 3 轮不在最好的 1/3 之内（"a"：第 2 名，共 3 个）。');
  assert.equal(
    asha(request({ tasks: ['a'], eta: 2 }), at(3, [1], [2], [3], [4]), 't1', 3).decision,
    'go on',
    'epoch 3 is no rung of η = 2',
  );
  assert.match(asha(asked, at(4, [9], [1]), 't0', 4).reason.en, /^Epoch 4 is no rung/);
  assert.throws(() => asha(asked, trials, 't1', 9), /no report of epoch 9/);
});

test('ASHA on all tasks: cut only outside the best third on every one; on the monitor: on that alone', () => {
  const trials = at(3, [1, 9], [2, 1], [3, 3], [4, 4], [5, 5], [6, 6]);
  const cut = (rule: PruneRequest['rule']) =>
    trials.filter(({ id }) => asha(request({ rule }), trials, id, 3).decision === 'cut').map(({ id }) => id);
  assert.deepEqual(cut('worse-on-all-tasks'), ['t3', 't4', 't5'], 't2 is second on b');
  assert.deepEqual(cut('worse-on-monitor'), ['t2', 't3', 't4', 't5']);
  const first = asha(request(), trials, 't0', 3);
  assert.equal(first.reason.en, 'Among the best 1/3 at epoch 3 on "a" ("a": place 1 of 6, "b": place 6 of 6).');
});

test('ASHA: no value is no evidence, and the others are compared without it', () => {
  const trials = at(3, [9, null], [null, 9], [1, 1], [2, 2], [3, 3], [8, 8]);
  const silent = asha(request(), trials, 't0', 3);
  assert.equal(silent.decision, 'go on');
  assert.equal(silent.reason.en, 'No value of "b" at epoch 3: no evidence that the trial is worse.');
  assert.equal(asha(request(), at(3, [9, NaN], [1, 1], [2, 2]), 't0', 3).decision, 'go on');
  // Five values of either task: one goes on. With the missing counted it would be two.
  assert.equal(asha(request(), trials, 't3', 3).decision, 'cut');
  const monitor = [trial('x', { 3: report([1, 1]) }), trial('y', { 3: report([1, 1], 5) })];
  assert.equal(asha(request({ rule: 'worse-on-monitor' }), monitor, 'x', 3).decision, 'go on');
});

test('ASHA never cuts the best of any task; arriving in random order, about one in η goes on', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 30 }), (values) => {
      const trials = at(9, ...values);
      for (const task of [0, 1, 2]) {
        const best = Math.min(...values.map((own) => own[task] ?? 0));
        const id = `t${values.findIndex((own) => own[task] === best)}`;
        assert.equal(asha(request({ tasks: ['a', 'b', 'c'] }), trials, id, 9).decision, 'go on');
      }
    }),
  );
  const random = keyed(1, 'asha');
  const trials = at(1, ...Array.from({ length: 300 }, () => [random.uniform()]));
  const asked = request({ tasks: ['a'] });
  const kept = trials.filter(({ id }, index) => asha(asked, trials.slice(0, index + 1), id, 1).decision === 'go on');
  assert.ok(kept.length >= 75 && kept.length <= 115, `${kept.length} of 300`);
  const known = trials.filter(({ id }) => asha(asked, trials, id, 1).decision === 'go on');
  assert.equal(known.length, 100, 'exactly one in three once all have arrived');
});

/** Five completed trials whose means up to epoch 2 are 2, 3, 4, 5, 6 on every task. */
const completed = [2, 3, 4, 5, 6].map((mean) =>
  trial(
    `d${mean}`,
    { 1: report([mean + 1, mean + 1], mean + 1), 2: report([mean - 1, mean - 1], mean - 1), 3: report([0, 0], 0) },
    'done',
  ),
);

test('median stopping: the best value so far against the median of means of completed trials', () => {
  const of = (
    values: readonly Values[],
    others = completed,
    more: Partial<PruneRequest> = {},
    epoch = values.length,
  ) => {
    const own = trial(
      'x',
      Object.fromEntries(values.map((measures, index) => [index + 1, report(measures, measures[0] ?? null)])),
    );
    return median(request(more), [own, ...others], 'x', epoch);
  };
  assert.equal(
    of([
      [9, 9],
      [4.1, 4.1],
    ]).decision,
    'cut',
  );
  assert.equal(
    of([
      [9, 9],
      [4, 4],
    ]).decision,
    'go on',
    'as good as the median',
  );
  assert.equal(
    of([
      [3, 3],
      [9, 9],
    ]).decision,
    'go on',
    'its best, not its last',
  );
  assert.equal(
    of([
      [9, 9],
      [9, 1],
    ]).decision,
    'go on',
    'better on one task',
  );
  assert.equal(
    of(
      [
        [9, 9],
        [9, 1],
      ],
      completed,
      { rule: 'worse-on-monitor' },
    ).decision,
    'cut',
  );
  assert.equal(
    of(
      [
        [9, 9],
        [9, 9],
        [0, 0],
      ],
      completed,
      {},
      2,
    ).decision,
    'cut',
    'what came later does not count',
  );
  const few = of([[9, 9]], completed.slice(1));
  assert.equal(few.decision, 'go on');
  assert.match(few.reason.en, /^Too little is known of "a", "b" at epoch 1: .* 5 completed trials/);
  const running = completed.map((one): PrunedTrial => ({ ...one, state: 'running' }));
  assert.equal(of([[9, 9]], running).decision, 'go on', 'only completed trials are compared with');
  assert.match(of([[9, null]]).reason.en, /^Too little is known of "b"/);
  assert.equal(
    of([
      [9, 9],
      [4.1, 4.1],
    ]).reason.en,
    'Worse than the median of the completed trials up to epoch 2 on "a", "b".',
  );
  const even = [...completed, trial('d7', { 1: report([7, 7]), 2: report([7, 7]) }, 'done')];
  assert.equal(
    of(
      [
        [9, 9],
        [4.4, 4.4],
      ],
      even,
    ).decision,
    'go on',
    'median 4.5 of six',
  );
  assert.equal(
    of(
      [
        [9, 9],
        [4.6, 4.6],
      ],
      even,
    ).decision,
    'cut',
  );
  assert.throws(() => median(request(), completed, 'x', 1), /No trial x/);
});
