import type { Comparison } from '../../experiment/comparison/contract.ts';
import type { ReportTable } from '../../experiment/report/contract.ts';
import { summaryCsv, valuesCsv } from '../../experiment/report/csv.ts';
import { comparisonJson } from '../../experiment/report/json.ts';
import { latexTables } from '../../experiment/report/latex.ts';
import { markdownTables } from '../../experiment/report/markdown.ts';
import { comparisonSentences, comparisonTables } from '../../experiment/report/sections.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { comparedOf, wishesOf, wishOptions } from '../experiments/compared.ts';
import { language, say, t } from '../language.ts';
import { plain, printData, printProgress, printResult } from '../output.ts';
import { columns } from '../width.ts';

const flag = (en: string, zh: string) => ({ type: 'boolean', help: { en, zh } }) as const;

export const verb: Verb = {
  usage:
    'compare EXPERIMENT… | RUN… [--json | --csv [--summary] | --markdown | --latex] [--level 0.95] [--baseline ARM]',
  help: {
    en: 'Compares the arms of one or several experiments, or runs, task by task with a baseline.',
    zh: '将一个或多个实验的各实验组，或若干运行，逐任务与基线比较。',
  },
  options: {
    json: jsonOption,
    csv: flag('a row an arm, task and seed', '每个实验组、任务、种子一行'),
    summary: flag('with --csv: a row an arm and task', '与 --csv 同用：每个实验组、任务一行'),
    markdown: flag('tables as Markdown', 'Markdown 表格'),
    latex: flag('tables as LaTeX (booktabs)', 'LaTeX 表格（booktabs）'),
    ...wishOptions,
  },
  words: [1, Infinity],
  run: (args) => Promise.resolve(compareRuns(args)),
};

const formats = ['json', 'csv', 'markdown', 'latex'] as const;

/** `mtl compare`: exit 0, or 2 where what is named cannot be compared. */
function compareRuns(args: Arguments): number {
  const asked = formats.filter((format) => args.flag(format));
  if (asked.length > 1) {
    const list = asked.map((format) => `--${format}`).join(', ');
    throw new CliError(`Of ${list} one can be given.`, `${list} 只能给出一个。`);
  }
  if (args.flag('summary') && !args.flag('csv')) {
    throw new CliError('--summary belongs to --csv.', '--summary 须与 --csv 同用。');
  }
  const { comparison } = comparedOf(args.words, wishesOf(args));
  const [format] = asked;
  // Tables alone do not say it; whoever makes them is told.
  if (format !== undefined && format !== 'json')
    for (const one of comparison.deviations) printProgress(`${t('warning: ', '警告：')}${plain(say(one))}`);
  if (format === 'json') printResult(comparisonJson(comparison));
  else if (format === 'csv') printData((args.flag('summary') ? summaryCsv : valuesCsv)(comparison));
  else if (format === 'markdown') printData(markdownTables(comparisonTables(comparison), language()));
  else if (format === 'latex') printData(latexTables(comparisonTables(comparison), language()));
  else printResult(textOf(comparison));
  return 0;
}

function textOf(comparison: Comparison): string {
  const { question } = comparison;
  const sentences = comparisonSentences(comparison).map((sentence) => plain(say(sentence)));
  const tables = comparisonTables(comparison).map(tableText);
  return [...(question === null ? [] : [plain(question)]), ...tables, sentences.join('\n')].join('\n\n');
}

function tableText({ title, columns: head, rows, words, note }: ReportTable): string {
  const lines = columns(
    [head.map((cell) => say(cell)), ...rows.map((row) => row.map(({ text }) => plain(say(text))))],
    { words: words === head.length ? words : 1 },
  );
  return [
    plain(say(title)),
    ...lines.map((line) => `  ${line}`),
    ...(note === undefined ? [] : [plain(say(note))]),
  ].join('\n');
}
