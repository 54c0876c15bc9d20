/** What was guessed of how a CSV file is written, for those who have to know; nothing is said where there was nothing to guess. */
import { text } from '../common/text.ts';
import type { Text } from '../common/text.ts';
import type { CsvReport } from './table.ts';

export interface FormatNote {
  readonly code: string;
  readonly severity: 'warning' | 'information';
  readonly message: Text;
}

export function notesOfCsv(report: CsvReport, file: string): readonly FormatNote[] {
  const found = (what: CsvReport['detected'][number]): boolean => report.detected.includes(what);
  const notes: FormatNote[] = [];
  const note = (code: string, severity: FormatNote['severity'], en: string, zh: string): void => {
    notes.push({ code, severity, message: text(`${file}: ${en}`, `${file}：${zh}`) });
  };
  if (found('separator') && report.rivals.length > 0) {
    const [taken, rivals] = [mark(report.separator), report.rivals.map(mark)];
    note(
      'csv-separator',
      'warning',
      `cells are taken to be separated by ${taken.en}, but ${rivals.map(({ en }) => en).join(' or ')} would make a table, too. Say which it is: data.csv.separator.`,
      `按${taken.zh}分隔单元格，但${rivals.map(({ zh }) => zh).join('或')}同样能构成表格。请用 data.csv.separator 指明。`,
    );
  }
  if (found('decimal') && report.decimal === ',')
    note(
      'csv-decimal',
      'information',
      '“,” is read as the decimal sign (found by looking; data.csv.decimal sets it).',
      '“,”按小数点读取（自动检测；可用 data.csv.decimal 设定）。',
    );
  if (found('encoding') && report.encoding === 'gb18030')
    note(
      'csv-encoding',
      'information',
      'it is no UTF-8 and read as GB18030 (found by looking; data.csv.encoding sets it).',
      '不是 UTF-8，按 GB18030 读取（自动检测；可用 data.csv.encoding 设定）。',
    );
  if (found('header') && !report.header)
    note(
      'csv-header',
      'information',
      'the first line is read as data, so the columns are called column1, column2 … (found by looking; data.csv.header sets it).',
      '首行按数据读取，各列名为 column1、column2……（自动检测；可用 data.csv.header 设定）。',
    );
  else if (found('header') && !report.headerSure)
    note(
      'csv-header',
      'information',
      'the first line is read as the names of the columns, though nothing in it or below proves that (data.csv.header sets it).',
      '首行按列名读取，但其内容与下方的行都不足以证明（可用 data.csv.header 设定）。',
    );
  return notes;
}

/** All that was found, and all that was given, in one line: for `--explain` and the log. */
export function csvText(report: CsvReport, file: string): Text {
  const { encoding, separator, decimal, thousands, quote, header, detected } = report;
  const marks = {
    encoding: text(`encoding ${encoding}`, `编码 ${encoding}`),
    separator: text(`separator ${mark(separator).en}`, `分隔符${mark(separator).zh}`),
    decimal: text(`decimal sign “${decimal}”`, `小数点“${decimal}”`),
    header: header ? text('names in the first line', '首行为列名') : text('no names in the first line', '首行不是列名'),
  };
  const parts = (['encoding', 'separator', 'decimal', 'header'] as const).map((key) =>
    detected.includes(key) ? text(`${marks[key].en} (found)`, `${marks[key].zh}（检测）`) : marks[key],
  );
  parts.push(text(`quote “${quote}”`, `引号“${quote}”`));
  if (thousands !== undefined) parts.push(text(`thousands ${mark(thousands).en}`, `千位分隔符${mark(thousands).zh}`));
  return text(
    `${file}: ${parts.map(({ en }) => en).join(', ')}.`,
    `${file}：${parts.map(({ zh }) => zh).join('，')}。`,
  );
}

function mark(sign: string): Text {
  if (sign === '\t') return text('a tab', '制表符');
  return sign === ' ' ? text('a space', '空格') : text(`“${sign}”`, `“${sign}”`);
}
