/** One task's metric over the weights: which polynomial the runs support, or why none. */
import { text, type Text } from '../../common/text.ts';
import { studentUpperQuantile } from '../../numbers/student.ts';
import type { Measure } from '../contract.ts';
import type { Response, ResponseModel } from './contract.ts';
import {
  fitMixture,
  leftOutError,
  meanError,
  mixtureDesign,
  mixtureTerms,
  type MixtureDesign,
  type MixtureRun,
} from './scheffe.ts';

type Points = readonly (readonly MixtureRun[])[];

/** Designs that were made for other tasks of the same surface. */
export type Designs = Map<string, MixtureDesign | null>;

function designOf(points: Points, tasks: number, degree: 1 | 2, known: Designs): MixtureDesign | null {
  const key = JSON.stringify([degree, points.map((runs) => [runs[0]?.shares, runs.length])]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = mixtureDesign(points.flat(), mixtureTerms(tasks, degree));
  known.set(key, made);
  return made;
}

/** Residuals below this share of the largest value are rounding. */
const rounding = 1e-12;

/**
 * Quadratic or linear, whichever predicts weightings that were left out better; a polynomial takes part only where there is at
 * least one weighting more than it has terms, so that something is left to see its error by.
 *
 * @param points runs with a value, those of the same shares together
 * @param tasks how many
 * @param level of the intervals, in (0, 1)
 * @param designs kept for the next task
 */
export function responseOf(
  { task, metric, higherIsBetter }: Measure,
  points: Points,
  tasks: number,
  level: number,
  designs: Designs = new Map(),
): Response {
  const runs = points.flat();
  const own = { task, metric, higherIsBetter, runs: runs.length };
  const none = (remark: Text): Response => ({ ...own, model: null, remark });
  if (tasks < 2) return none(oneTask);
  if (runs.length === 0) return none(noValues);
  if (points.length <= tasks) return none(tooFew(points.length, tasks));
  const size = Math.max(...runs.map(({ value }) => Math.abs(value)));
  const [first = NaN] = runs.map(({ value }) => value);
  if (runs.every(({ value }) => Math.abs(value - first) <= rounding * size)) return none(noSpread);
  const found = ([1, 2] as const).flatMap((degree) => modelOf(points, tasks, degree, level, designs) ?? []);
  const [best] = found.toSorted((a, b) => a.leftOutError - b.leftOutError || a.degree - b.degree);
  if (best === undefined) return none(notSpreadOut);
  if (best.sd <= rounding * size) return none(exact);
  return { ...own, model: best, remark: best.leftOutError >= best.meanError ? noBetter : null };
}

function modelOf(points: Points, tasks: number, degree: 1 | 2, level: number, designs: Designs): ResponseModel | null {
  const terms = mixtureTerms(tasks, degree);
  if (points.length <= terms.length) return null;
  const design = designOf(points, tasks, degree, designs);
  if (design === null) return null;
  const fit = fitMixture(
    design,
    points.flat().map(({ value }) => value),
  );
  const [left, mean] = [leftOutError(points, fit), meanError(points)];
  if (left === null || mean === null) return null;
  const { coefficients, inverse, residuals, leverages, df } = fit;
  return {
    ...{ degree, terms, coefficients, inverse, df },
    sd: Math.sqrt(residuals.reduce((sum, residual) => sum + residual * residual, 0) / df),
    quantile: studentUpperQuantile((1 - level) / 2, df),
    reach: Math.max(...leverages),
    ...{ leftOutError: left, meanError: mean },
  };
}

const oneTask = text('With one task there is nothing to trade off.', '只有一个任务，无从权衡。');

const noValues = text('No run has a value.', '没有一次运行有值。');

const tooFew = (points: number, tasks: number): Text =>
  text(
    `Too few weightings: ${points}, and ${tasks} tasks need at least ${tasks + 1} different ones. Nothing is predicted.`,
    `权重组合太少：只有 ${points} 组，${tasks} 个任务至少需要 ${tasks + 1} 组不同的权重。不作预测。`,
  );

const noSpread = text(
  'All runs have the same value: there is nothing for weights to explain. Nothing is predicted.',
  '所有运行的值相同，权重无可解释。不作预测。',
);

const notSpreadOut = text(
  'The weightings do not spread over all tasks (they lie on a line, or one of them carries a direction alone). Nothing is predicted.',
  '权重组合未覆盖所有任务（位于一条线上，或某个方向只有一组）。不作预测。',
);

const exact = text(
  'The runs lie on the surface to the last digit, so its error cannot be told. Nothing is predicted.',
  '各次运行与曲面完全重合，无法得知误差。不作预测。',
);

const noBetter = text(
  'The surface predicts no better than the mean of all runs.',
  '此曲面的预测并不优于全部运行的均值。',
);
