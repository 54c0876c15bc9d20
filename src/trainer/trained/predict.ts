/** Predictions of a trained model for every row of a file, in the units and words of the data. */
import type { Text } from '../../common/text.ts';
import { sourceBatches } from '../../samples/order.ts';
import type { FittedTarget } from '../../samples/targets/index.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { loadBatch } from '../prepare/load-batch.ts';
import { checkInputs } from './saved-model.ts';
import type { Task } from '../tasks/types.ts';
import { inferenceWarnings, readOther, withTrained, type PlaceOptions, type Trained } from './open.ts';

const predictionBatch = 256;

export type Cell = string | number | null;

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
  return withTrained(directory, options, async (trained) => {
    const { split, unusable, warnings, close } = await readOther(trained, options.data, options, 'prediction');
    try {
      checkInputs(trained.model, split);
      const outputs = outputsOf(trained, options.proba);
      const rows = predictRows(trained, split, unusable, outputs);
      return {
        columns: ['row', ...outputs.flatMap(({ columns }) => columns)],
        rows,
        warnings: [...warnings.map(({ message }) => message), ...inferenceWarnings(trained)],
      };
    } finally {
      close();
    }
  });
}

/** How one task's numbers become cells. */
interface Output {
  readonly columns: readonly string[];
  cells(prediction: Float64Array): Cell[];
}

function outputsOf({ preparation, tasks }: Trained, proba: boolean): Output[] {
  const fitted = new Map(preparation.tasks.map(({ target }) => [target.name, target]));
  return tasks.map((task) => outputOf(task, fitted.get(task.name), proba));
}

function outputOf(task: Task, target: FittedTarget | undefined, proba: boolean): Output {
  if (target?.type === 'classification') return classOutput(task.name, target.classes, proba);
  const names = valueNames(task, target);
  const columns = names.length === 1 ? [task.name] : names.map((name) => `${task.name}/${name}`);
  return { columns, cells: (prediction) => [...prediction] };
}

function classOutput(name: string, classes: readonly string[], proba: boolean): Output {
  return {
    columns: [name, ...(proba ? classes.map((label) => `${name}/${label}`) : [])],
    cells: (prediction) => {
      const best = prediction.indexOf(Math.max(...prediction));
      return [classes[best] ?? null, ...(proba ? prediction : [])];
    },
  };
}

/** Names of a task's numbers: corners of a box, target columns, or positions where one column holds several. */
function valueNames(task: Task, target: FittedTarget | undefined): readonly string[] {
  if (target?.type === 'box') {
    const names = { xyxy: ['x1', 'y1', 'x2', 'y2'], cxcywh: ['cx', 'cy', 'w', 'h'], xywh: ['x', 'y', 'w', 'h'] };
    return names[target.format];
  }
  if (target?.type === 'regression' && target.columns.length === task.rawWidth) return target.columns;
  return Array.from({ length: task.rawWidth }, (_, index) => String(index));
}

function predictRows(
  { model, tasks, inference }: Trained,
  split: PreparedSplit,
  unusable: Uint8Array,
  outputs: readonly Output[],
): Cell[][] {
  const rows: Cell[][] = [];
  for (const positions of sourceBatches(split, predictionBatch)) {
    const batch = loadBatch(split, positions, model.inputs, []);
    // As in evaluation, from the raw heads: the saved model gives η = ln μ where the loss is poisson.
    const predictions = inference.infer(batch).predictions.map((values) => Float32Array.from(values ?? []));
    batch.dispose();
    positions.forEach((position, place) => {
      const cells = tasks.flatMap((task, index) => {
        const output = outputs[index];
        if (!output) return [];
        if (unusable[position] === 1) return output.columns.map(() => null);
        const width = task.rawWidth;
        const values = predictions[index]?.subarray(place * width, (place + 1) * width) ?? [];
        return output.cells(task.decode(values));
      });
      rows.push([split.rows[position] ?? position, ...cells]);
    });
  }
  return rows;
}
