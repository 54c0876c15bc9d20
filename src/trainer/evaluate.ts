/** Losses and metrics of a trained model on one split of its own data, or on another labelled file. */
import { loadDataset } from './batches/dataset.ts';
import { prepareForEvaluation } from './batches/preparation.ts';
import type { PreparedSplit } from './batches/types.ts';
import { TrainingError } from './errors.ts';
import { evaluateSplit } from './evaluation.ts';
import { splitSummary } from './records.ts';
import { checkInputs } from './stored-model.ts';
import { readOther, withTrained, type PlaceOptions, type Trained } from './trained.ts';

export interface EvaluateOptions extends PlaceOptions {
  /** `train`, `validation` or `test`; rows of `data` instead when that is given. */
  readonly split?: string;
  /** Absolute path of a labelled file. */
  readonly data?: string;
}

/** @returns one element of `splits` as in `result.json`; Maps where names are keys */
export async function evaluateRun(
  directory: string,
  options: EvaluateOptions,
): Promise<ReturnType<typeof splitSummary>> {
  return withTrained(directory, options, async (trained) => {
    const split = await splitOf(trained, options);
    if (split.n === 0) {
      throw new TrainingError(
        'no-data',
        `There is no row to evaluate in ${options.data ?? `the ${options.split ?? ''} split`}.`,
      );
    }
    checkInputs(trained.model, split);
    return splitSummary(split.n, evaluateSplit(trained.model, trained.tasks, split));
  });
}

async function splitOf(trained: Trained, options: EvaluateOptions): Promise<PreparedSplit> {
  if (options.data !== undefined) {
    const table = await readOther(trained, options.data, options, true);
    return prepareForEvaluation(trained.preparation, table).split;
  }
  const { split = 'test' } = options;
  if (split !== 'train' && split !== 'validation' && split !== 'test')
    throw new TrainingError('no-data', `There is no split "${split}"; there are train, validation and test.`);
  const { splits, preparation } = await loadDataset(trained.run.spec, trained.run.place);
  // The splits are prepared anew from the files; with other training rows the numbers would mean something else.
  if (JSON.stringify(preparation) !== JSON.stringify(trained.preparation)) {
    throw new TrainingError(
      'no-data',
      'The data have changed since this run was trained, so its splits are no longer what they were. Give the file to evaluate with --data, or train again.',
    );
  }
  return splits[split];
}
