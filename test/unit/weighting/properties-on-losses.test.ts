/** What strategies on losses share, over losses of any size; and that no strategy of the tables is left without properties. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { at, filled } from '../../../src/numbers/linear.ts';
import { createStrategy } from '../../golden/runner/strategies.ts';
import { strategyNames, traitsOfName } from '../../../src/spec/index.ts';
import type { Json, StepStatistics, TaskFacts } from '../../../src/weighting/contract.ts';
import { candidates } from './candidates.ts';

/** Weights of these may be negative. */
const signed = new Set(['cosmos', 'pbi']);
const facts: TaskFacts = { samples: 40, constantLoss: 0.7, linearLoss: 0.4 };

const made = (name: string, tasks: readonly string[], parameters: Record<string, unknown> = {}) =>
  createStrategy(name, { parameters, tasks, facts: Object.fromEntries(tasks.map((task) => [task, facts])) });

const onLosses = strategyNames.filter((name) => traitsOfName(name)?.reads === 'losses');

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

for (const name of onLosses) {
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

test('every strategy on gradients has properties that are tested', () => {
  // These read more than gradients and draws; they have tests of their own.
  const elsewhere = new Set(['gradnorm', 'moml', 'auto-lambda', 'forum', 'cr-mogm', 'adatask']);
  const tested = new Set([...candidates.map(({ name }) => name), ...elsewhere, ...onLosses]);
  assert.deepEqual(
    strategyNames.filter((name) => !tested.has(name)),
    [],
  );
});
