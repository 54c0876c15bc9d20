// What the charts draw of a small run whose every number is known.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LossHistory } from '../../../src/messages/history.ts';
import type { EventRecord } from '../../../src/runs/events.ts';
import { asShares, lossSource, normSource, weightSource } from '../../../webview/losses/sources.ts';
import type { Curve, Picture } from '../../../webview/charts/source.ts';
import { stringsFor } from '../../../webview/losses/strings.ts';

const strings = stringsFor('en');
const names = ['b', '10'];
const named = <T>(values: readonly T[]): Record<string, T> => Object.fromEntries(names.map((name, at) => [name, values[at] as T])); // prettier-ignore

const start: EventRecord = {
  ...{ v: 1, seq: 0, t: 0, kind: 'start', attempt: 1, stepsPerEpoch: 4, epochs: 3, strategy: 'static', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  tasks: names.map((name) => ({ name, type: '', loss: '', metrics: [], primary: '', higherIsBetter: false })),
  parameters: { total: 0, shared: 0, byTask: {} },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
};
const step = (
  seq: number,
  at: number,
  losses: readonly [number, number],
  weights: readonly [number, number],
): EventRecord => ({
  ...{
    v: 1,
    seq,
    t: seq * 1000,
    kind: 'step',
    step: at,
    steps: 1,
    epoch: 1,
    total: losses[0] + losses[1],
    objective: 1,
  },
  ...{ penalty: 0, learningRate: 0.1, stepsPerSecond: 5, weights: named(weights), losses: named(losses) },
});
const gradients = (
  seq: number,
  at: number,
  norms: readonly [number, number],
  observed: readonly [number, number],
): EventRecord => ({
  ...{ v: 1, seq, t: seq * 1000, kind: 'gradients', step: at, tasks: names, norms, observed: { dwa: [...observed] } },
  cosines: [
    [1, -0.5],
    [-0.5, 1],
  ],
});
const epoch = (seq: number, losses: readonly [number, number]): EventRecord => ({
  ...{ v: 1, seq, t: seq * 1000, kind: 'epoch', epoch: 1, seconds: 1 },
  train: { losses: named([9, 9]), metrics: {} },
  validation: { losses: named(losses), metrics: {}, total: 1, skill: 0 },
});

/** Steps 1 … 4; gradients at steps 1 and 3. */
function history(): LossHistory {
  const made = new LossHistory();
  made.append([
    start,
    step(1, 1, [8, 4], [1, 3]),
    gradients(2, 1, [2, 5], [0.5, 1.5]),
    step(3, 2, [6, 3], [2, 2]),
    step(4, 3, [4, 2], [3, 1]),
    gradients(5, 3, [1, 7], [1.25, 0.75]),
    step(6, 4, [2, 1], [1, 1]),
    epoch(7, [2.5, 1.5]),
  ]);
  return made;
}

const options = { axis: 'step', log: false, hidden: new Set<string>(), strings } as const;
const curve = ({ curves }: Picture, label: string): Curve => {
  const found = curves.find((each) => each.label === label);
  assert.ok(found, label);
  return found;
};
const list = ({ values }: Curve): unknown[] => Array.from(values);

describe('losses', () => {
  const source = lossSource(history(), { ...options, smoothing: 0 });
  const picture = source.picture(100, null);

  test('raw, smoothed and validation of each task, and the total', () => {
    assert.deepEqual([...picture.x], [1, 2, 3, 4]);
    assert.deepEqual(
      picture.curves.map(({ label, task, style }) => [label, task, style]),
      [
        ['b raw', 0, 'faint'],
        ['b', 0, 'bold'],
        ['b validation', 0, 'dots'],
        ['10 raw', 1, 'faint'],
        ['10', 1, 'bold'],
        ['10 validation', 1, 'dots'],
        [`${strings.total} raw`, null, 'total-faint'],
        [strings.total, null, 'total'],
        [`${strings.total} validation`, null, 'dots'],
      ],
    );
    assert.deepEqual(list(curve(picture, 'b raw')), [8, 6, 4, 2]);
    assert.deepEqual(list(curve(picture, '10')), [4, 3, 2, 1]);
    assert.deepEqual(list(curve(picture, '10 validation')), [null, null, null, 1.5]);
    assert.deepEqual(list(curve(picture, `${strings.total} raw`)), [12, 9, 6, 3]);
    assert.deepEqual(list(curve(picture, strings.total)), [12, 9, 6, 3]);
    assert.deepEqual(list(curve(picture, `${strings.total} validation`)), [null, null, null, 1]);
    const derived = picture.curves.filter((one) => one.derived === true).map(({ label }) => label);
    assert.deepEqual(derived, ['b', '10', strings.total], 'what is smoothed, and nothing else');
  });

  test('a reading has each task and the total: smoothed, raw, and the validation where there is one', () => {
    assert.deepEqual(source.columns, [strings.smoothed, strings.raw, strings.validationShort]);
    assert.deepEqual(source.readings(picture, 1), [
      { task: 0, name: 'b', values: [6, 6, null] },
      { task: 1, name: '10', values: [3, 3, null] },
      { task: null, name: strings.total, values: [9, 9, null] },
    ]);
    const last = source.readings(picture, 3).map(({ values }) => values);
    assert.deepEqual(last, [[2, 2, 2.5], [1, 1, 1.5], [3, 3, 1]]); // prettier-ignore
    const smooth = lossSource(history(), { ...options, smoothing: 0.5 });
    // 0.5 · 8 and 0.5 · (4 + 6), divided by what the weights so far sum to.
    const second = smooth.readings(smooth.picture(100, null), 1)[0]?.values;
    assert.deepEqual(second, [(0.25 * 8 + 0.5 * 6) / 0.75, 6, null]);
  });

  test('what is told apart: kind, tasks, scale and axis', () => {
    assert.equal(source.any, true);
    assert.equal(lossSource(new LossHistory(), { ...options, smoothing: 0 }).any, false);
    const shapes = [
      source.shape,
      lossSource(history(), { ...options, log: true, smoothing: 0 }).shape,
      lossSource(history(), { ...options, axis: 'time', smoothing: 0 }).shape,
      normSource(history(), options).shape,
    ];
    assert.equal(new Set(shapes).size, 4);
    assert.equal(source.xLabel, strings.step);
    assert.deepEqual(source.tasks, names);
  });

  test('zoomed, only that part is drawn, with what touches it', () => {
    const zoomed = source.picture(100, { from: 2, to: 3 });
    assert.ok([...zoomed.x].includes(2) && [...zoomed.x].includes(3));
    assert.ok(zoomed.x.length <= picture.x.length);
  });
});

describe('weights', () => {
  const of = (more: object): { source: ReturnType<typeof weightSource>; picture: Picture } => {
    const source = weightSource(history(), { ...options, smoothing: 0, shares: false, compare: '', ...more });
    return { source, picture: source.picture(100, null) };
  };

  test('as they were, or as shares', () => {
    const { source, picture } = of({});
    assert.deepEqual(picture.curves.map(({ label }) => label), ['b raw', 'b', '10 raw', '10']); // prettier-ignore
    assert.deepEqual(list(curve(picture, 'b')), [1, 2, 3, 1]);
    assert.deepEqual(source.readings(picture, 0)[1], { task: 1, name: '10', values: [3, 3] });
    assert.deepEqual(source.columns, [strings.smoothed, strings.raw]);
    const shares = of({ shares: true });
    assert.deepEqual(list(curve(shares.picture, '10 raw')), [0.75, 0.5, 0.25, 0.5]);
    assert.notEqual(shares.source.shape, source.shape);
  });

  test('an observed strategy stands at the step where it was measured, and nowhere else', () => {
    const { source, picture } = of({ compare: 'dwa' });
    assert.deepEqual(list(curve(picture, 'b dwa')), [0.5, null, 1.25, null]);
    assert.deepEqual(list(curve(picture, '10 dwa')), [1.5, null, 0.75, null]);
    assert.deepEqual(source.columns, [strings.smoothed, strings.raw, 'dwa']);
    const first = [2, 1].map((at) => source.readings(picture, at)[0]?.values);
    assert.deepEqual(first, [[3, 3, 1.25], [2, 2, null]]); // prettier-ignore
    const shares = of({ compare: 'dwa', shares: true }).picture;
    assert.deepEqual(list(curve(shares, 'b dwa')), [0.25, null, 0.625, null]);
    assert.equal(of({ compare: 'unknown' }).picture.curves.length, 4);
  });

  test('shares of nothing are nothing', () => {
    assert.deepEqual(asShares([[1, 0, null, NaN], [3, 0, 2, 4]]), [[0.25, null, null, NaN].map((value) => (Number.isNaN(value) ? NaN : value)), [0.75, null, 1, 1]]); // prettier-ignore
    assert.deepEqual(asShares([]), []);
  });
});

test('norms: one curve a task, at the steps that were measured', () => {
  const source = normSource(history(), options);
  const picture = source.picture(100, null);
  assert.deepEqual([...picture.x], [1, 3]);
  assert.deepEqual(
    picture.curves.map(({ label, task, style, values }) => [label, task, style, Array.from(values)]),
    [
      ['b', 0, 'bold', [2, 1]],
      ['10', 1, 'bold', [5, 7]],
    ],
  );
  assert.deepEqual(source.readings(picture, 0)[1], { task: 1, name: '10', values: [5] });
  assert.deepEqual([...normSource(history(), { ...options, axis: 'epoch' }).picture(100, null).x], [0.25, 0.75]);
  assert.equal(normSource(new LossHistory(), options).any, false);
});
