/** Targets of several columns with gaps, from the table to the parameters: every number that is there counts, on every engine. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openEngine } from '../../../src/engine/open.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { generator } from '../../../src/numbers/random.ts';
import { constantLosses } from '../../../src/trainer/training/scores.ts';
import { compare, half, takeSteps } from './step/executors/captured/pair.ts';
import { assetsDirectory } from '../engine/support.ts';
import { installedFolder, nativeSuite } from '../engine/native/support.ts';
import { csvOf, embeddedEngine, parameters, recordsOf, trainThrough, trial, type Row } from './training-helpers.ts';
import { labeledTargets } from '../../../src/trainer/tasks/labels.ts';

/** Two columns of counts, each missing in a third of the rows, both in some; weights from 0 to 2. */
function rowsOf(count: number): Row[] {
  const random = generator(3, 1, 4, 1);
  return Array.from({ length: count }, (_, row) => {
    const [x, z] = [random.normal(), random.normal()];
    const [p, q] = [Math.abs(2 * x - z).toFixed(2), Math.abs(x + z).toFixed(2)];
    return {
      ...{ x, z, w: row % 4 === 3 ? 0 : 1 + (row % 3) / 2, part: row % 5 === 4 ? 'validation' : 'train' },
      ...{ p: row % 3 === 0 || row === 7 ? '' : p, q: row % 3 === 1 ? '' : q },
    };
  });
}

function specWith(task: object, training: object): object {
  return {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['x', 'z'] } }, split: { column: 'part' } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 4, activation: 'tanh' }] } },
    tasks: { both: { type: 'regression', target: ['p', 'q'], input: 'trunk', ...task } },
    training: { batchSize: 16, epochs: 2, seed: 3, ...training },
  };
}

const losses = ['mse', 'mae', 'huber', 'log-cosh', 'poisson', 'quantile'] as const;
/** The loss `poisson` takes numbers as they are. */
const taskOf = (loss: string): object => ({ loss, ...(loss === 'poisson' ? { normalize: 'none' } : {}) });

