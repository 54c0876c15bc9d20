// What is thinned away of long curves, and what never is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberColumn } from '../../../../src/messages/columns.ts';
import { LossHistory } from '../../../../src/messages/history.ts';
import type { EventRecord, JsonNumber } from '../../../../src/runs/events.ts';
import { chartData, choose, firstBroken, lowerBound, marksOf, validationByIndex, type XAxis } from '../../../../webview/charts/series.ts'; // prettier-ignore

const line = (length: number): Float64Array => Float64Array.from({ length }, (_, index) => index);
const column = (values: Iterable<number>): NumberColumn => new NumberColumn(Float64Array.from(values));

test('all of what is few, in the zoomed part with a neighbor on both sides', () => {
  assert.deepEqual(choose(line(5), [column(line(5))], { limit: 5 }), [0, 1, 2, 3, 4]);
  assert.deepEqual(choose(line(10), [], { limit: 20, from: 3, to: 5 }), [2, 3, 4, 5]);
  assert.deepEqual(choose(line(10), [], { limit: 20, from: -5, to: 50 }), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]); // prettier-ignore
  assert.deepEqual(choose(line(0), [], { limit: 20 }), []);
});

test('of what is much the ends and extremes of each stretch, passing over what is no number', () => {
  // 12 points to 8, two curves: they take 2·2 + 2 points a stretch, so there is one stretch.
  const up = column([5, NaN, 9, 1, 5, 5, 5, 5, 5, 5, 5, 5]);
  const gap = column([NaN, NaN, NaN, NaN, NaN, 2, 7, 3, -4, NaN, NaN, NaN]);
  assert.deepEqual(choose(line(12), [up, gap], { limit: 8 }), [0, 2, 3, 6, 8, 11]);
  // To 11, one curve: two stretches of six; of equals the first.
  assert.deepEqual(choose(line(12), [up], { limit: 11 }), [0, 2, 3, 5, 6, 11]);
  assert.ok(choose(line(1000), [], { limit: 10 }).length <= 10);
  assert.deepEqual(choose(line(100), [column(line(100))], { limit: 1 }), [0, 99], 'a stretch at least');
});

test('the first index that is not below', () => {
  assert.deepEqual([0, 1, 2, 3, 9].map((value) => lowerBound([1, 1, 3], value)), [0, 0, 2, 2, 3]); // prettier-ignore
});

test('stretches share what does not go into them evenly, and begin where the last one ended', () => {
  const flat = (length: number): NumberColumn => column(new Float64Array(length));
  // A curve takes 2·1 + 2 points a stretch: of 12 points three stretches, of 20 five, of 19 four.
  assert.deepEqual(choose(line(20), [flat(20)], { limit: 12 }), [0, 5, 6, 12, 13, 19]);
  assert.deepEqual(choose(line(100), [flat(100)], { limit: 20 }), [0, 19, 20, 39, 40, 59, 60, 79, 80, 99]);
  assert.deepEqual(choose(line(100), [flat(100)], { limit: 19 }), [0, 24, 25, 49, 50, 74, 75, 99]);
  // Two take 2·2 + 2, none takes 2·1 + 2.
  assert.deepEqual(choose(line(100), [flat(100), flat(100)], { limit: 12 }), [0, 49, 50, 99]);
  assert.deepEqual(choose(line(100), [], { limit: 8 }), [0, 49, 50, 99]);
  // Of a zoomed part alone, whose neighbors are the first and the last.
  assert.deepEqual(choose(line(100), [flat(100)], { limit: 8, from: 11, to: 29 }), [10, 19, 20, 29]);
});

