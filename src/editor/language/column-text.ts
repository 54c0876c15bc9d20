/** What is said of a column of the data. Pure: the translator comes as an argument. */
import { visibleLine } from '../../spec/telling/visible.ts';
import type { KnownColumn, TableLook } from '../documents/data-columns.ts';
import type { Translate } from '../weights/lens-text.ts';

const mostClasses = 12;

/** A number in at most six digits, as a person would write it. */
export function plainNumber(value: number, language: string): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12)) return value.toExponential(3);
  return value.toLocaleString(language, { maximumSignificantDigits: 6 });
}

const shapeOf = ({ shape }: KnownColumn): string => (shape.length === 0 ? '' : `[${shape.join(', ')}]`);

/** One line beside a name in a list: `13.1 … 21.5`, `3 classes`, `[28, 28] uint8`. */
export function columnDetail(t: Translate, column: KnownColumn, language: string): string {
  const { profile, dtype } = column;
  if (profile === undefined) return [shapeOf(column), dtype === 'text' ? '' : dtype].filter(Boolean).join(' ');
  const { kind, range, distinct } = profile;
  if (kind === 'empty') return t('empty');
  if (kind === 'text') return t('text');
  if (kind === 'category') return t('{0} different values', distinct);
  const span = range === undefined ? '' : `${plainNumber(range.min, language)} … ${plainNumber(range.max, language)}`;
  return [shapeOf(column), span].filter(Boolean).join(' · ');
}

/** Between the items of a list, in a sentence. */
export const listSeparator = (language: string): string => (language.startsWith('zh') ? '、' : ', ');

/** The lines of a hover: what kind of thing, its range, what is missing, and how often each of few values occurs. */
export function columnLines(t: Translate, column: KnownColumn, look: TableLook, language: string): readonly string[] {
  const { profile, dtype } = column;
  const count = (number: number): string => number.toLocaleString(language);
  const head = t('Column "{0}" of {1}', visibleLine(column.name), visibleLine(look.file));
  const stored = [shapeOf(column), dtype === 'text' ? '' : dtype].filter(Boolean).join(' ');
  if (profile === undefined) {
    const why =
      look.rows === undefined
        ? t('The file is larger than 4 MB, so only its header was read.')
        : t('Its rows were not read.');
    return [head, ...(stored === '' ? [] : [stored]), why];
  }
  const { kind, range, missing, distinct, counts } = profile;
  const kinds = {
    number: t('numbers'),
    category: t('categories'),
    text: t('texts'),
    array: t('arrays'),
    empty: t('empty'),
  };
  const lines = [head, [kinds[kind], stored].filter(Boolean).join(' · ')];
  if (range !== undefined) {
    const [min, max, mean] = [range.min, range.max, range.mean].map((value) => plainNumber(value, language));
    lines.push(t('from {0} to {1}, mean {2}', min ?? '', max ?? '', mean ?? ''));
  }
  const { rows = 0, sampled = 0 } = look;
  const share = sampled === 0 ? 0 : (100 * missing) / sampled;
  lines.push(
    missing === 0
      ? t('nothing missing in {0} rows', count(sampled))
      : t('{0} missing in {1} rows ({2} %)', count(missing), count(sampled), plainNumber(share, language)),
  );
  if (counts === undefined) {
    if (distinct > 0) lines.push(t('{0} different values', distinct >= 1000 ? t('1,000 or more') : count(distinct)));
  } else if (counts.size > 0) {
    const some = [...counts].slice(0, mostClasses).map(([value, times]) => `${visibleLine(value)} × ${count(times)}`);
    const more = counts.size > some.length ? ' …' : '';
    lines.push(t('{0} different values: {1}', count(counts.size), some.join(listSeparator(language)) + more));
  }
  if (sampled < rows) lines.push(t('Counted in {0} of {1} rows, evenly spread.', count(sampled), count(rows)));
  return lines;
}
