/** Losses and metrics of a trained model on one split of its own data, or on another labeled file. */
import { text, type Text } from '../../common/text.ts';
import { refuseEvaluation, unknownText } from '../../runs/fingerprints.ts';
import { loadDataset } from '../../samples/dataset.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { TrainingError } from '../errors.ts';
import { evaluateSplit } from '../training/evaluate-split.ts';
import { splitSummary } from '../output/records.ts';
import { checkInputs } from './saved-model.ts';
import { byCause } from '../tasks/metrics/warnings.ts';
import { dataChanges } from '../prepare/surroundings.ts';
import { inferenceWarnings, readOther, storageOf, withTrained, type PlaceOptions, type Trained } from './open.ts';

export interface EvaluateOptions extends PlaceOptions {
  /** `train`, `validation` or `test`; rows of `data` instead when that is given. */
  readonly split?: string;
  /** Absolute path of a labeled file. */
  readonly data?: string;
}

export interface Evaluation {
  /** One element of `splits` as in `result.json`; Maps where names are keys. */
  readonly summary: ReturnType<typeof splitSummary>;
  /** For people: labels that training does not know, metrics that are not defined here. */
  readonly warnings: readonly Text[];
}

/** @throws TrainingError, DataError where there is nothing to evaluate */
export async function evaluateRun(directory: string, options: EvaluateOptions): Promise<Evaluation> {
  return withTrained(directory, options, async (trained) => {
    const { split, warnings, close } = await splitOf(trained, options);
    try {
      return evaluated(trained, split, warnings, options);
    } finally {
      close();
    }
  });
}

function evaluated(
  trained: Trained,
  split: PreparedSplit,
  warnings: readonly Text[],
  options: EvaluateOptions,
): Evaluation {
  if (split.n === 0) {
    throw new TrainingError(
      'no-data',
      options.data === undefined
        ? text(
            `There is no row to evaluate in the ${options.split ?? 'test'} split.`,
            `划分 ${options.split ?? 'test'} 中没有可评估的行。`,
          )
        : text(`There is no row to evaluate in ${options.data}.`, `${options.data} 中没有可评估的行。`),
    );
  }
  checkInputs(trained.model, split);
  const pass = evaluateSplit(trained.model, trained.tasks, split, trained.inference.infer);
  // Of a task whose labels are not there enough was said.
  const evaluatedTasks = [...pass.results].filter(([task]) => split.targets.has(task));
  const told = evaluatedTasks.flatMap(([task, result]) =>
    byCause(result.warnings).map(({ message }) =>
      text(`Task “${task}”: ${message.en}`, `任务“${task}”：${message.zh}`),
    ),
  );
  return { summary: splitSummary(split.n, pass), warnings: [...warnings, ...told, ...inferenceWarnings(trained)] };
}

interface Chosen {
  readonly split: PreparedSplit;
  readonly warnings: readonly Text[];
  readonly close: () => void;
}

async function splitOf(trained: Trained, options: EvaluateOptions): Promise<Chosen> {
  if (options.data !== undefined) {
    const { split, warnings, close } = await readOther(trained, options.data, options, 'evaluation');
    return { split, warnings: warnings.map(({ message }) => message), close };
  }
  const { split = 'test' } = options;
  if (split !== 'train' && split !== 'validation' && split !== 'test')
    throw new TrainingError(
      'no-data',
      text(
        `There is no split "${split}"; there are train, validation and test.`,
        `没有名为“${split}”的划分；可用的有 train、validation 与 test。`,
      ),
    );
  // The splits are prepared anew from the files; with other rows the numbers would mean something else.
  const data = await dataChanges(trained.directory, trained.run);
  if (data && data.changes.length > 0) throw refuseEvaluation(data.changes);
  const storage = storageOf(trained, options);
  const { splits, preparation, close } = await loadDataset(trained.run.spec, trained.run.place, storage);
  try {
    await data?.verify();
    // All that a run of a version without fingerprints can be held to.
    if (JSON.stringify(preparation) !== JSON.stringify(trained.preparation)) throw refuseEvaluation([]);
  } catch (error) {
    close();
    throw error;
  }
  // What its own rows had to say was told when the run was trained.
  return { split: splits[split], warnings: data ? [] : [unknownText], close };
}
