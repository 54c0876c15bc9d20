/**
 * What was learned from the training rows, as plain JSON values: saved with the model as preprocessing.json, and all that is
 * needed to prepare other rows in the same way.
 */
import { text } from '../common/text.ts';
import { DataError } from '../data/error.ts';
import { listNames, sourceRow, whereIs, whereIsZh, type Table } from '../data/table.ts';
import type { MissingTokens } from '../data/values.ts';
import { canonicalLabel } from '../data/values.ts';
import { pointerOf, type DomainDemand } from '../spec/index.ts';
import { tellOtherCells } from './cell-notes.ts';
import { inputRow, type FittedInput } from './inputs/table.ts';
import type { Settings, When } from './settings.ts';
import { tellGaps } from './targets/gap-texts.ts';
import { targetColumns, targetRow, type FittedTarget } from './targets/table.ts';
import type { Cells, Notes, PreparedSplit, PreparedTarget, RowStore, Warning } from './contract.ts';
import { scatteredStore } from './row-stores.ts';
import { cellsOf, collectNotes, indicesWhere, rowsText } from './contract.ts';

export interface PreparedTask {
  readonly target: FittedTarget;
  readonly sampleWeight?: string;
  readonly when?: When;
  /** What its loss and metrics ask of the labels, where that is more than the type does. */
  readonly demands?: readonly DomainDemand[];
}

export interface Preparation {
  readonly version: 1;
  /** `data.missingTokens`: one list, or pairs of column and list (pairs, because a column may be called `__proto__`). */
  readonly missingTokens: readonly string[] | readonly (readonly [string, readonly string[]])[];
  /** The decimal sign of the training rows, where it was no point. */
  readonly decimal?: ',';
  readonly inputs: readonly FittedInput[];
  /** In the order of the spec's tasks. */
  readonly tasks: readonly PreparedTask[];
}

export function missingTokensOf(preparation: Preparation): MissingTokens {
  const { missingTokens: tokens } = preparation;
  const pairs = tokens.filter((entry) => typeof entry !== 'string');
  return pairs.length > 0 ? new Map(pairs) : tokens.filter((entry) => typeof entry === 'string');
}

type Tokens = readonly (string | number)[];

/** As texts: a number is its shortest form, which is compared by its value again. */
export function storedTokens(tokens: Tokens | ReadonlyMap<string, Tokens>): Preparation['missingTokens'] {
  if (!isByColumn(tokens)) return tokens.map(String);
  return [...tokens].map(([column, list]) => [column, list.map(String)] as const);
}

function isByColumn(tokens: Tokens | ReadonlyMap<string, Tokens>): tokens is ReadonlyMap<string, Tokens> {
  return tokens instanceof Map;
}

export function taskOf(task: Settings['tasks'][number], target: FittedTarget): PreparedTask {
  const { sampleWeight, when, demands } = task;
  return {
    target,
    ...(sampleWeight === undefined ? {} : { sampleWeight }),
    ...(when === undefined ? {} : { when }),
    ...(demands.length === 0 ? {} : { demands }),
  };
}

/** 1 for every row of the table in which the task applies. */
export function appliesTo(when: When | undefined, cells: Cells): Uint8Array {
  const { rows } = cells.table;
  if (when === undefined) return new Uint8Array(rows).fill(1);
  const values = new Set(when.values);
  return Uint8Array.from(cells.labels(when.column), (label) =>
    label !== null && values.has(canonicalLabel(label)) ? 1 : 0,
  );
}

/** The inputs of these rows, by name. */
export function prepareInputs(
  preparation: Preparation,
  cells: Cells,
  rows: Int32Array,
  notes: Notes,
): Map<string, RowStore> {
  return new Map(preparation.inputs.map((input) => [input.name, inputRow(input).prepare(input, cells, rows, notes)]));
}

