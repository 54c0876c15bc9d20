/**
 * What is known of the tasks before training: labeled samples, L⁰ and L^lin (conventions 5). The same numbers stand behind
 * `mtl suggest` and behind the strategies that weigh by them.
 */
import { text, type Text } from '../../common/text.ts';
import { innermost, traitsOf, traitsOfName, type StrategySpec, type TaskFact } from '../../spec/index.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { TrainingError } from '../errors.ts';
import type { Prepared } from '../prepare/prepare.ts';
import type { Task } from '../tasks/contract.ts';
import { constantLossOn, labeledTargets } from '../tasks/labels.ts';
import type { TaskFacts } from '../../weighting/contract.ts';
import { observedBy } from '../../weighting/flow.ts';
import { linearLoss, type LinearLoss } from './linear.ts';

export type FactSource = Pick<Prepared, 'spec' | 'plan' | 'tasks'> & {
  readonly data: Pick<Prepared['data'], 'splits'>;
};

/** What a strategy wants to know of its tasks, those that it wraps and those that are observed beside it included. */
export function factNeeds(strategy: StrategySpec): ReadonlySet<TaskFact> {
  const all = [traitsOf(innermost(strategy)), ...observedBy(strategy).map(traitsOfName)];
  return new Set(all.flatMap((traits) => traits?.facts ?? []));
}

/** L⁰ on the training labels, in double precision; NaN without labels. */
export function trainingConstantLoss(task: Task, train: PreparedSplit): number {
  const target = train.targets.get(task.name);
  const constant = target && task.bestConstant(labeledTargets(task.name, target));
  return target && constant ? constantLossOn(task, constant, target) : NaN;
}

export function samplesOf(task: Task, train: PreparedSplit): number {
  return train.targets.get(task.name)?.labeled ?? 0;
}

/** The split's own seed where it has one: these numbers depend on the data, never on the training's seed. */
export function dataSeed({ spec }: Pick<Prepared, 'spec'>): number {
  const { split } = spec.data;
  return 'seed' in split && typeof split.seed === 'number' ? split.seed : 0;
}

/** L^lin of one task. */
export function linearLossOf(task: Task, source: FactSource): LinearLoss | null {
  return linearLoss(task, { plan: source.plan, train: source.data.splits.train, seed: dataSeed(source) });
}

/**
 * The facts that are wanted, by task; those of linear models take seconds. Made with `Object.fromEntries`, so that any task
 * name is an own property.
 *
 * @throws TrainingError `no-facts` naming the task where a fact cannot be had
 */
export function strategyFacts(source: FactSource, wanted: ReadonlySet<TaskFact>): Readonly<Record<string, TaskFacts>> {
  const { train } = source.data.splits;
  return Object.fromEntries(
    source.tasks.map((task) => {
      const facts: { -readonly [Key in keyof TaskFacts]: TaskFacts[Key] } = {};
      if (wanted.has('samples')) facts.samples = positive(task, factNames.samples, samplesOf(task, train));
      if (wanted.has('constantLoss')) {
        facts.constantLoss = positive(task, factNames.constantLoss, trainingConstantLoss(task, train));
      }
      if (wanted.has('linearLoss')) {
        const loss = linearLossOf(task, source)?.loss;
        if (loss !== undefined && loss > 0 && Number.isFinite(loss)) facts.linearLoss = loss;
        else if (loss === 0) facts.linearLoss = Number.MIN_VALUE;
        else Object.assign(facts, { linearLoss: facts.constantLoss, assumed: true });
      }
      return [task.name, facts];
    }),
  );
}

/** What to say of a task whose complexity is not known. */
export function assumedText(task: string): Text {
  return {
    en: `Task "${task}": no linear model can be fitted (fewer than 10 labeled training rows, or inputs that never change), so it counts as one that no linear model explains (d = 1).`,
    zh: `任务“${task}”：无法拟合线性模型（有标签的训练行少于 10，或输入恒定），按线性模型完全无法解释计（d = 1）。`,
  };
}

const factNames = {
  samples: text('labeled training samples', '有标签的训练样本数'),
  constantLoss: text('loss of the best constant (L⁰)', '最佳常数的损失 (L⁰)'),
};

function positive(task: Task, what: Text, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  const is = Number.isNaN(value)
    ? text('not known (too few labels?)', '未知（标签是否过少？）')
    : text(String(value), ` ${String(value)}`);
  throw new TrainingError(
    'no-facts',
    text(
      `Task "${task.name}": its ${what.en} is ${is.en}, so no weight can be made of it. Give it labels, or choose another strategy.`,
      `任务“${task.name}”：${what.zh}为${is.zh}，无法据此确定权重。请补充标签，或改用其他策略。`,
    ),
  );
}
