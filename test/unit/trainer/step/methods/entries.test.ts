// Strategies on gradient entries, between an executor that says what it is asked and a strategy that says what it is given.
import assert from 'node:assert/strict';
import { text } from '../../../../../src/common/text.ts';
import { describe, test } from 'node:test';
import { EntryMethod } from '../../../../../src/trainer/step/methods/entries.ts';
import type { GradientOptions } from '../../../../../src/trainer/step/methods/gradients.ts';
import type { MethodState } from '../../../../../src/trainer/step/methods/method.ts';
import { problemsOf } from '../../../../../src/trainer/step/methods/segments.ts';
import { uniformOf, type MethodContext } from '../../../../../src/trainer/step/methods/statistics.ts';
import type {
  Combination,
  GradientRequest,
  Segment,
  StepExecutor,
  StepInput,
  TaskGradients,
} from '../../../../../src/trainer/step/contract.ts';
import type { EntryStatistics, EntryStrategy } from '../../../../../src/weighting/contract.ts';

/** A block in two pieces, another one between them. */
const segments: readonly Segment[] = [
  { name: 'a', offset: 0, size: 2 },
  { name: 'b', offset: 2, size: 1 },
  { name: 'a', offset: 3, size: 2 },
];
const rows = [Float32Array.of(1, 2, 3, 4, 5), Float32Array.of(10, 20, 30, 40, 50)];
const context = {
  tasks: [
    { name: 'one', weight: 2 },
    { name: 'two', weight: 3 },
  ],
  ...{ reduction: 'labelled-mean', seed: 7 },
} as unknown as MethodContext;
const batch = { size: 4, inputs: [], targets: [{}, {}] } as unknown as StepInput['batches'][number];
const input: StepInput = { batches: [batch], step: 5 };
const at = { step: 5, epoch: 1, learningRate: 0.25, measured: false };

interface Asked {
  readonly requests: GradientRequest[];
  readonly combined: { readonly combination: Combination; readonly learningRate: number }[];
  disposed: number;
}

function executorOf(asked: Asked): StepExecutor {
  const gradients: TaskGradients = {
    ...{ input, segments, rows, present: [0, 1] },
    forward: {
      losses: [
        { sum: 6, weight: 3 },
        { sum: 5, weight: 10 },
      ],
      parts: [null],
    },
    // By segment and task.
    norms: [[3, 6], [4, 8], [12, 24]], // prettier-ignore
    grams: [1, 10, 100].map((by) => [[by, 2 * by], [2 * by, 4 * by]]), // prettier-ignore
    dispose: () => asked.disposed++,
  };
  return {
    taskGradients: (_: StepInput, request: GradientRequest) => {
      asked.requests.push(request);
      return gradients;
    },
    combinedStep: (_: TaskGradients, combination: Combination, learningRate: number) => {
      asked.combined.push({ combination, learningRate });
      return { penalty: 0.5, clip: 0.75 };
    },
  } as unknown as StepExecutor;
}

type Given = EntryStatistics<Float32Array>;

/** Σ of the rows, a hundred more for each step before; remembers the first row. */
function strategyOf(given: Given[], more: Partial<EntryStrategy> = {}): EntryStrategy {
  const combine = (statistics: Given, state: unknown): unknown => {
    given.push(statistics);
    const times = typeof state === 'number' ? state : 0;
    const [first = new Float32Array(), second = new Float32Array()] = statistics.rows;
    return {
      direction: first.map((value, k) => value + (second[k] ?? NaN) + 100 * times),
      // Other weights in each block: two numbers of them in a, one in b.
      weights: [first.length, 1],
      heads: [0.5, 0.25],
      state: times + 1,
      memory: { kept: { one: first } },
      problems: [text(`${String(first.length)} entries`, `${String(first.length)} 个分量`)],
    };
  };
  return { needs: 'entries', initialState: 0, combine, ...more } as unknown as EntryStrategy;
}

function methodOf(
  strategy: EntryStrategy,
  heads: GradientOptions['heads'] = 'own',
): { method: EntryMethod; asked: Asked } {
  const asked: Asked = { requests: [], combined: [], disposed: 0 };
  const request: GradientRequest = {
    ...{ statistic: 'rows', segments, updateStatistics: true },
    layout: { variables: [], size: 5 },
  };
  const options = { request, heads, problems: problemsOf(segments) };
  return { method: new EntryMethod({ context, executor: executorOf(asked), strategy }, options), asked };
}

const shared = ({ combined }: Asked, place: number) => combined[place]?.combination.shared;