/** The labels of one task at these rows; where the task does not apply, or a weight is missing, there is none. */
export function prepareTask(task: PreparedTask, cells: Cells, rows: Int32Array, notes: Notes): PreparedTarget {
  const applies = appliesTo(task.when, cells);
  const positions = indicesWhere(rows.length, (position) => applies[rows[position] ?? 0] === 1);
  const own = positions.map((position) => rows[position] ?? 0);
  const row = targetRow(task.target);
  row.examine?.(task.target, task.demands ?? [], cells, own, notes);
  const labels = row.prepare(task.target, cells, own, notes);
  // Where it applies everywhere the labels are what they are; elsewhere they lie between rows without one.
  const whole = positions.length === rows.length;
  const placed = (store: RowStore): RowStore => (whole ? store : scatteredStore(store, places));
  const places = new Int32Array(rows.length).fill(-1);
  const mask = new Uint8Array(rows.length);
  for (const [index, position] of positions.entries()) {
    places[position] = index;
    mask[position] = labels.labeled[index] ?? 0;
  }
  const weight = weightsOf(task, cells, rows, mask, notes);
  const labeled = mask.reduce((sum, value) => sum + value, 0);
  const { values, present, gaps } = labels;
  return {
    ...{ values: placed(values), mask, weight, labeled },
    ...(present ? { present: placed(present) } : {}),
    ...(gaps ? { gaps } : {}),
  };
}

/** The mask times `sampleWeight`; a missing weight takes the label away, since its importance is not known. */
function weightsOf(task: PreparedTask, cells: Cells, rows: Int32Array, mask: Uint8Array, notes: Notes): Float32Array {
  if (task.sampleWeight === undefined) return Float32Array.from(mask);
  const { name } = task.target;
  const { values, width } = cells.numbers(task.sampleWeight);
  const weight = new Float32Array(rows.length);
  let missing = 0;
  for (const [position, row] of rows.entries()) {
    if (mask[position] !== 1) continue;
    const value = values[row * width] ?? NaN;
    if (value < 0) {
      throw negativeWeight(name, task.sampleWeight, cells, row, value);
    }
    if (Number.isNaN(value)) {
      missing++;
      mask[position] = 0;
    } else weight[position] = value;
  }
  if (missing > 0)
    notes.warn(
      'missing-weight',
      text(
        `Task “${name}”: ${rowsText(missing, 'has', 'have')} no value in “${task.sampleWeight}” and ${missing === 1 ? 'does' : 'do'} not count for this task.`,
        `任务“${name}”：${missing} 行在“${task.sampleWeight}”中没有值，不计入此任务。`,
      ),
      { task: name, pointer: pointerOf(['tasks', name, 'sampleWeight']) },
    );
  return weight;
}

function negativeWeight(task: string, column: string, { table }: Cells, row: number, value: number): DataError {
  return new DataError(
    'label',
    text(
      `Task “${task}” (${table.file}, ${whereIs(table, row)}, column “${column}”): the sample weight ${value} is negative. Weights are 0 or more.`,
      `任务“${task}”（${table.file}，${whereIsZh(table, row)}，列“${column}”）：样本权重 ${value} 为负。权重须不小于 0。`,
    ),
    { file: table.file, row: sourceRow(table, row), column, pointer: pointerOf(['tasks', task, 'sampleWeight']) },
  );
}

export interface Prepared {
  readonly split: PreparedSplit;
  /** 1 for samples whose predictions are not to be shown: training would have left the row out. */
  readonly unusable: Uint8Array;
  readonly warnings: readonly Warning[];
}

/** Prepares some rows with the labels of some tasks: in memory, or on disk. */
export type PrepareRows = (rows: Int32Array, tasks: Preparation['tasks'], notes: Notes) => PreparedSplit;

function inMemory(preparation: Preparation, cells: Cells): PrepareRows {
  return (rows, tasks, notes) => {
    const inputs = prepareInputs(preparation, cells, rows, notes);
    const targets = new Map(tasks.map((task) => [task.target.name, prepareTask(task, cells, rows, notes)]));
    return { n: rows.length, rows, inputs, targets };
  };
}

/**
 * Prepares every row of a table for prediction: no row is dropped. Where training would have dropped it, `unusable` says so and a
 * warning counts. Labels are not looked at: what stands in a target column is no business of a prediction.
 * @throws DataError `unknown-column` for missing input columns, and for cells that cannot be read
 */
export function prepareForPrediction(preparation: Preparation, table: Table): Prepared {
  const cells = cellsOf(table, { missingTokens: missingTokensOf(preparation) });
  return forPrediction(preparation, cells, inMemory(preparation, cells));
}

