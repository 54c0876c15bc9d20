/** Running means of affinity against plain sums, through text as a checkpoint would. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addMeasurement,
  affinityJson,
  affinityRecord,
  freshAffinity,
  readAffinity,
  type AffinityState,
  type Measurement,
} from '../../../../src/trainer/affinity/running-means.ts';
import { amongAll } from '../../../../src/trainer/step/by-task.ts';
import type { Json } from '../../../../src/weighting/contract.ts';

const matrix = (count: number) =>
  fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: count, maxLength: count }), {
    minLength: count,
    maxLength: count,
  });
/** Null for tasks that are absent. */
const pairsOf = (present: readonly number[], values: readonly (readonly number[])[]): Measurement['affinity'] =>
  amongAll(
    3,
    present,
    values.map((line) => amongAll(3, present, line)),
  );

const measurement = fc.subarray([0, 1, 2]).chain((present) =>
  fc.record({ affinity: matrix(present.length), cosines: matrix(present.length) }).map(({ affinity, cosines }) => ({
    present,
    ...{ affinity: pairsOf(present, affinity), cosines: pairsOf(present, cosines) },
  })),
);

test('mean and sample standard deviation over the steps in which both tasks were present', () => {
  fc.assert(
    fc.property(fc.array(measurement, { maxLength: 8 }), (all) => {
      let state: AffinityState = freshAffinity(3);
      for (const one of all) {
        state = addMeasurement(state, one);
        state = readAffinity(JSON.parse(JSON.stringify(affinityJson(state))) as Json, 3) ?? freshAffinity(0);
      }
      const record = affinityRecord(5, ['a', 'b', 'c'], state);
      for (const i of [0, 1, 2]) {
        for (const j of [0, 1, 2]) {
          const values = all.flatMap(({ present, affinity }) => {
            const value = affinity[i]?.[j] ?? null;
            assert.equal(value !== null, present.includes(i) && present.includes(j));
            return value === null ? [] : [value];
          });
          assert.equal(record.n[i]?.[j], values.length);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          if (values.length === 0) assert.equal(record.mean[i]?.[j], null);
          else assert.ok(Math.abs(Number(record.mean[i]?.[j]) - mean) < 1e-9);
          const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
          if (values.length < 2) assert.equal(record.sd[i]?.[j], null);
          else assert.ok(Math.abs(Number(record.sd[i]?.[j]) - Math.sqrt(squares / (values.length - 1))) < 1e-9);
        }
      }
    }),
    { seed: 4, numRuns: 200 },
  );
});

test('values that are no numbers are left out, and no stranger’s state is believed', () => {
  const state = addMeasurement(freshAffinity(2), {
    affinity: [
      [0.5, NaN],
      [Infinity, 0.25],
    ],
    cosines: [
      [1, NaN],
      [NaN, 1],
    ],
  });
  const record = affinityRecord(1, ['a', 'b'], state);
  assert.deepEqual(record.mean, [
    [0.5, null],
    [null, 0.25],
  ]);
  assert.deepEqual(record.cosines, [
    [1, null],
    [null, 1],
  ]);
  for (const wrong of [null, 3, [], {}, { n: [] }, { ...(affinityJson(state) as object), n: [[1], [2]] }]) {
    assert.equal(readAffinity(wrong as Json, 2), undefined);
  }
});

test('every matrix of a state has a number for each pair of tasks', () => {
  const whole = [
    [1, 2],
    [3, 4],
  ];
  const state = { n: whole, mean: whole, squares: whole, cosineCount: whole, cosines: whole };
  assert.deepEqual(readAffinity(state, 2), state);
  const wrong: readonly Json[] = [
    [[1, 2], [3]],
    [[1], [3, 4]],
    [
      [1, 2],
      [3, '4'],
    ],
    [
      ['1', 2],
      [3, 4],
    ],
    [[1, 2]],
    [...whole, [5, 6]],
    [[1, 2], { length: 2 }],
    null,
  ];
  for (const key of Object.keys(state)) {
    for (const matrix of wrong)
      assert.equal(readAffinity({ ...state, [key]: matrix }, 2), undefined, `${key}: ${JSON.stringify(matrix)}`);
  }
});
