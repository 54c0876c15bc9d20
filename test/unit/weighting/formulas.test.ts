// Strategies by their formulas, worked out here: courses of several steps, tasks that come late, and the edges.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { unitSlopes } from '../../../src/weighting/batches/moml.ts';
import { balanced } from '../../../src/weighting/parts/by-facts.ts';
import { krumScores, scoreOf } from '../../../src/weighting/gram/krum.ts';
import { renewed } from '../../../src/weighting/parts/m-config.ts';
import { createObserver } from '../../../src/weighting/observe.ts';
import { at, gramOf, sum } from '../../../src/numbers/linear.ts';
import { createEntryStrategy, createStrategy } from '../../golden/runner/strategies.ts';
import type { Json, StepStatistics, Strategy, Weighting } from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';

const tasks = ['a', 'b'];
const stepOf = (losses: readonly number[], more: Partial<StepStatistics> = {}): StepStatistics => ({
  ...{ step: 0, epoch: 0, tasks: tasks.slice(0, losses.length), losses, weights: losses.map(() => 1) },
  ...more,
});
const made = (name: string, parameters: object = {}, facts = {}): Strategy =>
  createStrategy(name, { parameters: { ...parameters }, tasks, facts });
const near = (found: readonly number[] | undefined, expected: readonly number[], by = 1e-12): void => {
  assert.equal(found?.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(at(found, i) - value) <= by * Math.max(1, Math.abs(value)), `${found.join()} for ${expected.join()}`)); // prettier-ignore
};
const softmax = (z: readonly number[]): number[] => {
  const total = sum(z.map(Math.exp));
  return z.map((value) => Math.exp(value) / total);
};

test('dwa: a mean loss of 0 counts as unchanged; a task that came late waits for its second epoch', () => {
  const strategy = made('dwa', { temperature: 0.5 });
  let state: Json = null;
  const epoch = (names: string[], means: number[]): void => {
    state = strategy.afterEpoch?.(names, means, state) ?? null;
  };
  const weights = (): readonly number[] => strategy.weigh(stepOf([1, 1]), state).weights;
  epoch(['a'], [2]);
  epoch(tasks, [0, 4]);
  assert.deepEqual(weights(), [1, 1]);
  epoch(tasks, [3, 1]);
  // Rates 3/0, taken as 1, and 1/4; divided by τ.
  near(weights(), softmax([2, 0.5]).map((share) => 2 * share)); // prettier-ignore
  epoch(['b'], [2]);
  near(weights(), softmax([2, 4]).map((share) => 2 * share)); // prettier-ignore
});

test('stch with a measured nadir: Σ ln L to the end of the warm-up epoch, whose mean losses become the nadir', () => {
  const strategy = made('stch', { form: 'log-nadir', mu: 0.5, warmup: 1 });
  let state = strategy.initialState;
  const step = (epoch: number, losses: readonly number[]): Weighting => {
    const found = strategy.weigh(stepOf(losses, { epoch }), state);
    ({ state } = found);
    return found;
  };
  const logs = step(0, [2, 5]);
  near(logs.weights, [0.5, 0.2]);
  near([logs.value ?? NaN], [Math.log(10)]);
  for (const losses of [[2, 4], [4, 6], [3, 8]]) near(step(1, losses).weights, losses.map((loss) => 1 / loss)); // prettier-ignore
  const [nadir, losses] = [[3, 6], [1.5, 12]]; // prettier-ignore
  const ratios = losses.map((loss, i) => loss / at(nadir, i));
  const { weights, value } = step(2, losses);
  // T μ ln Σ exp(ln(L/n)/μ), and its derivative.
  near([value ?? NaN], [2 * 0.5 * Math.log(sum(ratios.map((ratio) => ratio ** 2)))]);
  const shares = softmax(ratios.map((ratio) => Math.log(ratio) / 0.5));
  near(weights, shares.map((share, i) => (2 * share) / at(losses, i))); // prettier-ignore
  // Without an epoch it is the first one; a task without a measured nadir keeps Σ ln L.
  const { epoch: _, ...without } = stepOf([2, 5]);
  near(strategy.weigh(without, state).weights, [0.5, 0.2]);
  const halfway = { sums: { a: 3 }, counts: { a: 1 } };
  near(strategy.weigh(stepOf([2, 5], { epoch: 3 }), halfway).weights, [0.5, 0.2]);
});

