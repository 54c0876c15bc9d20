/** What finished epochs of a run had on the validation split, without keeping the run's history. */
import type { Metrics } from '../../runs/events.ts';
import { RunReader } from '../../runs/reader.ts';

export interface EpochMetrics {
  readonly epoch: number;
  readonly metrics: Metrics;
}

/** Bytes at a time. */
const bite = 1024 * 1024;

/** Reads a run once, and what has been added to it at every further look. */
export class EpochReader {
  readonly #reader: RunReader;
  #epochs: (EpochMetrics & { readonly seq: number })[] = [];

  constructor(directory: string) {
    this.#reader = new RunReader(directory, { keep: false });
  }

  /** Those of the validation split; superseded ones are dropped. */
  read(): readonly EpochMetrics[] {
    for (let more = true; more;) {
      const delta = this.#reader.poll(bite);
      more = delta.more;
      const { supersededAfter } = delta;
      if (delta.replaced) this.#epochs = [];
      if (supersededAfter !== null) this.#epochs = this.#epochs.filter(({ seq }) => seq <= supersededAfter);
      for (const record of delta.records) {
        if (record.kind !== 'epoch' || !record.validation) continue;
        this.#epochs.push({ seq: record.seq, epoch: record.epoch, metrics: record.validation.metrics });
      }
    }
    return this.#epochs;
  }
}
