/** The inputs of a task as a matrix: which inputs, which rows, and how each kind is written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlanSource } from '../../../../src/plan/plan.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';
import type { PreparedSplit, RowStore } from '../../../../src/samples/contract.ts';
import {
  featureCount,
  featuresOf,
  inputsOf,
  sampleRows,
  standardized,
} from '../../../../src/trainer/baselines/features.ts';

const split = (n: number, inputs: Readonly<Record<string, RowStore>>): PreparedSplit => ({
  n,
  rows: new Int32Array(n),
  inputs: new Map(Object.entries(inputs)),
  targets: new Map(),
});
const rowsUpTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, row) => row);

/** What a matrix is after standardizing, by the plain columns: (x − mean) / sd, one column after the other. */
function expected(columns: readonly (readonly number[])[]): number[][] {
  return columns.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return values.map((value) => (value - mean) / sd);
  });
}
function assertColumns(
  found: { rows: number; columns: number; data: Float64Array },
  columns: readonly (readonly number[])[],
): void {
  assert.equal(found.columns, columns.length);
  for (const [column, values] of expected(columns).entries()) {
    assert.equal(found.rows, values.length);
    for (const [row, value] of values.entries()) {
      const own = found.data[row * found.columns + column] ?? NaN;
      assert.ok(
        Math.abs(own - value) < 1e-9,
        `row ${String(row)}, column ${String(column)}: ${String(own)} for ${String(value)}`,
      );
    }
  }
}

test('inputs of a task are found through blocks and other tasks, each once, in the order of the spec', () => {
  const input = (name: string): PlanSource => ({ kind: 'input', name });
  const block = (name: string): PlanSource => ({ kind: 'block', name });
  const task = (name: string): PlanSource => ({ kind: 'task', name }) as PlanSource;
  const named = (entries: Readonly<Record<string, readonly PlanSource[]>>) =>
    new Map(Object.entries(entries).map(([name, sources]) => [name, { sources }]));
  const plan = {
    inputs: new Map(['a', 'b', 'c', 'd', 'e'].map((name) => [name, {}])),
    blocks: named({ one: [input('c'), block('two')], two: [input('a'), input('c')], three: [input('e')] }),
    // A block and a task may have one name.
    tasks: named({ t: [block('one'), task('two'), block('one')], two: [input('d')], none: [] }),
  } as unknown as Plan;
  assert.deepEqual(inputsOf(plan, 't'), ['a', 'c', 'd']);
  assert.deepEqual(inputsOf(plan, 'two'), ['d']);
  assert.deepEqual(inputsOf(plan, 'none'), []);
  assert.deepEqual(inputsOf(plan, 'absent'), []);
});

test('all rows up to what the work allows, then a sample of them, ascending, the same for a seed and a task', () => {
  const key = { seed: 1, task: 't' };
  const most = (columns: number, outputs: number): number => sampleRows(rowsUpTo(20_000), columns, outputs, key).length;
  // 2·10⁸ for a Gram matrix: √(2·10⁸ / d) rows, or 2·10⁸ / d² where that is more; 2·10⁶ for an iteration: √(2·10⁶ / K),
  // or 2·10⁶ / (d·K) where that is more; 500 at least, 5,000 at most.
  assert.equal(most(1, 1), 5000);
  assert.equal(most(100, 10), 2000);
  assert.equal(most(300, 1), 2222);
  assert.equal(most(600, 1), 577);
  assert.equal(most(540, 7), 534);
  assert.equal(most(100_000, 1000), 500);
  const labeled = Int32Array.from({ length: 600 }, (_, at) => at * 3);
  assert.equal(sampleRows(labeled.subarray(0, 500), 100_000, 1000, key).length, 500);
  assert.equal(sampleRows(labeled, 1, 1, key), labeled);
  const some = sampleRows(labeled, 100_000, 1000, key);
  assert.deepEqual(some, some.slice().sort());
  assert.ok(new Set(some).size === 500 && some.every((row) => row % 3 === 0 && row < 1800));
  assert.deepEqual(sampleRows(labeled, 100_000, 1000, key), some);
  for (const other of [
    { seed: 2, task: 't' },
    { seed: 1, task: 'u' },
  ])
    assert.notDeepEqual(sampleRows(labeled, 100_000, 1000, other), some);
});

test('numbers stand as they are, one input beside the other, at the rows that are asked for', () => {
  const data = split(4, {
    x: readyStore(Float32Array.of(0, 1, 2, 4, 4, 2, 6, 9), [2]),
    y: readyStore(Float32Array.of(5, 7, 0, 1), [1]),
    constant: readyStore(Float32Array.of(3, 3, 3, 3), [1]),
  });
  const inputs = ['y', 'absent', 'constant', 'x'];
  assert.equal(featureCount(data, inputs), 4);
  assertColumns(featuresOf(data, inputs, Int32Array.of(3, 0, 1)), [
    [1, 5, 7],
    [6, 0, 2],
    [9, 1, 4],
  ]);
});