test('stch, plain: r softmax(r (L − z)/μ), its value and its reference point', () => {
  const strategy = made('stch', { mu: 2, reference: [0.5, 1] });
  const { weights, value } = strategy.weigh(stepOf([2, 5], { weights: [1, 3] }), null);
  const y = [0.25 * 1.5, 0.75 * 4];
  near([value ?? NaN], [2 * Math.log(Math.exp(at(y, 0) / 2) + Math.exp(at(y, 1) / 2))]);
  const shares = softmax(y.map((each) => each / 2));
  near(weights, [0.25 * at(shares, 0), 0.75 * at(shares, 1)]);
});

test('cosmos and pbi: values and their derivatives', () => {
  const [losses, r] = [[2, 5], [0.25, 0.75]]; // prettier-ignore
  const weights = [1, 3];
  const differentiated = (name: string, parameters: object, value: (l: readonly number[]) => number): void => {
    const found = made(name, parameters).weigh(stepOf(losses, { weights }), null);
    near([found.value ?? NaN], [value(losses)], 1e-9);
    const h = 1e-6;
    near(found.weights, losses.map((_, i) => (value(losses.map((l, j) => l + (i === j ? h : 0))) - value(losses.map((l, j) => l - (i === j ? h : 0)))) / (2 * h)), 1e-7); // prettier-ignore
  };
  const inner = (a: readonly number[], b: readonly number[]): number => sum(a.map((value, i) => value * at(b, i)));
  differentiated(
    'cosmos',
    { lambda: 3 },
    (l) => inner(r, l) - (3 * inner(r, l)) / Math.sqrt(inner(r, r) * inner(l, l)),
  );
  const u = r.map((value) => value / Math.hypot(...r));
  differentiated('pbi', { theta: 2, reference: [0.5, 1] }, (l) => {
    const f = [at(l, 0) - 0.5, at(l, 1) - 1];
    return inner(f, u) + 2 * Math.hypot(...f.map((value, i) => value - inner(f, u) * at(u, i)));
  });
  // Losses of 0 have no angle: nothing is divided by 0.
  const none = made('cosmos').weigh(stepOf([0, 0]), null);
  assert.ok(none.weights.every(Number.isFinite), none.weights.join());
  assert.equal(none.value, 0);
});

test('famo: weights, value, and the step of its logits after the optimizer’s', () => {
  const strategy = made('famo', { learningRate: 0.1, weightDecay: 0, minLosses: [1, 0] });
  const statistics = stepOf([3, 5], { weights: [1, 3] });
  // softmax(ln(T r)) = r; D = L − m.
  const c = 0.25 / 2 + 0.75 / 5;
  const { weights, value, state } = strategy.weigh(statistics, null);
  near(weights, [0.125 / c, 0.15 / c], 1e-7);
  near([value ?? NaN], [(0.25 / c) * Math.log(2) + (0.75 / c) * Math.log(5)], 1e-7);
  assert.equal(state, null);
  // δ = ln D − ln D', larger for the first, whose logit falls: Adam's first step has the size of the rate.
  const next = strategy.afterStep?.(statistics, [1.5, 4.5], null) as { logits: Record<string, number> };
  near([next.logits['a'] ?? NaN, next.logits['b'] ?? NaN], [Math.log(0.5) - 0.1, Math.log(1.5) + 0.1], 1e-6);
  // A loss at its stated minimum counts as just above it.
  const low = strategy.weigh(stepOf([1, 5]), null).weights;
  assert.ok(low.every(Number.isFinite) && at(low, 0) > 0.999, low.join());
  assert.ok(strategy.weigh(stepOf([0.5, 5]), null).weights.every(Number.isFinite), 'below it');
});