/** The same for rows that may lie on disk. */
export function forPrediction(preparation: Preparation, cells: Cells, prepare: PrepareRows): Prepared {
  const notes = collectNotes();
  const rows = Int32Array.from({ length: cells.table.rows }, (_, row) => row);
  const unusable = dropsOf(preparation, cells);
  const count = unusable.reduce((sum, value) => sum + value, 0);
  if (count > 0)
    notes.warn(
      'empty-predictions',
      text(
        `${rowsText(count)} cannot be predicted, since training leaves such rows out; their cells are empty.`,
        `${count} 行无法预测，因为训练时会排除这样的行；其单元格留空。`,
      ),
    );
  const split = prepare(rows, [], notes);
  tellOtherCells(preparation.inputs, [], cells, notes);
  return { split, unusable, warnings: notes.warnings };
}

/**
 * The tasks whose labels a file has; a file need not have those of all.
 *
 * @param names of its columns
 * @throws DataError `unknown-column` when it has those of none
 */
export function labeledTasks(
  { tasks }: Preparation,
  names: ReadonlySet<string>,
  file: string,
): readonly PreparedTask[] {
  const labeled = tasks.filter((task) => columnsOf(task).every((column) => names.has(column)));
  if (labeled.length > 0) return labeled;
  const missing = [...new Set(tasks.flatMap(columnsOf))].filter((column) => !names.has(column));
  throw new DataError(
    'unknown-column',
    text(
      `${file} has the labels of no task: there is no column ${listNames(missing)}. Name a file with labels, or predict instead.`,
      `${file} 不含任何任务的标签：没有列 ${listNames(missing, 'zh')}。请指定有标签的文件，或改用预测。`,
    ),
    { file, column: missing[0] },
  );
}

/**
 * Prepares a table for evaluation: rows that training would leave out are left out and counted. Tasks whose columns the
 * table lacks have no targets, and a warning says so.
 * @throws DataError
 */
export function prepareForEvaluation(preparation: Preparation, table: Table): Prepared {
  const cells = cellsOf(table, { missingTokens: missingTokensOf(preparation) });
  const tasks = labeledTasks(preparation, new Set(table.columns.keys()), table.file);
  return forEvaluation(preparation, cells, tasks, inMemory(preparation, cells));
}

/** The same for rows that may lie on disk, with the labels of these tasks. */
export function forEvaluation(
  preparation: Preparation,
  cells: Cells,
  tasks: Preparation['tasks'],
  prepare: PrepareRows,
): Prepared {
  const notes = collectNotes();
  const { rows: all, file } = cells.table;
  const drop = dropsOf(preparation, cells);
  const rows = Int32Array.from({ length: all }, (_, row) => row).filter((row) => drop[row] !== 1);
  if (rows.length < all)
    notes.warn(
      'rows-dropped',
      text(
        `${rowsText(all - rows.length, 'is', 'are')} left out of ${file}, as in training.`,
        `${file} 中有 ${all - rows.length} 行被排除，与训练时相同。`,
      ),
    );
  for (const { target } of preparation.tasks.filter((task) => !tasks.includes(task))) {
    notes.warn(
      'not-evaluated',
      text(
        `Task “${target.name}” is not evaluated: ${file} does not have all of its columns.`,
        `任务“${target.name}”未评估：${file} 缺少其所需的列。`,
      ),
      { task: target.name },
    );
  }
  const split = prepare(rows, tasks, notes);
  tellOtherCells(preparation.inputs, tasks, cells, notes);
  tellGaps(
    tasks.map(({ target }) => target),
    [split],
    notes,
  );
  return { split, unusable: new Uint8Array(rows.length), warnings: notes.warnings };
}

function dropsOf(preparation: Preparation, cells: Cells): Uint8Array {
  const drop = new Uint8Array(cells.table.rows);
  for (const input of preparation.inputs)
    inputRow(input)
      .unusable(input, cells)
      .forEach((value, row) => (drop[row] = (drop[row] ?? 0) | value));
  return drop;
}

/** Every column that the labels of a task need. */
function columnsOf({ target, sampleWeight, when }: PreparedTask): readonly string[] {
  return [...targetColumns(target), ...[sampleWeight, when?.column].filter((column) => column !== undefined)];
}

/** Columns that a table must have for its inputs and for the labels of these tasks. Lets an NPZ leave the rest unread. */
export function neededColumns(preparation: Preparation, tasks: Preparation['tasks']): Set<string> {
  const columns = preparation.inputs.flatMap((input) => inputRow(input).columns(input));
  return new Set([...columns, ...tasks.flatMap(columnsOf)]);
}
