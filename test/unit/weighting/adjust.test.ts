// `prescale`, `scale` and `normalize`, for every strategy of the tables.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keyed } from '../../../src/numbers/random.ts';
import { at, dot, gramOf, products, sum } from '../../../src/numbers/linear.ts';
import { strategyNames, traitsOf } from '../../../src/spec/index.ts';
import { createStrategy } from '../../../src/weighting/table.ts';
import { resolved } from '../../golden/runner/strategies.ts';
import type {
  EntryStatistics,
  EntryWeighting,
  Json,
  Memory,
  StepStatistics,
  Weighting,
} from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';

type Fields = Readonly<Record<string, unknown>>;
type Rows = readonly (readonly number[])[];

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `t${String(i)}`);
const needed: Readonly<Record<string, Fields>> = { pcd: { primary: 't0' }, 'cr-mogm': { of: { name: 'mgda' } } };

/** A strategy with keys that only some take given to any. */
function create(name: string, count: number, { prescale, scale, normalize, ...parameters }: Fields) {
  const tasks = namesOf(count);
  const given = Object.entries({ prescale, scale, normalize }).filter(([, value]) => value !== undefined);
  const strategy = { ...resolved(name, { ...needed[name], ...parameters }, tasks), ...Object.fromEntries(given) };
  const facts = Object.fromEntries(tasks.map((task) => [task, { samples: 9, constantLoss: 2, linearLoss: 1 }]));
  return createStrategy(strategy, { tasks, facts });
}

/** A step with all that any strategy reads, from gradients on two batches. */
function stepOf(rows: Rows, others: Rows, more: Partial<StepStatistics> = {}): EntryStatistics<Float64Array> {
  const tasks = namesOf(rows.length);
  const gram = gramOf(rows);
  return {
    ...{ step: 0, epoch: 0, tasks, losses: tasks.map(() => 1), weights: tasks.map(() => 1), gram },
    ...{ norms: gram.map((row, i) => Math.sqrt(at(row, i))), cross: products(rows, others) },
    bilevel: {
      ...{
        outer: gram,
        inner: gramOf(others),
        cross: products(rows, others),
        after: tasks.map((_, i) => 0.4 + 0.1 * i),
      },
    },
    performance: tasks.map((_, i) => 0.3 + 0.1 * i),
    draws: { normal: tasks.map(() => 0.5), orders: tasks.map(() => [...tasks.keys()]) },
    ...{ rows: rows.map((row) => Float64Array.from(row)), uniform: Float64Array.from(rows[0] ?? [], () => 0.4) },
    ...{ space: doubleVectors, memory: {}, ...more },
  };
}

/** What one strategy answers to some steps. */
function course(name: string, parameters: Fields, steps: readonly EntryStatistics<Float64Array>[]) {
  const count = steps[0]?.tasks.length ?? 0;
  const told: (Weighting | EntryWeighting<Float64Array>)[] = [];
  const strategy = create(name, count, parameters);
  if (strategy.needs === 'entries') {
    let state: Json = strategy.initialState;
    let memory: Memory<Float64Array> = {};
    for (const statistics of steps) {
      const found = strategy.combine({ ...statistics, memory }, state);
      ({ state, memory } = found);
      told.push(found);
    }
    return told;
  }
  let state: Json = strategy.initialState;
  for (const statistics of steps) {
    const found = strategy.weigh(statistics, state);
    state = strategy.afterStep?.(statistics, statistics.losses.map((loss, i) => (0.7 + 0.1 * i) * loss), found.state) ?? found.state; // prettier-ignore
    told.push(found);
  }
  return told;
}

const near = (
  found: ArrayLike<number> | null | undefined,
  expected: readonly number[],
  what: string,
  by = 1e-9,
): void => {
  assert.ok(found?.length === expected.length, what);
  const size = Math.max(...expected.map(Math.abs), 1e-12);
  expected.forEach((value, i) => assert.ok(Math.abs(at(found, i) - value) <= by * size, `${what}: ${Array.from(found).join()} for ${expected.join()}`)); // prettier-ignore
};

