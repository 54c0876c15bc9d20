/** All optimizers. To add one: write its row in this folder, add it here, name it in the spec's schema. */
import { adam, adamax, adamw } from './adam.ts';
import { adadelta, adagrad, rmsprop } from './adaptive.ts';
import { momentum, nesterov, sgd } from './sgd.ts';
import type { OptimizerRow } from './contract.ts';

/** The first is the default. */
export const optimizers: readonly OptimizerRow[] = [
  ...[adam, sgd, momentum, nesterov, adamw, adamax, adagrad, adadelta, rmsprop],
];

/** @throws RangeError for a name that is not in the table */
export function optimizerRow(name: string): OptimizerRow {
  const row = optimizers.find((entry) => entry.name === name);
  if (row !== undefined) return row;
  throw new RangeError(
    `There is no optimizer "${name}"; there are ${optimizers.map((entry) => entry.name).join(', ')}.`,
  );
}
