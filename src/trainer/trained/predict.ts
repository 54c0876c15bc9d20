/** Predictions of a trained model for every row of a file, in the units and words of the data. */
import type { Text } from '../../common/text.ts';
import { sourceBatches } from '../../samples/order.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { loadBatch } from '../prepare/load-batch.ts';
import { checkInputs } from './saved-model.ts';
import type { InferredTask } from '../step/passes/inference.ts';
import type { Cell, Task, TaskOutput } from '../tasks/contract.ts';
import { inferenceWarnings, readOther, withTrained, type PlaceOptions, type Trained } from './open.ts';

const predictionBatch = 256;

export interface PredictionTable {
  /** `row`, then each task's columns. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly warnings: readonly Text[];
}

export interface PredictOptions extends PlaceOptions {
  /** Absolute path of the file; it needs no labels. */
  readonly data: string;
  /** One column of probability a class beside the class. */
  readonly proba: boolean;
}

/** Predicts every row; rows that training would have dropped keep their place, with empty cells and a warning. */
export async function predictRun(directory: string, options: PredictOptions): Promise<PredictionTable> {
  const reading = (task: Task): InferredTask => {
    const { name, loss } = task;
    const output = task.output(options.proba);
    return { name, loss, answers: (raw) => output.read(raw) };
  };
  const work = async (trained: Trained): Promise<PredictionTable> => {
    const { split, unusable, warnings, close } = await readOther(trained, options.data, options, 'prediction');
    try {
      checkInputs(trained.model, split);
      const outputs = trained.tasks.map((task) => task.output(options.proba));
      const rows = predictRows(trained, split, unusable, outputs);
      return {
        columns: ['row', ...outputs.flatMap(({ columns }) => columns)],
        rows,
        warnings: [...warnings.map(({ message }) => message), ...inferenceWarnings(trained)],
      };
    } finally {
      close();
    }
  };
  return withTrained(directory, options, work, reading);
}

function predictRows(
  { model, inference }: Trained,
  split: PreparedSplit,
  unusable: Uint8Array,
  outputs: readonly TaskOutput[],
): Cell[][] {
  const rows: Cell[][] = [];
  for (const positions of sourceBatches(split, predictionBatch)) {
    const batch = loadBatch(split, positions, model.inputs, []);
    // As in evaluation, from the raw heads: the saved model gives η = ln μ where the loss is poisson.
    const { answers } = inference.infer(batch);
    batch.dispose();
    positions.forEach((position, place) => {
      const cells = outputs.flatMap((output, index) =>
        unusable[position] === 1
          ? output.columns.map(() => null)
          : output.cells(rowOf(answers[index] ?? [], place, positions.length)),
      );
      rows.push([split.rows[position] ?? position, ...cells]);
    });
  }
  return rows;
}

/** One of `rows` equal parts. */
function rowOf(values: ArrayLike<number>, row: number, rows: number): ArrayLike<number> {
  const width = values.length / rows;
  return Float32Array.from({ length: width }, (_, index) => values[row * width + index] ?? NaN);
}
