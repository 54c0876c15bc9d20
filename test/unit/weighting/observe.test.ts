/** Observed strategies choose what they would choose on their own, and change nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observable } from '../../../src/spec/index.ts';
import { createObserver, type Learn } from '../../../src/weighting/observe.ts';
import { gramOf } from '../../../src/numbers/linear.ts';
import { createStrategy } from '../../golden/runner/strategies.ts';
import type { Json, StepStatistics } from '../../../src/weighting/contract.ts';
import { said } from './said.ts';

const facts = {
  a: { samples: 3, constantLoss: 1, linearLoss: 0.5 },
  b: { samples: 4, constantLoss: 2, linearLoss: 1 },
};
const context = { tasks: ['a', 'b'], facts };
/** Plain gradient descent. */
const learn: Learn = (_, values, gradient, memory, rate) => ({
  values: values.map((value, index) => value - rate * (gradient[index] ?? 0)),
  memory,
});

const step = (number: number): StepStatistics => {
  const rows = [[1, 2 + number], [-3, 0.5]]; // prettier-ignore
  const gram = gramOf(rows);
  return {
    ...{ step: number, epoch: 0, tasks: ['a', 'b'], losses: [1 / (number + 1), 2], weights: [1, 1] },
    ...{
      gram,
      norms: gram.map((row, i) => Math.sqrt(row[i] ?? 0)),
      draws: { normal: [0.3, -0.2], orders: [[1], [0]] },
    },
  };
};

test('no names, no observer', () => {
  assert.equal(createObserver([], context), null);
});

test('the weights are those of the strategies themselves, step by step', () => {
  // The wrapper and krum need three tasks; these two have enough.
  const names = observable.filter((name) => name !== 'krum');
  const observer = createObserver(names, context);
  assert.ok(observer);
  const alone = new Map(names.map((name) => [name, createStrategy(name, { ...context, parameters: {} })]));
  let states = observer.initialStates;
  const own = new Map<string, Json>([...alone].map(([name, { initialState }]) => [name, initialState]));
  for (let number = 0; number < 4; number++) {
    const statistics = step(number);
    // Through text, as a checkpoint would.
    const observed = observer.observe(statistics, JSON.parse(JSON.stringify(states)) as Json, learn, 0.1);
    states = observed.states;
    for (const [name, strategy] of alone) {
      const found = strategy.weigh(statistics, own.get(name) ?? null);
      assert.deepEqual(observed.weights.get(name), found.weights, `${name} at step ${number}`);
      let next = found.state;
      if (strategy.learned && found.gradient) {
        const values = strategy.learned.values(next, statistics.tasks);
        const { values: moved } = learn(statistics.tasks, values, found.gradient, null, 0.1);
        next = strategy.learned.replace(next, statistics.tasks, moved);
      }
      own.set(name, next);
    }
  }
  states = observer.afterEpoch(['a', 'b'], [1, 2], states);
  states = observer.afterEpoch(['a', 'b'], [0.5, 2], states);
  const dwa = observer.observe(step(4), states, learn, 0.1).weights.get('dwa') ?? [];
  // r = .5 and 1, τ = 2
  const shares = [Math.exp(0.25), Math.exp(0.5)];
  const total = (shares[0] ?? 0) + (shares[1] ?? 0);
  dwa.forEach((weight, index) => assert.ok(Math.abs(weight - (2 * (shares[index] ?? 0)) / total) < 1e-12));
});

test('without gradients only those that read losses are asked; what a stranger’s checkpoint lacks starts anew', () => {
  const observer = createObserver(['mgda', 'uncertainty', 'gradnorm', 'mgda'], context);
  assert.ok(observer);
  assert.deepEqual(observer.names, ['mgda', 'uncertainty', 'gradnorm']);
  const { norms: _n, gram: _g, ...plain } = step(0);
  const found = observer.observe(plain, { uncertainty: 3 }, learn, 0.1);
  assert.deepEqual([...found.weights.keys()], ['uncertainty']);
  assert.deepEqual(found.weights.get('uncertainty'), [0.5, 0.5]);
});

