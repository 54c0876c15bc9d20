/** Learning curves of runs, from the epochs that their directories tell of. */
import type { EventRecord, JsonNumber } from '../../runs/events.ts';
import type { CurveSeries } from '../../messages/comparison.ts';
import { RunEpochs } from '../runs/run-epochs.ts';

type Epoch = Extract<EventRecord, { kind: 'epoch' }>;

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** A curve of more epochs is thinned out: more than a chart has pixels to tell apart. */
const mostPoints = 400;
/** Reads each run once, and again only when its records have grown. */
export class RunCurves {
  readonly #epochs = new RunEpochs();

  /** Empty where the run has told of no epoch. */
  async of(directory: string, task: string, metric: string, series: CurveSeries): Promise<Points> {
    const epochs = await this.#epochs.of(directory);
    return pointsOf(
      epochs.map(({ record }) => record),
      task,
      metric,
      series,
    );
  }
}

/** A value an epoch; null where it is no finite number. Epochs without the task are left out. Pure. */
export function pointsOf(epochs: readonly Epoch[], task: string, metric: string, series: CurveSeries): Points {
  const all = epochs.flatMap((record) => {
    const value = valueOf(record, task, metric, series);
    return value === undefined ? [] : [{ epoch: record.epoch, value: typeof value === 'number' ? value : null }];
  });
  // The same epochs for runs of the same length, and always the last one.
  const every = Math.ceil(all.length / mostPoints);
  const kept = all.filter((_, at) => at % every === 0 || at === all.length - 1);
  return { x: kept.map(({ epoch }) => epoch), y: kept.map(({ value }) => value) };
}

function valueOf(
  { train, validation }: Epoch,
  task: string,
  metric: string,
  series: CurveSeries,
): JsonNumber | null | undefined {
  if (series === 'train') return own(train.losses, task);
  if (series === 'validation') return own(validation?.losses, task);
  return own(own(validation?.metrics, task), metric);
}

/** Own properties only: records come from files. */
function own<T>(named: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return named !== undefined && Object.hasOwn(named, name) ? named[name] : undefined;
}
