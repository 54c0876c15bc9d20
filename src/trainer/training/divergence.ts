/** Numbers that are no longer finite: of a loss they are told, of the model they end the run. */
import { text } from '../../common/text.ts';
import { TrainingError } from '../errors.ts';
import type { Model } from '../model/build.ts';
import type { LossSum } from '../step/contract.ts';
import type { Task } from '../tasks/contract.ts';
import type { Warn } from './warnings.ts';

/** Tells of tasks whose loss is no longer a finite number. */
export function warnOfLosses(
  warn: Warn,
  tasks: readonly Pick<Task, 'name'>[],
  losses: readonly (LossSum | null)[],
): void {
  tasks.forEach(({ name }, index) => {
    const loss = losses[index];
    if (!loss || Number.isFinite(loss.sum / loss.weight)) return;
    const message = text(
      `The loss of "${name}" is no longer a finite number. Lower learningRate, set clipNorm, or look for extreme values in the data.`,
      `“${name}”的损失不再是有限数值。请减小 learningRate、设置 clipNorm，或检查数据中的极端值。`,
    );
    warn('loss-not-finite', message, { task: name });
  });
}

/** @throws TrainingError `diverged` when a parameter is not a finite number */
export function refuseDiverged({ variables }: Pick<Model, 'variables'>): void {
  const broken = variables.find(({ variable }) => !variable.dataSync().every(Number.isFinite));
  if (!broken) return;
  throw new TrainingError(
    'diverged',
    text(
      `Training diverged: "${broken.path}" holds values that are not finite. Lower learningRate, set clipNorm, or look for extreme values in the data; the last checkpoint is kept.`,
      `训练发散：“${broken.path}”含有非有限的数值。请减小 learningRate、设置 clipNorm，或检查数据中的极端值；最近的检查点已保留。`,
    ),
  );
}
