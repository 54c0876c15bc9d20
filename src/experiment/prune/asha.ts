/**
 * Asynchronous successive halving (Li et al. 2020, ASHA), as a rule of stopping: when a trial reaches a rung, it goes on if
 * it is among the best ⌊n/η⌋, at least one, of the n trials that have reached this rung so far, itself included. It is not
 * waited for others, so the first to arrive goes on. Equal values are not worse than one another.
 *
 * Several tasks: a trial is cut only when it is outside the best 1/η on *every* task. A task on which it has no value is no
 * evidence, neither of the best nor of the worst: such a trial goes on, and on that task the others are ranked without it.
 */
import { goOn, criteriaOf, cut, isEvidence, namesOf, type Criterion } from './criteria.ts';
import type { PrunedTrial, PruneRequest, Pruner } from './contract.ts';

/**
 * The epochs at which trials are compared: r, rη, rη², … below `epochs`, with r = `epochs`/η³ rounded, at least 1 – three
 * rungs where there are epochs enough.
 */
export function rungsOf({ epochs, eta }: Pick<PruneRequest, 'epochs' | 'eta'>): readonly number[] {
  const rungs: number[] = [];
  for (let rung = Math.max(1, Math.round(epochs / eta ** 3)); rung < epochs; rung *= eta) rungs.push(rung);
  return rungs;
}

interface Rank {
  readonly criterion: Criterion;
  /** How many have a smaller value. */
  readonly better: number;
  readonly compared: number;
  /** How many go on. */
  readonly kept: number;
}

function rankOf(criterion: Criterion, own: number, trials: readonly PrunedTrial[], rung: number, eta: number): Rank {
  const values = trials.flatMap(({ reports }) => {
    const report = reports.get(rung);
    const value = report === undefined ? null : criterion.of(report);
    return isEvidence(value) ? [value] : [];
  });
  const kept = Math.max(1, Math.floor(values.length / eta));
  return { criterion, better: values.filter((value) => value < own).length, compared: values.length, kept };
}

/** Pure: what all trials have reported so far decides. `trials` holds the trial itself. */
export const asha: Pruner = (request, trials, id, epoch) => {
  if (!rungsOf(request).includes(epoch)) return goOn(`Epoch ${epoch} is no rung.`, `第 ${epoch} 轮不是比较点。`);
  const report = trials.find((trial) => trial.id === id)?.reports.get(epoch);
  if (report === undefined) throw new RangeError(`Trial ${id} has no report of epoch ${epoch}`);
  const criteria = criteriaOf(request);
  const silent = criteria.filter((criterion) => !isEvidence(criterion.of(report)));
  if (silent.length > 0 || criteria.length === 0) {
    const names = namesOf(silent);
    return goOn(
      `No value of ${names.en} at epoch ${epoch}: no evidence that the trial is worse.`,
      `第 ${epoch} 轮没有 ${names.zh} 的值：没有证据表明该试验更差。`,
    );
  }
  const ranks = criteria.map((criterion) => {
    const own = criterion.of(report);
    return rankOf(criterion, own ?? NaN, trials, epoch, request.eta);
  });
  const good = ranks.filter(({ better, kept }) => better < kept);
  const [shown] = good.length > 0 ? good : ranks;
  const place = ranks.map(({ criterion, better, compared }) => ({
    name: {
      en: `${criterion.name.en}: place ${better + 1} of ${compared}`,
      zh: `${criterion.name.zh}：第 ${better + 1} 名，共 ${compared} 个`,
    },
  }));
  const places = namesOf(place);
  if (good.length > 0 && shown !== undefined)
    return goOn(
      `Among the best 1/${request.eta} at epoch ${epoch} on ${namesOf(good.map(({ criterion }) => criterion)).en} (${places.en}).`,
      `第 ${epoch} 轮在 ${namesOf(good.map(({ criterion }) => criterion)).zh} 上位于最好的 1/${request.eta} 之内（${places.zh}）。`,
    );
  return cut(
    `Outside the best 1/${request.eta} at epoch ${epoch} (${places.en}).`,
    `第 ${epoch} 轮不在最好的 1/${request.eta} 之内（${places.zh}）。`,
  );
};
