// What happens around the arithmetic: learned numbers, second passes, batches of a step, records, problems.
import assert from 'node:assert/strict';
import { text, type Text } from '../../../../src/common/text.ts';
import { after, before, describe, test } from 'node:test';
import { loadBatch } from '../../../../src/trainer/prepare/load-batch.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { createOptimizer } from '../../../../src/trainer/optimizers/optimizer.ts';
import { countProblem } from '../../../../src/trainer/step/methods/solver-reports.ts';
import { gradientsRecord, measure } from '../../../../src/trainer/step/methods/run.ts';
import { readState } from '../../../../src/trainer/step/methods/method.ts';
import { makeSteps } from '../../../../src/trainer/training/make-steps.ts';
import { createStrategy, worksOnEntries } from '../../../golden/runner/strategies.ts';
import { strategyNames } from '../../../../src/spec/index.ts';
import { embeddedEngine, parameters, recordsOf, trainThrough, type Trial } from '../training-helpers.ts';
import { fullRows, smallTrial, takeSteps, threeTasks } from './helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const batchOf = ({ prepared }: Trial, from: number, to: number) => {
  const { data, model, tasks } = prepared;
  const positions = Int32Array.from({ length: to - from }, (_, i) => from + i);
  return loadBatch(
    data.splits.train,
    positions,
    model.inputs,
    tasks.map(({ name }) => name),
  );
};

/** Losses of a forward pass in training mode with the weights of now. */
function lossesNow(made: Trial, from: number, to: number): number[] {
  const optimizer = createOptimizer(made.prepared.model.variables, made.prepared.spec.training);
  const { executor } = makeSteps({ prepared: made.prepared, optimizer });
  const batch = batchOf(made, from, to);
  const { losses } = executor.forward({ batches: [batch], step: 0 });
  batch.dispose();
  optimizer.dispose();
  return losses.map((loss) => (loss ? loss.sum / loss.weight : NaN));
}

const stateOf = ({ training }: Trial): Readonly<Record<string, unknown>> =>
  (readState(training.progress.strategy, {}).states[''] ?? {}) as Readonly<Record<string, unknown>>;

const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);

describe('learned numbers', () => {
  test('take the step of the main optimizer: s ← s − η(½ − ½e⁻ˢL) under sgd', async () => {
    const training = { optimizer: 'sgd', learningRate: 0.25 };
    const made = await smallTrial({ strategy: { name: 'uncertainty', init: 0.5 }, training }, fullRows);
    const losses = lossesNow(made, 0, 8);
    made.training.step([range(0, 8)]);
    const s = stateOf(made)['s'] as Readonly<Record<string, number>>;
    made.prepared.tasks.forEach(({ name }, index) => {
      const expected = 0.5 - 0.25 * (0.5 - 0.5 * Math.exp(-0.5) * (losses[index] ?? NaN));
      assert.ok(Math.abs((s[name] ?? NaN) - expected) < 1e-6, name);
    });
    made.dispose();
  });

  test('with stateLearningRate they have an Adam of their own, whose first step is the rate', async () => {
    const strategy = { name: 'imtl-l', init: 0.5, stateLearningRate: 0.125 };
    const made = await smallTrial({ strategy, training: { optimizer: 'sgd' } }, fullRows);
    made.training.step([range(0, 8)]);
    const s = stateOf(made)['s'] as Readonly<Record<string, number>>;
    assert.equal(Object.keys(s).length, made.prepared.tasks.length);
    for (const value of Object.values(s)) assert.ok(Math.abs(Math.abs(value - 0.5) - 0.125) < 1e-6);
    made.dispose();
  });
});

test('FAMO sees the losses after the step, on the same dropout masks', async () => {
  const network = {
    trunk: {
      input: 'x',
      layers: [
        { type: 'dense', units: 6 },
        { type: 'dropout', rate: 0.5 },
      ],
    },
  };
  const made = await smallTrial({ strategy: 'famo', network, training: { optimizer: 'sgd' } }, fullRows);
  const names = made.prepared.tasks.map(({ name }) => name);
  const before = lossesNow(made, 0, 8);
  made.training.step([range(0, 8)]);
  const later = lossesNow(made, 0, 8);
  const strategy = createStrategy('famo', { parameters: {}, tasks: names });
  const statistics = { step: 0, epoch: 0, tasks: names, losses: before, weights: [1, 1, 1] };
  const expected = strategy.afterStep?.(statistics, later, null) as {
    readonly logits: Readonly<Record<string, number>>;
  };
  const logits = stateOf(made)['logits'] as Readonly<Record<string, number>>;
  for (const name of names) assert.ok(Math.abs((logits[name] ?? NaN) - (expected.logits[name] ?? NaN)) < 1e-6);
  made.dispose();
});

