/** Finished epochs of runs with the place of each, read from their directories without keeping whole histories. */
import type { EventRecord } from '../../runs/events.ts';
import { runPaths } from '../../runs/layout.ts';
import { RunReader } from '../../runs/reader.ts';
import { fileStamp } from '../experiments/stamps.ts';

export interface EpochAt {
  readonly record: Extract<EventRecord, { kind: 'epoch' }>;
  /** The last step before it; null where none was recorded. */
  readonly step: number | null;
  /** Since the run's first record. */
  readonly seconds: number;
}

/** Bytes at a time: in between others have their turn. */
const bite = 1024 * 1024;

/** Reads each run once, and again only when its records have grown. */
export class RunEpochs {
  readonly #known = new Map<string, { readonly stamp: string; readonly epochs: readonly EpochAt[] }>();

  /** Empty where the run has told of no epoch. */
  async of(directory: string): Promise<readonly EpochAt[]> {
    const stamp = fileStamp(runPaths(directory).events);
    const known = this.#known.get(directory);
    if (known?.stamp === stamp) return known.epochs;
    let epochs: EpochAt[] = [];
    let step: number | null = null;
    let first = NaN;
    const reader = new RunReader(directory, { keep: false });
    for (let more = true; more;) {
      const delta = reader.poll(bite);
      more = delta.more;
      const { supersededAfter } = delta;
      if (supersededAfter !== null) epochs = epochs.filter(({ record }) => record.seq <= supersededAfter);
      for (const record of delta.records) {
        if (Number.isNaN(first)) first = record.t;
        if (record.kind === 'step') step = record.step;
        if (record.kind === 'epoch') epochs.push({ record, step, seconds: (record.t - first) / 1000 });
      }
      if (more) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#known.set(directory, { stamp, epochs });
    return epochs;
  }
}
