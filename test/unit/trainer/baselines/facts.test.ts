/** What strategies know of their tasks beforehand, and what is said where it cannot be known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSpecValue, resolveStrategy, type StrategyName, type TaskFact } from '../../../../src/spec/index.ts';
import { makePlan } from '../../../../src/plan/index.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';
import type { PreparedSplit, PreparedTarget } from '../../../../src/samples/contract.ts';
import { TrainingError } from '../../../../src/trainer/errors.ts';
import {
  assumedText,
  dataSeed,
  factNeeds,
  linearLossOf,
  samplesOf,
  strategyFacts,
  trainingConstantLoss,
  type FactSource,
} from '../../../../src/trainer/baselines/facts.ts';
import { createTask } from '../../../../src/trainer/tasks/table.ts';

/** y as a target of these numbers; null has no label. */
function target(values: readonly (number | null)[], weights?: readonly number[]): PreparedTarget {
  const mask = Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  return {
    values: readyStore(
      Float32Array.from(values, (value) => value ?? 0),
      [1],
    ),
    mask,
    weight: Float32Array.from(mask, (there, row) => there * (weights?.[row] ?? 1)),
    labeled: mask.reduce((sum, value) => sum + value, 0),
  };
}

function sourceOf(
  x: readonly number[],
  targets: Readonly<Record<string, PreparedTarget>>,
  split: object = {},
): FactSource {
  const { spec } = readSpecValue({
    data: { source: 'a.csv', inputs: { x: { type: 'number', from: 'x' } }, split },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: Object.fromEntries(
      Object.keys(targets).map((name) => [
        name,
        { type: 'regression', target: name, input: 'trunk', normalize: 'none' },
      ]),
    ),
  });
  assert.ok(spec);
  const columns = new Map(['x', ...Object.keys(targets)].map((name) => [name, { shape: [], dtype: 'float32' }]));
  const { plan } = makePlan(spec, undefined, { columns, inputShapes: new Map([['x', [1]]]) });
  assert.ok(plan);
  const train: PreparedSplit = {
    n: x.length,
    rows: new Int32Array(x.length),
    inputs: new Map([['x', readyStore(Float32Array.from(x), [1])]]),
    targets: new Map(Object.entries(targets)),
  };
  const tasks = [...plan.tasks.values()].map((task) => createTask(task, {}));
  return { spec, plan, tasks, data: { splits: { train, validation: train, test: train } } };
}
const up = (n: number): number[] => Array.from({ length: n }, (_, row) => row);
const all: ReadonlySet<TaskFact> = new Set(['samples', 'constantLoss', 'linearLoss']);
const only = (...facts: TaskFact[]): ReadonlySet<TaskFact> => new Set(facts);
const refused = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof TrainingError && error.code === 'no-facts', String(error));
    return error.message;
  }
  assert.fail('nothing was refused');
};

test('each strategy wants its own facts; so does one that is wrapped, or observed beside another', () => {
  const needs = ({ name, ...given }: { readonly name: StrategyName; readonly [key: string]: unknown }): string[] => [
    ...factNeeds(resolveStrategy(name, given)),
  ];
  assert.deepEqual(needs({ name: 'static', observe: [] }), []);
  assert.deepEqual(needs({ name: 'data-size', observe: [] }), ['samples']);
  assert.deepEqual(needs({ name: 'initial-loss', observe: [] }), ['constantLoss']);
  assert.deepEqual(needs({ name: 'complexity', observe: [] }), ['constantLoss', 'linearLoss']);
  assert.deepEqual(needs({ name: 'performance', observe: [] }), ['constantLoss']);
  assert.deepEqual(needs({ name: 'cr-mogm', of: { name: 'complexity' } }), ['constantLoss', 'linearLoss']);
  assert.deepEqual(needs({ name: 'static', observe: ['data-size', 'initial-loss'] }), ['samples', 'constantLoss']);
});

