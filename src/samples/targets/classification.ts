/**
 * Classes: given as a list, as a number, or found in the training rows (sorted by value where all are numbers, else by code point).
 * Labels are compared by the rule of the language (`src/spec/reading/labels.ts`): as written, "01" is not "1".
 */
import { flag, list, record, text as string } from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import { DataError } from '../../data/error.ts';
import { canonicalLabel, labelText, maxClasses, pointerOf } from '../../spec/index.ts';
import { listNames, sourceRow, whereIs, whereIsZh } from '../../data/table.ts';
import { sortLabels } from '../../data/values.ts';
import type { Cells, Notes } from '../contract.ts';
import { rowsText } from '../contract.ts';
import type { Fitted, Settings } from '../row-contract.ts';
import { readyStore } from '../row-stores.ts';
import { labelBytes, type Labels, type TargetRow } from './contract.ts';

export interface ClassificationSettings extends Settings<'classification'> {
  readonly classes?: number | readonly (string | number | boolean)[] | undefined;
}

export interface FittedClassification extends Fitted<'classification'> {
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
  if (typeof classes === 'object') return listed(settings, column, classes, cells);
  if (typeof classes === 'number') {
    const numbered = Array.from({ length: classes }, (_, index) => String(index));
    const allowed = new Set(numbered);
    if (rowsLabels.every((label) => label === null || allowed.has(canonicalLabel(label))))
      return { type: 'classification', name, column, classes: numbered, given: true };
  }
  const found = sortLabels(rowsLabels.filter((label) => label !== null));
  if (typeof classes === 'number' && found.length !== classes) {
    throw labelError(
      name,
      text(
        `“classes” says ${classes}, but column “${column}” holds ${found.length} other ones: ${listNames(found)}. Correct the number, or list the classes.`,
        `“classes” 为 ${classes}，但列“${column}”含有 ${found.length} 个其他标签：${listNames(found, 'zh')}。请更正该数，或列出各类别。`,
      ),
      cells,
      column,
    );
  }
  if (found.length > maxClasses) {
    throw labelError(
      name,
      text(
        `column “${column}” holds ${found.length} different labels (${listNames(found)}); ${maxClasses} classes are the most. Is it an id, or a number for a “regression”?`,
        `列“${column}”含有 ${found.length} 个不同标签（${listNames(found, 'zh')}），最多允许 ${maxClasses} 个类别。它是编号，还是应作为“regression”的数值？`,
      ),
      cells,
      column,
    );
  }
  if (found.length < 2) {
    const what =
      found.length === 0
        ? text('no label', '没有标签')
        : text(`only the label ${listNames(found)}`, `只有标签${listNames(found, 'zh')}`);
    throw labelError(
      name,
      text(
        `column “${column}” holds ${what.en} in the training rows; two classes are the least. Check the column, data.missingTokens and data.split, or list the “classes”.`,
        `列“${column}”在训练行中${what.zh}；至少需要两个类别。请检查该列、data.missingTokens 与 data.split，或列出“classes”。`,
      ),
      cells,
      column,
    );
  }
  return { type: 'classification', name, column, classes: found, given: false };
}

function listed(
  { name }: ClassificationSettings,
  column: string,
  given: readonly (string | number | boolean)[],
  cells: Cells,
): FittedClassification {
  const classes = given.map(labelText);
  const seen = new Map<string, string>();
  for (const label of classes) {
    const earlier = seen.get(canonicalLabel(label));
    if (earlier !== undefined)
      throw labelError(
        name,
        text(
          `the classes “${earlier}” and “${label}” are one label. Remove one.`,
          `类别“${earlier}”与“${label}”是同一个标签。请删除其一。`,
        ),
        cells,
        column,
      );
    seen.set(canonicalLabel(label), label);
  }
  return { type: 'classification', name, column, classes, given: true };
}

function singleColumn(settings: ClassificationSettings, cells: Cells): string {
  const [column] = settings.columns;
  if (column !== undefined && settings.columns.length === 1) return column;
  throw labelError(
    settings.name,
    text(
      `a classification has one target column, not ${settings.columns.length}.`,
      `分类任务只有一个目标列，而此处有 ${settings.columns.length} 个。`,
    ),
    cells,
    column,
  );
}

function labelError(task: string, what: Text, cells: Cells, column?: string, row?: number): DataError {
  const { file } = cells.table;
  return new DataError(
    'label',
    { en: `Task “${task}” (${file}): ${what.en}`, zh: `任务“${task}”（${file}）：${what.zh}` },
    { file, column, row, pointer: pointerOf(['tasks', task, 'target']) },
  );
}

/** A label that is none of the classes that the spec lists, in whatever split. */
function slip(fitted: FittedClassification, cells: Cells, row: number, label: string): DataError {
  const { table } = cells;
  const shown = label.slice(0, 60);
  return labelError(
    fitted.name,
    text(
      `${whereIs(table, row)}, column “${fitted.column}”: “${shown}” is not one of the classes ${listNames(fitted.classes)}. Add it to “classes”, correct the cell, or list it in data.missingTokens.`,
      `${whereIsZh(table, row)}，列“${fitted.column}”：“${shown}”不在类别 ${listNames(fitted.classes, 'zh')} 之中。请加入 “classes”、修改单元格，或列入 data.missingTokens。`,
    ),
    cells,
    fitted.column,
    sourceRow(table, row),
  );
}

function prepare(fitted: FittedClassification, cells: Cells, rows: Int32Array, notes: Notes): Labels {
  const index = new Map(fitted.classes.map((name, position) => [canonicalLabel(name), position]));
  const data = new Float32Array(rows.length);
  const labeled = new Uint8Array(rows.length);
  const labels = cells.labels(fitted.column);
  const unknown = new Set<string>();
  let count = 0;
  for (let position = 0; position < rows.length; position++) {
    const label = labels[rows[position] ?? 0] ?? null;
    if (label === null) continue;
    const found = index.get(canonicalLabel(label));
    if (found === undefined) {
      if (fitted.given) throw slip(fitted, cells, rows[position] ?? 0, label);
      unknown.add(label);
      count++;
      continue;
    }
    data[position] = found;
    labeled[position] = 1;
  }
  if (count > 0) {
    const message = text(
      `Task “${fitted.name}”: ${rowsText(count, 'carries', 'carry')} a label that training does not know (${listNames(unknown)}); ${count === 1 ? 'it does' : 'they do'} not count for this task.`,
      `任务“${fitted.name}”：${count} 行的标签未在训练集中出现（${listNames(unknown, 'zh')}），不计入此任务。`,
    );
    notes.warn('unknown-label', message, { task: fitted.name });
  }
  return { values: readyStore(data, [1]), labeled };
}

export const classificationTarget: TargetRow<'classification', ClassificationSettings, FittedClassification> = {
  reads: 'labels',
  settings: (name, { classes }, columns) => ({ type: 'classification', name, columns, classes }),
  // A label is one of the classes or it is not: that shows where labels become their numbers.
  fit,
  prepare,
  bytes: labelBytes,
  columns: ({ column }) => [column],
  check: record({ type: string, name: string, column: string, classes: list(string), given: flag }),
  classes: ({ classes }) => classes,
};
