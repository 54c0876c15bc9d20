// What every chart of the panel has beside its curves: axes, zoom, what is hidden, and what is there to draw at all.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LossHistory } from '../../../../src/messages/history.ts';
import type { EventRecord, JsonNumber } from '../../../../src/runs/events.ts';
import type { Source, Underlay } from '../../../../webview/charts/source.ts';
import { asShares, lossesBelowLog, lossSource, normsBelowLog, normSource, weightSource } from '../../../../webview/losses/sources.ts'; // prettier-ignore
import { stringsFor } from '../../../../webview/losses/strings.ts';

const names = ['a', 'b'];
const named = <T>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(names.map((name, at) => [name, values[at] as T]));
const start = {
  ...{ kind: 'start', attempt: 1, stepsPerEpoch: 10, epochs: 3, strategy: 'static', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  tasks: names.map((name) => ({ name, type: '', loss: '', metrics: [], primary: '', higherIsBetter: false })),
  parameters: { total: 0, shared: 0, byTask: {} },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
};
const step = (number: number, losses: readonly JsonNumber[] = [1, 1], weights: readonly number[] = [1, 3]): object => ({
  ...{ kind: 'step', step: number, steps: 1, epoch: 1, total: 1, objective: 1, penalty: 0, learningRate: 0.1 },
  ...{ stepsPerSecond: 5, weights: named(weights), losses: named(losses) },
});
const gradients = (number: number, norms: readonly number[], dwa: readonly number[] = [1, 1]): object => ({
  ...{ kind: 'gradients', step: number, tasks: names, norms, observed: { dwa } },
  ...{ cosines: [[1, 0], [0, 1]] }, // prettier-ignore
});
/** Records two seconds apart, the start at 0. */
function historyOf(...records: readonly object[]): LossHistory {
  const history = new LossHistory();
  history.append(
    [start, ...records].map((record, seq) => ({ v: 1, seq, t: 2000 * seq, ...record })) as unknown as EventRecord[],
  );
  return history;
}

const strings = stringsFor('en');
const options = { axis: 'step', log: false, hidden: new Set<string>(), strings } as const;
type Axis = 'step' | 'epoch' | 'time';
type Asked = Partial<{ axis: Axis; log: boolean; hidden: ReadonlySet<string>; shares: boolean; compare: string }>;
const kinds: Readonly<Record<string, (history: LossHistory, asked?: Asked) => Source>> = {
  losses: (history, asked = {}) => lossSource(history, { ...options, smoothing: 0, ...asked }),
  weights: (history, asked = {}) =>
    weightSource(history, { ...options, smoothing: 0, shares: false, compare: '', ...asked }),
  norms: (history, asked = {}) => normSource(history, { ...options, ...asked }),
};
/** Ten steps, each followed by its gradients: 2, 6, 10 … seconds, and 4, 8 … */
const ten = historyOf(
  ...Array.from({ length: 10 }, (_, at) => [step(at + 1, [at, -at]), gradients(at + 1, [at, 10 - at])]).flat(),
);

for (const [kind, make] of Object.entries(kinds)) {
  describe(kind, () => {
    test('tasks, axis, scale and what is hidden are those that were asked for', () => {
      const hidden = new Set(['b']);
      for (const axis of ['step', 'epoch', 'time'] as const) {
        const source = make(ten, { axis, log: axis === 'time', hidden });
        assert.deepEqual(source.tasks, names);
        assert.deepEqual([source.axis, source.xLabel, source.log], [axis, strings[axis], axis === 'time']);
        assert.equal(source.hidden, hidden);
      }
    });

    test('its places are steps, epochs or seconds', () => {
      const x = (axis: Axis) => [...make(ten, { axis }).picture(100, null).x];
      const each = (of: (at: number) => number) => Array.from({ length: 10 }, (_, at) => of(at + 1));
      assert.deepEqual([x('step'), x('epoch')], [each((at) => at), each((at) => at / 10)]);
      assert.deepEqual(x('time'), each((at) => 4 * at - (kind === 'norms' ? 0 : 2))); // prettier-ignore
    });

    test('a zoomed part with a neighbor on each side, and no more points than asked for', () => {
      assert.deepEqual([...make(ten).picture(100, { from: 4, to: 5.5 }).x], [3, 4, 5, 6]);
      const thinned = make(ten).picture(6, null);
      assert.deepEqual([...thinned.x], [1, 10], 'both ends, which are the extremes, too');
      for (const { values } of thinned.curves) assert.equal(values.length, 2);
    });

    test('one point is something to draw, none is not', () => {
      assert.equal(make(historyOf()).any, false);
      assert.equal(make(historyOf(step(1), gradients(1, [1, 1]))).any, true);
    });

    test('only losses have marks', () => {
      const broken = historyOf(step(1, ['NaN', 1]), gradients(1, [1, 1]));
      assert.equal(make(broken).picture(100, null).marks.length, kind === 'losses' ? 1 : 0);
    });
  });
}

test('charts of different things, or of other strategies beside them, have different curves', () => {
  const weights = (asked: Asked): string => kinds['weights']?.(ten, asked).shape ?? '';
  const shapes = [...Object.values(kinds).map((make) => make(ten).shape), weights({ shares: true }), weights({ compare: 'dwa' })]; // prettier-ignore
  assert.equal(new Set(shapes).size, shapes.length);
  // A strategy that was not observed adds no curve.
  assert.equal(weights({ compare: 'unknown' }), weights({}));
  for (const [kind, make] of Object.entries(kinds)) {
    assert.ok(make(ten).shape.includes(kind), 'it names what it shows');
    assert.notEqual(make(ten, { log: true }).shape, make(ten).shape);
    assert.notEqual(make(ten, { axis: 'time' }).shape, make(ten).shape);
    assert.notEqual(make(historyOf()).shape, make(new LossHistory()).shape);
  }
});

test('what lies under the losses is what was given, or nothing', () => {
  const under: readonly Underlay[] = [{ task: 0, x: [1], y: [2], style: 'other' }];
  assert.equal(lossSource(ten, { ...options, smoothing: 0, under }).under, under);
  assert.deepEqual(lossSource(ten, { ...options, smoothing: 0 }).under, []);
});

test('marks of a zoomed part are those within; the first at a place is told', () => {
  const history = historyOf(step(1, ['NaN', 1]), step(2, ['Infinity', 1]), step(3, ['-Infinity', 1]));
  const source = lossSource(history, { ...options, smoothing: 0 });
  assert.deepEqual(source.picture(100, { from: 1.5, to: 2.5 }).marks.map(({ word }) => word), ['∞']); // prettier-ignore
  const marks = ['NaN', '∞'].map((word) => ({ x: 1, task: 0, word }));
  const [first] = source.readings({ ...source.picture(100, null), marks }, 0);
  assert.deepEqual(first, { task: 0, name: 'a', values: ['NaN', 'NaN', null] });
});

test('weights: raw ones faint, smoothed ones bold, those of an observed strategy as points', () => {
  const { curves } = kinds['weights']?.(ten, { compare: 'dwa' }).picture(100, null) ?? { curves: [] };
  assert.deepEqual(
    curves.map(({ label, style, task }) => [label, style, task]),
    [
      ['a raw', 'faint', 0],
      ['a', 'bold', 0],
      ['a dwa', 'dots', 0],
      ['b raw', 'faint', 1],
      ['b', 'bold', 1],
      ['b dwa', 'dots', 1],
    ],
  );
});

test('an observed strategy of a thinned or zoomed part: the last value since the point before', () => {
  const records = Array.from({ length: 8 }, (_, at) => [step(at + 1), gradients(at + 1, [1, 1], [10 + at, 20 + at])]);
  const source = weightSource(historyOf(...records.flat()), {
    ...options,
    smoothing: 0,
    shares: false,
    compare: 'dwa',
  });
  const values = (limit: number, zoom: { from: number; to: number } | null) => {
    const { x, curves } = source.picture(limit, zoom);
    return [[...x], Array.from(curves.find(({ label }) => label === 'a dwa')?.values ?? [])];
  };
  assert.deepEqual(values(6, null), [[1, 8], [10, 17]]); // prettier-ignore
  assert.deepEqual(values(100, { from: 4, to: 4.5 }), [[3, 4, 5], [12, 13, 14]]); // prettier-ignore
});

test('norms that a log scale has no place for are counted, of what is drawn', () => {
  const history = historyOf(step(1), gradients(1, [0, 1]), gradients(2, [-1, 0]), gradients(3, [2, 2]));
  const counts = [[], ['a'], ['b'], ['a', 'b']].map((hidden) => normsBelowLog(history, new Set(hidden)));
  const numbers = counts.map(({ zeros, negative }) => [zeros, negative]);
  assert.deepEqual(numbers, [[2, 1], [1, 0], [1, 1], [0, 0]]); // prettier-ignore
  assert.deepEqual(lossesBelowLog(historyOf(step(1, [0, -1]), step(2, [1, 0])), new Set(['b'])), {
    zeros: 1,
    negative: 0,
  });
});

test('a share of a sum below one, or of more than one curve, is the part of that sum', () => {
  assert.deepEqual(asShares([[0.25, 0], [0.25, 0]]), [[0.5, null], [0.5, null]]); // prettier-ignore
  assert.deepEqual(asShares([[3, 1], [1, 1], [null, 2]]), [[0.75, 0.25], [0.25, 0.25], [null, 0.5]]); // prettier-ignore
});
