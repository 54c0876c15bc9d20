// Gradients block by block: against differences of the losses, in every place where records tell of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tf } from '../../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../../src/engine/contract.ts';
import { encodeRecord, parseRecord } from '../../../../../src/runs/records.ts';
import { createOptimizer } from '../../../../../src/trainer/optimizers/optimizer.ts';
import { loadBatch } from '../../../../../src/trainer/prepare/load-batch.ts';
import { blockInterval, gradientsRecord, measure } from '../../../../../src/trainer/step/methods/run.ts';
import { makeSteps } from '../../../../../src/trainer/training/make-steps.ts';
import { embeddedEngine, recordsOf, type Trial } from '../../training-helpers.ts';
import { fullRows, partialRows, smallTrial, takeSteps, threeTasks } from '../helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

/** All three tasks read the trunk, two of them by way of the branch. */
const network = {
  trunk: { input: 'x', layers: [{ type: 'dense', units: 3, activation: 'tanh' }] },
  branch: { input: 'trunk', layers: [{ type: 'dense', units: 2, activation: 'tanh' }] },
};
const tasks = {
  ...threeTasks,
  value: { ...threeTasks.value, input: 'branch' },
  other: { ...threeTasks.other, input: 'branch' },
};

const stepsOf = ({ prepared }: Trial) => {
  const optimizer = createOptimizer(prepared.model.variables, prepared.spec.training);
  const names = prepared.tasks.map(({ name }) => name);
  const positions = Int32Array.from({ length: 8 }, (_, index) => index);
  const batch = loadBatch(prepared.data.splits.train, positions, prepared.model.inputs, names);
  const steps = makeSteps({ prepared, optimizer });
  const dispose = (): void => {
    batch.dispose();
    optimizer.dispose();
  };
  return { steps, input: { batches: [batch], step: 0 }, dispose };
};

/** Gradients of the losses [T][P] over the parameters of a block, by central differences. */
function differences({ prepared: { model } }: Trial, { steps, input }: ReturnType<typeof stepsOf>, block: string) {
  const losses = (): number[] =>
    steps.executor.forward(input).losses.map((loss) => (loss === null ? NaN : loss.sum / loss.weight));
  const rows: number[][] = steps.context.tasks.map(() => []);
  for (const { variable } of model.variables.filter(({ path }) => path.startsWith(`${block}/`))) {
    const values = Float32Array.from(variable.dataSync());
    const put = (changed: Float32Array): void => {
      tf.tidy(() => variable.assign(tf.tensor(changed, variable.shape)));
    };
    values.forEach((value, place) => {
      const at = (shift: number): number[] => {
        put(Float32Array.from(values, (one, index) => (index === place ? value + shift : one)));
        return losses();
      };
      const [above, below] = [at(0.01), at(-0.01)];
      rows.forEach((row, task) => row.push(((above[task] ?? NaN) - (below[task] ?? NaN)) / 0.02));
    });
    put(values);
  }
  return rows;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, place) => sum + value * (b[place] ?? NaN), 0);

test('norms and agreement of each block are those of its own parameters', async () => {
  const made = await smallTrial({ network, tasks }, fullRows);
  const measuring = stepsOf(made);
  const { steps, input } = measuring;
  const measured = measure(steps, input);
  assert.ok(measured?.gram);
  const [trunk, branch] = measured.blocks ?? [];
  assert.deepEqual([trunk?.name, branch?.name, measured.blocks?.length], ['trunk', 'branch', 2]);
  const near = (found: number | null | undefined, right: number): void =>
    assert.ok(
      Math.abs((found ?? NaN) - right) < 0.01 * Math.max(1, Math.abs(right)),
      `${String(found)} is not ${right}`,
    );
  const [low, high] = [differences(made, measuring, 'trunk'), differences(made, measuring, 'branch')];
  const cosine = (rows: readonly number[][], i: number, j: number): number => {
    const [a = [], b = []] = [rows[i], rows[j]];
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  low.forEach((row, task) => {
    near(trunk?.norms[task], Math.sqrt(dot(row, row)));
    const others = [0, 1, 2].filter((other) => other !== task);
    near(trunk?.agreement[task], others.reduce((sum, other) => sum + cosine(low, task, other), 0) / 2);
  });
  // The class is read before the branch: there it has nothing, which is not the same as a gradient of 0.
  assert.deepEqual([branch?.norms[0], branch?.agreement[0]], [null, null]);
  for (const [task, other] of [
    [1, 2],
    [2, 1],
  ] as const) {
    // prettier-ignore
    near(branch?.norms[task], Math.sqrt(dot(high[task] ?? [], high[task] ?? [])));
    near(branch?.agreement[task], cosine(high, task, other));
  }
  // Together they are the row of all shared parameters.
  measured.norms.forEach((norm, task) => {
    const squares = [trunk, branch].map((block) => (block?.norms[task] ?? 0) ** 2);
    assert.ok(Math.abs(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) - norm) < 1e-6 * norm);
  });
  const record = gradientsRecord(steps.context, 1, measured);
  const read = parseRecord(encodeRecord(1, 2, record));
  assert.ok(typeof read !== 'string' && read.kind === 'gradients');
  assert.deepEqual(read.blocks?.['branch']?.norms, branch?.norms);
  assert.deepEqual(read.blocks?.['trunk']?.agreement, trunk?.agreement);
  measuring.dispose();
  made.dispose();
});

test('one shared block needs no words of its own, nor do tasks that are absent', async () => {
  const alone = await smallTrial({}, fullRows);
  takeSteps(alone, 1);
  assert.deepEqual(recordsOf(alone.records, 'gradients').map(({ blocks }) => blocks), [undefined]); // prettier-ignore
  alone.dispose();
  const made = await smallTrial({ network, tasks, training: { batchSize: 1, steps: 1 } }, partialRows);
  takeSteps(made, 1);
  const [record] = recordsOf(made.records, 'gradients');
  assert.equal(record?.tasks.length, 2);
  for (const { norms, agreement } of blocksOf(record)) assert.deepEqual([norms.length, agreement.length], [2, 2]);
  made.dispose();
});

type Blocks = ReadonlyMap<string, Readonly<Record<'norms' | 'agreement', readonly (number | null)[]>>>;

/** As the trainer hands them over: by name. */
const blocksOf = (record: unknown) => [...((record as { readonly blocks?: Blocks }).blocks?.values() ?? [])];

test('strategies on gradients have their blocks measured beside, at the first record and then every so often', async () => {
  const made = await smallTrial({ network, tasks, strategy: 'mgda', training: { steps: 12 } }, fullRows);
  takeSteps(made, 12);
  const records = recordsOf(made.records, 'gradients');
  assert.deepEqual(records.map((record) => [record.step, blocksOf(record).length]), [[1, 2], [11, 0]]); // prettier-ignore
  const [first] = records;
  first?.norms.forEach((norm, task) => {
    const squares = blocksOf(first).map(({ norms }) => (norms[task] ?? 0) ** 2);
    assert.ok(Math.abs(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) - Number(norm)) < 1e-6);
  });
  made.dispose();
  // Where a step works on several batches at once, they are not added up as if they were one.
  const several = await smallTrial({ network, tasks, strategy: 'modo', training: { steps: 1 } }, fullRows);
  takeSteps(several, 1);
  assert.deepEqual(recordsOf(several.records, 'gradients').map((record) => blocksOf(record).length), [0]); // prettier-ignore
  several.dispose();
});

test('often enough, and only at steps that have a record', () => {
  assert.deepEqual([10, 100, 37, 1000, 1].map(blockInterval), [100, 100, 111, 1000, 100]);
});
