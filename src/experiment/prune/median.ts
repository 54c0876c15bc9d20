/**
 * The median stopping rule (Golovin et al. 2017, Vizier): a trial is cut at epoch s when its best value up to s is worse than
 * the median, over the *completed* trials, of their mean value up to s. Several tasks: worse on every task.
 *
 * Fewer than five completed trials are no evidence; nor is a task of which the trial has no value yet.
 */
import { criteriaOf, cut, goOn, isEvidence, namesOf, type Criterion } from './criteria.ts';
import type { PrunedTrial, Pruner } from './contract.ts';

const fewest = 5;

const valuesUpTo = (trial: PrunedTrial, criterion: Criterion, epoch: number): readonly number[] =>
  [...trial.reports].flatMap(([at, report]) => {
    const value = at <= epoch ? criterion.of(report) : null;
    return isEvidence(value) ? [value] : [];
  });

const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** Pure: what all trials have reported so far decides. `trials` holds the trial itself. */
export const medianStopping: Pruner = (request, trials, id, epoch) => {
  const trial = trials.find((other) => other.id === id);
  if (trial === undefined) throw new RangeError(`No trial ${id}`);
  const criteria = criteriaOf(request);
  const found = criteria.map((criterion) => {
    const own = valuesUpTo(trial, criterion, epoch);
    const others = trials
      .filter((other) => other.id !== id && other.state === 'done')
      .map((other) => valuesUpTo(other, criterion, epoch))
      .filter((values) => values.length > 0);
    const known = own.length > 0 && others.length >= fewest;
    const worse = known && Math.min(...own) > median(others.map(mean));
    return { ...criterion, known, worse };
  });
  const unknown = found.filter(({ known }) => !known);
  if (unknown.length > 0 || found.length === 0) {
    const names = namesOf(unknown);
    return goOn(
      `Too little is known of ${names.en} at epoch ${epoch}: a value of the trial and ${fewest} completed trials are needed.`,
      `第 ${epoch} 轮对 ${names.zh} 所知太少：需要该试验的值和 ${fewest} 个已完成的试验。`,
    );
  }
  const good = found.filter(({ worse }) => !worse);
  const names = namesOf(good.length > 0 ? good : found);
  return good.length > 0
    ? goOn(
        `No worse than the median of the completed trials up to epoch ${epoch} on ${names.en}.`,
        `截至第 ${epoch} 轮，在 ${names.zh} 上不比已完成试验的中位数差。`,
      )
    : cut(
        `Worse than the median of the completed trials up to epoch ${epoch} on ${names.en}.`,
        `截至第 ${epoch} 轮，在 ${names.zh} 上比已完成试验的中位数差。`,
      );
};
