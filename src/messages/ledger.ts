/**
 * The transfer ledger of a run: how hard each task pulled at the shared parameters, and whether with the others or against
 * them, at every step at which gradients were recorded: over all of them together, and, where several blocks hold some, over
 * those of each block.
 */
import { list, named, number, object, orNull, text, type Checked } from '../common/checks.ts';
import type { LossHistory } from './history.ts';

const maybe = orNull(number);

const record = object({
  ...{ step: number, epoch: number },
  /** Per task: norm of the gradient of its data loss over the shared parameters; null where the task was absent. */
  norms: list(maybe),
  /** Per task: the weight by which the step multiplied it; null where the step was no weighting, or the task absent. */
  weights: list(maybe),
  /** [T][T], raw gradients; null where there is none, 1 on the diagonal. */
  cosines: list(list(maybe)),
  /** By block, where the record tells of single ones. Per task: norm, and mean cosine with the others that reach the block. */
  blocks: named(object({ norms: list(maybe), agreement: list(maybe) })),
});

/** `blocks`: all that records tell of, in order of appearance. */
export const ledger = object({ tasks: list(text), blocks: list(text), records: list(record) });

export type LedgerRecord = Checked<typeof record>;
export type Ledger = Checked<typeof ledger>;

/**
 * @param specWeights the run's frozen weights, which a strategy that leaves them alone need not record
 * @param fixed whether the strategy does
 */
export function ledgerOf(
  { gradients, steps }: LossHistory,
  specWeights: ReadonlyMap<string, number>,
  fixed: boolean,
): Ledger {
  const records = Array.from({ length: gradients.length }, (_, index): LedgerRecord => {
    const step = gradients.step.at(index);
    const at = firstFrom(steps.step.values(), step);
    const norms = gradients.norms.map((column) => finite(column.at(index)));
    return {
      ...{ step, epoch: gradients.epoch.at(index), norms },
      weights: gradients.tasks.map((task, place) => {
        if (norms[place] === null) return null;
        return finite(steps.weights[place]?.at(at) ?? NaN) ?? (fixed ? (specWeights.get(task) ?? 1) : null);
      }),
      cosines: gradients.matrix(index).map((row) => row.map(finite)),
      blocks: Object.fromEntries(
        [...(gradients.blocks[index] ?? [])].map(([name, { norms: own, agreement }]) => [
          name,
          { norms: own.map(finite), agreement: agreement.map(finite) },
        ]),
      ),
    };
  });
  const blocks = [...new Set(gradients.blocks.flatMap((byName) => [...byName.keys()]))];
  return { tasks: gradients.tasks, blocks, records };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Place of the record that covers a step: records of steps are means up to theirs. The last one where none does yet. */
function firstFrom(steps: Float64Array, step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, steps.length - 1);
}