describe('weights by facts', () => {
  const facts = {
    a: { samples: 4, constantLoss: 2, linearLoss: 0.5 },
    b: { samples: 9, constantLoss: 5, linearLoss: 9 },
  };

  test('complexity, size and initial loss, turned round where asked, times the spec’s weights', () => {
    const of = (name: string, parameters: object = {}) =>
      made(name, parameters, facts).weigh(stepOf([7, 11], { weights: [1, 2] }), null);
    const shared = (one: number, other: number): number[] => [(2 * one) / (one + other), (4 * other) / (one + other)];
    // d = .5/2, and 9/5 clipped to 1; divided by L⁰.
    near(of('complexity').weights, shared(0.125, 0.2));
    near(of('complexity', { inverse: true }).weights, shared(8, 5));
    near(of('data-size').weights, shared(4, 9));
    near(of('data-size', { power: 0.5 }).weights, shared(2, 3));
    near(of('initial-loss').weights, shared(0.5, 0.2));
    const [one, other] = shared(4, 9);
    near([of('data-size').value ?? NaN], [(one ?? NaN) * 7 + (other ?? NaN) * 11]);
    near(balanced([1, 3], false), [0.5, 1.5]);
    near(balanced([1, 3], true), [1.5, 0.5]);
    // An almost perfect linear model counts as one twentieth.
    const easy = { ...facts, a: { ...facts.a, linearLoss: 1e-9 } };
    near(made('complexity', {}, easy).weigh(stepOf([7, 11]), null).weights, [0.025, 0.2].map((share) => (2 * share) / 0.225)); // prettier-ignore
  });

  test('a fact that is missing, 0 or no number is said with its task', () => {
    for (const samples of [undefined, 0, -1, NaN, Infinity]) {
      const wrong = { ...facts, b: { ...facts.b, samples } };
      assert.throws(() => made('data-size', {}, wrong), /"samples" of the task "b"/, String(samples));
    }
    assert.throws(() => createStrategy('data-size', { parameters: {}, tasks }), /"samples" of the task "a"/);
  });

  test('the mean loss of the first batches, each task by its own count', () => {
    const strategy = made('initial-loss', { batches: 2 });
    let state: Json = null;
    const step = (names: string[], losses: number[]): readonly number[] => {
      const found = strategy.weigh({ ...stepOf(losses), tasks: names, weights: names.map(() => 1) }, state);
      near([found.value ?? NaN], [sum(found.weights.map((weight, i) => weight * at(losses, i)))]);
      ({ state } = found);
      return found.weights;
    };
    const shared = (one: number, other: number): number[] => [(2 * other) / (one + other), (2 * one) / (one + other)];
    near(step(tasks, [1, 3]), shared(1, 3));
    near(step(['a'], [5]), [1]);
    near(step(tasks, [100, 7]), shared(3, 5));
    near(step(tasks, [100, 100]), shared(3, 5));
    near(made('initial-loss', { batches: 1, inverse: true }).weigh(stepOf([1, 3]), null).weights, [0.5, 1.5]);
    assert.ok(
      made('initial-loss', { batches: 1 })
        .weigh(stepOf([0, 3]), null)
        .weights.every(Number.isFinite),
      'a loss of 0',
    );
  });
});

test('gradnorm: slopes sign(G − Ḡ r^α)‖g‖, one Adam step, weights brought to sum T and kept above 0', () => {
  const first = (parameters: object, norms: readonly number[], state: Json, losses = [1, 1]) =>
    made('gradnorm', parameters).weigh(stepOf(losses, { norms, weights: [1, 2] }), state);
  // G = 3, 1: Ḡ = 2. The first loss stands where it began, r = 1: the larger falls, the smaller rises.
  const start = { initial: { a: 1, b: 1 } };
  const found = first({ learningRate: 0.1 }, [3, 1], start);
  assert.deepEqual(found.weights, [1, 2]);
  const { weights } = found.state as { weights: Record<string, number> };
  near([weights['a'] ?? NaN, weights['b'] ?? NaN], [0.9, 1.1], 1e-7);
  // r = (.2/1)/(.6) and (1)/(.6): r^2 = 1/9, 25/9; Ḡ r^α = 2/9, 50/9: both slopes turn.
  const turned = first({ learningRate: 0.1, alpha: 2 }, [1, 3], start, [0.2, 1]);
  const next = (turned.state as { weights: Record<string, number> }).weights;
  near([next['a'] ?? NaN, next['b'] ?? NaN], [0.9, 1.1], 1e-7);
  const pushed = first({ learningRate: 5 }, [3, 1], start).state as { weights: Record<string, number> };
  near([pushed.weights['a'] ?? NaN, pushed.weights['b'] ?? NaN], [(2e-6) / (6 + 1e-6), 12 / (6 + 1e-6)], 1e-6); // prettier-ignore
  // Without a first loss the step's own is that; by epochs nothing moves until one is over.
  assert.deepEqual((first({}, [3, 1], null, [4, 7]).state as { initial: object }).initial, { a: 4, b: 7 });
  const epochs = made('gradnorm', { initial: 'epoch-mean' });
  assert.deepEqual(epochs.weigh(stepOf([4, 7], { norms: [3, 1] }), null), { weights: [1, 1], state: null });
  assert.deepEqual(epochs.afterEpoch?.(['b'], [5], { initial: { a: 1 } }), { initial: { a: 1, b: 5 } });
  assert.deepEqual(epochs.afterEpoch(tasks, [2, 5], { initial: { a: 1 } }), { initial: { a: 1, b: 5 } });
  assert.equal(made('gradnorm').afterEpoch?.(tasks, [2, 5], null), null);
});

