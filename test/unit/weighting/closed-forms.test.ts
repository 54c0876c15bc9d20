// Closed forms (conventions 7): two tasks, identical tasks, stationary identities.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { runnerOf } from '../../golden/runner/aggregators.ts';
import { at, dot, gramOf, plus, scaled } from '../../../src/numbers/linear.ts';
import { createStrategy } from '../../golden/runner/strategies.ts';
import type { Json } from '../../../src/weighting/contract.ts';
import { jacobians } from './jacobians.ts';

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

test('Nash-MTL for two tasks: aᵢ = 1/(‖gᵢ‖ √(1 + cos φ))', () => {
  fc.assert(
    fc.property(pairs, ({ a, b }) => {
      fc.pre(clear(a, b));
      const cosine = dot(unit(a), unit(b));
      const strategy = createStrategy('nash-mtl', { parameters: { maxNorm: 0 }, tasks: ['x', 'y'] });
      const found = strategy.weigh(
        { step: 0, tasks: ['x', 'y'], losses: [1, 1], weights: [1, 1], gram: gramOf([a, b]) },
        null,
      );
      for (const [i, g] of [a, b].entries()) {
        const expected = 1 / (norm(g) * Math.sqrt(1 + cosine));
        assert.ok(Math.abs(at(found.weights, i) - expected) < 1e-9 * expected);
      }
    }),
  );
});

test('UPGrad of two conflicting tasks tends to half of PCGrad', () => {
  fc.assert(
    fc.property(pairs, ({ a, b }) => {
      fc.pre(clear(a, b) && dot(a, b) < 0);
      const half = scaled(direction('pcgrad', {}, [a, b]), 0.5);
      const found = direction('upgrad', { regEps: 1e-13, normEps: 0 }, [a, b]);
      assert.ok(norm(plus(found, half, -1)) < 1e-6 * (norm(a) + norm(b)));
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

test('CAGrad with c = 0 is the mean', () => {
  fc.assert(
    fc.property(jacobians(['gauss', 'conflict', 'dependent']), ({ rows }) => {
      const mean = direction('mean', {}, rows);
      const found = direction('cagrad', { c: 0 }, rows);
      const size = Math.max(...rows.map(norm));
      // At a stationary point the method stops, whatever c is.
      if (norm(found) > 0) assert.ok(norm(plus(found, mean, -1)) < 1e-12 * size);
    }),
  );
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

test('GradNorm with α = 0 settles where all w‖g‖ are equal', () => {
  const tasks = ['a', 'b', 'c'];
  const norms = [1, 4, 0.5];
  const strategy = createStrategy('gradnorm', { parameters: { alpha: 0, learningRate: 1e-3 }, tasks });
  let state: Json = null;
  let weights: readonly number[] = [];
  for (let step = 0; step < 6000; step += 1) {
    ({ weights, state } = strategy.weigh({ step, tasks, losses: [1, 1, 1], weights: [1, 1, 1], norms }, state));
  }
  const products = weights.map((weight, i) => weight * at(norms, i));
  assert.ok(Math.max(...products) / Math.min(...products) < 1.05, products.join(' '));
  assert.ok(Math.abs(weights.reduce((a, b) => a + b, 0) - 3) < 1e-9);
});

test('krum: of tasks with the same score the first is taken, and selected ones share', () => {
  const strategy = (parameters: object) =>
    createStrategy('krum', { parameters: { ...parameters }, tasks: ['a', 'b', 'c', 'd'] });
  const identity = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => Number(i === j)));
  const weights = (parameters: object): readonly number[] => {
    const made = strategy(parameters);
    const statistics = {
      step: 0,
      tasks: ['a', 'b', 'c', 'd'],
      losses: [1, 1, 1, 1],
      weights: [1, 1, 1, 1],
      gram: identity,
    };
    return made.weigh(statistics, made.initialState).weights;
  };
  assert.deepEqual(weights({}), [1, 0, 0, 0]);
  assert.deepEqual(weights({ selected: 2 }), [0.5, 0.5, 0, 0]);
  assert.deepEqual(weights({ selected: 4 }), [0.25, 0.25, 0.25, 0.25]);
  assert.deepEqual(weights({ byzantine: 2 }), [0.25, 0.25, 0.25, 0.25], 'too few tasks: their mean');
});