test('learned numbers step with what they remember, task by task; one that is absent keeps both', () => {
  const observer = createObserver(['uncertainty'], context);
  assert.ok(observer);
  const asked: unknown[] = [];
  // Momentum .5, as heavy balls have it, and the number of its steps.
  const heavy: Learn = (tasks, values, gradient, memory, rate) => {
    asked.push({ tasks, memory, rate });
    const before = (memory ?? {}) as Readonly<Record<string, number>>;
    const speed = tasks.map((task, i) => 0.5 * (before[task] ?? 0) + (gradient[i] ?? NaN));
    return {
      values: values.map((value, i) => value - rate * (speed[i] ?? NaN)),
      memory: { ...before, ...Object.fromEntries(tasks.map((task, i) => [task, speed[i] ?? NaN])) },
    };
  };
  const only = (number: number, tasks: string[], losses: number[]): StepStatistics => {
    const { norms: _n, gram: _g, ...plain } = step(number);
    return { ...plain, tasks, losses, weights: tasks.map(() => 1) };
  };
  // ½ e⁻ˢ L + ½ s: weights ½ e⁻ˢ, gradient ½ − ½ e⁻ˢ L.
  const slope = (s: number, loss: number): number => 0.5 - 0.5 * Math.exp(-s) * loss;
  const first = observer.observe(only(0, ['a', 'b'], [3, 0.5]), observer.initialStates, heavy, 0.1);
  const [da, db] = [slope(0, 3), slope(0, 0.5)];
  const second = observer.observe(only(1, ['b'], [0.5]), first.states, heavy, 0.2);
  const [sa, sb] = [-0.1 * da, -0.1 * db];
  const eb = 0.5 * db + slope(sb, 0.5);
  const third = observer.observe(only(2, ['a', 'b'], [1, 1]), second.states, heavy, 0.1).weights.get('uncertainty');
  const expected = [0.5 * Math.exp(-sa), 0.5 * Math.exp(-(sb - 0.2 * eb))];
  third?.forEach((weight, i) => assert.ok(Math.abs(weight - (expected[i] ?? NaN)) < 1e-12, String(weight)));
  assert.equal(third?.length, 2);
  assert.deepEqual(asked.slice(0, 2), [
    { tasks: ['a', 'b'], memory: null, rate: 0.1 },
    { tasks: ['b'], memory: { a: da, b: db }, rate: 0.2 },
  ]);
});

test('what an observed solver has to say is told as an observation', () => {
  const observer = createObserver(['imtl-g', 'sum'], context);
  assert.ok(observer);
  // Opposite gradients of one length cancel.
  const gram = [[1, -1], [-1, 1]]; // prettier-ignore
  const found = observer.observe({ ...step(0), gram, norms: [1, 1] }, observer.initialStates, learn, 0.1);
  assert.equal(found.problems.length, 1);
  assert.match(said(found).join(), /^observed: imtl-g: .*cancel/u);
  const both = createObserver(['nash-mtl', 'imtl-g'], context);
  const words = both?.observe({ ...step(0), gram, norms: [1, 1] }, both.initialStates, learn, 0.1);
  const names = said(words ?? {}).map((problem) => problem.split(': ', 2)[1]);
  assert.deepEqual(names, ['nash-mtl', 'imtl-g'], 'in the order in which they are observed');
});

test('an observer takes a checkpoint’s state only where it is one of its own', () => {
  const observer = createObserver(['dwa', 'sum'], { tasks: ['a', 'b'], facts: {} });
  assert.ok(observer, 'observer');
  const fresh = { dwa: { own: null, learned: null }, sum: { own: null, learned: null } };
  assert.deepEqual(observer.initialStates, fresh);
  const never = (): never => assert.fail('nothing is learned here');
  const after = (states: Json): Json => observer.observe({ ...step(0), losses: [1, 2] }, states, never, 0.1).states;
  for (const wrong of [null, 3, [], { dwa: null }, { dwa: [1] }, { dwa: { learned: 1 } }, { dwa: 'own' }] as Json[]) {
    assert.deepEqual(after(wrong), fresh);
  }
  const own = { newer: { a: 1 } };
  assert.deepEqual(after({ dwa: { own }, other: 1 }), { ...fresh, dwa: { own, learned: null } });
  const aged = observer.afterEpoch(['a'], [3], { dwa: { own, learned: 7 } });
  assert.deepEqual(aged, { ...fresh, dwa: { own: { newer: { a: 3 }, older: { a: 1 } }, learned: 7 } });
});