test('gradnorm as LibMTL has it: T softmax(v), and the slopes through the softmax', () => {
  const strategy = made('gradnorm', { convention: 'libmtl', alpha: 1 });
  assert.deepEqual(strategy.weigh(stepOf([1, 1], { norms: [1, 1] }), null), { weights: [1, 1], state: null });
  const state = { initial: { a: 1, b: 2 }, scale: { a: 0, b: Math.log(3) } };
  const { weights, gradient } = strategy.weigh(stepOf([1, 1], { norms: [4, 1] }), state);
  near(weights, [0.5, 1.5]);
  // G = 2, 1.5; Ḡ = 1.75; L/L(0) = 1, .5, relative to .75: targets 7/3, 7/6. Slopes −4, 1.
  const [p, slopes] = [[0.25, 0.75], [-4, 1]]; // prettier-ignore
  const mean = at(p, 0) * at(slopes, 0) + at(p, 1) * at(slopes, 1);
  near(gradient, p.map((share, i) => 2 * share * (at(slopes, i) - mean))); // prettier-ignore
  const { learned } = strategy;
  assert.deepEqual(learned?.values(null, tasks), [1, 1]);
  assert.deepEqual(learned.replace({ scale: { a: 5 } }, ['b'], [7]), { scale: { a: 5, b: 7 } });
  assert.deepEqual(strategy.afterEpoch?.(tasks, [2, 5], null), { initial: { a: 2, b: 5 } });
});

describe('bilevel strategies', () => {
  const cross = [[1, 2], [3, -1]]; // prettier-ignore
  const state = { logits: { a: 0, b: Math.log(3) } };
  const shares = [0.25, 0.75];
  const backward = (v: readonly number[]): number[] => {
    const mean = sum(shares.map((share, i) => share * at(v, i)));
    return shares.map((share, i) => share * (at(v, i) - mean));
  };

  test('auto-lambda: −η J_softmaxᵀ of the sums of inner products, or of the differences that stand for them', () => {
    const exact = made('auto-lambda', { innerLearningRate: 0.2 }).weigh(stepOf([1, 1], { cross }), state);
    near(exact.gradient, backward([4, 1]).map((value) => -0.2 * value)); // prettier-ignore
    const other = stepOf([1, 1], { cross, differences: [-2, 6] });
    near(made('auto-lambda').weigh(other, state).gradient, backward([-2, 6]).map((value) => -0.1 * value)); // prettier-ignore
    assert.throws(() => made('auto-lambda').weigh(stepOf([1, 1]), state), /J₁ J₂ᵀ/);
    // Adam's first step with its rate; the new shares, times the spec's weights.
    const { weights, state: next } = made('auto-lambda', { outerLearningRate: 0.5 }).weigh(stepOf([1, 1], { cross, weights: [1, 2] }), state); // prettier-ignore
    // The first task's products are the larger: more of it, since a step down its gradient helps more.
    const moved = softmax([0.5, Math.log(3) - 0.5]);
    near(weights, [at(moved, 0), 2 * at(moved, 1)], 1e-6);
    near(Object.values((next as { logits: Record<string, number> }).logits), [0.5, Math.log(3) - 0.5], 1e-6);
    assert.deepEqual(made('moml').shares?.(tasks, state).map((share) => Number(share.toFixed(12))), shares); // prettier-ignore
    near(made('moml').shares?.(['a'], null), [1]);
    near(made('auto-lambda').weigh(stepOf([1, 1], { cross: [[1, 1], [1, 1]] }), null).weights, [0.5, 0.5]); // prettier-ignore
  });

  test('moml: the shortest vector of the hull of the unit slopes', () => {
    const slopes = cross.map((row) => {
      const slope = backward(row).map((value) => -value);
      return slope.map((value) => value / Math.hypot(...slope));
    });
    unitSlopes(cross, shares).forEach((found, i) => near(found, slopes[i] ?? []));
    // A gradient that does not depend on ξ stays 0.
    assert.deepEqual(unitSlopes([[2, 2]], [0.5, 0.5]).map((row) => row.map(Math.abs)), [[0, 0]]); // prettier-ignore
    // Two directions that are opposite, as with two tasks whose slopes differ in sign: they cancel.
    near(made('moml').weigh(stepOf([1, 1], { cross }), state).gradient, [0, 0], 1e-9);
    // Of one direction: that direction.
    near(made('moml').weigh(stepOf([1, 1], { cross: [[1, 2], [0, 5]] }), state).gradient, [Math.SQRT1_2, -Math.SQRT1_2], 1e-9); // prettier-ignore
  });
});