describe('batches of a step', () => {
  test('three for modo: an epoch has N/(3B) steps, and its losses are those of all three', async () => {
    const training = { batchSize: 5, epochs: 2, steps: undefined };
    const made = await smallTrial({ strategy: 'modo', training }, fullRows);
    assert.equal(made.training.stepsPerEpoch, 3);
    const [first] = made.training.steps();
    assert.deepEqual(
      first?.map(({ length }) => length),
      [5, 5, 5],
    );
    trainThrough(made.training);
    assert.equal(made.training.progress.step, 6);
    made.dispose();
  });

  test('halves for bilevel methods, the last sample alone included', async () => {
    const training = { batchSize: 47, epochs: 1, steps: undefined };
    const made = await smallTrial({ strategy: 'moml', training }, fullRows);
    trainThrough(made.training);
    assert.equal(made.training.progress.step, 2);
    assert.ok([...parameters(made.prepared).values()].every((values) => values.every(Number.isFinite)));
    made.dispose();
  });

  test('Auto-λ learns the same from finite differences of the losses as from inner products of gradients', async () => {
    const slopes = async (kind: string): Promise<Readonly<Record<string, number>>> => {
      const strategy = { name: 'auto-lambda', slopes: kind };
      const made = await smallTrial({ strategy, training: { optimizer: 'sgd', learningRate: 0.05 } }, fullRows);
      takeSteps(made, 6);
      const found = stateOf(made)['logits.first'] as Readonly<Record<string, number>>;
      made.dispose();
      return found;
    };
    const [exact, differences] = [await slopes('exact'), await slopes('finite-differences')];
    assert.deepEqual(Object.keys(differences), Object.keys(threeTasks));
    for (const [task, slope] of Object.entries(exact)) {
      assert.ok(Math.abs(slope) > 0.01, task);
      assert.ok(Math.abs((differences[task] ?? NaN) / slope - 1) < 1e-3, task);
    }
  });
});

describe('gradients records', () => {
  test('tell norms and cosines of the raw gradients, at the first step and then every so often', async () => {
    const made = await smallTrial({ strategy: 'mgda', training: { steps: 12 } }, fullRows);
    takeSteps(made, 12);
    const records = recordsOf(made.records, 'gradients');
    assert.deepEqual(
      records.map(({ step }) => step),
      [1, 11],
    );
    for (const { tasks, norms, cosines } of records) {
      assert.deepEqual(tasks, Object.keys(threeTasks));
      norms.forEach((norm) => assert.ok(Number(norm) > 0));
      cosines.forEach((line, i) =>
        line.forEach((cosine, j) => {
          assert.ok(Math.abs(Number(cosine)) <= 1);
          assert.equal(cosine, cosines[j]?.[i]);
          if (i === j) assert.ok(Math.abs(Number(cosine) - 1) < 1e-12);
        }),
      );
    }
    made.dispose();
  });

  test('under static weights they cost passes of their own, which change nothing', async () => {
    const network = { trunk: { input: 'x', layers: [{ type: 'dense', units: 4 }, { type: 'batchNormalization' }] } };
    const made = await smallTrial({ network }, fullRows);
    const optimizer = createOptimizer(made.prepared.model.variables, made.prepared.spec.training);
    const steps = makeSteps({ prepared: made.prepared, optimizer });
    const batch = batchOf(made, 0, 16);
    const start = parameters(made.prepared);
    const measured = measure(steps, { batches: [batch], step: 0 });
    assert.deepEqual(parameters(made.prepared), start);
    assert.ok(measured?.gram);
    const record = gradientsRecord(steps.context, 1, { ...measured, norms: [1, 0, 1] });
    assert.equal(record.cosines[0]?.[1], null);
    assert.throws(() => gradientsRecord(steps.context, 1, { ...measured, gram: null }), /not computed/u);
    batch.dispose();
    optimizer.dispose();
    takeSteps(made, 2);
    assert.equal(recordsOf(made.records, 'gradients').length, 1);
    made.dispose();
  });
});