test('the extremes of one stretch: the first of equals, none of the next stretch, none where there is no number', () => {
  /** Eight values, and eight of 0 behind them: two stretches. */
  const first = (...values: readonly number[]): number[] => {
    const all = Array.from({ length: 16 }, (_, index) => values[index] ?? 0);
    return choose(line(16), [column(all)], { limit: 8 }).filter((index) => index < 8);
  };
  assert.deepEqual(first(5, 1, 1, 9, 9, 5, 5, 5), [0, 1, 3, 7]);
  // At the very first place, whatever comes after it.
  assert.deepEqual(first(9, 5, 3, 7, 4, 4, 4, 4), [0, 2, 7]);
  assert.deepEqual(first(1, 5, 3, 9, 4, 4, 4, 4), [0, 3, 7]);
  assert.deepEqual(first(NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN), [0, 7]);
  assert.deepEqual(first(NaN, 2, 1, 3, NaN, 2, 2, NaN), [0, 2, 3, 7]);
  // What follows is larger, and smaller.
  assert.deepEqual(first(5, 5, 8, 5, 2, 5, 5, 5, 90), [0, 2, 4, 7]);
  assert.deepEqual(first(5, 5, 8, 5, 2, 5, 5, 5, -90), [0, 2, 4, 7]);
});

/** Steps 1, 2 … of one task, each with the loss 100 + its number, and evaluations behind some of them with their own. */
function evaluated(
  steps: number,
  evaluations: Readonly<Record<number, JsonNumber | null>>,
  losses: Readonly<Record<number, JsonNumber | null>> = {},
): LossHistory {
  const records: object[] = [
    {
      ...{ kind: 'start', attempt: 1, stepsPerEpoch: 10, epochs: 3, strategy: 'static', seed: 0 },
      engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
      tasks: [{ name: 'a', type: '', loss: '', metrics: [], primary: '', higherIsBetter: false }],
      parameters: { total: 0, shared: 0, byTask: {} },
      samples: { train: 0, validation: 0, test: 0, labelled: {} },
    },
  ];
  for (let step = 0; step <= steps; step++) {
    if (step > 0) {
      records.push({
        ...{ kind: 'step', step, steps: 1, epoch: 1, total: 1, objective: 1, penalty: 0, learningRate: 0.1 },
        ...{ stepsPerSecond: 5, weights: { a: 1 }, losses: { a: losses[step] ?? 100 + step } },
      });
    }
    const loss = evaluations[step];
    if (loss === undefined) continue;
    const validation = { losses: { a: loss }, metrics: {}, total: 1, skill: 0 };
    records.push({ kind: 'epoch', epoch: 1, seconds: 1, train: { losses: { a: 1 }, metrics: {} }, validation });
  }
  const history = new LossHistory();
  history.append(records.map((record, seq) => ({ v: 1, seq, t: 1000 * seq, ...record })) as unknown as EventRecord[]);
  return history;
}

/** Place and loss of the evaluations that are drawn. */
function drawn(history: LossHistory, zoom: { readonly from?: number; readonly to?: number }, limit = 100) {
  const { x, tasks } = chartData(history, { axis: 'step', smoothing: 0, limit, ...zoom });
  return (tasks[0]?.validation ?? []).flatMap((value, at) => (value === null ? [] : [[x[at], value]]));
}

test('an evaluation stands at its step; in a zoomed chart those around the part as well, and no others', () => {
  const history = evaluated(60, { 10: 1, 20: 2, 30: 3, 40: 4, 50: 5, 60: 6 });
  assert.deepEqual(drawn(history, {}), [[10, 1], [20, 2], [30, 3], [40, 4], [50, 5], [60, 6]]); // prettier-ignore
  assert.deepEqual(drawn(history, { from: 25, to: 45 }), [[20, 2], [30, 3], [40, 4], [50, 5]]); // prettier-ignore
  assert.deepEqual(drawn(history, { from: 32, to: 38 }), [[30, 3], [40, 4]]); // prettier-ignore
  assert.deepEqual(drawn(history, { from: 2, to: 8 }), [[10, 1]]);
  assert.deepEqual(drawn(history, { from: 55, to: 60 }), [[50, 5], [60, 6]]); // prettier-ignore
  // Those at the outermost points of the part itself are not around it.
  assert.deepEqual(drawn(history, { from: 21, to: 29.5 }), [[10, 1], [20, 2], [30, 3], [40, 4]]); // prettier-ignore
  const { x, tasks } = chartData(history, { axis: 'step', smoothing: 0, limit: 100, from: 13, to: 14.5 });
  assert.deepEqual([...x], [10, 12, 13, 14, 15, 20]);
  assert.deepEqual([...(tasks[0]?.raw ?? [])], [110, 112, 113, 114, 115, 120]);
});

