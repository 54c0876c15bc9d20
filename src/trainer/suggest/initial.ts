/** Mean losses of the first batches at initialization (`initial-loss` with `--batches`): nothing is updated. */
import { runtimeFolder } from '../../runtime/layout.ts';
import { loadBatch, toLearnFrom } from '../prepare/load-batch.ts';
import { batchesOf, epochOrder } from '../../samples/order.ts';
import { openEngine } from '../../engine/open.ts';
import { tf } from '../../engine/tfjs.ts';
import { buildModel } from '../model/build.ts';
import { forwardTasks } from '../model/partial.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { labeledTargets } from '../tasks/labels.ts';
import { seedOf } from '../../spec/index.ts';

/**
 * Runs the first batches of the first epoch forward, as the training would see them (dropout on, moving statistics
 * untouched).
 *
 * @param assetsDirectory folder of the engine's binaries
 * @param batches how many batches a task's mean is taken over; those without a label of the task do not count
 */
export async function initialLosses(
  { spec, plan, data, tasks }: Pick<Prepared, 'spec' | 'plan' | 'data' | 'tasks'>,
  batches: number,
  assetsDirectory: string,
): Promise<ReadonlyMap<string, number>> {
  const engine = await openEngine(spec.training.engine, { assetsDirectory, runtimeFolder: runtimeFolder() });
  const { conventions, batchSize } = spec.training;
  const { train } = data.splits;
  const headBias = new Map(
    tasks.flatMap((task) => {
      const target = train.targets.get(task.name);
      const bias = target && task.headBias(labeledTargets(task.name, target));
      return bias ? [[task.name, bias] as const] : [];
    }),
  );
  const model = buildModel(plan, { seed: seedOf(spec.training, 'init'), conventions, headBias });
  const sums = new Map(tasks.map(({ name }) => [name, { total: 0, count: 0 }]));
  const names = tasks.map(({ name }) => name);
  try {
    let step = 0;
    for (const positions of batchesOf(epochOrder(seedOf(spec.training, 'order'), 1, train.n), batchSize)) {
      if ([...sums.values()].every(({ count }) => count >= batches)) break;
      const batch = toLearnFrom(loadBatch(train, positions, model.inputs, names), tasks);
      model.setStep(step++, { updateStatistics: false });
      tf.tidy(() => {
        const present = [...batch.targets.keys()].filter((index) => batch.targets[index] !== null);
        const outputs = present.length > 0 ? forwardTasks(model, batch.inputs, present, true) : [];
        for (const [place, index] of present.entries()) {
          const [task, output, target] = [tasks[index], outputs[place], batch.targets[index]];
          const sum = task && sums.get(task.name);
          if (!task || !output || !target || !sum || sum.count >= batches) continue;
          const loss = task.loss.evaluate(output, target.target, target.weights);
          sum.total += (loss.sum.dataSync()[0] ?? NaN) / (loss.weight.dataSync()[0] ?? NaN);
          sum.count++;
        }
      });
      batch.dispose();
    }
  } finally {
    model.dispose();
    engine.dispose();
  }
  return new Map([...sums].map(([task, { total, count }]) => [task, total / count]));
}
