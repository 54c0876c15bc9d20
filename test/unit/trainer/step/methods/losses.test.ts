/** Strategies that read losses, on an executor that writes down what it is asked. */
import assert from 'node:assert/strict';
import { text } from '../../../../../src/common/text.ts';
import { test } from 'node:test';
import { learnedStep, LossMethod, sumOf, weightsByTask } from '../../../../../src/trainer/step/methods/losses.ts';
import type { LearnedStep } from '../../../../../src/trainer/step/methods/learned.ts';
import type { MethodState } from '../../../../../src/trainer/step/methods/method.ts';
import type { StepPlace, MethodContext } from '../../../../../src/trainer/step/methods/statistics.ts';
import type { Batch, Forward, StepExecutor, TargetTensors, Weigh } from '../../../../../src/trainer/step/contract.ts';
import type { Json, StepStatistics, Strategy } from '../../../../../src/weighting/contract.ts';

const context = {
  tasks: ['a', 'b', 'c'].map((name, place) => ({ name, weight: place + 1 })),
  reduction: 'labelled-mean',
  seed: 7,
} as unknown as MethodContext;
const at: StepPlace = { step: 3, epoch: 2, learningRate: 0.25, measured: false };
const forward: Forward = { losses: [{ sum: 6, weight: 2 }, null, { sum: 8, weight: 2 }], parts: [] };
const later: Forward = { losses: [{ sum: 2, weight: 2 }, null, { sum: 4, weight: 2 }], parts: [] };
const target = {} as TargetTensors;
const batch = { size: 4, inputs: [], targets: [target, null, target] } as Batch;
const input = { batches: [batch], step: 3 };

function executing() {
  const seen: { weigh?: Weigh; rate?: number; weights: unknown[] } = { weights: [] };
  const executor = {
    weightedStep: (_input: unknown, weigh: Weigh, rate: number) => {
      Object.assign(seen, { weigh, rate });
      seen.weights.push([...weigh.weights(weigh.beforehand ? null : forward, [0, 2])]);
      return { forward, penalty: 0.5, clip: 0.75 };
    },
    forward: () => later,
  } as unknown as StepExecutor;
  return { executor, seen };
}

/** Weighs by losses and counts its steps. */
function strategy(change: Partial<Strategy> = {}, told: StepStatistics[] = []): Strategy {
  return {
    needs: 'losses',
    initialState: 0,
    weigh: (statistics, state) => {
      told.push(statistics);
      return { weights: statistics.losses.map((loss) => 10 * loss), state: Number(state) + 1 };
    },
    ...change,
  };
}

const unasked: LearnedStep = () => assert.fail('nothing is learned');

test('the strategy’s weights multiply the losses, by task; it is asked once', () => {
  const { executor, seen } = executing();
  const told: StepStatistics[] = [];
  const method = new LossMethod({ context, executor, strategy: strategy({}, told) }, unasked);
  const before = method.initialState();
  assert.deepEqual(before, { states: { '': 0 }, learned: null, memory: {} });
  assert.deepEqual([method.batches, method.paysForGradients], [1, false]);
  const result = method.run(input, at, before);
  assert.deepEqual(seen.weights, [[30, null, 40]]);
  assert.deepEqual([seen.rate, seen.weigh?.beforehand], [0.25, false]);
  assert.equal(told.length, 1);
  assert.deepEqual(
    [told[0]?.tasks, told[0]?.losses, told[0]?.weights],
    [
      ['a', 'c'],
      [3, 4],
      [1, 3],
    ],
  );
  assert.deepEqual(result.weights, [30, null, 40]);
  assert.equal(result.objective, 30 * 3 + 40 * 4);
  assert.deepEqual(result.state, { states: { '': 1 }, learned: null, memory: {} });
  assert.deepEqual(result.updated, { penalty: 0.5, clip: 0.75 });
  assert.equal(result.forward, forward);
  assert.deepEqual(result.problems, []);
});

test('what the strategy calls its value is the objective, and what it has to say is passed on', () => {
  const { executor } = executing();
  const weigh = () => ({ weights: [1, 2], state: 5, value: 42, problems: [text('no solution', '无解')] });
  const result = new LossMethod({ context, executor, strategy: strategy({ weigh }) }, unasked).run(input, at, { states: { '': 4 }, learned: 1, memory: {} }); // prettier-ignore
  assert.equal(result.objective, 42);
  assert.deepEqual(result.problems, [text('no solution', '无解')]);
  assert.deepEqual(result.state, { states: { '': 5 }, learned: 1, memory: {} });
});

test('weights that do not depend on losses are asked for beforehand, and the strategy told of the step once', () => {
  const { executor, seen } = executing();
  const told: StepStatistics[] = [];
  const fixed = strategy({ readsLosses: false }, told);
  const result = new LossMethod({ context, executor, strategy: fixed }, unasked).run(input, at, { states: { '': 0 }, learned: null, memory: {} }); // prettier-ignore
  assert.equal(seen.weigh?.beforehand, true);
  // Nobody knows the losses then; afterwards they are those of the step.
  assert.deepEqual(told.map(({ losses }) => losses), [[1, 1], [3, 4]]); // prettier-ignore
  assert.deepEqual(result.state.states, { '': 1 });
});