test('cr-mogm: where its mean starts, and what it hands on to the strategy inside', () => {
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

  const inner = made('cr-mogm', { of: 'uncertainty' });
  assert.deepEqual([inner.needs, inner.readsLosses], ['losses', false]);
  assert.equal('readsLosses' in made('cr-mogm', { of: 'famo' }), false);
  const replaced = inner.learned?.replace(inner.initialState, ['a'], [5]) ?? null;
  assert.deepEqual(inner.learned?.values(replaced, tasks), [5, 0]);
  const dwa = made('cr-mogm', { of: 'dwa' });
  const after = dwa.afterEpoch?.(tasks, [1, 2], dwa.initialState);
  assert.deepEqual(after, { inner: made('dwa').afterEpoch?.(tasks, [1, 2], null) });
  const famo = made('cr-mogm', { of: 'famo' });
  const stepped = famo.afterStep?.(stepOf([3, 5]), [2, 5], famo.initialState);
  assert.deepEqual(stepped, { inner: made('famo').afterStep?.(stepOf([3, 5]), [2, 5], null) });
  assert.deepEqual([dwa.learned, dwa.afterStep, famo.afterEpoch], [undefined, undefined, undefined]);
});

describe('entry by entry', () => {
  const run = (
    name: string,
    parameters: object,
    steps: readonly { rows: number[][]; losses?: number[]; tasks?: string[]; weights?: number[] }[],
  ) => {
    // prettier-ignore
    const strategy = createEntryStrategy(name, { parameters: { ...parameters }, tasks });
    let state = strategy.initialState;
    let memory = {};
    return steps.map(({ rows, losses = rows.map(() => 1), tasks: present = tasks, weights = rows.map(() => 1) }) => {
      const found = strategy.combine(
        {
          step: 0,
          tasks: present,
          losses,
          weights,
          memory,
          space: doubleVectors,
          rows: rows.map((row) => Float64Array.from(row)),
        },
        state,
      );
      ({ state, memory } = found);
      return { direction: [...found.direction], weights: found.weights };
    });
  };

  test('db-mtl: running means of the gradients of log losses, all of the largest norm', () => {
    const [first, second] = run('db-mtl', { beta: 0.5, betaSigma: 1 }, [
      { rows: [[2, 0], [0, 3]], losses: [2, 1], weights: [1, 2] },
      { rows: [[0, 4], [0, 3]], losses: [1, 3], weights: [1, 2] },
    ]); // prettier-ignore
    // b = ½ g/L: (.5, 0) and (0, 1.5): both brought to 1.5, the second twice.
    near(first?.direction, [1.5, 3], 1e-6);
    // β/2 = ¼: (.125, 3) and (0, .375 + .75).
    const norm = Math.hypot(0.125, 3);
    near(second?.direction, [0.125, 3 + 2 * norm], 1e-6);
  });

  test('moco: tracked gradients, and one step of the weights on them', () => {
    const [first, second] = run('moco', { beta: 0.5, betaSigma: 1, gamma: 0.2, gammaSigma: 1, rho: 0.5 }, [
      { rows: [[2, 0], [0, 1]] },
      { rows: [[2, 0], [0, 1]] },
    ]); // prettier-ignore
    // y = (1, 0), (0, .5). λ = ½ − .2 (G λ + ρ λ) = ½ − .2 (.5, .125) − .2 · .25, projected.
    const moved = [0.5 - 0.1 - 0.05, 0.5 - 0.025 - 0.05];
    const lift = (1 - sum(moved)) / 2;
    const lambda = moved.map((value) => value + lift);
    near(first?.direction, [at(lambda, 0), 0.5 * at(lambda, 1)]);
    // β/2 = ¼: y = (1.25, 0), (0, .625); γ/2 = .1.
    const next = lambda.map((value, i) => value - 0.1 * ([1.5625, 0.390625][i] ?? NaN) * value - 0.05 * value);
    const rise = (1 - sum(next)) / 2;
    near(second?.direction, [1.25 * (at(next, 0) + rise), 0.625 * (at(next, 1) + rise)]);
  });

  test('excess-mtl: warm-up steps make the baseline; a task without gradient in it does not move', () => {
    const rows = [[3, 0], [0, 2]]; // prettier-ignore
    const e = (squares: number, g: number): number => (g * g) / Math.sqrt(squares + 1e-7);
    const [one, two, three] = run('excess-mtl', { warmup: 2, stepSize: 0.5 }, [{ rows }, { rows }, { rows }]);
    near(one?.weights ?? [], [1, 1]);
    near(two?.weights ?? [], [1, 1]);
    const relative = [3, 2].map((g) => e(3 * g * g, g) / ((e(g * g, g) + e(2 * g * g, g)) / 2));
    near(three?.weights ?? [], softmax(relative.map((value) => 0.5 * value)).map((share) => 2 * share), 1e-9); // prettier-ignore
    near(three?.direction, [3 * at(three?.weights ?? [], 0), 2 * at(three?.weights ?? [], 1)]);
    const [, still] = run('excess-mtl', { stepSize: 0.5 }, [{ rows: [[0, 0], [0, 2]] }, { rows }]); // prettier-ignore
    const grown = Math.exp(0.5 * (e(8, 2) / e(4, 2)));
    near(still?.weights ?? [], [2 / (1 + grown), (2 * grown) / (1 + grown)], 1e-9);
    // A task that comes late has a baseline of its own then.
    const late = run('excess-mtl', { stepSize: 0.5 }, [{ rows: [[3, 0]], tasks: ['a'] }, { rows }, { rows }]); // prettier-ignore
    near(late[1]?.weights ?? [], [1, 1]);
    const sizes = [Math.exp(0.5 * (e(27, 3) / e(9, 3))), Math.exp(0.5 * (e(8, 2) / e(4, 2)))];
    near(late[2]?.weights ?? [], sizes.map((size) => (2 * size) / sum(sizes)), 1e-9); // prettier-ignore
  });

  test('config with momentum: the task renewed least often is next, the first of equal ones; none is an error', () => {
    assert.equal(renewed({ counts: { a: 2, b: 1, c: 1 } }, ['a', 'b', 'c']), 1);
    assert.equal(renewed(null, ['a', 'b']), 0);
    assert.throws(() => run('config', { momentum: true }, [{ rows: [], tasks: [] }]), /M-ConFIG needs a task/);
  });
});

