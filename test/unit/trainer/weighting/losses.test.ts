// What strategies on losses share, over losses of any size; and that no strategy of the tables is left without properties.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { strategies as rows } from '../../../../src/spec/schema/strategies.ts';
import { at, filled } from '../../../../src/trainer/weighting/solvers/linear.ts';
import {
  createEntryStrategy,
  createStrategy,
  entryStrategies,
  strategies,
  strategyKind,
} from '../../../../src/trainer/weighting/table.ts';
import type { Json, StepStatistics, TaskFacts } from '../../../../src/trainer/weighting/types.ts';

/** Weights of these may be negative. */
const signed = new Set(['cosmos', 'pbi']);
const facts: TaskFacts = { samples: 40, constantLoss: 0.7, linearLoss: 0.4 };

const made = (name: string, tasks: readonly string[], parameters: Record<string, unknown> = {}) =>
  createStrategy(name, { parameters, tasks, facts: Object.fromEntries(tasks.map((task) => [task, facts])) });

const onLosses = strategies.filter(({ name }) => name !== 'cr-mogm' && made(name, ['a', 'b']).needs === 'losses');

const sized = fc.array(
  fc.tuple(fc.double({ min: 1, max: 9, noNaN: true }), fc.integer({ min: -10, max: 15 })).map(([m, e]) => m * 10 ** e),
  { minLength: 1, maxLength: 6 },
);

function statisticsOf(losses: readonly number[], names: readonly number[] = [...losses.keys()]): StepStatistics {
  return {
    ...{ step: 0, epoch: 3, tasks: names.map((name) => `task${name}`), losses, weights: filled(losses.length, 1) },
    performance: losses.map((loss) => 1 / (1 + loss)),
    draws: { normal: names.map((name) => Math.sin(7 * name + 1)) },
  };
}

/** Two steps, an epoch and a step after it. */
function walk(name: string, losses: readonly number[], names?: readonly number[]): readonly number[][] {
  const statistics = statisticsOf(losses, names);
  const strategy = made(name, [...statistics.tasks].sort());
  let state: Json = strategy.initialState;
  const all: number[][] = [];
  for (let step = 0; step < 3; step += 1) {
    const now = { ...statistics, step, epoch: step };
    const found = strategy.weigh(now, state);
    all.push([...found.weights]);
    state =
      strategy.afterStep?.(
        now,
        losses.map((loss) => 0.9 * loss),
        found.state,
      ) ?? found.state;
    state = strategy.afterEpoch?.(statistics.tasks, losses, state) ?? state;
  }
  return all;
}

for (const { name } of onLosses) {
  test(`${name} is finite for losses of any size, and its weights have the promised sign`, () => {
    fc.assert(
      fc.property(sized, (losses) => {
        for (const weights of walk(name, losses)) {
          assert.ok(weights.every((weight) => Number.isFinite(weight) && (signed.has(name) || weight >= 0)));
        }
      }),
    );
  });

  test(`${name} does not care about the order of the tasks`, () => {
    fc.assert(
      fc.property(sized, (losses) => {
        const order = [...losses.keys()].reverse();
        const [one, other] = [
          walk(name, losses),
          walk(
            name,
            order.map((index) => at(losses, index)),
            order,
          ),
        ];
        for (const [step, weights] of one.entries()) {
          const size = Math.max(...weights.map(Math.abs));
          for (const [place, index] of order.entries()) {
            const apart = Math.abs((other[step]?.[place] ?? NaN) - at(weights, index));
            assert.ok(apart <= 1e-9 * size + 1e-300, `${apart}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
}

test('every strategy of the language is one of the trainer', () => {
  for (const name of Object.keys(rows)) {
    const parameters = name === 'cr-mogm' ? { of: 'mgda' } : { primary: 'a' };
    if (strategyKind(name) === 'entries')
      assert.equal(createEntryStrategy(name, { parameters, tasks: ['a'] }).needs, 'entries');
    else made(name, ['a'], parameters);
  }
});

test('every strategy on gradients has properties that are tested', () => {
  const text = readFileSync(new URL('./properties.test.ts', import.meta.url), 'utf8');
  const elsewhere = new Set(['gradnorm', 'moml', 'auto-lambda', 'forum', 'cr-mogm', 'adatask', 'm-config']);
  const onGradients = strategies.filter(({ name }) => !onLosses.some((row) => row.name === name));
  for (const { name } of [...onGradients, ...entryStrategies]) {
    assert.ok(elsewhere.has(name) || text.includes(`name: '${name}'`), name);
  }
});

test('scale makes equal tasks give their sum or mean', () => {
  const gram = filled(3, 0).map(() => filled(3, 4));
  const tasks = ['a', 'b', 'c'];
  for (const name of [
    'static',
    'mean',
    'mgda',
    'pcgrad',
    'cagrad',
    'nash-mtl',
    'upgrad',
    'config',
    'uncertainty',
    'krum',
  ]) {
    for (const [scale, total] of [
      ['sum', 3],
      ['mean', 1],
    ] as const) {
      const strategy = createStrategy(name, { parameters: { scale }, tasks });
      const draws = { orders: tasks.map(() => [0, 1, 2]) };
      const { weights } = strategy.weigh(
        { step: 0, tasks, losses: [1, 1, 1], weights: [1, 1, 1], gram, draws },
        strategy.initialState,
      );
      const sum = weights.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - total) < 1e-3, `${name} ${scale}: ${sum}`);
    }
  }
});

test('prescaling is weighing the losses first', () => {
  const tasks = ['a', 'b'];
  const gram = [
    [4, -1],
    [-1, 3],
  ];
  const scaled = [
    [4 * 0.01, -0.3],
    [-0.3, 27],
  ];
  const weights = [0.1, 3];
  const one = createStrategy('mgda', { parameters: { prescale: true }, tasks });
  const other = createStrategy('mgda', { parameters: {}, tasks });
  const base = { step: 0, tasks, losses: [1, 1] };
  const found = one.weigh({ ...base, weights, gram }, null).weights;
  const plain = other.weigh({ ...base, weights: [1, 1], gram: scaled }, null).weights;
  for (const [i, weight] of plain.entries()) assert.ok(Math.abs(at(found, i) - weight * at(weights, i)) < 1e-12);
});
