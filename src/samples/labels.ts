/** How many labels there are, by task and split: for the plan, for the `start` record, and for people. */
import { text } from '../common/text.ts';
import type { LabelCount, LabelFacts } from '../plan/plan.ts';
import { partNames, parts, type Part } from './split.ts';
import type { Notes, PreparedSplit } from './contract.ts';

type Splits = Readonly<Record<Part, PreparedSplit>>;

/** How many samples there are, for the `start` record: in all, and with a label per task. */
export interface Samples {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly labeled: Readonly<
    Record<string, { readonly train: number; readonly validation: number; readonly test: number }>
  >;
}

export function labelFacts(splits: Splits): ReadonlyMap<string, LabelFacts> {
  const of = (task: string, part: Part): LabelCount => {
    const { n, targets } = splits[part];
    const target = targets.get(task);
    const weighted = target?.weight.reduce((sum, weight) => sum + Number(weight > 0), 0) ?? 0;
    return { rows: n, labeled: target?.labeled ?? 0, weighted };
  };
  return new Map(
    [...splits.train.targets.keys()].map((task) => [
      task,
      { train: of(task, 'train'), validation: of(task, 'validation'), test: of(task, 'test') },
    ]),
  );
}

export function countSamples(splits: Splits, labels: ReadonlyMap<string, LabelFacts>): Samples {
  const labeled = Object.fromEntries(
    [...labels].map(([task, { train, validation, test }]) => [
      task,
      { train: train.labeled, validation: validation.labeled, test: test.labeled },
    ]),
  );
  return { train: splits.train.n, validation: splits.validation.n, test: splits.test.n, labeled };
}

/** Tells which task has no label in a split, or labels of weight 0 alone, and what follows. */
export function tellUnlabeled(labels: ReadonlyMap<string, LabelFacts>, notes: Notes): void {
  for (const [task, counts] of labels) {
    for (const part of parts) {
      const { rows, labeled, weighted } = counts[part];
      if (rows === 0 || weighted > 0) continue;
      if (labeled === 0) {
        const [en, zh] = effects.none[part];
        const message = text(
          `Task “${task}” has no label in the ${part} split: ${en}.`,
          `任务“${task}”在${partNames[part]}中没有标签：${zh}。`,
        );
        notes.warn(`no-labels-${part}`, message, { task });
      } else {
        const [en, zh] = effects.zero[part];
        const message = text(
          `Task “${task}” has ${labeled} ${labeled === 1 ? 'label' : 'labels'} in the ${part} split, but all sample weights there are 0: ${en}.`,
          `任务“${task}”在${partNames[part]}中有 ${labeled} 个标签，但样本权重全为 0：${zh}。`,
        );
        notes.warn(`zero-weights-${part}`, message, { task });
      }
    }
  }
}

const leftOut = ['validation/total and validation/skill leave it out', 'validation/total 与 validation/skill 不计入它'];

type Effects = Readonly<Record<Part, readonly [en: string, zh: string]>>;

const effects: { readonly none: Effects; readonly zero: Effects } = {
  none: {
    train: ['it learns nothing', '它学不到任何东西'],
    validation: [`it has no metrics there, and ${leftOut[0]}`, `在那里没有指标，且 ${leftOut[1]}`],
    test: ['it has no metrics there', '在那里没有指标'],
  },
  zero: {
    train: ['it learns nothing', '它学不到任何东西'],
    validation: [`it has metrics there, but no loss, and ${leftOut[0]}`, `在那里有指标而没有损失，且 ${leftOut[1]}`],
    test: ['it has metrics there, but no loss', '在那里有指标而没有损失'],
  },
};
