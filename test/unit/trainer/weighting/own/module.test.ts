/** Strategy modules of the user's own: what is read, what is refused, and that errors name the file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonOf, ModuleError, moduleStrategy, readModule } from '../../../../../src/trainer/weighting/own/module.ts';
import type { StepStatistics } from '../../../../../src/trainer/weighting/types.ts';

const file = 'mine.mjs';
const context = { tasks: ['a', 'b'], parameters: {} };
const statistics: StepStatistics = { step: 3, tasks: ['a', 'b'], losses: [1, 2], weights: [1, 1], norms: [3, 4] };
const strategyOf = (exported: object, parameters = {}) =>
  moduleStrategy(readModule(file, exported), { ...context, parameters });

test('exports may be named or the default, weights alone or with a state', () => {
  const named = strategyOf({ weigh: () => [0.25, 0.75] });
  assert.deepEqual(named.weigh(statistics, null), { weights: [0.25, 0.75], state: null });
  assert.equal(named.needs, 'losses');
  const byDefault = strategyOf({
    default: {
      needs: 'norms',
      initialState: (tasks: string[]) => ({ seen: Object.fromEntries(tasks.map((task) => [task, 0])) }),
      weigh: ({ norms }: { norms: number[] }, state: { seen: object }) => ({
        weights: Float64Array.from(norms),
        state: { seen: { ...state.seen, a: 1 } },
      }),
    },
  });
  assert.deepEqual(byDefault.initialState, { seen: { a: 0, b: 0 } });
  assert.deepEqual(byDefault.weigh(statistics, byDefault.initialState), {
    weights: [3, 4],
    state: { seen: { a: 1, b: 0 } },
  });
});

test('the weights are normalized where the spec asks for it', () => {
  const { weights } = strategyOf({ weigh: () => [1, 3] }, { normalize: 'sum-to-one' }).weigh(statistics, null);
  assert.deepEqual(weights, [0.25, 0.75]);
});

test('a module that changes what it is given changes only its copy', () => {
  const strategy = strategyOf({
    initialState: { count: 0 },
    weigh: (given: { losses: number[]; weights: number[] }, state: { count: number }) => {
      given.losses[0] = 99;
      given.weights.length = 0;
      state.count = 99;
      return [1, 1];
    },
  });
  const { state } = strategy.weigh(statistics, strategy.initialState);
  assert.deepEqual(state, { count: 0 });
  assert.deepEqual(statistics.losses, [1, 2]);
  assert.deepEqual(strategy.initialState, { count: 0 });
});

test('unequal weights of the spec that nobody looks at are told once', () => {
  const unequal = { ...statistics, weights: [1, 2] };
  const blind = strategyOf({ weigh: () => [1, 1] });
  assert.match(blind.weigh(unequal, null).problems?.[0] ?? '', /mine\.mjs.*statistics\.weights/);
  assert.equal(blind.weigh(unequal, null).problems, undefined);
  const seeing = strategyOf({ weigh: ({ weights }: { weights: number[] }) => weights });
  assert.equal(seeing.weigh(unequal, null).problems, undefined);
  assert.equal(strategyOf({ weigh: () => [1, 1] }).weigh(statistics, null).problems, undefined);
});

test('what is wrong is said with the file', () => {
  const refused = (exported: object, says: RegExp): void => {
    assert.throws(
      () => {
        const strategy = strategyOf(exported);
        strategy.weigh(statistics, strategy.initialState);
      },
      (error: unknown) => error instanceof ModuleError && /mine\.mjs/.test(error.message) && says.test(error.message),
    );
  };
  refused({}, /no function "weigh/);
  refused({ weigh: 3 }, /no function "weigh/);
  refused({ weigh: () => [1, 1], needs: 'entries' }, /"needs" is "entries"; it may be "losses", "norms", "gram"/);
  refused({ weigh: () => [1, 1], afterEpoch: 1 }, /afterEpoch/);
  refused({ weigh: () => [1] }, /1 weights at step 3.*2 tasks/);
  refused({ weigh: () => undefined }, /nothing at step 3/);
  refused({ weigh: () => [1, NaN] }, /weight of "b" at step 3/);
  refused({ weigh: () => [1, '1'] }, /weight of "b"/);
  refused({ weigh: () => ({ weights: [1, 1], state: { f: () => 1 } }) }, /no JSON value: \.f is function/);
  refused({ weigh: () => [1, 1], initialState: new Map() }, /it is a Map/);
  refused({ weigh: () => [1, 1], initialState: { x: [1, undefined] } }, /\.x\[1\] is undefined/);
  refused(
    {
      weigh: () => {
        throw new Error('I am tired');
      },
    },
    /weigh failed.*I am tired/,
  );
});

test('a loss that is no number may have a weight that is none', () => {
  const strategy = strategyOf({ weigh: ({ losses }: { losses: number[] }) => losses });
  const { weights } = strategy.weigh({ ...statistics, losses: [NaN, 1] }, null);
  assert.ok(Number.isNaN(weights[0]));
});

test('the state after an epoch comes from the module, too', () => {
  const strategy = strategyOf({
    weigh: () => [1, 1],
    afterEpoch: (tasks: string[], means: number[]) => Object.fromEntries(tasks.map((task, i) => [task, means[i]])),
  });
  assert.deepEqual(strategy.afterEpoch?.(['a', 'b'], [1, 2], null), { a: 1, b: 2 });
});

test('JSON values pass, others are named by their place', () => {
  const value = { a: [1, 'x', null, { b: true }] };
  assert.deepEqual(jsonOf(file, 'it', value), value);
  for (const wrong of [NaN, new Date(0), [Infinity], { a: 1n }, Symbol('s')]) {
    assert.throws(() => jsonOf(file, 'the state', wrong), /the state is no JSON value/);
  }
});

test('an error in the module is said with its line, of any number of digits; a step has its epoch, 0 where there is none', () => {
  for (const line of [7, 12, 345]) {
    const strategy = strategyOf({
      weigh: () => {
        const error = new Error('no');
        error.stack = `Error: no\n    at weigh (file:///project/mine.mjs:${String(line)}:9)\n    at other (file:///x.mjs:1:1)`;
        throw error;
      },
    });
    assert.throws(
      () => strategy.weigh(statistics, null),
      new RegExp(`mine\\.mjs.*failed \\(line ${String(line)}\\): no`, 'u'),
    );
  }
  const epochs: unknown[] = [];
  const seeing = strategyOf({ weigh: ({ epoch }: { epoch: number }) => (epochs.push(epoch), [1, 1]) });
  seeing.weigh({ ...statistics, epoch: 4 }, null);
  seeing.weigh(statistics, null);
  assert.deepEqual(epochs, [4, 0]);
});
