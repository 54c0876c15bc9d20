/**
 * The ways to suggest weights (conventions 5), one row each: the formula, and each task's share with its numbers. L⁰ is the
 * training loss of the best constant predictor.
 */
import type { Text } from '../../common/text.ts';
import { assumedText, samplesOf, linearLossOf, type FactSource } from '../baselines/facts.ts';
import { performanceShares } from './performance.ts';
import { constantOf, digits, positive, type Shares, type SuggestOptions } from './shares.ts';
import { SuggestError, type Method } from './suggestion.ts';

type MethodRow = (source: FactSource, options: SuggestOptions) => Shares;

const byInitialLoss: MethodRow = (source, { initial }) => ({
  formula: 'w ∝ 1/L⁰',
  warnings: [],
  shares: source.tasks.map((task) => {
    const measured = initial?.get(task.name);
    if (measured !== undefined) {
      const loss = positive(task, measured, 'mean loss of the first batches', '最初若干批的平均损失');
      return {
        task: task.name,
        share: 1 / loss,
        numbers: new Map([['initialLoss', loss]]),
        text: { en: `mean loss of the first batches ${digits(loss)}`, zh: `最初若干批的平均损失 ${digits(loss)}` },
      };
    }
    const loss = constantOf(task, source);
    return {
      task: task.name,
      share: 1 / loss,
      numbers: new Map([['constantLoss', loss]]),
      text: { en: `L⁰ = ${digits(loss)}`, zh: `L⁰ = ${digits(loss)}` },
    };
  }),
});

const byComplexity: MethodRow = (source) => {
  const warnings: Text[] = [];
  const shares = source.tasks.map((task) => {
    const constant = constantOf(task, source);
    const linear = linearLossOf(task, source);
    if (!linear || !Number.isFinite(linear.loss)) {
      warnings.push(assumedText(task.name));
      return {
        task: task.name,
        share: 1 / constant,
        numbers: new Map([
          ['constantLoss', constant],
          ['difficulty', 1],
        ]),
        text: {
          en: `L⁰ = ${digits(constant)}, no linear model, d = 1`,
          zh: `L⁰ = ${digits(constant)}，无线性模型，d = 1`,
        },
      };
    }
    if (!linear.converged) warnings.push(notConverged(task.name));
    const difficulty = Math.min(Math.max(linear.loss / constant, 0.05), 1);
    const fitted = { logistic: ['logistic', '逻辑'], ridge: ['ridge', '岭'] }[linear.model];
    return {
      task: task.name,
      share: difficulty / constant,
      numbers: new Map([
        ['constantLoss', constant],
        ['linearLoss', linear.loss],
        ['difficulty', difficulty],
        ['penalty', linear.penalty],
        ['rows', linear.rows],
      ]),
      text: {
        en: `L⁰ = ${digits(constant)}, L^lin = ${digits(linear.loss)} (${fitted[0] ?? ''} regression, ${String(linear.rows)} rows, 5 folds), d = ${digits(difficulty)}`,
        zh: `L⁰ = ${digits(constant)}，L^lin = ${digits(linear.loss)}（${fitted[1] ?? ''}回归，${String(linear.rows)} 行，5 折），d = ${digits(difficulty)}`,
      },
    };
  });
  return { formula: 'w ∝ d/L⁰, d = clip(L^lin/L⁰, .05, 1)', shares, warnings };
};

function notConverged(task: string): Text {
  return {
    en: `Task "${task}": the logistic model stopped before it had converged; its loss is an upper limit.`,
    zh: `任务“${task}”：逻辑回归在收敛前停止；其损失为上限。`,
  };
}

const byData: MethodRow = (source, { power }) => {
  if (source.spec.training.reduction === 'batch-mean') {
    throw new SuggestError(
      'With "reduction": "batch-mean" every label counts the same already, so weights by the amount of data would count it twice. Use "labelled-mean", or another method.',
      '"reduction": "batch-mean" 已使每个标签的份量相同，再按数据量加权会重复计算。请改用 "labelled-mean"，或换用其他方法。',
    );
  }
  return {
    formula: `w ∝ n^${String(power)}`,
    warnings: [],
    shares: source.tasks.map((task) => {
      const samples = samplesOf(task, source.data.splits.train);
      if (samples === 0) {
        throw new SuggestError(
          `Task "${task.name}" has no label in the training split, so no weight can be made of their number. Give it labels.`,
          `任务“${task.name}”在训练集中没有标签，无法据此确定权重。请补充标签。`,
        );
      }
      return {
        task: task.name,
        share: samples ** power,
        numbers: new Map([['samples', samples]]),
        text: { en: `n = ${String(samples)} labeled training rows`, zh: `n = ${String(samples)} 个有标签的训练行` },
      };
    }),
  };
};

export const methodRows: Readonly<Record<Method, MethodRow>> = {
  complexity: byComplexity,
  data: byData,
  performance: (source, options) => performanceShares(source, options),
  'initial-loss': byInitialLoss,
};