test('a step without labels changes nothing', () => {
  const empty = { size: 4, inputs: [], targets: [null, null, null] } as Batch;
  const executor = { weightedStep: () => ({ forward, penalty: 0, clip: 1 }) } as unknown as StepExecutor;
  const state: MethodState = { states: { '': 3 }, learned: null, memory: {} };
  const method = new LossMethod(
    { context, executor, strategy: strategy({ weigh: () => assert.fail('weighed') }) },
    unasked,
  );
  const result = method.run({ batches: [empty], step: 0 }, at, state);
  assert.equal(result.state, state);
  assert.deepEqual([result.weights, result.objective, result.problems], [null, 0, []]);
  assert.deepEqual(result.updated, { penalty: 0, clip: 1 });
});

test('after the step a strategy that asks for it sees the new losses beside the old ones', () => {
  const { executor } = executing();
  const afterStep = (statistics: StepStatistics, after: readonly number[], state: Json): Json => [
    statistics.losses,
    after,
    state,
  ];
  const result = new LossMethod({ context, executor, strategy: strategy({ afterStep }) }, unasked).run(input, at, { states: { '': 0 }, learned: null, memory: {} }); // prettier-ignore
  assert.deepEqual(result.state.states, { '': [[3, 4], [1, 2], 1] });
});

const learned: NonNullable<Strategy['learned']> = {
  values: (state, tasks) => tasks.map((task) => (state as Record<string, number>)[task] ?? NaN),
  replace: (state, tasks, values) => ({
    ...(state as Record<string, number>),
    ...Object.fromEntries(tasks.map((task, place) => [task, values[place] ?? NaN])),
  }),
};

test('learned numbers step along their gradient, in every segment alike', () => {
  const asked: unknown[] = [];
  const learn: LearnedStep = (...given) => {
    asked.push(given);
    return { values: [7, 8], memory: 'new' };
  };
  const state: MethodState = { states: { x: { a: 1, b: 2, c: 3 }, y: { b: 9 } }, learned: 'old', memory: {} };
  const weighing = { weights: [1, 1], state: null, gradient: [0.5, 0.25] };
  const stepped = learnedStep(strategy({ learned }), learn, ['a', 'c'], weighing, state, at);
  assert.deepEqual(asked, [[['a', 'c'], [1, 3], [0.5, 0.25], 'old', 0.25]]);
  assert.deepEqual(stepped, {
    states: { x: { a: 7, b: 2, c: 8 }, y: { b: 9, a: 7, c: 8 } },
    learned: 'new',
    memory: {},
  });
  assert.equal(learnedStep(strategy(), learn, ['a'], weighing, state, at), state);
  assert.equal(learnedStep(strategy({ learned }), learn, ['a'], { weights: [1], state: null }, state, at), state);
  assert.equal(asked.length, 1);
});

test('the method steps them, too', () => {
  const { executor } = executing();
  const learn: LearnedStep = (_tasks, values, gradient, _memory, rate) => ({
    values: values.map((value, place) => value - rate * (gradient[place] ?? NaN)),
    memory: 'stepped',
  });
  const weigh = () => ({ weights: [1, 1], state: { a: 1, c: 2 }, gradient: [4, 8] });
  const result = new LossMethod({ context, executor, strategy: strategy({ weigh, learned }) }, learn).run(input, at, { states: { '': {} }, learned: null, memory: {} }); // prettier-ignore
  assert.deepEqual([result.state.states, result.state.learned], [{ '': { a: 0, c: 0 } }, 'stepped']);
});

test('after an epoch every segment hears of the means; without a wish to, it stays', () => {
  const state: MethodState = { states: { x: 1, y: 2 }, learned: 3, memory: {} };
  const heard = (change: Partial<Strategy>, tasks: readonly string[], means: readonly number[]) =>
    new LossMethod({ context, executor: {} as StepExecutor, strategy: strategy(change) }, unasked).afterEpoch(
      tasks,
      means,
      state,
    );
  const told = heard({ afterEpoch: (tasks, means, state) => [...tasks, ...means, state] }, ['a', 'b'], [0.5, 0.25]);
  assert.deepEqual(told, {
    states: { x: ['a', 'b', 0.5, 0.25, 1], y: ['a', 'b', 0.5, 0.25, 2] },
    learned: 3,
    memory: {},
  });
  assert.deepEqual(heard({}, ['a'], [1]), state);
});

test('weights by task, and the sum of weighted losses', () => {
  assert.deepEqual(weightsByTask(context, [0, 2], [5, 6]), [5, null, 6]);
  assert.throws(() => weightsByTask(context, [0, 2], [5]), RangeError);
  assert.throws(() => weightsByTask(context, [0, 2], [5, 6, 7]), RangeError, 'nor one too many');
  assert.throws(() => weightsByTask(context, [0, 3], [5, 6]), RangeError);
  assert.equal(sumOf([2, 3], [5, 7]), 31);
  assert.equal(sumOf([], []), 0);
  assert.throws(() => sumOf([2], [5, 7]), RangeError, 'a weight that is missing is not 0');
});
