// Strategies that take three batches a step: what the records tell of all three, and what the two that only weigh change.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadBatch } from '../../../../../src/trainer/prepare/load-batch.ts';
import type { Engine } from '../../../../../src/engine/contract.ts';
import { createOptimizer } from '../../../../../src/trainer/optimizers/optimizer.ts';
import { makeSteps } from '../../../../../src/trainer/training/make-steps.ts';
import { embeddedEngine, parameters, recordsOf, type Trial } from '../../training-helpers.ts';
import { fullRows, smallTrial } from '../helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const parts = [0, 8, 16].map((from) => Int32Array.from({ length: 8 }, (_, at) => from + at));

/** Mean losses in training mode with the weights of now, by task and part. */
function lossesNow({ prepared }: Trial): number[][] {
  const { data, model, tasks, spec } = prepared;
  const optimizer = createOptimizer(model.variables, spec.training);
  const { executor } = makeSteps({ prepared, optimizer });
  const found = parts.map((positions) => {
    const batch = loadBatch(data.splits.train, positions, model.inputs, tasks.map(({ name }) => name)); // prettier-ignore
    const { losses } = executor.forward({ batches: [batch], step: 0 });
    batch.dispose();
    return losses.map((loss) => (loss ? loss.sum / loss.weight : NaN));
  });
  optimizer.dispose();
  return found;
}

for (const strategy of ['modo', 'sdmgrad']) {
  test(`${strategy}: the record of a step has the losses of all three batches, their total and weights`, async () => {
    const made = await smallTrial({ strategy, training: { optimizer: 'sgd', l2: 0.01 } }, fullRows);
    const byPart = lossesNow(made);
    made.training.step(parts);
    made.training.flush();
    const [record] = recordsOf(made.records, 'step');
    assert.ok(record);
    const names = made.prepared.tasks.map(({ name }) => name);
    const expected = names.map((_, task) => byPart.reduce((sum, part) => sum + (part[task] ?? NaN), 0) / 3);
    const losses = names.map((name) => Number(record.losses.get(name)));
    losses.forEach((loss, task) => assert.ok(Math.abs(loss - (expected[task] ?? NaN)) < 1e-5, `${names[task] ?? ''}: ${String(loss)}`)); // prettier-ignore
    assert.ok(Math.abs(Number(record.total) - losses.reduce((sum, loss) => sum + loss, 0)) < 1e-5);
    assert.ok(Number(record.penalty) > 0, 'the penalty is part of the record');
    const weights = names.map((name) => Number(record.weights?.get(name)));
    assert.ok(weights.every((weight) => Number.isFinite(weight) && weight >= 0));
    made.dispose();
  });
}

/** What a strategy of several batches lets the moving averages see, as the positions of one batch. */
const seenBy: Readonly<Record<string, { readonly given: Int32Array[]; readonly seen: Int32Array[] }>> = {
  modo: { given: parts, seen: parts.slice(2) },
  sdmgrad: { given: parts, seen: parts.slice(2) },
  // The update of FORUM is that of the outer half.
  forum: { given: [Int32Array.from({ length: 16 }, (_, at) => at)], seen: parts.slice(1, 2) },
  moml: { given: parts.slice(0, 1), seen: parts.slice(0, 1) },
  'auto-lambda': { given: parts.slice(0, 1), seen: parts.slice(0, 1) },
};

for (const [strategy, { given, seen }] of Object.entries(seenBy)) {
  test(`${strategy}: moving averages see the batch that the update is made with, once`, async () => {
    const network = { trunk: { input: 'x', layers: [{ type: 'batchNormalization' }, { type: 'dense', units: 4 }] } };
    const training = { optimizer: 'sgd', conventions: 'pytorch' };
    const [all, one] = [
      await smallTrial({ strategy, network, training }, fullRows),
      await smallTrial({ strategy: 'static', network, training }, fullRows),
    ];
    all.training.step(given);
    one.training.step(seen);
    const moving = (of: Trial): [string, Float32Array][] =>
      [...parameters(of.prepared)].filter(([name]) => /moving/i.test(name));
    const [found, expected] = [moving(all), moving(one)];
    assert.ok(found.length >= 2);
    assert.deepEqual(found, expected);
    assert.ok(found.some(([, values]) => values.some((value) => value !== 0 && value !== 1)));
    all.dispose();
    one.dispose();
  });
}
