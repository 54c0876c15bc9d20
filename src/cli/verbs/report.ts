import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Language } from '../../common/text.ts';
import type { Report } from '../../experiment/report/contract.ts';
import { figureCsv } from '../../experiment/report/csv.ts';
import { htmlReport } from '../../experiment/report/html.ts';
import { latexReport } from '../../experiment/report/latex.ts';
import { markdownReport } from '../../experiment/report/markdown.ts';
import { runReport } from '../../experiment/report/run.ts';
import { comparisonReport } from '../../experiment/report/sections.ts';
import { replaceFile } from '../../files/plain.ts';
import type { Arguments, Verb } from '../arguments.ts';
import { comparedOf, namesExperiment, wishesOf, wishOptions } from '../experiments/compared.ts';
import { language, t } from '../language.ts';
import { plain, printData, printProgress } from '../output.ts';
import { runDirectory } from '../run-directory.ts';

export const verb: Verb = {
  usage: 'report RUN… | EXPERIMENT… [--out FILE] [--format html|markdown|latex]',
  help: {
    en: 'A report of a run or an experiment, or of several compared; with --out also the numbers of its figures as CSV.',
    zh: '生成运行或实验的报告，也可将多个一并比较；给出 --out 时另写出各图数据（CSV）。',
  },
  options: {
    out: {
      type: 'string',
      value: 'FILE',
      help: { en: 'file to write (default: stdout)', zh: '写入的文件（默认标准输出）' },
    },
    format: {
      type: 'string',
      value: 'html|markdown|latex',
      help: {
        en: 'format (default: by the ending of --out, else html)',
        zh: '格式（默认按 --out 的扩展名，否则为 html）',
      },
    },
    ...wishOptions,
  },
  words: [1, Infinity],
  run: (args) => Promise.resolve(report(args)),
};

const writers: Readonly<Record<'html' | 'markdown' | 'latex', (report: Report, language: Language) => string>> = {
  html: htmlReport,
  markdown: markdownReport,
  latex: latexReport,
};

const byEnding: Readonly<Record<string, keyof typeof writers>> = { '.md': 'markdown', '.tex': 'latex' };

/** `mtl report`: exit 0, or 2 where there is nothing to report on. */
function report(args: Arguments): number {
  const out = args.text('out');
  const asked = args.oneOf('format', ['html', 'markdown', 'latex'] as const);
  const format = asked ?? byEnding[path.extname(out ?? '').toLowerCase()] ?? 'html';
  const made = reportOf(args);
  const content = writers[format](made, language());
  if (out === undefined) {
    printData(content);
    return 0;
  }
  replaceFile(out, content);
  const data = writeData(out, made);
  const beside = data === null ? '' : t(`, figure data in ${plain(data)}`, `，图的数据在 ${plain(data)}`);
  printProgress(`${t(`Written: ${plain(out)}`, `已写入：${plain(out)}`)}${beside}`);
  return 0;
}

function reportOf(args: Arguments): Report {
  const word = args.word(0);
  const wishes = wishesOf(args);
  if (args.words.length === 1 && !namesExperiment(word)) return runReport(runDirectory(word));
  const { comparison, curves } = comparedOf(args.words, wishes);
  return comparisonReport(comparison, curves());
}

/** A folder beside the report with a CSV file a figure; null without figures. */
function writeData(out: string, { sections }: Report): string | null {
  const figures = sections.flatMap((section) => section.figures);
  if (figures.length === 0) return null;
  const folder = `${out.slice(0, out.length - path.extname(out).length)}-data`;
  fs.mkdirSync(folder, { recursive: true });
  for (const { data } of figures) replaceFile(path.join(folder, `${data.name}.csv`), figureCsv(data));
  return folder;
}
