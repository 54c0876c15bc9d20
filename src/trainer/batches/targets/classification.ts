/**
 * Classes: given as a list, as a number, or found in the training rows (sorted by value where all are numbers, else by code point).
 * A label is compared as trimmed text, and as a number where both are numbers ("1.0" is the class 1).
 */
import { DataError } from '../../../data/error.ts';
import { maxClasses, text } from '../../../spec/index.ts';
import { listNames, whereIs } from '../../../data/table.ts';
import { canonicalLabel, sortLabels } from '../../../data/values.ts';
import type { Cells, Notes } from '../types.ts';
import { rowsText } from '../types.ts';
import type { Labels, TargetType } from './types.ts';

export interface ClassificationSettings {
  readonly type: 'classification';
  readonly name: string;
  readonly columns: readonly string[];
  readonly classes?: number | readonly (string | number | boolean)[] | undefined;
}

export interface FittedClassification {
  readonly type: 'classification';
  readonly name: string;
  readonly column: string;
  /** In the order of the outputs. */
  readonly classes: readonly string[];
  /** The classes were written in the spec: another label is a slip, not a value that training has not met. */
  readonly given: boolean;
}

function fit(settings: ClassificationSettings, cells: Cells, trainRows: Int32Array): FittedClassification {
  const { name, classes } = settings;
  const column = singleColumn(settings, cells);
  const labels = cells.labels(column);
  const rowsLabels = Array.from(trainRows, (row) => labels[row] ?? null);
  if (typeof classes === 'object') {
    const fitted = {
      type: 'classification' as const,
      name,
      column,
      classes: classes.map((value) => canonicalLabel(value)),
      given: true,
    };
    if (new Set(fitted.classes).size < fitted.classes.length)
      throw labelError(name, 'a class is listed twice. Remove one.', cells, column);
    checkListed(fitted, cells, trainRows);
    return fitted;
  }
  if (typeof classes === 'number') {
    const numbered = Array.from({ length: classes }, (_, index) => String(index));
    const allowed = new Set(numbered);
    if (rowsLabels.every((label) => label === null || allowed.has(canonicalLabel(label))))
      return { type: 'classification', name, column, classes: numbered, given: true };
  }
  const found = sortLabels(rowsLabels.flatMap((label) => (label === null ? [] : [canonicalLabel(label)])));
  if (typeof classes === 'number' && found.length !== classes) {
    throw labelError(
      name,
      `“classes” says ${classes}, but column “${column}” holds ${found.length} other ones: ${listNames(found)}. Correct the number, or list the classes.`,
      cells,
      column,
    );
  }
  if (found.length > maxClasses) {
    throw labelError(
      name,
      `column “${column}” holds ${found.length} different labels (${listNames(found)}); ${maxClasses} classes are the most. Is it an id, or a number for a “regression”?`,
      cells,
      column,
    );
  }
  if (found.length < 2) {
    const what = found.length === 0 ? 'no label' : `only the label ${listNames(found)}`;
    throw labelError(
      name,
      `column “${column}” holds ${what} in the training rows; two classes are the least. Check the column, data.missingTokens and data.split, or list the “classes”.`,
      cells,
      column,
    );
  }
  return { type: 'classification', name, column, classes: found, given: false };
}

function singleColumn(settings: ClassificationSettings, cells: Cells): string {
  const [column] = settings.columns;
  if (column !== undefined && settings.columns.length === 1) return column;
  throw labelError(
    settings.name,
    `a classification has one target column, not ${settings.columns.length}.`,
    cells,
    column,
  );
}

function labelError(task: string, what: string, cells: Cells, column?: string, row?: number): DataError {
  return new DataError('label', `Task “${task}” (${cells.table.file}): ${what}`, {
    file: cells.table.file,
    column,
    row,
  });
}

function checkListed(fitted: FittedClassification, cells: Cells, rows: Int32Array): void {
  const known = new Set(fitted.classes);
  const labels = cells.labels(fitted.column);
  for (const row of rows) {
    const label = labels[row] ?? null;
    if (label === null || known.has(canonicalLabel(label))) continue;
    const advice = 'Add it to “classes”, correct the cell, or list it in data.missingTokens.';
    const message = `${whereIs(cells.table, row)}, column “${fitted.column}”: “${label.slice(0, 60)}” is not one of the classes ${listNames(fitted.classes)}. ${advice}`;
    throw labelError(fitted.name, message, cells, fitted.column, row);
  }
}

function prepare(fitted: FittedClassification, cells: Cells, rows: Int32Array, notes: Notes): Labels {
  const index = new Map(fitted.classes.map((name, position) => [name, position]));
  const data = new Float32Array(rows.length);
  const labelled = new Uint8Array(rows.length);
  const labels = cells.labels(fitted.column);
  const unknown = new Set<string>();
  let count = 0;
  for (let position = 0; position < rows.length; position++) {
    const label = labels[rows[position] ?? 0] ?? null;
    if (label === null) continue;
    const found = index.get(canonicalLabel(label));
    if (found === undefined) {
      unknown.add(label);
      count++;
      continue;
    }
    data[position] = found;
    labelled[position] = 1;
  }
  if (count > 0) {
    const message = text(
      `Task “${fitted.name}”: ${rowsText(count, 'carries', 'carry')} a label that training does not know (${listNames(unknown)}); ${count === 1 ? 'it does' : 'they do'} not count for this task.`,
      `任务“${fitted.name}”：${count} 行的标签未在训练集中出现（${listNames(unknown)}），不计入此任务。`,
    );
    notes.warn('unknown-label', message, { task: fitted.name });
  }
  return { width: 1, data, labelled };
}

export const classificationTarget: TargetType<ClassificationSettings, FittedClassification> = { fit, prepare };
