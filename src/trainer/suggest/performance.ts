/**
 * Weights by performance, from the spec's last run (dynamic task prioritization, Guo et al. 2018): κ̄ ← α κ + (1 − α) κ̄ over
 * its epochs, w = −(1 − κ̄)^γ ln κ̄, α = .1, γ = 1; the first κ starts the mean.
 */
import type { Text } from '../../common/text.ts';
import { RunReader } from '../../runs/reader.ts';
import type { EpochEvent, JsonNumber, StartEvent } from '../../runs/events.ts';
import type { FactSource } from '../baselines/facts.ts';
import { performanceOf } from '../baselines/performance.ts';
import { isBounded, resolveStrategy } from '../../spec/index.ts';
import { performance as strategy } from '../../weighting/losses/performance.ts';
import type { Json } from '../../weighting/contract.ts';
import { constantOf, digits, type Share, type Shares, type SuggestOptions } from './shares.ts';
import { SuggestError } from './suggestion.ts';

export function performanceShares(source: FactSource, { run, split }: SuggestOptions): Shares {
  const { start, epochs } = historyOf(run);
  const shares = source.tasks.map((task): Share => {
    const record = start.tasks.find(({ name }) => name === task.name);
    const constantLoss = constantOf(task, source);
    const series = epochs.flatMap((epoch) => {
      const value = record ? measured(epoch, split, task.name, record.primary, constantLoss) : null;
      return value === null ? [] : [value];
    });
    const last = series.at(-1);
    if (!record || last === undefined) throw unknownTask(task.name, split);
    // The strategy's own function, fed with epochs instead of batches.
    let state: Json = null;
    const made = strategy(resolveStrategy('performance'), { tasks: [task.name] });
    let weight = NaN;
    for (const [step, value] of series.entries()) {
      const outcome = made.weigh({ step, tasks: [task.name], losses: [1], weights: [1], performance: [value] }, state);
      [state, weight] = [outcome.state, outcome.weights[0] ?? NaN];
    }
    const running = runningMean(state, task.name);
    const what = isBounded(record.primary) ? record.primary : '1 − L/L⁰';
    const where = { train: ['training', '训练'], validation: ['validation', '验证'] }[split];
    return {
      task: task.name,
      share: weight,
      numbers: new Map([
        ['performance', last],
        ['running', running],
        ['epochs', series.length],
        ['constantLoss', constantLoss],
      ]),
      text: {
        en: `κ = ${digits(last)} (${what}, ${where[0] ?? ''}, last of ${String(series.length)} epochs), κ̄ = ${digits(running)}`,
        zh: `κ = ${digits(last)}（${what}，${where[1] ?? ''}集，共 ${String(series.length)} 轮的最后一轮），κ̄ = ${digits(running)}`,
      },
    };
  });
  return {
    formula: 'κ̄ ← .1 κ + .9 κ̄, w = −(1 − κ̄) ln κ̄',
    shares,
    warnings: split === 'validation' ? [onValidation] : [],
  };
}

const onValidation: Text = {
  en: 'Weights from validation metrics have seen the validation split: its metrics are no longer an independent check.',
  zh: '权重取自验证集指标，验证集已被使用：其指标不再是独立的检验。',
};

function historyOf(run: string | null): { readonly start: StartEvent; readonly epochs: readonly EpochEvent[] } {
  if (run !== null) {
    const reader = new RunReader(run);
    reader.pollAll();
    const start = reader.records.findLast((record): record is typeof record & StartEvent => record.kind === 'start');
    const epochs = reader.records.filter((record): record is typeof record & EpochEvent => record.kind === 'epoch');
    if (start && epochs.length > 0) return { start, epochs };
  }
  throw new SuggestError(
    'Weights by performance read the last run of this spec, and there is none with an epoch. Train it first (mtl train), or name a run with --run DIR.',
    '按任务性能加权需要读取此实验描述文件的最近一次运行，但尚无完成过一轮的运行。请先训练（mtl train），或用 --run DIR 指定运行。',
  );
}

function measured(
  epoch: EpochEvent,
  split: 'train' | 'validation',
  task: string,
  metric: string,
  constantLoss: number,
): number | null {
  const part = split === 'train' ? epoch.train : epoch.validation;
  const metrics = part && own(part.metrics, task);
  const value = metrics ? own(metrics, metric) : null;
  return performanceOf({
    ...{ metric, constantLoss },
    value: asNumber(value ?? null),
    loss: asNumber((part && own(part.losses, task)) ?? null),
  });
}

function own<Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

const asNumber = (value: JsonNumber | null): number | null => (typeof value === 'number' ? value : null);

function runningMean(state: Json, task: string): number {
  const mean = (state as { readonly mean?: Readonly<Record<string, Json>> } | null)?.mean;
  const value = mean ? own(mean, task) : null;
  return typeof value === 'number' ? value : NaN;
}

function unknownTask(task: string, split: string): SuggestError {
  return new SuggestError(
    `The last run says nothing of the task "${task}" on the ${split} split. Train this spec again, or name another run with --run DIR.`,
    `最近一次运行没有任务“${task}”在 ${split} 上的结果。请重新训练此实验描述文件，或用 --run DIR 指定其他运行。`,
  );
}
