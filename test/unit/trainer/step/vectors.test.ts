// The float32 vectors of training against double precision: entry-wise strategies give the same directions (1e-5).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generator } from '../../../../src/trainer/random.ts';
import { floatVectors } from '../../../../src/trainer/step/vectors.ts';
import { createEntryStrategy, entryStrategies } from '../../../../src/trainer/weighting/table.ts';
import type { EntryStatistics, Json, Memory, VectorSpace } from '../../../../src/trainer/weighting/types.ts';
import { doubleVectors } from '../../../../src/trainer/weighting/vectors.ts';

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

function directions<V extends Float32Array | Float64Array>(
  name: string,
  space: VectorSpace<V>,
  as: (v: Float32Array) => V,
): V[] {
  const strategy = createEntryStrategy(name, { parameters: { momentum: true, trim: 1 }, tasks });
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
  for (const { name } of entryStrategies) {
    const spec = name === 'm-config' ? 'config' : name;
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