describe('a regression over columns with gaps', () => {
  let engine: Engine;
  before(async () => {
    engine = await embeddedEngine();
  });
  after(() => engine.dispose());

  for (const reduction of ['labelled-mean', 'batch-mean'] as const) {
    test(`one step by hand: ${reduction}`, async () => {
      const files = { 'data.csv': csvOf(rowsOf(20)) };
      const training = { optimizer: 'sgd', learningRate: 0.1, batchSize: 16, epochs: 1, reduction };
      const spec = specWith({ input: 'x', normalize: 'none', sampleWeight: 'w' }, training);
      const made = await trial({ ...spec, network: {} }, files);
      const before = parameters(made.prepared);
      const { train } = made.prepared.data.splits;
      const x = train.inputs.get('x')?.gather(Int32Array.from({ length: train.n }, (_, row) => row)) ?? [];
      trainThrough(made.training);
      const after = parameters(made.prepared);
      const [kernel, bias] = [...before.keys()];
      assert.deepEqual([train.n, before.size], [16, 2]);
      const rows = rowsOf(20).filter(({ part }) => part === 'train');
      const slopes = { kernel: [0, 0, 0, 0], bias: [0, 0] };
      let [sum, total] = [0, 0];
      for (const [index, row] of rows.entries()) {
        const inputs = [x[index * 2] ?? NaN, x[index * 2 + 1] ?? NaN];
        for (const [column, name] of (['p', 'q'] as const).entries()) {
          if (row[name] === '') continue;
          const k = (input: number): number => before.get(kernel ?? '')?.[input * 2 + column] ?? NaN;
          const guess =
            (inputs[0] ?? NaN) * k(0) + (inputs[1] ?? NaN) * k(1) + (before.get(bias ?? '')?.[column] ?? NaN);
          const residual = guess - Number(row[name]);
          const weight = Number(row['w']) / 2;
          sum += weight * residual * residual;
          total += weight;
          slopes.bias[column] = (slopes.bias[column] ?? 0) + 2 * weight * residual;
          for (const [input, value] of inputs.entries()) {
            const at = input * 2 + column;
            slopes.kernel[at] = (slopes.kernel[at] ?? 0) + 2 * weight * residual * value;
          }
        }
      }
      const divisor = reduction === 'batch-mean' ? 16 : total;
      for (const [name, slope] of [
        [kernel, slopes.kernel],
        [bias, slopes.bias],
      ] as const) {
        const expected = slope.map((value, at) => (before.get(name ?? '')?.[at] ?? NaN) - (0.1 * value) / divisor);
        expected.forEach((value, at) => {
          const found = after.get(name ?? '')?.[at] ?? NaN;
          assert.ok(Math.abs(found - value) < 1e-5, `${name ?? ''}: ${String(found)} instead of ${String(value)}`);
        });
      }
      const [epoch] = recordsOf(made.records, 'epoch');
      assert.ok(Math.abs(Number(epoch?.train.losses.get('both')) - sum / total) < 1e-5);
      made.dispose();
    });
  }

  test('metrics count each column’s own numbers, whatever their sample weights', async () => {
    const files = { 'data.csv': csvOf(rowsOf(40)) };
    const made = await trial(specWith({ metrics: ['mae'], sampleWeight: 'w' }, {}), files);
    const { validation } = made.prepared.data.splits;
    const target = validation.targets.get('both') ?? assert.fail();
    const { targets: numbers, present } = labeledTargets('both', target);
    assert.ok(target.weight.includes(0) && Array.from(present ?? []).includes(0));
    const pass = made.training.evaluate('validation');
    // The same through tasks of one column without weights: each has its own mean, and both count alike.
    const rows = rowsOf(40).filter(({ part }) => part === 'validation');
    const own = made.prepared.tasks[0]?.newMetrics() ?? assert.fail();
    own.update(
      rows.flatMap(() => [0, 0]),
      numbers,
      rows.map(() => 1),
      present,
    );
    const scalings = made.prepared.data.preparation.tasks[0]?.target;
    assert.ok(scalings?.type === 'regression');
    const expected = (['p', 'q'] as const).map((name, column) => {
      const known = rows.flatMap((row) => (row[name] === '' ? [] : [Number(row[name])]));
      const mean = scalings.scalings[column]?.shift ?? NaN;
      return known.reduce((sum, value) => sum + Math.abs(value - mean), 0) / known.length;
    });
    const mae = own.result().values.get('mae') ?? NaN;
    assert.ok(Math.abs(mae - ((expected[0] ?? NaN) + (expected[1] ?? NaN)) / 2) < 1e-6);
    assert.ok(Number.isFinite(pass.metrics.get('both')?.get('mae')));
    made.dispose();
  });

  for (const loss of losses) {
    test(`${loss}: the best constants are those of each column's own numbers`, async () => {
      const files = { 'data.csv': csvOf(rowsOf(40)) };
      const made = await trial(specWith({ ...taskOf(loss), sampleWeight: 'w' }, {}), files);
      const { tasks, data } = made.prepared;
      const both = constantLosses(tasks, data.splits.train, data.splits.validation).get('both') ?? NaN;
      // One column alone has the constants and the loss of its own rows; the weights of the columns are their labels'.
      let [sum, total] = [0, 0];
      for (const column of ['p', 'q']) {
        const single = await trial(specWith({ ...taskOf(loss), target: column, sampleWeight: 'w' }, {}), files);
        const { splits } = single.prepared.data;
        const alone = constantLosses(single.prepared.tasks, splits.train, splits.validation).get('both') ?? NaN;
        const weight = splits.validation.targets.get('both')?.weight.reduce((all, one) => all + one, 0) ?? NaN;
        sum += alone * weight;
        total += weight;
        single.dispose();
      }
      assert.ok(Math.abs(both - sum / total) < 1e-6, `${String(both)} instead of ${String(sum / total)}`);
      made.dispose();
    });
  }

  test('a column that training does not know has no best constant, and the task no skill', async () => {
    const rows = rowsOf(40).map((row) => ({ ...row, q: row['part'] === 'train' ? '' : 1 }));
    const made = await trial(specWith({ loss: 'huber' }, {}), { 'data.csv': csvOf(rows) });
    const { tasks, data } = made.prepared;
    assert.equal(constantLosses(tasks, data.splits.train, data.splits.validation).get('both'), null);
    made.dispose();
  });
});

nativeSuite('on the native engine', () => {
  let engine: Engine;
  before(async () => {
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
  });
  after(() => engine.dispose());

  for (const loss of losses) {
    test(`${loss}: captured steps over columns with gaps have the numbers of eager ones`, async () => {
      const spec = specWith({ ...taskOf(loss), sampleWeight: 'w' }, { epochs: 20, learningRate: 0.005 });
      const compared = await compare(engine, spec, { 'data.csv': csvOf(rowsOf(40)) }, 30);
      assert.ok(compared.graph, compared.detail);
      assert.deepEqual(compared.refusals, []);
      assert.ok(compared.distance < 1e-4, compared.distance.toExponential(2));
    });
  }

  test('a split without gaps beside one with gaps is judged by a graph of its own', async () => {
    const whole = (row: Row): Row => ({
      ...row,
      p: row['p'] === '' ? 1 : (row['p'] ?? ''),
      q: row['q'] === '' ? 2 : (row['q'] ?? ''),
    });
    for (const gappy of ['train', 'validation']) {
      const files = { 'data.csv': csvOf(rowsOf(40).map((row) => (row['part'] === gappy ? row : whole(row)))) };
      const made = await half(engine, specWith({}, { epochs: 2, batchSize: 8 }), files, true);
      takeSteps(made, 8);
      assert.deepEqual(made.refusals, []);
      for (const split of ['train', 'validation'] as const) {
        const { n } = made.prepared.data.splits[split];
        assert.ok(n <= 32 && Number.isFinite(made.training.evaluate(split).losses.get('both')));
      }
      made.dispose();
    }
  });
});
