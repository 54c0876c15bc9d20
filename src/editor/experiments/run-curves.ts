/** Learning curves of runs, from the epochs that their directories tell of. */
import type { EventRecord, JsonNumber } from '../../runs/events.ts';
import { runPaths } from '../../runs/layout.ts';
import { RunReader } from '../../runs/reader.ts';
import type { CurveSeries } from '../../messages/comparison.ts';
import { fileStamp } from './stamps.ts';

type Epoch = Extract<EventRecord, { kind: 'epoch' }>;

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** A curve of more epochs is thinned out: more than a chart has pixels to tell apart. */
const mostPoints = 400;
/** Bytes at a time: in between others have their turn. */
const bite = 1024 * 1024;

/** Reads each run once, and further only when its records have grown. */
export class RunCurves {
  readonly #known = new Map<string, { readonly stamp: string; readonly epochs: readonly Epoch[] }>();

  /** Empty where the run has told of no epoch. */
  async of(directory: string, task: string, metric: string, series: CurveSeries): Promise<Points> {
    return pointsOf(await this.#epochs(directory), task, metric, series);
  }

  async #epochs(directory: string): Promise<readonly Epoch[]> {
    const stamp = fileStamp(runPaths(directory).events);
    const known = this.#known.get(directory);
    if (known?.stamp === stamp) return known.epochs;
    let epochs: Epoch[] = [];
    const reader = new RunReader(directory, { keep: false });
    for (let more = true; more;) {
      const delta = reader.poll(bite);
      more = delta.more;
      const { supersededAfter } = delta;
      if (supersededAfter !== null) epochs = epochs.filter(({ seq }) => seq <= supersededAfter);
      epochs.push(...delta.records.filter((record): record is Epoch => record.kind === 'epoch'));
      if (more) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#known.set(directory, { stamp, epochs });
    return epochs;
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
