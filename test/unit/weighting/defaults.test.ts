/**
 * Each parameter of a strategy is read: with another value of it something else comes out. Defaults stand in the schema
 * alone, so a strategy that is given one is the strategy that is given nothing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategies } from '../../../src/spec/schema/strategies.ts';
import { keyed } from '../../../src/numbers/random.ts';
import { gramOf } from '../../../src/numbers/linear.ts';
import { createEntryStrategy, createStrategy, worksOnEntries } from '../../golden/runner/strategies.ts';
import type { EntryStatistics, Json, Memory } from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly mtl?: {
    readonly fallback?: unknown;
    readonly onlyWhen?: { readonly key: string; readonly is: readonly unknown[] };
  };
}
type Fields = Readonly<Record<string, unknown>>;

const tasks = ['a', 'b', 'c', 'd'];
const context = {
  tasks,
  facts: Object.fromEntries(
    tasks.map((task, i) => [task, { samples: 20 + 7 * i, constantLoss: 1 + i, linearLoss: 0.4 + 0.3 * i }]),
  ),
};
const required: Readonly<Record<string, Fields>> = { pcd: { primary: 'b' }, 'cr-mogm': { of: { name: 'mgda' } } };

/** Twelve steps in three epochs, with everything that any strategy reads. */
function steps(): EntryStatistics<Float64Array>[] {
  const random = keyed(4, 'defaults');
  return Array.from({ length: 12 }, (_, step) => {
    const row = (scale: number) => Float64Array.from({ length: 9 }, () => scale * random.normal());
    const rows = tasks.map((_, i) => row(0.3 + i));
    const gram = gramOf(rows.map((values) => [...values]));
    return {
      ...{ step, epoch: Math.floor(step / 4), tasks, weights: [1, 2, 0.5, 3], rows, gram },
      ...{ losses: tasks.map((_, i) => (1 + i) / (1 + 0.2 * step) + 0.1 * random.uniform()) },
      norms: gram.map((values, i) => Math.sqrt(values[i] ?? 0)),
      performance: tasks.map(() => random.uniform()),
      draws: {
        normal: tasks.map(() => random.normal()),
        orders: tasks.map(() => [...random.permutation(tasks.length)]),
      },
      uniform: Float64Array.from({ length: 9 }, () => random.uniform()),
      ...{ space: doubleVectors, memory: {} },
    };
  });
}

const asText = (value: unknown): unknown =>
  JSON.stringify(value, (_, each: unknown) => (ArrayBuffer.isView(each) ? [...(each as Float64Array)] : each));

/** All that a strategy answers in these steps; what it lacks it refuses in words. */
function answers(name: string, parameters: Fields): unknown[] {
  const told: unknown[] = [];
  let memory: Memory<Float64Array> = {};
  if (worksOnEntries(name, parameters)) {
    const strategy = createEntryStrategy(name, { ...context, parameters });
    let state = strategy.initialState;
    for (const statistics of steps()) {
      const found = strategy.combine({ ...statistics, memory }, state);
      ({ state, memory } = found);
      told.push(asText(found));
    }
    return told;
  }
  const strategy = createStrategy(name, { ...context, parameters });
  let state: Json = strategy.initialState;
  for (const statistics of steps()) {
    const { losses, gram = [] } = statistics;
    const turned = [...gram.keys()].map((i) => gram.map((row, j) => (row[i] ?? 0) * (1 + 0.1 * (i - j))));
    const bilevel = { outer: gram, inner: gram, cross: turned, after: losses.map((loss) => 0.8 * loss) };
    const found = strategy.weigh({ ...statistics, cross: turned, bilevel }, state);
    state = found.state;
    if (strategy.afterStep) state = strategy.afterStep(statistics, statistics.losses.map((loss) => 0.9 * loss), state); // prettier-ignore
    if (statistics.step % 4 === 3 && strategy.afterEpoch) state = strategy.afterEpoch(tasks, statistics.losses, state);
    told.push(asText([found, state, strategy.shares?.(tasks, state) ?? null]));
  }
  return told;
}

for (const [name, entry] of Object.entries(strategies)) {
  test(name, () => {
    const { name: _, observe: __, ...fields } = (entry as unknown as { properties: Record<string, Schema> }).properties;
    const named = required[name] ?? {};
    const withoutAny = new Map<string, unknown[]>();
    for (const [argument, { mtl }] of Object.entries(fields)) {
      if (mtl?.fallback === undefined || argument === 'of') continue;
      const { onlyWhen } = mtl;
      const around: Fields = { ...named, ...(onlyWhen ? { [onlyWhen.key]: onlyWhen.is[0] } : {}) };
      const key = JSON.stringify(around);
      const plain = withoutAny.get(key) ?? answers(name, around);
      withoutAny.set(key, plain);
      assert.ok(plain.length === 12);
      assert.deepEqual(answers(name, { ...around, [argument]: mtl.fallback }), plain, argument);
    }
  });
}

/** Parameters of the training step (src/trainer/step), not of the arithmetic. */
const ofTheStep = new Set(
  ['over', 'per', 'heads', 'inner', 'measured', 'layer', 'stateLearningRate', 'slopes', 'innerSteps', 'of'].concat(
    ...['observe', 'prescale', 'scale', 'normalize', 'innerLearningRate', 'primary', 'name'],
  ),
);
/** Values that make a difference in these steps, where any other one need not. */
const telling: Readonly<Record<string, unknown>> = {
  ...{ 'cagrad.normEps': 10, 'cagrad.traceEps': 1e9, 'upgrad.normEps': 1e9, 'dualproj.normEps': 1e9 },
  ...{ 'mgda.epsilon': 0.2, 'mgda.maxIterations': 2, 'initial-loss.batches': 3, 'auto-lambda.innerLearningRate': 0.3 },
  ...{
    'stch.reference': [0.1, 0, 0.2, 0.3],
    'pbi.reference': [0.1, 0, 0.2, 0.3],
    'famo.minLosses': [0.1, 0, 0.2, 0.3],
  },
  ...{ 'graddrop.leak': [0.1, 0.5, 0.2, 0.9], 'cr-mogm.initial': [0.1, 0.2, 0.3, 0.4] },
};

function othersOf(key: string, { type, enum: choices, maximum, exclusiveMaximum, mtl }: Schema): readonly unknown[] {
  const usual = mtl?.fallback;
  if (key in telling) return [telling[key]];
  if (choices) return choices.filter((choice) => choice !== usual);
  if (type === 'boolean') return [usual !== true];
  assert.ok(typeof usual === 'number', key);
  if (type === 'integer') return [usual + 1];
  return [usual === 0 ? 0.5 : 1.5 * usual > (maximum ?? exclusiveMaximum ?? Infinity) ? usual / 2 : 1.5 * usual];
}

for (const [name, entry] of Object.entries(strategies)) {
  test(`every parameter of ${name} is read`, () => {
    const { properties } = entry as unknown as { properties: Record<string, Schema> };
    for (const [argument, schema] of Object.entries(properties)) {
      if (ofTheStep.has(argument) && !(`${name}.${argument}` in telling)) continue;
      const { onlyWhen } = schema.mtl ?? {};
      const around: Fields = { ...required[name], ...(onlyWhen ? { [onlyWhen.key]: onlyWhen.is[0] } : {}) };
      const plain = answers(name, around);
      for (const value of othersOf(`${name}.${argument}`, schema)) {
        assert.notDeepEqual(answers(name, { ...around, [argument]: value }), plain, `${argument} ${String(value)}`);
      }
    }
  });
}
