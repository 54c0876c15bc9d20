/** CR-MOGM: a running mean of the weights of another strategy, to which it hands on all that that one asks for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gramOf } from '../../../../src/numbers/linear.ts';
import type { StepStatistics } from '../../../../src/weighting/contract.ts';
import { made, near, stepOf } from '../worked.ts';

const tasks = ['a', 'b'];

test('cr-mogm: where its mean starts', () => {
  const of = (parameters: object) =>
    made('cr-mogm', { of: 'static', alpha: 0.75, ...parameters }).weigh(stepOf([1, 1], { weights: [1, 3] }), null)
      .weights;
  near(of({}), [0.75 * 0.5 + 0.25, 0.75 * 0.5 + 0.75]);
  near(of({ start: 'weights' }), [0.75 * 0.25 + 0.25, 0.75 * 0.75 + 0.75]);
  near(of({ start: 'first' }), [1, 3]);
  near(of({ initial: [2, 4] }), [1.75, 3.75]);
  near(made('cr-mogm', { of: { name: 'static', normalize: 'sum-to-one' }, start: 'first' }).weigh(stepOf([1, 1]), null).weights, [0.5, 0.5]); // prettier-ignore
  assert.throws(() => made('cr-mogm', { of: 'moco' }), /cannot smooth/);
  for (const wrong of [undefined, 'cr-mogm', {}]) assert.throws(() => made('cr-mogm', { of: wrong }), RangeError);
});

test('cr-mogm: λ ← α λ + (1 − α) λ̂ over steps; a task that is absent keeps its own', () => {
  const strategy = made('cr-mogm', { of: 'static', alpha: 0.75 });
  const first = strategy.weigh(stepOf([1, 1], { weights: [1, 3] }), strategy.initialState);
  assert.deepEqual(first.state, { inner: null, lambda: { a: 0.625, b: 1.125 } });
  const alone = strategy.weigh({ ...stepOf([1]), tasks: ['b'], weights: [5] }, first.state);
  near(alone.weights, [0.75 * 1.125 + 1.25]);
  const both = strategy.weigh(stepOf([1, 1], { weights: [2, 2] }), alone.state);
  near(both.weights, [0.75 * 0.625 + 0.5, 0.75 * 2.09375 + 0.5]);
});

describe('cr-mogm hands on to the strategy inside', () => {
  test('what is learned, and what follows a step or an epoch, in a state of its own', () => {
    const inner = made('cr-mogm', { of: { name: 'uncertainty', stateLearningRate: 0.5 } });
    assert.deepEqual([inner.needs, inner.readsLosses, inner.learned?.learningRate], ['losses', false, 0.5]);
    assert.equal('readsLosses' in made('cr-mogm', { of: 'famo' }), false);
    const replaced = inner.learned?.replace(inner.initialState, ['a'], [5]) ?? null;
    assert.deepEqual(inner.learned?.values(replaced, tasks), [5, 0]);
    const found = inner.weigh(stepOf([2, 3]), replaced);
    assert.deepEqual(found.gradient, made('uncertainty').weigh(stepOf([2, 3]), { s: { a: 5 } }).gradient);
    const dwa = made('cr-mogm', { of: 'dwa' });
    const after = dwa.afterEpoch?.(tasks, [1, 2], dwa.initialState);
    assert.deepEqual(after, { inner: made('dwa').afterEpoch?.(tasks, [1, 2], null) });
    const famo = made('cr-mogm', { of: 'famo' });
    const stepped = famo.afterStep?.(stepOf([3, 5]), [2, 5], famo.initialState);
    assert.deepEqual(stepped, { inner: made('famo').afterStep?.(stepOf([3, 5]), [2, 5], null) });
    assert.deepEqual([dwa.learned, dwa.afterStep, famo.afterEpoch], [undefined, undefined, undefined]);
  });

  test('how a bilevel strategy looks ahead, and with what shares of the inner losses', () => {
    const logits = { a: 0, b: Math.log(3) };
    for (const [of, lookahead] of [
      [
        { name: 'moml', innerLearningRate: 0.3 },
        { learningRate: 0.3, steps: 1, differences: false },
      ],
      [{ name: 'auto-lambda', slopes: 'finite-differences', innerLearningRate: 0.2 }, { learningRate: 0.2, steps: 1, differences: true }], // prettier-ignore
      [
        { name: 'forum', innerSteps: 7, innerLearningRate: 0.4 },
        { learningRate: 0.4, steps: 7, differences: false },
      ],
    ] as const) {
      const wrapper = made('cr-mogm', { of });
      assert.deepEqual(wrapper.lookahead, lookahead, of.name);
      assert.equal(wrapper.needs, made(of.name).needs);
      near(wrapper.shares?.(tasks, { inner: { logits }, lambda: { a: 9, b: 9 } }), [0.25, 0.75]);
      near(wrapper.shares?.(tasks, wrapper.initialState), [0.5, 0.5]);
    }
    for (const of of ['static', 'mgda', 'modo']) {
      const wrapper = made('cr-mogm', { of });
      assert.deepEqual(['lookahead' in wrapper, 'shares' in wrapper], [false, false], of);
    }
  });

  test('the steps of a bilevel strategy: its own state moves on, the weights are smoothed, the rest is as it says', () => {
    const rows = [[2, 0.5], [1, -3]]; // prettier-ignore
    // Both outer losses ask for more of the first task: of slopes that oppose each other moml's shortest vector is 0.
    const cross = [[2, 1], [3, -1]]; // prettier-ignore
    const bilevel = { outer: gramOf(rows), inner: gramOf(rows), cross, after: [0.5, 1.8] };
    const step = (number: number): StepStatistics =>
      stepOf([1, 2 + number], { ...{ step: number, epoch: number, weights: [1, 2], cross, bilevel } });
    for (const name of ['moml', 'auto-lambda', 'forum']) {
      const parameters = { outerLearningRate: 0.5, ...(name === 'forum' && { phi: 3 }) };
      const wrapper = made('cr-mogm', { of: { name, ...parameters }, alpha: 0.6, start: 'first' });
      const inner = made(name, parameters);
      let [state, own] = [wrapper.initialState, inner.initialState];
      let lambda: readonly number[] | null = null;
      for (let number = 0; number < 3; number++) {
        const [found, plain] = [wrapper.weigh(step(number), state), inner.weigh(step(number), own)];
        const before: readonly number[] = lambda ?? plain.weights;
        lambda = plain.weights.map((weight, i) => 0.6 * (before[i] ?? NaN) + 0.4 * weight);
        near(found.weights, lambda);
        assert.deepEqual([found.inner, found.gradient, found.problems], [plain.inner, plain.gradient, plain.problems]);
        ({ state } = found);
        own = plain.state;
        assert.deepEqual(wrapper.shares?.(tasks, state), inner.shares?.(tasks, own));
      }
      assert.notDeepEqual(inner.shares?.(tasks, own), [0.5, 0.5], `the shares of ${name} moved`);
    }
  });

  test('facts of the tasks, and how well they do on a batch', () => {
    const facts = {
      a: { samples: 4, constantLoss: 2, linearLoss: 1 },
      b: { samples: 12, constantLoss: 3, linearLoss: 3 },
    };
    for (const name of ['data-size', 'complexity', 'initial-loss']) {
      const wrapper = made('cr-mogm', { of: name, start: 'first' }, { facts });
      near(wrapper.weigh(stepOf([1, 1]), null).weights, made(name, {}, { facts }).weigh(stepOf([1, 1]), null).weights);
      assert.throws(() => made('cr-mogm', { of: name }), /of the task "a"/);
    }
    const of = { name: 'performance', alpha: 0.25, gamma: 2 };
    const wrapper = made('cr-mogm', { of, alpha: 0.5 });
    const inner = made('performance', { alpha: 0.25, gamma: 2 });
    const step = (performance: number[]) => stepOf([2, 5], { performance });
    const [first, plain] = [wrapper.weigh(step([0.3, 0.6]), wrapper.initialState), inner.weigh(step([0.3, 0.6]), null)];
    near(first.weights, plain.weights.map((weight) => 0.25 + 0.5 * weight)); // prettier-ignore
    const [second, next] = [wrapper.weigh(step([0.9, 0.2]), first.state), inner.weigh(step([0.9, 0.2]), plain.state)];
    near(second.weights, next.weights.map((weight, i) => 0.5 * (first.weights[i] ?? NaN) + 0.5 * weight)); // prettier-ignore
    assert.throws(() => wrapper.weigh(stepOf([2, 5]), null), /a measure of performance/);
  });

  test('which norms are taken', () => {
    const of = { name: 'gradnorm', measured: 'layer', layer: 'trunk' };
    assert.deepEqual(made('cr-mogm', { of }).normsOf, { block: 'trunk' });
    assert.equal('normsOf' in made('cr-mogm', { of: { name: 'gradnorm', measured: 'shared' } }), false);
  });
});

test('cr-mogm: what the strategy inside remembers of earlier epochs and learned values is not lost by the next', () => {
  const wrapper = made('cr-mogm', { of: 'dwa', alpha: 0 });
  const plain = made('dwa');
  let [state, own] = [wrapper.initialState, plain.initialState];
  for (const means of [
    [4, 4],
    [2, 3],
  ]) {
    state = wrapper.afterEpoch?.(tasks, means, state) ?? null;
    own = plain.afterEpoch?.(tasks, means, own) ?? null;
  }
  const { weights } = wrapper.weigh(stepOf([1, 1], { epoch: 2 }), state);
  // T softmax of the ratios 2/4 and 3/4 over the temperature 2.
  const [a, b] = [Math.exp(0.25), Math.exp(0.375)];
  near(weights, [(2 * a) / (a + b), (2 * b) / (a + b)]);
  near(weights, plain.weigh(stepOf([1, 1], { epoch: 2 }), own).weights);
  const learning = made('cr-mogm', { of: 'uncertainty' });
  const first = learning.learned?.replace(learning.initialState, ['a'], [5]) ?? null;
  const both = learning.learned?.replace(first, ['b'], [7]) ?? null;
  assert.deepEqual(learning.learned?.values(both, tasks), [5, 7]);
});
