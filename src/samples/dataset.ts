/**
 * From a spec to prepared splits, as a story: read the files, say which row belongs where, drop what the inputs cannot use, fit the
 * preparation on the training rows that are left, prepare all three splits.
 */
import { text } from '../common/text.ts';
import { parseSize } from '../common/size.ts';
import type { Place } from '../data/describe.ts';
import { DataError } from '../data/error.ts';
import type { CsvReport } from '../data/table.ts';
import type { DataFacts } from '../plan/plan.ts';
import type { Spec } from '../spec/index.ts';
import { pointerOf } from '../spec/index.ts';
import { countCells } from './column-report.ts';
import { tellFindings } from './findings.ts';
import { keptRows, type ColumnCount } from './inputs/contract.ts';
import { framesOf, inputRow, type FittedInput, type InputSettings } from './inputs/table.ts';
import { countSamples, labelFacts, tellUnlabeled, type Samples } from './labels.ts';
import type { Preparation } from './preparation.ts';
import { appliesTo, prepareInputs, prepareTask, storedTokens, taskOf } from './preparation.ts';
import type { Progress } from './source.ts';
import type { Source } from './source.ts';
import { assignRows, openSource, readSource } from './source.ts';
import type { Assignment, Part } from './split.ts';
import { parts } from './split.ts';
import type { Waits } from './stream/ahead.ts';
import { automaticBudget, estimateBytes, exceedsReaders } from './stream/memory.ts';
import { streamSource } from './stream/source.ts';
import { keptPictures, prepareStreamed, type SplitRows } from './stream/splits.ts';
import { openStorage, type StorageOptions } from './stream/storage.ts';
import { tellGaps } from './targets/gap-texts.ts';
import { classesOf, targetRow } from './targets/table.ts';
import type { Cells, Notes, PreparedSplit, Warning } from './contract.ts';
import { collectNotes, indicesWhere, rowsText } from './contract.ts';

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
  readonly storage: Storage;
  /** How reading ahead went so far; undefined for data in memory. */
  readonly waits: () => Waits | undefined;
  /** Gives temporary files and the reading thread back; the samples cannot be read any more. */
  readonly close: () => void;
}

export interface LoadOptions extends StorageOptions {
  readonly progress?: Progress | undefined;
}

/** Where the samples of a data set are. */
export interface Storage {
  /** They are read from disk, since they do not fit into `memory`. */
  readonly streamed: boolean;
  /** Bytes that the data may take in memory. */
  readonly memory: number;
  /** Bytes that they would take, by the sizes of their files. */
  readonly estimate: number;
  /** Bytes in temporary files. */
  readonly disk: number;
}

/**
 * Reads and prepares the data of a spec.
 * @throws DataError with what, where and what next
 */
export async function loadDataset(spec: Spec, place: Place, options: LoadOptions = {}): Promise<Dataset> {
  const files = await openSource(spec, place);
  const memory = options.memory ?? parseSize(spec.data.memory ?? '') ?? automaticBudget();
  const estimate = estimateBytes(files);
  const progress = options.progress ?? (() => undefined);
  if (estimate <= memory && !exceedsReaders(files)) {
    const source = await readSource(spec, files, progress);
    const prepareAll: PrepareSplits = (preparation, splits) =>
      splits.map(({ rows, notes }) => prepareSplit(preparation, source.cells, rows, notes));
    const dataset = await assemble(spec, place, source, prepareAll, progress);
    const storage = { streamed: false, memory, estimate, disk: 0 };
    return { ...dataset, storage, waits: () => undefined, close: () => undefined };
  }
  const storage = openStorage(memory, options, place);
  const seldom = throttled(progress);
  try {
    const source = await streamSource(spec, files, storage.scratch, seldom);
    const prepareAll: PrepareSplits = (preparation, splits) =>
      prepareStreamed(
        preparation,
        source.cells,
        splits,
        () => preparation.tasks,
        storage,
        (done, total) => seldom('prepare', done, total),
      );
    const dataset = await assemble(spec, place, source, prepareAll, progress);
    source.cells.release(keptPictures(dataset.preparation, source.cells));
    const { scratch, reader, close } = storage;
    return {
      ...dataset,
      storage: { streamed: true, memory, estimate, disk: scratch.bytes },
      waits: () => reader.waits,
      close,
    };
  } catch (error) {
    storage.close();
    throw error;
  }
}

/** Passes on what is said at least a fifth of a second after the last; each of these becomes a record of the run. */
function throttled(progress: Progress): Progress {
  let last = -Infinity;
  return (phase, done, total) => {
    const now = performance.now();
    if (now - last < 200) return;
    last = now;
    progress(phase, done, total);
  };
}

type PrepareSplits = (preparation: Preparation, splits: readonly SplitRows[]) => PreparedSplit[];