describe('block by block, one block in two pieces', () => {
  test('each problem has its own entries, norms and products, and its direction lies where they lay', () => {
    const given: Given[] = [];
    const { method, asked } = methodOf(strategyOf(given, { uniform: true }));
    const found = method.run(input, at, method.initialState());
    assert.deepEqual(
      given.map((each) => each.rows.map((row) => [...row])),
      [[[1, 2, 4, 5], [10, 20, 40, 50]], [[3], [30]]], // prettier-ignore
    );
    assert.deepEqual(
      given.map(({ norms, gram }) => ({ norms, gram })),
      [
        { norms: [Math.hypot(3, 12), Math.hypot(6, 24)], gram: [[101, 202], [202, 404]] }, // prettier-ignore
        { norms: [4, 8], gram: [[10, 20], [20, 40]] }, // prettier-ignore
      ],
    );
    // One draw for every entry: those of b stand between those of a.
    const [a = [], b = []] = given.map(({ uniform }) => [...(uniform ?? [])]);
    assert.deepEqual([a[0], a[1], b[0], a[2], a[3]], [...uniformOf(context.seed, 5, 5)]);
    assert.equal(new Set([...a, ...b]).size, 5);
    for (const { losses, tasks, weights } of given)
      assert.deepEqual({ losses, tasks, weights }, { losses: [2, 0.5], tasks: ['one', 'two'], weights: [2, 3] });
    assert.deepEqual(shared(asked, 0), { kind: 'direction', direction: Float32Array.of(11, 22, 33, 44, 55) });
    assert.equal(asked.combined[0]?.learningRate, 0.25);
    assert.equal(asked.disposed, 1);
    assert.deepEqual(found.problems, [text('4 entries', '4 个分量'), text('1 entries', '1 个分量')]);
    assert.deepEqual(found.updated, { penalty: 0.5, clip: 0.75 });
    assert.deepEqual(found.measured, { present: [0, 1], norms: [13, 26], gram: [[111, 222], [222, 444]] }); // prettier-ignore
    // The mean over the problems, (4 + 1) / 2; and Σ w L of it.
    assert.deepEqual(found.weights, [2.5, 1]);
    assert.equal(found.objective, 2.5 * 2 + 1 * 0.5);
  });

  test('state and vectors are kept by problem, and come back to it', () => {
    const given: Given[] = [];
    const { method, asked } = methodOf(strategyOf(given));
    const first = method.run(input, at, method.initialState());
    assert.deepEqual(method.initialState(), { states: { a: 0, b: 0 }, learned: null, memory: {} });
    const state: MethodState = { ...first.state, states: { ...first.state.states, b: 4 } };
    const second = method.run(input, at, state);
    assert.deepEqual(given.slice(0, 2).map(({ memory }) => memory), [{}, {}]); // prettier-ignore
    assert.deepEqual(given.slice(2).map(({ memory }) => memory), [
      { kept: { one: Float32Array.of(1, 2, 4, 5) } },
      { kept: { one: Float32Array.of(3) } },
    ]); // prettier-ignore
    assert.deepEqual(shared(asked, 1), { kind: 'direction', direction: Float32Array.of(111, 122, 433, 144, 155) });
    assert.deepEqual(second.state.states, { a: 2, b: 5 });
    assert.ok(method.fits(second.state.memory));
    const [name = ''] = Object.keys(second.state.memory);
    assert.ok(!method.fits({ ...second.state.memory, [name]: { one: new Float32Array(1) } }), 'of another length');
    assert.ok(!method.fits({ 'c\nkept': { one: new Float32Array(1) } }), 'of a block that is none');
    assert.equal(method.afterEpoch(['one'], [3], second.state), second.state);
  });
});

describe('what the strategy says is done', () => {
  const headsOf = (
    strategy: EntryStrategy,
    heads: GradientOptions['heads'] = 'own',
  ): Combination['heads'] | undefined => {
    const { method, asked } = methodOf(strategy, heads);
    method.run(input, at, method.initialState());
    return asked.combined[0]?.combination.heads;
  };
  const bare = (more: object): EntryStrategy => {
    const inner = strategyOf([]) as unknown as { combine: (...all: unknown[]) => object };
    const combine = (...all: unknown[]) => ({ ...inner.combine(...all), heads: undefined, ...more });
    return { ...inner, combine } as unknown as EntryStrategy;
  };

  test('heads: the weights when asked for, else its own factors, those of its losses, or 1', () => {
    assert.deepEqual(headsOf(strategyOf([])), [0.5, 0.25]);
    assert.deepEqual(headsOf(strategyOf([]), 'weighted'), [2.5, 1]);
    const factors = (losses: readonly number[]): number[] => losses.map((loss) => 1 / loss);
    assert.deepEqual(headsOf({ ...bare({}), factors }), [0.5, 2]);
    assert.deepEqual(headsOf(bare({})), [1, 1]);
  });

  test('a direction that is no combination has no weights; the objective is that of the spec’s weights', () => {
    const { method } = methodOf(bare({ weights: null }));
    const found = method.run(input, at, method.initialState());
    assert.equal(found.weights, null);
    assert.equal(found.objective, 2 * 2 + 3 * 0.5);
  });

  test('a step that is an optimizer’s already is handed on as one', () => {
    const { method, asked } = methodOf(strategyOf([], { steps: true }));
    method.run(input, at, method.initialState());
    assert.equal(shared(asked, 0)?.kind, 'step');
  });

  test('only the rows that are read are asked for, unless all are told', () => {
    const seen: unknown[] = [];
    const renews = (tasks: readonly string[], state: unknown): number[] => {
      seen.push(tasks, state);
      return [1];
    };
    const { method, asked } = methodOf(strategyOf([], { renews }));
    method.run(input, at, method.initialState());
    method.run(input, { ...at, measured: true }, method.initialState());
    assert.deepEqual(asked.requests.map(({ rowsFor }) => rowsFor), [[1], undefined]); // prettier-ignore
    assert.deepEqual(seen, [['one', 'two'], 0]);
    const plain = methodOf(strategyOf([]));
    plain.method.run(input, at, plain.method.initialState());
    assert.equal(plain.asked.requests[0]?.rowsFor, undefined);
  });
});