test('krum’s scores: distances to the nearest others alone', () => {
  const gram = gramOf([[0, 0], [3, 4], [0, 1], [0, 9]]); // prettier-ignore
  const distances = [[5, 1, 9], [5, Math.hypot(3, 3), Math.hypot(3, 5)], [1, Math.hypot(3, 3), 8], [9, Math.hypot(3, 5), 8]]; // prettier-ignore
  const nearest = (count: number): number[] => distances.map((list) => sum([...list].sort((a, b) => a - b).slice(0, count))); // prettier-ignore
  near(krumScores(gram, 0), nearest(2));
  near(krumScores(gram, 1), nearest(1));
  assert.equal(scoreOf([1, 2, 4], [0.5, 0, 0.5]), 5);
});

test('an observer takes a checkpoint’s state only where it is one of its own', () => {
  const observer = createObserver(['dwa', 'sum'], { tasks, facts: {} });
  assert.ok(observer, 'observer');
  const fresh = { dwa: { own: null, learned: null }, sum: { own: null, learned: null } };
  assert.deepEqual(observer.initialStates, fresh);
  const learn = (): never => assert.fail('nothing is learned here');
  const after = (states: Json): Json => observer.observe(stepOf([1, 2]), states, learn, 0.1).states;
  for (const wrong of [null, 3, [], { dwa: null }, { dwa: [1] }, { dwa: { learned: 1 } }, { dwa: 'own' }] as Json[]) {
    assert.deepEqual(after(wrong), fresh);
  }
  const own = { newer: { a: 1 } };
  assert.deepEqual(after({ dwa: { own }, other: 1 }), { ...fresh, dwa: { own, learned: null } });
  const aged = observer.afterEpoch(['a'], [3], { dwa: { own, learned: 7 } });
  assert.deepEqual(aged, { ...fresh, dwa: { own: { newer: { a: 3 }, older: { a: 1 } }, learned: 7 } });
});
