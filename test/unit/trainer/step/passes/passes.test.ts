// Per-task gradients of one forward pass against tfjs's own gradients of each loss alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadBatch } from '../../../../../src/trainer/prepare/load-batch.ts';
import type { Engine } from '../../../../../src/engine/contract.ts';
import { tf } from '../../../../../src/engine/tfjs.ts';
import { forwardTasks } from '../../../../../src/trainer/model/partial.ts';
import { createOptimizer } from '../../../../../src/trainer/optimizers/optimizer.ts';
import { eagerExecutor } from '../../../../../src/trainer/step/executors/eager/executor.ts';
import { sharedLayout, wholeOf } from '../../../../../src/trainer/step/passes/layout.ts';
import type { StepContext } from '../../../../../src/trainer/step/contract.ts';
import { createUpdate } from '../../../../../src/trainer/step/passes/update.ts';
import { embeddedEngine, type Trial } from '../../training-helpers.ts';
import { mechanisms, smallTrial, type Mechanism } from '../helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

/** ∇Lᵢ of one task alone over the shared parameters, by tf.variableGrads. */
function plainGradient({ prepared }: Trial, positions: Int32Array, task: number): Map<string, number[]> {
  const { model, tasks, data } = prepared;
  const names = tasks.map(({ name }) => name);
  const batch = loadBatch(data.splits.train, positions, model.inputs, names);
  model.setStep(0);
  const variables = model.variables.filter(({ trainable }) => trainable);
  const { value, grads } = tf.variableGrads(
    () => {
      const [raw] = forwardTasks(model, batch.inputs, [task], true);
      const target = batch.targets[task];
      assert.ok(raw && target);
      const sums = tasks[task]?.loss.evaluate(raw, target.target, target.weights);
      assert.ok(sums);
      return tf.div(sums.sum, sums.weight);
    },
    variables.filter(({ tasks: reached }) => reached.includes(names[task] ?? '')).map(({ variable }) => variable),
  );
  const found = new Map(variables.map(({ path, variable }) => [path, [...(grads[variable.name]?.dataSync() ?? [])]]));
  tf.dispose([value, ...Object.values(grads)]);
  batch.dispose();
  return found;
}

describe('task gradients of one forward pass', () => {
  for (const mechanism of Object.keys(mechanisms) as Mechanism[]) {
    test(`are those of each loss alone: ${mechanism}`, async () => {
      const made = await smallTrial({ mechanism });
      const { model, tasks, data, spec } = made.prepared;
      const context: StepContext = {
        model,
        reduction: 'labelled-mean',
        tasks: tasks.map((task) => ({
          name: task.name,
          loss: task.loss,
          answers: (raw) => task.answers(raw),
          weight: 1,
        })),
      };
      const optimizer = createOptimizer(model.variables, spec.training);
      const executor = eagerExecutor(context, createUpdate(model, { optimizer, l1: 0, l2: 0, clipNorm: undefined }));
      const positions = Int32Array.from({ length: 9 }, (_, index) => index);
      const batch = loadBatch(data.splits.train, positions, model.inputs, model.tasks);
      const layout = sharedLayout(model);
      assert.ok(layout.size > 0);
      const held = tf.memory().numTensors;
      const gradients = executor.taskGradients(
        { batches: [batch], step: 0 },
        { statistic: 'rows', layout, segments: wholeOf(layout), updateStatistics: true },
      );
      assert.ok(gradients);
      assert.deepEqual(gradients.present, [0, 1, 2]);
      const expected = tasks.map((_, index) => plainGradient(made, positions, index));
      for (const [index, row] of gradients.rows.entries()) {
        for (const { path, offset, size } of layout.variables) {
          const wanted = expected[index]?.get(path) ?? [];
          for (let k = 0; k < size; k++)
            assert.ok(Math.abs((row[offset + k] ?? NaN) - (wanted[k] ?? 0)) < 1e-6, `${path} of task ${String(index)}`);
        }
        for (const [other, second] of gradients.rows.entries()) {
          const product = row.reduce((sum, value, k) => sum + value * (second[k] ?? 0), 0);
          assert.ok(Math.abs(product - (gradients.grams[0]?.[index]?.[other] ?? NaN)) < 1e-9 * (1 + Math.abs(product)));
        }
        assert.ok(
          Math.abs((gradients.norms[0]?.[index] ?? NaN) ** 2 - (gradients.grams[0]?.[index]?.[index] ?? NaN)) < 1e-9,
        );
      }
      gradients.dispose();
      assert.equal(tf.memory().numTensors, held);
      batch.dispose();
      optimizer.dispose();
      made.dispose();
    });
  }
});