/** As they stand in the table, and the one that works otherwise with a parameter. */
const all: readonly (readonly [string, Fields])[] = [
  ...strategyNames.map((name) => [name, {}] as const),
  ['config', { momentum: true }],
];

/** Parameters with which the first step has the length of the later ones: running means start at 0. */
const settled: Readonly<Record<string, Fields>> = { 'db-mtl': { beta: 0 }, moco: { beta: 1, gamma: 1e-12 } };
/** Forms whose factor is another. */
const forms: readonly (readonly [string, Fields])[] = [
  ...strategyNames.map((name) => [name, settled[name] ?? {}] as const),
  ['stch', { form: 'log-nadir' }],
  ...['l2', 'loss', 'loss+'].map((gradientNormalization) => ['mgda', { gradientNormalization }] as const),
  ['aligned-mtl', { convention: 'sum' }],
  ['excess-mtl', { convention: 'torchjd' }],
  ...[0, 1, 2].flatMap((rescale) => [0.2, 0.7].map((c) => ['cagrad', { rescale, c }] as const)),
];

describe('scale', () => {
  // Steps of their own kind (AdaTask's and M-ConFIG's Adam) have no gradient to be a multiple of.
  for (const [name, parameters] of forms) {
    if (['adatask', 'cr-mogm'].includes(name)) continue;
    test(`equal tasks of ${name} ${JSON.stringify(parameters)} have the gradient of their sum or mean`, () => {
      const g = [0.3, -1.2, 0.7, 2];
      for (const count of [3, 4]) {
        const rows = namesOf(count).map(() => g);
        // Measured alike, too.
        const step = stepOf(rows, rows, { performance: rows.map(() => 0.5) });
        for (const [scale, total] of [
          ['sum', count],
          ['mean', 1],
        ] as const) {
          // prettier-ignore
          const [found] = course(name, { ...parameters, scale }, [step]);
          const what = `${name} ${scale} of ${String(count)}`;
          if (found && 'direction' in found)
            near(found.direction, g.map((value) => value * total), what, 1e-6); // prettier-ignore
          else near([sum(found?.weights ?? [])], [total], what, 1e-3);
        }
      }
    });
  }

  const rows = [[1, 2, 0], [0.5, -1, 3], [2, 0.1, -0.4]]; // prettier-ignore
  const first = (name: string, parameters: Fields, more: Partial<StepStatistics> = {}): Weighting => {
    const found = course(name, parameters, [
      stepOf(rows, rows, { losses: [0.5, 2, 3], weights: [1, 2, 6], ...more }),
    ])[0];
    assert.ok(found && !('direction' in found), name);
    return found;
  };

  test('is a constant where the strategy has one, exactly, whatever the gradients and weights are', () => {
    const cagrad = (c: number, divisor: number, rest: Fields = {}) => ['cagrad', { c, ...rest }, (1 + c) / divisor] as const; // prettier-ignore
    // The weights of several add up to 1 but for rounding: a sum instead of the constant would be off by that.
    const constants: readonly (readonly [string, Fields, number])[] = [
      ...['static', 'sum', 'unitary', 'dwa', 'complexity', 'data-size', 'initial-loss', 'gradnorm'].map((name) => [name, {}, 3] as const),
      ...['pcgrad', 'gradvac', 'config'].map((name) => [name, {}, 3] as const),
      ...['mean', 'uncertainty-softmax', 'random', 'famo', 'cosmos', 'imtl-g', 'imtl', 'upgrad', 'dualproj'].map((name) => [name, {}, 1] as const),
      ...['krum', 'pcd', 'modo', 'sdmgrad', 'moml', 'auto-lambda'].map((name) => [name, {}, 1] as const),
      ['mgda', {}, 1], ['pbi', {}, Math.sqrt(3)],
      ['stch', {}, 1 / 3], ['stch', { form: 'raw' }, 1 / 3],
      ['aligned-mtl', {}, 1], ['aligned-mtl', { convention: 'mean' }, 1], ['aligned-mtl', { convention: 'sum' }, 3],
      ['cagrad', {}, 1.4 / (1 + 0.4 * 0.4)], cagrad(0.5, 1.25), cagrad(0.5, 1.25, { rescale: 1 }), cagrad(0.5, 1.5, { rescale: 2 }), cagrad(0.5, 1, { rescale: 0 }),
    ]; // prettier-ignore
    const draw = keyed(3, 'constants');
    for (let time = 0; time < 30; time += 1) {
      const numbers = (low: number, high: number, count = 3): number[] => Array.from({ length: count }, () => draw.uniform(low, high)); // prettier-ignore
      const rows = [0, 1, 2].map(() => numbers(-1, 2, 4));
      const step = stepOf(rows, [0, 1, 2].map(() => numbers(-1, 2, 4)), { losses: numbers(0.3, 3), weights: numbers(0.5, 4), draws: { normal: numbers(-1, 1), orders: [[1, 2], [0, 2], [0, 1]] } }); // prettier-ignore
      const weightsOf = (name: string, parameters: Fields) => course(name, parameters, [step])[0]?.weights ?? [];
      for (const [name, parameters, usual] of constants) {
        const weights = weightsOf(name, parameters);
        for (const [scale, total] of [
          ['sum', 3],
          ['mean', 1],
          ['paper', usual],
        ] as const) {
          // prettier-ignore
          const expected = weights.map((weight) => weight * (total / usual));
          assert.deepEqual(weightsOf(name, { ...parameters, scale }), expected, `${name} ${scale}`);
        }
      }
    }
  });

  test('elsewhere the weights sum to T or 1, times the mean of the spec’s weights where these multiply', () => {
    const names: readonly (readonly [string, number, Fields?])[] = [
      ['nash-mtl', 1], ['fairgrad', 1], ['mgda', 1, { gradientNormalization: 'l2' }],
      ['uncertainty', 3], ['uncertainty-optimal', 3], ['log', 3], ['imtl-l', 3], ['performance', 3],
    ]; // prettier-ignore
    for (const [name, share, parameters = {}] of names) {
      const { weights, value } = first(name, parameters);
      for (const [scale, total] of [
        ['sum', 3],
        ['mean', 1],
      ] as const) {
        // prettier-ignore
        const found = first(name, { ...parameters, scale });
        const factor = (total * share) / sum(weights);
        near(found.weights, weights.map((weight) => weight * factor), `${name} ${scale}`); // prettier-ignore
        if (value === undefined) assert.equal(found.value, undefined);
        else near([found.value ?? NaN], [value * factor], `${name} ${scale}: value`);
      }
    }
  });

  test('weights of sum 0 stay as they are, and so does what belongs to them', () => {
    const plain = first('uncertainty', {}, { weights: [0, 0, 0] });
    assert.deepEqual(first('uncertainty', { scale: 'mean' }, { weights: [0, 0, 0] }), plain);
    assert.deepEqual(plain.weights, [0, 0, 0]);
  });

  test('what a bilevel method descends besides is scaled with it', () => {
    const plain = first('forum', { phi: 2 });
    const found = first('forum', { phi: 2, scale: 'sum' });
    const factor = 3 / sum(plain.weights);
    near(found.weights, plain.weights.map((weight) => weight * factor), 'outer'); // prettier-ignore
    near(found.inner, (plain.inner ?? []).map((weight) => weight * factor), 'inner'); // prettier-ignore
    assert.ok(sum(plain.inner ?? []) > 0, 'the inner losses are descended');
    assert.equal('inner' in first('mgda', { scale: 'sum' }), false);
  });

  test('normalize has the last word, with the value', () => {
    for (const [normalize, total] of [
      ['sum-to-one', 1],
      ['sum-to-tasks', 3],
    ] as const) {
      // prettier-ignore
      const [plain, found] = [first('pbi', {}), first('pbi', { normalize, scale: 'sum' })];
      near([sum(found.weights)], [total], normalize);
      near(found.weights, plain.weights.map((weight) => (weight * total) / sum(plain.weights)), normalize); // prettier-ignore
      near([found.value ?? NaN], [((plain.value ?? NaN) * total) / sum(plain.weights)], normalize);
      near(first('mgda', { normalize }).weights, first('mgda', {}).weights.map((weight) => weight * total), normalize); // prettier-ignore
    }
    assert.deepEqual(first('mgda', { normalize: 'none' }), first('mgda', {}));
  });

  test('a direction that is no combination of the gradients is scaled as a whole, by steps of Adam too', () => {
    const steps = [stepOf(rows, rows, { losses: [0.5, 2, 3], weights: [1, 2, 6] })];
    const direction = (name: string, parameters: Fields): number[] => {
      const [found] = course(name, parameters, steps);
      assert.ok(found && 'direction' in found, name);
      return Array.from(found.direction);
    };
    for (const [name, usual, parameters = {}] of [
      ['graddrop', 3],
      ['trimmed-mean', 1],
      ['moco', 1],
      ['db-mtl', 3],
      ['adatask', 3],
      ['excess-mtl', 3],
      ['excess-mtl', 1, { convention: 'torchjd' }],
    ] as readonly (readonly [string, number, Fields?])[]) {
      // prettier-ignore
      const plain = direction(name, parameters);
      for (const [scale, total] of [
        ['sum', 3],
        ['mean', 1],
      ] as const) {
        // prettier-ignore
        near(direction(name, { ...parameters, scale }), plain.map((value) => (value * total) / usual), `${name} ${scale}`); // prettier-ignore
      }
    }
    const [both] = course('excess-mtl', { normalize: 'sum-to-one', scale: 'sum' }, steps);
    const [plain] = course('excess-mtl', {}, steps);
    assert.ok(both && plain && 'direction' in both && 'direction' in plain, 'excess-mtl');
    near(both.weights, (plain.weights ?? []).map((weight) => weight / 3), 'weights'); // prettier-ignore
    near(
      both.direction,
      Array.from(plain.direction, (value) => value / 3),
      'direction',
    );
    assert.equal('heads' in both, false);
  });

  test('weights of a prescaled direction are normalized by what they sum to, 0 aside', () => {
    const of = (weights: readonly number[], parameters: Fields) => {
      const [found] = course('excess-mtl', { convention: 'torchjd', prescale: true, ...parameters }, [stepOf(rows, rows, { weights })]); // prettier-ignore
      assert.ok(found && 'direction' in found, 'excess-mtl');
      return found;
    };
    const [plain, found] = [of([0.1, 0.2, 0.3], {}), of([0.1, 0.2, 0.3], { normalize: 'sum-to-one' })];
    const total = sum(plain.weights ?? []);
    assert.ok(total < 1, String(total));
    near(found.weights, (plain.weights ?? []).map((weight) => weight / total), 'weights'); // prettier-ignore
    near(
      found.direction,
      Array.from(plain.direction, (value) => value / total),
      'direction',
    );
    const none = of([0, 0, 0], { normalize: 'sum-to-one', scale: 'mean' });
    assert.deepEqual([none.weights, [...none.direction]], [[0, 0, 0], [0, 0, 0]]); // prettier-ignore
  });
});