/** The story itself, the same for rows in memory and on disk. */
async function assemble(
  spec: Spec,
  place: Place,
  source: Source,
  prepareAll: PrepareSplits,
  progress: Progress,
): Promise<Omit<Dataset, 'storage' | 'waits' | 'close'>> {
  const notes = collectNotes();
  const { cells, settings } = source;
  const assignment = await assignRows(spec, place, source, notes);
  progress('prepare', 0, 1);
  const trainRows = rowsOf(assignment, 'train');
  const { inputs, drop } = fitInputs(settings.inputs, cells, trainRows, assignment, notes);
  const keptTrain = keptRows(trainRows, drop);
  const frames = framesOf(inputs);
  const tasks = settings.tasks.map((task) => {
    const applies = appliesTo(task.when, cells);
    const row = targetRow(task.target);
    const target = row.fit(
      row.beside?.(task.target, frames) ?? task.target,
      cells,
      keptTrain.filter((place) => applies[place] === 1),
      notes,
    );
    return taskOf(task, target);
  });
  const preparation: Preparation = {
    version: 1,
    missingTokens: storedTokens(spec.data.missingTokens),
    ...(cells.csv?.decimal === ',' ? { decimal: ',' } : {}),
    inputs,
    tasks,
  };
  const [train, validation, test] = prepareAll(
    preparation,
    parts.map((part) => ({ rows: keptRows(rowsOf(assignment, part), drop), notes })),
  );
  if (train === undefined || validation === undefined || test === undefined)
    throw new RangeError('A split has not been prepared.');
  const splits = { train, validation, test };
  tellGaps(
    tasks.map(({ target }) => target),
    [train, validation, test],
    notes,
  );
  const labels = labelFacts(splits);
  const samples = countSamples(splits, labels);
  tellUnlabeled(labels, notes);
  tellFindings(spec, source, preparation, splits, notes);
  progress('prepare', 1, 1);
  const facts = { ...factsOf(source.columns, preparation, splits.train), labels };
  const used = indicesWhere(assignment.length, (row) => assignment[row] !== undefined);
  const counts = countCells(inputs, cells, used);
  return { splits, preparation, facts, samples, warnings: notes.warnings, counts, csv: source.csv };
}

function rowsOf(assignment: Assignment, part: Part): Int32Array {
  return indicesWhere(assignment.length, (row) => assignment[row] === part);
}

/** Fits all inputs; a row that one of them drops is gone for all, before statistics are taken. */
function fitInputs(
  settings: readonly InputSettings[],
  cells: Cells,
  trainRows: Int32Array,
  assignment: Assignment,
  notes: Notes,
): { readonly inputs: readonly FittedInput[]; readonly drop: Uint8Array } {
  const begun = settings.map((input) => ({
    name: input.name,
    fitting: inputRow(input).begin(input, cells, trainRows, notes),
  }));
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
        text(
          `Input “${name}” drops ${rowsText(count)} of ${assignment.length} (missing values or outliers).`,
          `输入“${name}”丢弃 ${assignment.length} 行中的 ${count} 行（缺失值或离群值）。`,
        ),
        { pointer: pointerOf(['data', 'inputs', name]) },
      );
  }
  const kept = keptRows(trainRows, drop);
  if (kept.length === 0) {
    throw new DataError(
      'no-rows',
      text(
        `No training row of ${cells.table.file} is left after dropping missing values and outliers. Fill them instead (missing: "mean").`,
        `去除缺失值与异常值后，${cells.table.file} 没有剩下任何训练行。请改为填充（missing: "mean"）。`,
      ),
      { file: cells.table.file },
    );
  }
  return { inputs: begun.map(({ fitting }) => fitting.finish(kept)), drop };
}

function prepareSplit(preparation: Preparation, cells: Cells, rows: Int32Array, notes: Notes): PreparedSplit {
  const inputs = prepareInputs(preparation, cells, rows, notes);
  const targets = new Map(preparation.tasks.map((task) => [task.target.name, prepareTask(task, cells, rows, notes)]));
  return { n: rows.length, rows, inputs, targets };
}

function factsOf(columns: DataFacts['columns'], preparation: Preparation, train: PreparedSplit): DataFacts {
  const inputShapes = new Map([...train.inputs].map(([name, store]) => [name, store.shape]));
  const vocabularies = new Map(
    preparation.inputs.flatMap((input) => {
      const size = inputRow(input).vocabulary?.(input);
      return size === undefined ? [] : [[input.name, size] as const];
    }),
  );
  const classes = new Map(
    preparation.tasks.flatMap(({ target }) => {
      const names = classesOf(target);
      return names === undefined ? [] : [[target.name, names] as const];
    }),
  );
  return { columns, inputShapes, vocabularies, classes, trainRows: train.n };
}
