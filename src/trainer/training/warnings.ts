/** Warnings of a training: their keys, and what metrics, losses and parameters give reason to. */
import { text, type Text } from '../../common/text.ts';
import type { WarningEvent } from '../../runs/events.ts';
import { partNames } from '../../samples/split.ts';
import { TrainingError } from '../errors.ts';
import type { Model } from '../model/build.ts';
import type { LossSum } from '../step/contract.ts';
import type { PassResult } from '../state/totals.ts';
import { byCause, isUnlabelled } from '../tasks/metrics/warnings.ts';
import type { Task } from '../tasks/types.ts';

export interface ToldWarning {
  readonly code: string;
  readonly message: Text;
  readonly task?: string;
  readonly severity?: 'information';
}

/** What makes a warning the same as another, beside its code. */
export interface WarningAbout {
  readonly task?: string | undefined;
  /** The English words where nothing is said: those may otherwise differ from time to time. */
  readonly about?: string;
  readonly severity?: 'warning' | 'information';
}

/** A warning that was not told before: what is kept of all told so far, and the fields of its record; otherwise null. */
export function tellOnce(
  warned: readonly string[],
  code: string,
  message: Text,
  about: WarningAbout,
): { readonly warned: readonly string[]; readonly fields: Omit<WarningEvent, 'kind'> } | null {
  const { key, beginning } = warningKey(code, message, about);
  if (warned.some((told) => told.startsWith(beginning))) return null;
  return { warned: [...warned, key], fields: warningFields(warningOf(key)) };
}

/** How a warning is kept, and how all begin that count as the same: with its code, task and `about`. */
function warningKey(
  code: string,
  message: Text,
  { task, about = message.en, severity }: WarningAbout,
): { readonly key: string; readonly beginning: string } {
  const beginning = JSON.stringify([code, task ?? null, about]).slice(0, -1);
  const words = [message.en, message.zh, ...(severity === 'information' ? [severity] : [])];
  return { key: `${beginning},${words.map((word) => JSON.stringify(word)).join(',')}]`, beginning };
}

/** Checkpoints of earlier versions have the English words alone. */
export function warningOf(key: string): ToldWarning {
  const [code, task, , en, zh = en, severity] = JSON.parse(key) as [string, string | null, string, string, ...string[]];
  return {
    ...{ code, message: { en, zh } },
    ...(task === null ? {} : { task }),
    ...(severity === 'information' ? { severity } : {}),
  };
}

/** The fields of a `warning` record, and of the list in `result.json`: `message` is English, `zh` says the same in Chinese. */
export function warningFields({ code, message, task, severity }: ToldWarning): Omit<WarningEvent, 'kind'> {
  return {
    ...{ code, message: message.en, zh: message.zh },
    ...(task === undefined ? {} : { task }),
    ...(severity === undefined ? {} : { severity }),
  };
}

/** What the metrics of a split have to say, beside that it has no label: the data's own warnings have said that. */
export function metricWarnings(
  { results }: PassResult,
  split: 'train' | 'validation' | 'test',
): (ToldWarning & { readonly about: string })[] {
  return [...results].flatMap(([task, { warnings }]) =>
    byCause(warnings.filter((warning) => !isUnlabelled(warning))).map(({ code, metric, message }) => ({
      ...{ code, task },
      message: text(`${message.en} (${split} split)`, `${message.zh}（${partNames[split]}）`),
      about: `${metric} ${split}`,
    })),
  );
}

/** Tasks whose loss is no number any more. */
export function notFinite(
  tasks: readonly Pick<Task, 'name'>[],
  losses: readonly (LossSum | null)[],
): { readonly name: string; readonly message: Text }[] {
  return tasks.flatMap(({ name }, index) => {
    const loss = losses[index];
    if (!loss || Number.isFinite(loss.sum / loss.weight)) return [];
    const message = text(
      `The loss of "${name}" is no longer a finite number. Lower learningRate, set clipNorm, or look for extreme values in the data.`,
      `“${name}”的损失不再是有限数值。请减小 learningRate、设置 clipNorm，或检查数据中的极端值。`,
    );
    return [{ name, message }];
  });
}

/** @throws TrainingError `diverged` when a parameter is no finite number */
export function refuseBroken({ variables }: Pick<Model, 'variables'>): void {
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

/** Operations that the engine left to the plain cpu backend, keyed by their name with how often. */
export function fallbackWarnings(fallbacks: ReadonlyMap<string, number>): ToldWarning[] {
  return [...fallbacks].map(([operation, count]) => ({
    code: 'engine-fallback',
    message: text(
      `${operation} ran ${String(count)} times on the plain cpu backend: the engine lacks it.`,
      `${operation} 在普通 cpu 后端上运行了 ${String(count)} 次：引擎没有此运算。`,
    ),
  }));
}