test('strategies whose weights multiply the spec’s normalize them in place, with their value', () => {
  const step = stepOf([[1, 2], [3, 1], [0, 1]], [], { losses: [0.5, 2, 3], weights: [1, 2, 6] }); // prettier-ignore
  const inPlace = strategyNames.filter((name) => {
    const { reads, weights } = traitsOf(resolved(name, needed[name]));
    return reads === 'losses' && (weights === 'multiply' || ['geometric', 'stch', 'famo'].includes(name));
  });
  assert.equal(inPlace.length, 18);
  for (const name of inPlace) {
    const found = (parameters: Fields): Weighting => {
      const strategy = create(name, 3, parameters);
      assert.ok(strategy.needs === 'losses', name);
      return strategy.weigh(step, null);
    };
    const { weights, value } = found({});
    for (const [normalize, total] of [
      ['sum-to-one', 1],
      ['sum-to-tasks', 3],
    ] as const) {
      // prettier-ignore
      const ours = found({ normalize });
      near(ours.weights, weights.map((weight) => (weight * total) / sum(weights)), `${name} ${normalize}`); // prettier-ignore
      // That of the geometric mean is no weighted sum, though it has that size.
      const isSum = name !== 'geometric' && Math.abs((value ?? NaN) - dot(weights, step.losses)) < 1e-12;
      if (isSum) near([ours.value ?? NaN], [dot(ours.weights, step.losses)], `${name} value`);
      else near([ours.value ?? NaN], [value ?? NaN], `${name} value`, 1e-14);
    }
    assert.deepEqual(found({ normalize: 'none' }), found({}), name);
  }
});

