/**
 * From a spec to prepared splits, as a story: read the files, say which row belongs where, drop what the inputs cannot use, fit the
 * preparation on the training rows that are left, prepare all three splits.
 */
import type { Place } from '../../data/describe.ts';
import { DataError } from '../../data/error.ts';
import type { CsvReport } from '../../data/table.ts';
import type { DataFacts } from '../../plan/types.ts';
import type { Spec } from '../../spec/index.ts';
import type { ColumnCount } from './counts.ts';
import { countCells } from './counts.ts';
import { vocabularySize } from './inputs/category.ts';
import type { FittedImage } from './inputs/image.ts';
import type { FittedInput } from './inputs/index.ts';
import { beginInput } from './inputs/index.ts';
import { keptRows } from './inputs/types.ts';
import type { Preparation } from './preparation.ts';
import { appliesTo, prepareInputs, prepareTask, storedTokens, taskOf } from './preparation.ts';
import type { InputSettings, TargetSettings } from './settings.ts';
import type { Progress } from './source.ts';
import { assignRows, openSource, readSource } from './source.ts';
import type { Assignment, Part } from './split.ts';
import { parts } from './split.ts';
import { fitTarget } from './targets/index.ts';
import type { Cells, Notes, PreparedSplit, Warning } from './types.ts';
import { collectNotes, rowsText } from './types.ts';

/** How many samples there are, for the `start` record: in all, and with a label per task. */
export interface Samples {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly labelled: Readonly<
    Record<string, { readonly train: number; readonly validation: number; readonly test: number }>
  >;
}

export interface Dataset {
  readonly splits: Readonly<Record<Part, PreparedSplit>>;
  readonly preparation: Preparation;
  /** Everything that a plan can know of the data. */
  readonly facts: DataFacts;
  readonly samples: Samples;
  readonly warnings: readonly Warning[];
  /** Missing values, outliers and unseen categories per column, over all rows before any is dropped. */
  readonly counts: readonly ColumnCount[];
  /** How a CSV source was understood. */
  readonly csv: CsvReport | undefined;
}

export interface LoadOptions {
  readonly progress?: Progress | undefined;
}

/**
 * Reads and prepares the data of a spec.
 * @throws DataError with what, where and what next
 */
export async function loadDataset(spec: Spec, place: Place, options: LoadOptions = {}): Promise<Dataset> {
  const progress = options.progress ?? (() => undefined);
  const notes = collectNotes();
  const source = await readSource(spec, await openSource(spec, place), progress);
  const { cells, settings } = source;
  const assignment = await assignRows(spec, place, source, notes);
  progress('prepare', 0, 1);
  const trainRows = rowsOf(assignment, 'train');
  const { inputs, drop } = fitInputs(settings.inputs, cells, trainRows, assignment, notes);
  const keptTrain = keptRows(trainRows, drop);
  const tasks = settings.tasks.map((task) => {
    const applies = appliesTo(task.when, cells);
    const target = fitTarget(
      withImage(task.target, inputs),
      cells,
      keptTrain.filter((row) => applies[row] === 1),
      notes,
    );
    return taskOf(task, target);
  });
  const preparation: Preparation = { version: 1, missingTokens: storedTokens(spec.data.missingTokens), inputs, tasks };
  const prepare = (part: Part): PreparedSplit =>
    prepareSplit(preparation, cells, keptRows(rowsOf(assignment, part), drop), notes);
  const splits = { train: prepare('train'), validation: prepare('validation'), test: prepare('test') };
  const samples = countSamples(splits);
  warnUnlabelled(samples, notes);
  progress('prepare', 1, 1);
  const facts = factsOf(source.columns, preparation, splits.train);
  const used = Int32Array.from([...assignment.keys()].filter((row) => assignment[row] !== undefined));
  const counts = countCells(inputs, cells, used);
  return { splits, preparation, facts, samples, warnings: notes.warnings, counts, csv: source.csv };
}

function rowsOf(assignment: Assignment, part: Part): Int32Array {
  return Int32Array.from([...assignment.keys()].filter((row) => assignment[row] === part));
}