test('a checkpoint whose vectors have another length is refused', async () => {
  const made = await smallTrial({ strategy: 'moco' });
  takeSteps(made, 1);
  const { training } = made;
  const { progress, best } = training.state();
  const memory = { '\ntracked': { value: new Float32Array(3) } };
  assert.throws(() => training.continueFrom({ progress, best, memory }), /do not fit this model/u);
  made.dispose();
});

test('strategies that say they do not read the losses do not', () => {
  const names = ['a', 'b', 'c'];
  const facts = Object.fromEntries(
    names.map((name, i) => [name, { samples: i + 1, constantLoss: i + 1, linearLoss: 0.5 }]),
  );
  const draws = { normal: [0.1, -0.2, 0.3] };
  const silent = strategyNames
    .filter((name) => name !== 'cr-mogm' && !worksOnEntries(name))
    .flatMap((name) => {
      const strategy = createStrategy(name, { tasks: names, facts });
      return strategy.readsLosses === false ? [{ name, strategy }] : [];
    });
  assert.ok(silent.length >= 9);
  for (const { name, strategy } of silent) {
    const weights = [
      [1, 2, 3],
      [9, 0.1, 4],
    ].map(
      (losses) =>
        strategy.weigh({ step: 0, tasks: names, losses, weights: [1, 2, 1], draws }, strategy.initialState).weights,
    );
    assert.deepEqual(weights[0], weights[1], name);
  }
});

test('effective weights are those that clipping leaves', async () => {
  const of = async (training: object): Promise<ReadonlyMap<string, unknown>> => {
    const made = await smallTrial({ weights: { kind: 2, value: 3, other: 4 }, training }, fullRows);
    takeSteps(made, 1);
    made.training.flush();
    const [record] = recordsOf(made.records, 'step');
    made.dispose();
    return record?.weights ?? new Map();
  };
  assert.deepEqual([...(await of({})).values()], [2, 3, 4]);
  const clipped = [...(await of({ clipNorm: 0.01 })).values()].map(Number);
  assert.ok(clipped.every((weight, i) => weight < 1 && Math.abs(weight / (clipped[0] ?? NaN) - (i + 2) / 2) < 1e-9));
});

test('a problem is told at its first, tenth and hundredth time, whatever its numbers', () => {
  let counts = {};
  const told: Text[] = [];
  for (let time = 1; time <= 100; time++) {
    const [n, residual] = [String(time), String(1 / time)];
    const problem = text(
      `mgda: stopped after ${n} iterations, residual ${residual}`,
      `mgda：在 ${n} 次迭代后停止，残差为 ${residual}`,
    );
    const counted = countProblem(counts, problem);
    ({ counts } = counted);
    if (counted.told) told.push(counted.told);
  }
  assert.deepEqual(counts, { 'mgda: stopped after # iterations, residual #': 100 });
  assert.equal(told.length, 3);
  assert.match(told[2]?.en ?? '', /^mgda: stopped after 100 iterations.* \(100 times so far\)$/u);
  assert.match(told[2]?.zh ?? '', /^mgda：在 100 次迭代后停止.*（至今 100 次）$/u);
});

test('of one kind are problems that differ in their numbers alone, however these are written', () => {
  const written = ['7', '0.25', '1e-7', '2.5e+21', '3e5', '.5'];
  let counts = {};
  for (const number of written)
    counts = countProblem(counts, text(`nash: left ${number} after ${number}`, `nash：${number}`)).counts;
  assert.deepEqual(counts, { 'nash: left # after #': written.length });
  const other = countProblem(counts, text('nash: left alone', 'nash：无'));
  assert.equal(Object.keys(other.counts).length, 2);
  assert.deepEqual(other.told, text('nash: left alone', 'nash：无'));
});

describe('gradients are recorded', () => {
  // Every tenth step where the strategy has them anyway, every hundredth where they are computed for the record alone.
  const often = ['mgda', 'pcgrad', 'graddrop', 'modo'];
  const seldom = ['static', 'uncertainty', 'moml', 'forum'];
  for (const strategy of [...often, ...seldom]) {
    test(`${strategy}: at ${often.includes(strategy) ? 'the first step and the eleventh' : 'the first step'} of twelve`, async () => {
      const made = await smallTrial({ strategy, training: { steps: 12 } }, fullRows);
      takeSteps(made, 12);
      made.training.flush();
      const steps = recordsOf(made.records, 'gradients').map(({ step }) => step);
      assert.deepEqual(steps, often.includes(strategy) ? [1, 11] : [1]);
      made.dispose();
    });
  }
});