describe('prescale', () => {
  const draw = keyed(7, 'prescale');
  const rowsOf = (): number[][] => namesOf(3).map(() => Array.from({ length: 5 }, () => draw.normal()));
  const drawn = [0, 1, 2].map((step) => ({
    ...{ step, rows: rowsOf(), others: rowsOf(), losses: namesOf(3).map(() => draw.uniform(0.2, 3)) },
  }));
  const weights = [0.5, 2, 3];
  const times = (rows: Rows): number[][] => rows.map((row, i) => row.map((value) => value * at(weights, i)));

  for (const [name, parameters] of all) {
    // FORUM's gradients on two halves of a batch are not prescaled; M-ConFIG keeps the weights as preferences.
    // The wrapper leaves this to what it wraps.
    if (['forum', 'cr-mogm'].includes(name)) continue;
    const momentum = 'momentum' in parameters ? ' with momentum' : '';
    test(`${name}${momentum} sees every loss times its weight, and its weights are multiplied by them`, () => {
      const given = drawn.map(({ step, rows, others, losses }) => stepOf(rows, others, { step, losses, weights }));
      const before = drawn.map(({ step, rows, others, losses }) =>
        stepOf(times(rows), times(others), { step, losses: losses.map((loss, i) => loss * at(weights, i)) }),
      );
      const [found, expected] = [
        course(name, { ...parameters, prescale: true }, given),
        course(name, parameters, before),
      ];
      for (const [step, want] of expected.entries()) {
        const got = found[step];
        assert.ok(got, name);
        if (want.weights)
          near(got.weights, want.weights.map((value, i) => value * at(weights, i)), `${name} ${String(step)}`); // prettier-ignore
        else assert.equal(got.weights, null);
        const heads = want.heads ?? [1, 1, 1];
        near(got.heads, heads.map((value, i) => value * at(weights, i)), `${name} heads`); // prettier-ignore
        if ('direction' in want && 'direction' in got)
          near(got.direction, Array.from(want.direction), `${name} direction`);
        assert.equal('direction' in want, 'direction' in got);
      }
    });
  }

  test('is off unless it is asked for', () => {
    const step = stepOf(drawn[0]?.rows ?? [], drawn[0]?.others ?? [], { weights });
    for (const name of ['mgda', 'moco']) {
      assert.deepEqual(course(name, { prescale: false }, [step]), course(name, {}, [step]));
      assert.equal('heads' in (course(name, { scale: 'mean' }, [step])[0] ?? {}), false);
    }
  });

  test('norms and products are only there where they were', () => {
    const {
      norms: _n,
      gram: _g,
      cross: _c,
      ...plain
    } = stepOf(drawn[0]?.rows ?? [], [], { losses: [1, 2, 4], weights });
    const strategy = create('log', 3, { prescale: true });
    assert.ok(strategy.needs === 'losses');
    near(strategy.weigh(plain, null).weights, [1, 1 / 2, 1 / 4], 'log');
  });
});
