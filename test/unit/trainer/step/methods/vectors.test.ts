// The float32 vectors of training against double precision: entry-wise strategies give the same directions (1e-5).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generator } from '../../../../../src/numbers/random.ts';
import { floatVectors } from '../../../../../src/trainer/step/methods/vectors.ts';
import { createEntryStrategy, worksOnEntries } from '../../../../golden/runner/strategies.ts';
import { strategyNames } from '../../../../../src/spec/index.ts';
import type { EntryStatistics, Json, Memory, VectorSpace } from '../../../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../../../src/weighting/parts/vectors.ts';

const tasks = ['a', 'b', 'c', 'd'];
const size = 37;

/** Gradients of three steps, rounded to float32, so that both spaces see the same numbers. */
function steps(): { rows: Float32Array[]; uniform: Float32Array; losses: number[] }[] {
  const random = generator(1, 2, 3, 4);
  const row = (scale: number): Float32Array => Float32Array.from({ length: size }, () => scale * random.normal());
  return Array.from({ length: 3 }, () => ({
    rows: tasks.map((_, i) => row(10 ** (i - 2))),
    uniform: Float32Array.from({ length: size }, () => random.uniform()),
    losses: tasks.map(() => 0.1 + random.uniform()),
  }));
}

/** With momentum ConFIG works on entries. */
const parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { config: { momentum: true } };

function directions<V extends Float32Array | Float64Array>(
  name: string,
  space: VectorSpace<V>,
  as: (v: Float32Array) => V,
): V[] {
  const strategy = createEntryStrategy(name, { parameters: parameters[name] ?? {}, tasks });
  let state: Json = strategy.initialState;
  let memory: Memory<V> = {};
  return steps().map(({ rows, uniform, losses }, step) => {
    const statistics: EntryStatistics<V> = {
      ...{ step, epoch: 0, tasks, losses, space, memory },
      weights: [1, 1, 1, 1],
      rows: rows.map(as),
      uniform: as(uniform),
    };
    const found = strategy.combine(statistics, state);
    ({ state, memory } = found);
    return found.direction;
  });
}

describe('float32 vectors', () => {
  for (const spec of strategyNames.filter((name) => worksOnEntries(name, { ...parameters[name] }))) {
    test(`${spec} as in double precision`, () => {
      const single = directions(spec, floatVectors, (v) => v);
      const double = directions(spec, doubleVectors, (v) => Float64Array.from(v));
      for (const [step, direction] of double.entries()) {
        const largest = direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        assert.ok(largest > 0 || spec === 'config');
        direction.forEach((value, k) => {
          assert.ok(
            Math.abs(value - (single[step]?.[k] ?? NaN)) <= 1e-5 * Math.max(largest, 1),
            `step ${String(step)}`,
          );
        });
      }
    });
  }
});

test('a coefficient that is missing is not 0', () => {
  const one = Float32Array.of(1);
  assert.throws(() => floatVectors.combine([1], [one, one]), RangeError);
});

describe('vectors longer than what is worked on together', () => {
  for (const length of [0, 1, 4095, 4096, 4097, 10_001]) {
    test(`${String(length)} entries: every one is as the formula says`, () => {
      const random = generator(5, 6, 7, length);
      const [a, b, c, d] = Array.from({ length: 4 }, () => Float32Array.from({ length }, () => random.normal())) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const expect = (found: Float32Array, formula: (k: number) => number): void =>
        assert.deepEqual(
          [...found],
          Array.from({ length }, (_, k) => Math.fround(formula(k))),
        );
      const at = (v: Float32Array, k: number): number => v[k] ?? NaN;
      expect(floatVectors.combine([2, -0.5, 3], [a, b, c]), (k) => 2 * at(a, k) - 0.5 * at(b, k) + 3 * at(c, k));
      expect(floatVectors.zeros(a), () => 0);
      const one = floatVectors.map((x) => x ** 2, a);
      expect(one, (k) => at(a, k) ** 2);
      expect(
        floatVectors.map((x, y) => x - 2 * y, a, b),
        (k) => at(a, k) - 2 * at(b, k),
      );
      expect(
        floatVectors.map((x, y, z) => x - 2 * y + 3 * z, a, b, c),
        (k) => at(a, k) - 2 * at(b, k) + 3 * at(c, k),
      );
      expect(
        floatVectors.map((w, x, y, z) => w - 2 * x + 3 * y - 4 * z, a, b, c, d),
        (k) => at(a, k) - 2 * at(b, k) + 3 * at(c, k) - 4 * at(d, k),
      );
      expect(
        floatVectors.across(([x = NaN, y = NaN]) => Math.max(x, y), [a, b]),
        (k) => Math.max(at(a, k), at(b, k)),
      );
      const close = (found: number, expected: number): void =>
        assert.ok(Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${found} not ${expected}`);
      const sum = (of: (k: number) => number): number => Array.from({ length }, (_, k) => of(k)).reduce((x, y) => x + y, 0); // prettier-ignore
      close(
        floatVectors.dot(a, b),
        sum((k) => at(a, k) * at(b, k)),
      );
      close(floatVectors.norm(a), Math.sqrt(sum((k) => at(a, k) ** 2)));
      close(
        floatVectors.sum(a),
        sum((k) => at(a, k)),
      );
    });
  }
});
