/** Labels before training: summed up block by block, gathered only where they are asked for, and not more than there is room for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedTarget, RowStore } from '../../../../src/samples/contract.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';
import { TrainingError } from '../../../../src/trainer/errors.ts';
import type { Loss } from '../../../../src/trainer/tasks/losses/contract.ts';
import { constantLoss } from '../../../../src/trainer/tasks/constants.ts';
import { constantLossOn, labeledTargets } from '../../../../src/trainer/tasks/labels.ts';

const n = 2500;
const width = 2;
const numbers = Float32Array.from({ length: n * width }, (_, at) => Math.sin(at) / 3);
const there = Uint8Array.from({ length: n * width }, (_, at) => Number(at % 7 !== 0));
const weight = Float32Array.from({ length: n }, (_, row) => (row % 5 === 0 ? 0 : 0.1 + (row % 3)));

/** A store that writes down how many labels it is asked for at once. */
function watched(store: RowStore, asked: number[]): RowStore {
  return {
    ...store,
    gather: (positions) => {
      asked.push(positions.length);
      return store.gather(positions);
    },
  };
}

function target(asked: number[], gaps: boolean): PreparedTarget {
  const values = watched(readyStore(numbers, [width]), asked);
  const mask = new Uint8Array(n).fill(1);
  const present = gaps ? { present: watched(readyStore(there, [width]), asked) } : {};
  return { values, mask, weight, labeled: n, ...present };
}

/** Squares of the numbers that are there; the weight is their share. */
const squares = {
  sample: (raw: ArrayLike<number>, label: ArrayLike<number>, present?: ArrayLike<number>) => {
    let [loss, count] = [0, 0];
    for (let at = 0; at < width; at++) {
      if (present?.[at] === 0) continue;
      loss += ((raw[at] ?? NaN) - (label[at] ?? NaN)) ** 2;
      count++;
    }
    return { loss, weight: count / width };
  },
} as unknown as Loss;

for (const gaps of [false, true]) {
  test(`the loss of a constant${gaps ? ', of labels with gaps,' : ''} is that of all labels at once, bit for bit`, () => {
    const asked: number[] = [];
    const found = constantLossOn({ loss: squares, labelShape: [width] }, [0.25, -0.5], target(asked, gaps));
    const all = { targets: numbers, weights: weight, ...(gaps ? { present: there } : {}) };
    assert.equal(found, constantLoss(squares, [0.25, -0.5], [width], all));
    assert.deepEqual([...new Set(asked)], [1024, n - 2048]);
    assert.equal(asked.reduce((sum, count) => sum + count, 0), (gaps ? 2 : 1) * n); // prettier-ignore
  });
}

test('without labels there is no such loss', () => {
  const none = { ...target([], false), weight: new Float32Array(n) };
  assert.equal(constantLossOn({ loss: squares, labelShape: [width] }, [0, 0], none), NaN);
});

test('labels are gathered when they are asked for, once', () => {
  const asked: number[] = [];
  const labels = labeledTargets('t', target(asked, true));
  assert.equal(labels.weights, weight);
  assert.deepEqual(asked, []);
  assert.deepEqual(labels.targets, numbers);
  assert.equal(labels.targets, labels.targets);
  assert.deepEqual(asked, [n]);
  assert.deepEqual(Array.from(labels.present ?? []), Array.from(there));
  assert.equal(labels.present, labels.present);
  assert.deepEqual(asked, [n, n]);
  assert.ok(!('present' in labeledTargets('t', target([], false))));
});

test('more labels than there is room for are refused by name before they are gathered; their weights are still told', () => {
  const rows = 1024;
  const store = (numbersOfOne: number): RowStore => ({
    shape: [1024, numbersOfOne],
    dtype: 'float32',
    gather: () => new Float32Array(1),
  });
  const labelsOf = (numbersOfOne: number) =>
    labeledTargets('map', { values: store(numbersOfOne), mask: new Uint8Array(rows), weight: new Float32Array(rows), labeled: 0 }); // prettier-ignore
  // 1024 · 1024 · 1024 numbers of 4 bytes are 4 GB, which is the limit.
  assert.equal(labelsOf(1024).targets.length, 1);
  const more = labelsOf(1025);
  assert.equal(more.weights.length, rows);
  assert.throws(
    () => more.targets,
    (error) => {
      assert.ok(error instanceof TrainingError);
      assert.equal(error.code, 'memory');
      assert.match(
        error.text.en,
        /^Task "map": .* all 1024 labels .* 4100 MB, and the limit is 4096 MB\. Use fewer rows/,
      );
      assert.match(error.text.zh, /^任务“map”：.*全部 1024 个标签.* 4100 MB，上限为 4096 MB。请减少行数/);
      return true;
    },
  );
});
