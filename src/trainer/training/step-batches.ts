/** Which samples a step works on: groups of batches of an epoch's order, and their halves where a method wants them. */
import { loadBatch, toLearnFrom, type LoadedBatch } from '../prepare/load-batch.ts';
import { epochBatches, stepsPerEpoch } from '../../samples/order.ts';
import type { Prepared } from '../prepare/prepare.ts';
import type { Method } from '../step/methods/method.ts';
import { seedOf } from '../../spec/index.ts';

export class StepBatches {
  /** A last group that is too small is one step more, unless the method needs whole groups. */
  readonly stepsPerEpoch: number;
  readonly #prepared: Prepared;
  readonly #method: Method;
  /** A step takes `accumulate` batches, or as many as its method works on. */
  readonly #group: number;

  constructor(prepared: Prepared, method: Method) {
    const { accumulate, batchSize } = prepared.spec.training;
    const { n } = prepared.data.splits.train;
    this.#prepared = prepared;
    this.#method = method;
    this.#group = Math.max(accumulate, method.batches);
    this.stepsPerEpoch =
      method.batches === 1
        ? Math.ceil(stepsPerEpoch(n, batchSize) / this.#group)
        : Math.max(1, Math.floor(n / (this.#group * batchSize)));
  }

  /** The steps of an epoch from step `from` (counted from 0); the rest of an order that is no whole group waits. */
  *of(epoch: number, from: number): Generator<readonly Int32Array[]> {
    const { training } = this.#prepared.spec;
    const { batchSize } = training;
    const place = { seed: seedOf(training, 'order'), epoch, batchSize, from: from * this.#group };
    let step = from;
    let group: Int32Array[] = [];
    for (const positions of epochBatches(this.#prepared.data.splits.train, place)) {
      group.push(positions);
      if (group.length < this.#group) continue;
      yield group;
      group = [];
      step++;
      if (step === this.stepsPerEpoch) return;
    }
    if (group.length > 0) yield group;
  }

  /** The tensors of a step's batches; the caller disposes them. */
  load(positions: readonly Int32Array[]): LoadedBatch[] {
    const { data, model, tasks } = this.#prepared;
    const names = tasks.map((task) => task.name);
    return this.#parts(positions).map((part) =>
      toLearnFrom(loadBatch(data.splits.train, part, model.inputs, names), tasks),
    );
  }

  /** Bilevel methods take the halves of a batch beside the batch; of one sample the second is empty. */
  #parts(positions: readonly Int32Array[]): readonly Int32Array[] {
    const [only] = positions;
    if (!this.#method.halves || !only) return positions;
    const middle = Math.ceil(only.length / 2);
    return [only.subarray(0, middle), only.subarray(middle), only];
  }
}