test('whole numbers are names: how often each stands in a sample, very many by their remainder', () => {
  const data = split(3, { k: readyStore(Int32Array.of(0, 2, 1, 1, 2, 0), [2]) });
  assert.equal(featureCount(data, ['k']), 3);
  assertColumns(featuresOf(data, ['k'], rowsUpTo(3)), [
    [1, 0, 1],
    [0, 2, 0],
    [1, 0, 1],
  ]);
  const many = split(3, { k: readyStore(Int32Array.of(0, 2049, 2048), [1]) });
  assert.equal(featureCount(many, ['k']), 2048);
  // 2048 is 0, and 2049 is 1.
  assertColumns(featuresOf(many, ['k'], rowsUpTo(3)), [
    [1, 0, 1],
    [0, 1, 0],
  ]);
  assert.equal(featureCount(split(1, { k: readyStore(Int32Array.of(2047), [1]) }), ['k']), 2048);
  assert.equal(featureCount(split(1, { k: readyStore(Int32Array.of(2046), [1]) }), ['k']), 2047);
});

test('pictures of up to 400 numbers stand as they are; larger ones are means of patches, those at the edges smaller', () => {
  const picture = (
    shape: readonly number[],
    rows: number,
    value: (row: number, y: number, x: number, c: number) => number,
  ) => {
    const [height = 0, width = 0, channels = 0] = shape;
    const data = Float32Array.from({ length: rows * height * width * channels }, (_, at) => {
      const c = at % channels;
      const x = Math.floor(at / channels) % width;
      const y = Math.floor(at / channels / width) % height;
      return value(Math.floor(at / channels / width / height), y, x, c);
    });
    return readyStore(data, shape);
  };
  assert.equal(featureCount(split(1, { p: picture([20, 20, 1], 1, () => 0) }), ['p']), 400);
  // 401 and more: patches of 2 × 2.
  assert.equal(featureCount(split(1, { p: picture([3, 134, 1], 1, () => 0) }), ['p']), 2 * 67);
  assert.equal(featureCount(split(1, { p: picture([41, 41, 1], 1, () => 0) }), ['p']), 14 * 14);
  // What is no picture is taken as it is, however large.
  assert.equal(featureCount(split(1, { p: readyStore(new Float32Array(500), [500]) }), ['p']), 500);
  // 15 × 15 × 2 = 450 numbers: patches of 2, the last of one row or column. Each patch shows its own mean.
  const data = split(2, { p: picture([15, 15, 2], 2, (row, y, x, c) => (row + 1) * (y * 15 + x) * (c + 1)) });
  const found = featuresOf(data, ['p'], rowsUpTo(2));
  // The first sample is half of the second: every column is −1, 1, so all 8 · 8 · 2 patches are there.
  assert.equal(found.columns, 128);
  assert.ok(
    found.data.every((value, at) => Math.abs(Math.abs(value) - 1) < 1e-9 && Math.sign(value) === (at < 128 ? -1 : 1)),
  );
  // Three samples that each differ in one place: the mean of its patch tells by how much.
  const spots = [
    [0, 0, 0],
    [14, 14, 1],
    [1, 14, 0],
    // One patch, and another channel than the first.
    [0, 0, 1],
    [0, 1, 1],
  ] as const;
  const one = split(5, {
    p: picture([15, 15, 2], 5, (row, y, x, c) => {
      const [sy, sx, sc] = spots[row] ?? [NaN, NaN, NaN];
      return y === sy && x === sx && c === sc ? 8 : 0;
    }),
  });
  const features = featuresOf(one, ['p'], rowsUpTo(5));
  assertColumns(features, [
    // Patch (0, 0) has four pixels, (0, 7) two, (7, 7) one; after standardizing, only where it stands counts.
    [1, 0, 0, 0, 0],
    [0, 0, 0, 1, 1],
    [0, 0, 1, 0, 0],
    [0, 1, 0, 0, 0],
  ]);
});

test('the means of patches are means, at the edges too', () => {
  // All pixels are 1 in the first sample, 2 in the second, and 2 but for one patch of 3 in the third.
  const width = 21;
  const whole = width * width;
  const data = Float32Array.from({ length: 3 * whole }, (_, at) => {
    const row = Math.floor(at / whole);
    const [y, x] = [Math.floor((at % whole) / width), at % width];
    return row === 0 ? 1 : row === 2 && y === 20 && x >= 18 && x < 20 ? 3 : 2;
  });
  const features = featuresOf(split(3, { p: readyStore(data, [width, width, 1]) }), ['p'], rowsUpTo(3));
  const columns = Array.from({ length: 121 }, () => [1, 2, 2]);
  // Row 10 of patches has one row of pixels, its column 9 the pixels 18 and 19.
  columns[10 * 11 + 9] = [1, 2, 3];
  assertColumns(features, columns);
});

test('a column that changes by rounding alone is left out; one that changes little is kept', () => {
  const of = (...values: readonly number[]): number =>
    standardized({ rows: values.length, columns: 1, data: Float64Array.from(values) }).columns;
  assert.equal(of(1e6, 1e6 + 1e-7), 0);
  assert.equal(of(1e6, 1e6 + 1e-5), 1);
  assert.equal(of(0, 1e-13), 0);
  assert.equal(of(0, 1e-11), 1);
});
