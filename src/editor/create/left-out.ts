/** Columns that a first spec leaves out, and why. Pure. */
import { text, type Text } from '../../common/text.ts';
import { visibleLine } from '../../spec/telling/visible.ts';
import { inputTypeFor, looksLikeId, typesFor, type ColumnIdea } from './proposal.ts';

/** Why nobody can predict a column; undefined for one that can be a target. */
export function whyNoTarget(column: ColumnIdea): Text | undefined {
  return typesFor(column).length > 0 ? undefined : whatItHolds(column);
}

/** Why a column is no input; undefined for one that can be. */
export function whyNoInput(column: ColumnIdea): Text | undefined {
  return inputTypeFor(column) === undefined ? whatItHolds(column) : undefined;
}

/** Why a column that can be an input is not proposed as one. */
export function whyNotProposed(column: ColumnIdea, rows: number): Text | undefined {
  return looksLikeId(column, rows) ? text('only numbers the rows', '只是行的编号') : undefined;
}

function whatItHolds({ kind, shape }: ColumnIdea): Text {
  switch (kind) {
    case 'empty':
      return text('holds no value', '没有值');
    case 'text':
      return text('free text', '自由文本');
    case 'array': {
      const size = `[${shape.join(', ')}]`;
      return text(`rows of shape ${size}`, `每行形状为 ${size}`);
    }
    case 'number':
    case 'category':
      return text('does not fit', '不适用');
  }
}

export interface LeftOut {
  readonly name: string;
  readonly why: Text;
}

/** What is neither an input nor a target of a new spec, in the order of the file. */
export function leftOutOf(
  { rows, columns }: { readonly rows: number; readonly columns: readonly ColumnIdea[] },
  used: readonly ColumnIdea[],
): readonly LeftOut[] {
  return columns
    .filter((column) => !used.includes(column))
    .map((column) => ({
      name: column.name,
      why: whyNoInput(column) ?? whyNotProposed(column, rows) ?? text('not chosen', '未选择'),
    }));
}

/** More names are counted. */
const most = 20;

/** `"id" (only numbers the rows), "notes" (free text)`; empty without one. */
export function leftOutText(columns: readonly LeftOut[]): Text {
  const shown = columns.slice(0, most).map(({ name, why }) => ({ name: visibleLine(name), why }));
  const more = columns.length - shown.length;
  return text(
    [
      ...shown.map(({ name, why }) => `"${name}" (${why.en})`),
      ...(more > 0 ? [`${String(more)} more columns`] : []),
    ].join(', '),
    [...shown.map(({ name, why }) => `“${name}”（${why.zh}）`), ...(more > 0 ? [`另外 ${String(more)} 列`] : [])].join(
      '、',
    ),
  );
}
