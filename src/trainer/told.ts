/** Warnings of a training: their keys, and what metrics, losses and parameters give reason to. */
import { TrainingError } from './errors.ts';
import type { Model } from './model/build.ts';
import type { LossSum } from './step/types.ts';
import type { PassResult } from './sums.ts';
import type { Task } from './tasks/types.ts';

export interface ToldWarning {
  readonly code: string;
  readonly message: string;
  readonly task?: string;
}

/**
 * How a warning is kept, and how all begin that count as the same: with its code, task and `about`. The words may differ
 * from time to time.
 */
export function warningKey(
  code: string,
  message: string,
  task: string | undefined,
  about: string,
): { readonly key: string; readonly beginning: string } {
  const key = JSON.stringify([code, task ?? null, about, message]);
  return { key, beginning: key.slice(0, key.length - JSON.stringify(message).length - 1) };
}

export function warningOf(key: string): ToldWarning {
  const [code, task, , message] = JSON.parse(key) as [string, string | null, string, string];
  return { code, message, ...(task === null ? {} : { task }) };
}

/** What the metrics of a split have to say. */
export function metricWarnings(
  { results }: PassResult,
  split: 'train' | 'validation' | 'test',
): (ToldWarning & { readonly about: string })[] {
  return [...results].flatMap(([task, { warnings }]) =>
    warnings.map(({ code, metric, message }) => ({
      ...{ code, task },
      message: `${message.en} (${split} split)`,
      about: `${metric} ${split}`,
    })),
  );
}

/** Tasks whose loss is no number any more. */
export function notFinite(
  tasks: readonly Pick<Task, 'name'>[],
  losses: readonly (LossSum | null)[],
): { readonly name: string; readonly message: string }[] {
  return tasks.flatMap(({ name }, index) => {
    const loss = losses[index];
    if (!loss || Number.isFinite(loss.sum / loss.weight)) return [];
    const message = `The loss of "${name}" is no longer a finite number. Lower learningRate, set clipNorm, or look for extreme values in the data.`;
    return [{ name, message }];
  });
}

/** @throws TrainingError `diverged` when a parameter is no finite number */
export function refuseBroken({ variables }: Pick<Model, 'variables'>): void {
  const broken = variables.find(({ variable }) => !variable.dataSync().every(Number.isFinite));
  if (!broken) return;
  throw new TrainingError(
    'diverged',
    `Training diverged: "${broken.path}" holds values that are not finite. Lower learningRate, set clipNorm, or look for extreme values in the data; the last checkpoint is kept.`,
  );
}
