/** Losses of finished epochs as curves, one a task. Pure. */
import type { OverlayCurve, OverlaySeries } from '../../messages/protocol.ts';
import type { EpochAt } from './run-epochs.ts';

/** A curve of more epochs is thinned out evenly. */
const mostPoints = 400;

/** A curve a task, in no order. */
export function epochCurves(
  epochs: readonly EpochAt[],
  series: OverlaySeries,
): readonly Pick<OverlayCurve, 'task' | 'epoch' | 'step' | 'seconds' | 'y'>[] {
  const points = epochs.flatMap(({ record, step, seconds }) => {
    const losses = series === 'train' ? record.train.losses : record.validation?.losses;
    return losses === undefined || step === null ? [] : [{ epoch: record.epoch, step, seconds, losses }];
  });
  const every = Math.max(1, Math.ceil(points.length / mostPoints));
  const kept = points.filter((_, at) => at % every === 0 || at === points.length - 1);
  const tasks = [...new Set(kept.flatMap(({ losses }) => Object.keys(losses)))];
  return tasks.map((task) => ({
    task,
    epoch: kept.map(({ epoch }) => epoch),
    step: kept.map(({ step }) => step),
    seconds: kept.map(({ seconds }) => seconds),
    y: kept.map(({ losses }) => {
      const value = Object.hasOwn(losses, task) ? losses[task] : null;
      return typeof value === 'number' ? value : null;
    }),
  }));
}
