/** What a solver has to say of a step comes out of every kind of method, once a weighing; and no method keeps a tensor. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { text, type Text } from '../../../../../src/common/text.ts';
import type { Engine } from '../../../../../src/engine/contract.ts';
import { tf } from '../../../../../src/engine/tfjs.ts';
import { createOptimizer } from '../../../../../src/trainer/optimizers/optimizer.ts';
import { loadBatch } from '../../../../../src/trainer/prepare/load-batch.ts';
import { makeSteps } from '../../../../../src/trainer/training/make-steps.ts';
import type { AnyStrategy, Strategy } from '../../../../../src/weighting/contract.ts';
import { createStrategy } from '../../../../../src/weighting/table.ts';
import { embeddedEngine, type Row } from '../../training-helpers.ts';
import { fullRows, smallTrial } from '../helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const complaint: Text = text('stopped early', '提前停止');

/** The strategy, whose solver always has something to say. */
function complaining(made: AnyStrategy): AnyStrategy {
  if (made.needs === 'entries') {
    return {
      ...made,
      combine: (statistics, state) => ({ ...made.combine(statistics, state), problems: [complaint] }),
    };
  }
  return { ...made, weigh: (statistics, state) => ({ ...made.weigh(statistics, state), problems: [complaint] }) };
}

/** Problems of one step on three batches of these rows, of the first `count` of them. */
async function problemsOf(strategy: string, count: number, rows: readonly Row[]): Promise<readonly Text[]> {
  const made = await smallTrial({ strategy, training: { optimizer: 'sgd' } }, rows);
  const { data, model, tasks, plan, spec } = made.prepared;
  const names = tasks.map(({ name }) => name);
  const optimizer = createOptimizer(model.variables, spec.training);
  const own = complaining(createStrategy(plan.spec.strategy, { tasks: names }));
  const { method } = makeSteps({ prepared: made.prepared, optimizer, strategy: own as Strategy });
  const batches = [0, 8, 16].slice(0, count).map(
    (from) =>
      loadBatch(data.splits.train, Int32Array.from({ length: 8 }, (_, at) => from + at), model.inputs, names), // prettier-ignore
  );
  const place = { step: 0, epoch: 0, learningRate: 0.01, measured: false };
  // What an engine makes once and keeps is made in the first step.
  const first = method.run({ batches, step: 0 }, place, method.initialState());
  const held = tf.memory().numTensors;
  const second = method.run({ batches, step: 1 }, { ...place, step: 1 }, first.state);
  assert.equal(tf.memory().numTensors, held, `${strategy}: tensors`);
  assert.deepEqual(second.problems, first.problems);
  batches.forEach((batch) => batch.dispose());
  optimizer.dispose();
  made.dispose();
  return first.problems;
}

const counts = {
  ...{ mean: 1, mgda: 1, 'imtl-g': 1, 'trimmed-mean': 1 },
  ...{ modo: 3, sdmgrad: 3, moml: 3, 'auto-lambda': 3, forum: 3 },
};
for (const [strategy, count] of Object.entries(counts)) {
  test(`${strategy} tells its problem`, async () => {
    assert.deepEqual(await problemsOf(strategy, count, fullRows), [complaint]);
  });
}

for (const strategy of ['moml', 'auto-lambda', 'forum']) {
  test(`${strategy} solves nothing, and says nothing, where no task is in both halves`, async () => {
    const apart = fullRows.map((row, at) => ({ ...row, ...(at < 8 ? { value: '', other: '' } : { kind: '' }) }));
    assert.deepEqual(await problemsOf(strategy, 3, [...apart, ...fullRows]), []);
  });
}
