/** What several strategies have in common (conventions 7): with two tasks, with identical ones, at an optimum. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { runnerOf } from '../../golden/runner/aggregators.ts';
import { at, dot, gramOf, plus, scaled } from '../../../src/numbers/linear.ts';
import { createStrategy } from '../../golden/runner/strategies.ts';
import type { Json } from '../../../src/weighting/contract.ts';

const norm = (v: readonly number[]): number => Math.sqrt(dot(v, v));
const unit = (v: readonly number[]): number[] => scaled(v, 1 / norm(v));

function direction(
  name: string,
  parameters: Record<string, unknown>,
  matrix: readonly (readonly number[])[],
): readonly number[] {
  const tasks = matrix.map((_, index) => `task${index}`);
  const orders = matrix.map(() => [...matrix.keys()]);
  return runnerOf({ name, parameters }, tasks)({ matrix, draws: { orders }, cross: gramOf(matrix) }).direction;
}

const pairs = fc.record({
  a: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
  b: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
  size: fc.constantFrom(1e-3, 1, 1e4),
});

/** Neither short nor nearly parallel. */
const clear = (a: readonly number[], b: readonly number[]): boolean =>
  norm(a) > 0.1 && norm(b) > 0.1 && Math.abs(dot(unit(a), unit(b))) < 0.99;

test('with two tasks six methods share the direction g₁/‖g₁‖ + g₂/‖g₂‖', () => {
  fc.assert(
    fc.property(pairs, ({ a, b, size }) => {
      fc.pre(clear(a, b));
      const rows = [scaled(a, size), b];
      const expected = unit(plus(unit(a), unit(b)));
      for (const [name, parameters] of [
        ['nash-mtl', {}],
        ['fairgrad', { alpha: 1 }],
        ['imtl-g', {}],
        ['config', {}],
        ['mgda', { gradientNormalization: 'l2' }],
        ['db-mtl', { beta: 0 }],
      ] as const) {
        const found = unit(direction(name, parameters, rows));
        // DB-MTL adds 1e-8 to every norm, here of gradients down to 1e-4.
        assert.ok(norm(plus(found, expected, -1)) < (name === 'db-mtl' ? 1e-3 : 1e-6), name);
      }
    }),
  );
});

test('T identical tasks are the single task, by the factor of each method', () => {
  const g = [0.3, -1.2, 0.7, 2];
  for (const count of [2, 3, 5]) {
    const rows = Array.from({ length: count }, () => g);
    const factors: readonly (readonly [string, Record<string, unknown>, number])[] = [
      ['sum', {}, count],
      ['pcgrad', {}, count],
      ['gradvac', {}, count],
      ['config', {}, count],
      ['aligned-mtl', { convention: 'sum' }, count],
      ['mean', {}, 1],
      ['mgda', {}, 1],
      ['imtl-g', {}, 1],
      ['upgrad', {}, 1],
      ...(count > 2 ? ([['krum', {}, 1]] as const) : []),
      ['cagrad', { c: 0.4, rescale: 0 }, 1.4],
      ['nash-mtl', { maxNorm: 0 }, Math.sqrt(count) / norm(g)],
    ];
    for (const [name, parameters, factor] of factors) {
      const found = direction(name, parameters, rows);
      assert.ok(norm(plus(found, g, -factor)) < 1e-9 * factor * norm(g), `${name} of ${count}: ${found.join(' ')}`);
    }
  }
});

test('with s at its optimum uncertainty, IMTL-L, UW-O, GLS, Σ log l and the first FAMO step weigh by 1/l', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { minLength: 2, maxLength: 5 }), (losses) => {
      const tasks = losses.map((_, index) => `task${index}`);
      const statistics = { step: 0, tasks, losses, weights: losses.map(() => 1) };
      const inverse = unit(losses.map((loss) => 1 / loss));
      const states: Readonly<Record<string, Json>> = {
        uncertainty: { s: Object.fromEntries(tasks.map((task, i) => [task, Math.log(at(losses, i))])) },
        'imtl-l': { s: Object.fromEntries(tasks.map((task, i) => [task, -Math.log(at(losses, i))])) },
      };
      for (const name of ['uncertainty', 'imtl-l', 'uncertainty-optimal', 'geometric', 'log', 'famo']) {
        const found = createStrategy(name, { parameters: {}, tasks }).weigh(statistics, states[name] ?? null);
        assert.ok(norm(plus(unit(found.weights), inverse, -1)) < 1e-6, name);
        for (const slope of found.gradient ?? []) assert.ok(Math.abs(slope) < 1e-12);
      }
    }),
  );
});
