import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { metrics as language } from '../../../../../src/spec/schema/metrics.ts';
import type { MetricName } from '../../../../../src/spec/resolved.ts';
import { BoxSums } from '../../../../../src/trainer/tasks/metrics/box.ts';
import { ClassificationSums } from '../../../../../src/trainer/tasks/metrics/classification.ts';
import { RegressionSums } from '../../../../../src/trainer/tasks/metrics/regression.ts';
import type { MetricSums } from '../../../../../src/trainer/tasks/metrics/contract.ts';
import { vectors } from '../vectors.ts';

interface Case {
  readonly task: 'classification' | 'regression' | 'box';
  readonly predicted: number[][];
  readonly target: number[][];
  readonly values: Readonly<Record<string, number>>;
  readonly classes?: string[];
  readonly k?: number;
  readonly columns?: number;
  readonly quantiles?: number[];
  readonly [detail: string]: unknown;
}

const { cases } = vectors<{ cases: Case[] }>('metrics');

const named = (columns: number): string[] => Array.from({ length: columns }, (_, column) => `c${String(column)}`);

function sumsOf({ task, values, classes = [], k = 5, columns = 1, quantiles }: Case): MetricSums {
  const names = Object.keys(values);
  if (task === 'classification')
    return new ClassificationSums({ metrics: names as MetricName<'classification'>[], classes, k });
  if (task === 'box')
    return new BoxSums({ metrics: names as MetricName<'box'>[], toOriginal: (corners) => Array.from(corners) });
  return new RegressionSums({
    metrics: names as MetricName<'regression'>[],
    columns: named(columns),
    ...(quantiles ? { quantiles } : {}),
  });
}

function feed(sums: MetricSums, entry: Case, from: number, to: number): void {
  const predicted = entry.predicted.slice(from, to);
  sums.update(
    predicted.flat(),
    entry.target.slice(from, to).flat(),
    predicted.map(() => 1),
  );
}