/** Fits all inputs; a row that one of them drops is gone for all, before statistics are taken. */
function fitInputs(
  settings: readonly InputSettings[],
  cells: Cells,
  trainRows: Int32Array,
  assignment: Assignment,
  notes: Notes,
): { readonly inputs: readonly FittedInput[]; readonly drop: Uint8Array } {
  const begun = settings.map((input) => ({ name: input.name, fitting: beginInput(input, cells, trainRows, notes) }));
  const drop = new Uint8Array(cells.table.rows);
  for (const { name, fitting } of begun) {
    let count = 0;
    for (const [row, part] of assignment.entries()) {
      if (part === undefined || fitting.drop[row] !== 1) continue;
      count++;
      drop[row] = 1;
    }
    if (count > 0)
      notes.warn(
        'rows-dropped',
        `Input “${name}” drops ${rowsText(count)} of ${assignment.length} (missing values or outliers).`,
      );
  }
  const kept = keptRows(trainRows, drop);
  if (kept.length === 0) {
    throw new DataError(
      'no-rows',
      `No training row of ${cells.table.file} is left after dropping missing values and outliers. Fill them instead (missing: "mean").`,
      { file: cells.table.file },
    );
  }
  return { inputs: begun.map(({ fitting }) => fitting.finish(kept)), drop };
}

/** Boxes in pixels are measured in the source pixels of the one image input; moved pictures would need moved boxes. */
function withImage(target: TargetSettings, inputs: readonly FittedInput[]): TargetSettings {
  if (target.type !== 'box') return target;
  const images = inputs.filter((input): input is FittedImage => input.type === 'image');
  for (const { name, source, shape, resize } of images) {
    const sameRatio = source[0] * shape[1] === source[1] * shape[0];
    if (resize !== 'stretch' && !sameRatio) {
      throw new DataError(
        'not-available',
        `Input “${name}”: resize "${resize}" to another aspect ratio beside the box task “${target.name}” is not available in this version. Use "stretch", which keeps boxes in place.`,
      );
    }
  }
  const [image] = images;
  return images.length === 1 && image !== undefined ? { ...target, image: image.source } : target;
}

function prepareSplit(preparation: Preparation, cells: Cells, rows: Int32Array, notes: Notes): PreparedSplit {
  const inputs = prepareInputs(preparation, cells, rows, notes);
  const targets = new Map(preparation.tasks.map((task) => [task.target.name, prepareTask(task, cells, rows, notes)]));
  return { n: rows.length, rows, inputs, targets };
}

export function countSamples(splits: Readonly<Record<Part, PreparedSplit>>): Samples {
  const of = (task: string, part: Part): number => splits[part].targets.get(task)?.labelled ?? 0;
  const labelled = Object.fromEntries(
    [...splits.train.targets.keys()].map((task) => [
      task,
      { train: of(task, 'train'), validation: of(task, 'validation'), test: of(task, 'test') },
    ]),
  );
  return { train: splits.train.n, validation: splits.validation.n, test: splits.test.n, labelled };
}

function warnUnlabelled(samples: Samples, notes: Notes): void {
  for (const [task, counts] of Object.entries(samples.labelled)) {
    for (const part of parts) {
      if (counts[part] > 0 || samples[part] === 0) continue;
      const effect = part === 'train' ? 'it learns nothing' : 'it has no metrics there';
      notes.warn(`no-labels-${part}`, `Task “${task}” has no label in the ${part} split: ${effect}.`, task);
    }
  }
}

function factsOf(columns: DataFacts['columns'], preparation: Preparation, train: PreparedSplit): DataFacts {
  const inputShapes = new Map([...train.inputs].map(([name, store]) => [name, store.shape]));
  const vocabularies = new Map(
    preparation.inputs.flatMap((input) =>
      input.type === 'category' && input.encoding === 'index' ? [[input.name, vocabularySize(input)] as const] : [],
    ),
  );
  const classes = new Map(
    preparation.tasks.flatMap(({ target }) =>
      target.type === 'classification' ? [[target.name, target.classes] as const] : [],
    ),
  );
  return { columns, inputShapes, vocabularies, classes };
}