test('facts by hand: labeled rows, the variance of what a constant cannot tell, nothing left by a line', () => {
  // y = 2x over 0 … 11 and a gap: variance of 0, 2, … 22 is 4 · (12² − 1) / 12.
  const line = target([...up(12).map((x) => 2 * x), null]);
  const source = sourceOf(up(13), { y: line });
  const [task] = source.tasks;
  assert.ok(task);
  const { train } = source.data.splits;
  assert.equal(samplesOf(task, train), 12);
  assert.ok(Math.abs(trainingConstantLoss(task, train) - (4 * 143) / 12) < 1e-9);
  const linear = linearLossOf(task, source);
  assert.deepEqual([linear?.rows, linear?.model, linear?.penalty], [12, 'ridge', 1e-4]);
  assert.ok((linear?.loss ?? NaN) < 1e-3 && (linear?.loss ?? NaN) > 0);
  const facts = strategyFacts(source, all);
  assert.deepEqual(facts['y'], {
    samples: 12,
    constantLoss: trainingConstantLoss(task, train),
    linearLoss: linear?.loss,
  });
  // Only what is wanted is found out.
  assert.deepEqual(strategyFacts(source, only('samples')), { y: { samples: 12 } });
  assert.deepEqual(strategyFacts(source, only()), { y: {} });
});

test('where no line can be fitted the constant counts, and that is noted: nine labels, or inputs that never change', () => {
  const nine = sourceOf(up(12), { y: target([...up(9), null, null, null]) });
  const same = sourceOf(new Array<number>(12).fill(3), { y: target(up(12)) });
  const weightless = sourceOf(up(12), { y: target(up(12), [...new Array<number>(9).fill(1), 0, 0, 0]) });
  for (const source of [nine, same, weightless]) {
    const facts = strategyFacts(source, all)['y'];
    assert.equal(facts?.assumed, true);
    assert.equal(facts.linearLoss, facts.constantLoss);
    assert.ok((facts.constantLoss ?? NaN) > 0);
  }
  const ten = strategyFacts(sourceOf(up(10), { y: target(up(10)) }), all)['y'];
  assert.equal(ten?.assumed, undefined);
  assert.ok((ten?.linearLoss ?? NaN) < (ten?.constantLoss ?? NaN));
});

test('a line that leaves nothing at all counts as the least number there is', () => {
  const source = sourceOf(up(12), { y: target(up(12).map(() => 0)) });
  assert.deepEqual(strategyFacts(source, only('samples', 'linearLoss'))['y'], {
    samples: 12,
    linearLoss: Number.MIN_VALUE,
  });
});

test('a fact that cannot be had is refused with the task, what it is and its value', () => {
  const advice = 'so no weight can be made of it. Give it labels, or choose another strategy.';
  const empty = sourceOf(up(3), { y: target([null, null, null]) });
  assert.equal(
    refused(() => strategyFacts(empty, only('samples', 'linearLoss'))),
    `Task "y": its labeled training samples is 0, ${advice}`,
  );
  assert.equal(
    refused(() => strategyFacts(empty, only('constantLoss', 'linearLoss'))),
    `Task "y": its loss of the best constant (L⁰) is not known (too few labels?), ${advice}`,
  );
  const constant = sourceOf(up(3), { y: target([4, 4, 4]) });
  assert.equal(
    refused(() => strategyFacts(constant, all)),
    `Task "y": its loss of the best constant (L⁰) is 0, ${advice}`,
  );
});

test('the seed is that of the split, 0 where it has none', () => {
  const seeded = (split: object): number => dataSeed(sourceOf(up(2), { y: target([1, 2]) }, split));
  assert.equal(seeded({ train: 0.7, validation: 0.2, test: 0.1, seed: 9 }), 9);
  assert.equal(seeded({ column: 'part' }), 0);
});

test('what is said of a task without a line names it in both languages', () => {
  const { en, zh } = assumedText('t');
  assert.match(en, /^Task "t": no linear model can be fitted/);
  assert.match(zh, /^任务“t”：无法拟合线性模型/);
});