describe('metrics', () => {
  for (const [index, entry] of cases.entries()) {
    const title = `${entry.task} ${String(index)}`;
    it(`${title}: scikit-learn's values, in batches, across a checkpoint, unlabeled rows left out`, () => {
      const n = entry.predicted.length;
      const first = sumsOf(entry);
      feed(first, entry, 0, 7);
      const sums = sumsOf(entry);
      sums.restore(JSON.parse(JSON.stringify(first.state())) as never);
      feed(sums, entry, 7, n);
      // Unlabeled rows, with nonsense in them.
      sums.update(
        entry.predicted
          .slice(0, 3)
          .flat()
          .map(() => NaN),
        [0, 0, 0].flatMap(() => entry.target[0] ?? []),
        [0, 0, 0],
      );
      const { values, details } = sums.result();
      for (const [name, expected] of Object.entries(entry.values)) {
        const tolerance = 1e-9 * Math.max(1, Math.abs(expected));
        assert.ok(
          Math.abs((values.get(name) ?? NaN) - expected) <= tolerance,
          `${name}: ${String(values.get(name))} instead of ${String(expected)}`,
        );
      }
      for (const detail of ['confusion', 'crossings', 'zeroOverlap']) {
        if (detail in entry) assert.deepEqual(details[detail], entry[detail]);
      }
    });
  }

  it('are null with a warning where they are not defined, never NaN', () => {
    const constant = new RegressionSums({ metrics: ['r2', 'mae'], columns: named(1) });
    constant.update([1, 2, 3], [1e6 + 0.1, 1e6 + 0.1, 1e6 + 0.1], [1, 1, 1]);
    assert.equal(constant.result().values.get('r2'), null);
    assert.match(constant.result().warnings[0]?.message.en ?? '', /r2 is not defined here: the target does not vary/);
    const single = new ClassificationSums({ metrics: ['rocAuc', 'accuracy'], classes: ['a', 'b'], k: 1 });
    single.update([0.7, 0.3, 0.6, 0.4], [0, 0], [1, 1]);
    assert.equal(single.result().values.get('rocAuc'), null);
    assert.equal(single.result().values.get('accuracy'), 1);
    for (const sums of [
      new BoxSums({ metrics: ['meanIoU'], toOriginal: (box) => Array.from(box) }),
      new RegressionSums({ metrics: ['mae'], columns: named(2) }),
    ]) {
      sums.update([], [], []);
      assert.deepEqual([...sums.result().values.values()], [null]);
      assert.equal(sums.result().warnings[0]?.code, 'metric-undefined');
    }
  });

  it('name absent classes, dead boxes and crossing quantiles', () => {
    const sums = new ClassificationSums({ metrics: ['macroF1'], classes: ['猫', '狗'], k: 1 });
    sums.update([0.9, 0.1], [0], [1]);
    assert.match(sums.result().warnings[0]?.message.zh ?? '', /没有 “狗” 的样本/);
    const boxes = new BoxSums({ metrics: ['meanIoU'], toOriginal: (box) => Array.from(box) });
    boxes.update([0, 0, 0.1, 0.1], [0.5, 0.5, 0.9, 0.9], [1]);
    assert.deepEqual([boxes.result().warnings[0]?.code, boxes.result().details['zeroOverlap']], ['iou-dead', 1]);
  });

  it('of several columns with gaps: the mean over columns of what each column’s own numbers give', () => {
    const predicted = [0.5, 2, 1, -1, 0, 3, 2, 2];
    const target = [1, 2.5, 0, 0, 0.25, 9, 9, 4];
    const present = [1, 1, 0, 1, 1, 0, 0, 1];
    const metricNames = ['mae', 'rmse', 'mse', 'r2', 'pinball'] as const;
    for (const quantiles of [undefined, [0.2, 0.9]]) {
      const options = { metrics: metricNames, ...(quantiles ? { quantiles } : {}) };
      const guesses = quantiles ? predicted.flatMap((value) => [value - 1, value + 1]) : predicted;
      const perColumn = guesses.length / target.length;
      const first = new RegressionSums({ ...options, columns: named(2) });
      first.update(guesses.slice(0, 4 * perColumn), target.slice(0, 4), [1, 1], present.slice(0, 4));
      const sums = new RegressionSums({ ...options, columns: named(2) });
      sums.restore(JSON.parse(JSON.stringify(first.state())) as never);
      sums.update(guesses.slice(4 * perColumn), target.slice(4), [1, 1], present.slice(4));
      const alone = [0, 1].map((column) => {
        const own = new RegressionSums({ ...options, columns: named(1) });
        for (let row = 0; row < 4; row++) {
          const at = row * 2 + column;
          if (present[at] === 1)
            own.update(guesses.slice(at * perColumn, (at + 1) * perColumn), [target[at] ?? NaN], [1]);
        }
        return own.result().values;
      });
      for (const name of metricNames) {
        const expected = alone.reduce((sum, values) => sum + (values.get(name) ?? NaN), 0) / 2;
        assert.ok(Math.abs((sums.result().values.get(name) ?? NaN) - expected) < 1e-12, name);
      }
    }
  });

  it('leave a column without a number out of the mean, and name it', () => {
    const sums = new RegressionSums({ metrics: ['mae', 'r2'], columns: ['长度', '宽度'] });
    sums.update([1, 50, 3, 50], [2, 0, 5, 0], [1, 1], [1, 0, 1, 0]);
    const { values, warnings } = sums.result();
    assert.deepEqual(
      [...values],
      [
        ['mae', 1.5],
        ['r2', 1 - (1 + 4) / 4.5],
      ],
    );
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['columns-absent'],
    );
    assert.match(warnings[0]?.message.en ?? '', /No sample has a number in “宽度”/);
    assert.match(warnings[0]?.message.zh ?? '', /没有样本在“宽度”列有数值/);
  });

  it('do not depend on how rows are cut into batches', () => {
    const entry = cases[0] as Case;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: entry.predicted.length }), (cut) => {
        const [whole, parts] = [sumsOf(entry), sumsOf(entry)];
        feed(whole, entry, 0, entry.predicted.length);
        feed(parts, entry, 0, cut);
        feed(parts, entry, cut, entry.predicted.length);
        assert.deepEqual(parts.result(), whole.result());
      }),
    );
  });

  it('every metric of the language that can be measured meets its reference', () => {
    for (const task of ['classification', 'regression', 'box'] as const) {
      const met = new Set(cases.filter((entry) => entry.task === task).flatMap(({ values }) => Object.keys(values)));
      assert.deepEqual(Object.keys(language[task]).filter((name) => !met.has(name)), []); // prettier-ignore
    }
  });

  it('name of many absent classes the first, and count the others', () => {
    const classes = Array.from({ length: 1400 }, (_, k) => `user_${String(k)}`);
    const sums = new ClassificationSums({ metrics: ['macroF1', 'rocAuc'], classes, k: 1 });
    const row = new Float32Array(classes.length).fill(1 / classes.length);
    sums.update([...row, ...row], [1300, 1301], [1, 1]);
    const { warnings, values } = sums.result();
    const messages = warnings.map(({ message }) => message);
    assert.match(messages[0]?.en ?? '', /^macroF1: no sample of “user_0”, .*“user_7” and 1390 more in this split\.$/);
    assert.match(messages[1]?.zh ?? '', /^rocAuc：该划分中没有 “user_0”、.* 等 1398 个 的样本。$/);
    // All scores are equal: every pair is a tie.
    assert.equal(values.get('rocAuc'), 0.5);
    assert.ok(JSON.stringify(sums.state()).length < 20_000, 'the state grows with what was seen, not with its square');
  });

  it('take for rocAuc the share of pairs in the right order, ties counting half', () => {
    const classes = ['a', 'b', 'c', 'd', 'never'];
    const rows = Array.from({ length: 60 }, (_, row) => ({
      label: (row * 7) % 4,
      // A few levels only, so that there are ties of all kinds.
      scores: classes.map((_, k) => Math.fround(((row * (k + 3)) % 5) / 8)),
    }));
    const areas = [0, 1, 2, 3].map((k) => {
      const own = rows.filter(({ label }) => label === k);
      const others = rows.filter(({ label }) => label !== k);
      const won = own.flatMap((one) =>
        others.map((other) => {
          const difference = (one.scores[k] ?? NaN) - (other.scores[k] ?? NaN);
          return difference === 0 ? 0.5 : Number(difference > 0);
        }),
      );
      return won.reduce((sum, value) => sum + value, 0) / won.length;
    });
    const sums = new ClassificationSums({ metrics: ['rocAuc'], classes, k: 1 });
    sums.update(
      rows.flatMap(({ scores }) => scores),
      rows.map(({ label }) => label),
      rows.map(() => 1),
    );
    const expected = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    assert.ok(Math.abs((sums.result().values.get('rocAuc') ?? NaN) - expected) < 1e-12);
  });

  it('refuse the state of another task', () => {
    const two = new ClassificationSums({ metrics: ['accuracy'], classes: ['a', 'b'], k: 1 });
    const three = new ClassificationSums({ metrics: ['accuracy'], classes: ['a', 'b', 'c'], k: 1 });
    assert.throws(() => {
      three.restore(two.state());
    }, /do not fit this task/);
    const fields = two.state() as { readonly [key: string]: never };
    for (const pairs of [[[0, 2, 1]], [[-1, 0, 1]], [[0, 0.5, 1]], [[0, 0, 0]], [[0, 0]], [null], 'x']) {
      const state = { ...fields, confusion: { classes: 2, pairs } } as never;
      assert.throws(() => two.restore(state), /do not fit this task/, JSON.stringify(pairs));
    }
    assert.throws(() => {
      three.restore(null);
    }, /damaged/);
  });
});