test('the x axis counts steps, epochs or seconds', () => {
  const x = (axis: XAxis) => [...chartData(evaluated(3, {}), { axis, smoothing: 0, limit: 100 }).x];
  // Ten steps an epoch; a record a second, the start first.
  assert.deepEqual(x('step'), [1, 2, 3]);
  assert.deepEqual(x('epoch'), [0.1, 0.2, 0.3]);
  assert.deepEqual(x('time'), [1, 2, 3]);
});

test('of thinned curves it stands at the next point that is left; what is no number is not drawn', () => {
  // Losses go up: of 60 points two stretches of 30 and their ends are left (a task and the total take six places each).
  const history = evaluated(60, { 10: 1, 30: 3, 40: 4, 50: 'NaN', 60: 'Infinity' });
  assert.deepEqual(drawn(history, {}, 12), [[30, 3], [60, 4]]); // prettier-ignore
  assert.deepEqual(drawn(evaluated(60, { 10: 1, 60: null }), {}), [[10, 1]]);
});

test('an evaluation before the first step has no place', () => {
  const history = evaluated(2, { 0: 'NaN', 1: 7 });
  assert.deepEqual(validationByIndex(history).map(([index, { losses }]) => [index, losses]), [[0, { a: 7 }]]); // prettier-ignore
  assert.deepEqual(marksOf(history, 'step', null), []);
});

test('marks of one task are apart by at least a two hundredth of what is shown', () => {
  const steps = (...broken: readonly number[]): readonly number[] => {
    const history = evaluated(401, Object.fromEntries(broken.map((step) => [step, 'NaN'])));
    return marksOf(history, 'step', null).map(({ x }) => x);
  };
  assert.deepEqual(steps(1, 2, 3, 4, 5), [1, 3, 5]);
  // Of 401 steps' length a two hundredth is 2.005.
  const longer = evaluated(402, { 1: 'NaN', 3: 'NaN', 4: 'NaN' });
  assert.deepEqual(marksOf(longer, 'step', null).map(({ x }) => x), [1, 4]); // prettier-ignore
  const zoomed = marksOf(evaluated(401, { 1: 'NaN', 10: 'NaN', 11: 'NaN', 20: 'NaN', 30: 'NaN' }), 'step', { from: 10, to: 20 }); // prettier-ignore
  assert.deepEqual(zoomed.map(({ x }) => x), [10, 11, 20]); // prettier-ignore
});

test('marks come in the order of the steps, whether training or evaluation broke', () => {
  const history = evaluated(9, { 1: 'NaN', 4: 'Infinity', 5: 'NaN', 9: 'NaN' }, { 2: 'NaN', 3: '-Infinity', 7: 'NaN' });
  assert.deepEqual(
    marksOf(history, 'step', null).map(({ x, word }) => [x, word]),
    [[1, 'NaN'], [2, 'NaN'], [3, '−∞'], [4, '∞'], [5, 'NaN'], [7, 'NaN'], [9, 'NaN']], // prettier-ignore
  );
  assert.deepEqual([...firstBroken(history)], [['a', { step: 1, word: 'NaN' }]]);
});

test('a task that has the name of something every object has is not broken where it was not evaluated', () => {
  const history = evaluated(1, {});
  history.append([
    {
      ...{ v: 1, seq: 2, t: 1, kind: 'epoch', epoch: 1, seconds: 1, train: { losses: { a: 1 }, metrics: {} } },
      validation: { losses: Object.create({ a: 'NaN' }) as Record<string, never>, metrics: {}, total: 1, skill: 0 },
    },
  ]);
  assert.equal(firstBroken(history).size, 0);
});
