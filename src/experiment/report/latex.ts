/** A report as LaTeX: tables of `booktabs`, figures from CSV by `pgfplots`. */
import type { Language } from '../../common/text.ts';
import type { FigureData, Report, ReportTable, Section } from './contract.ts';
import { figureCsv } from './csv.ts';

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  Δ: '$\\Delta$',
  η: '$\\eta$',
  '²': '$^2$',
  '↑': '$\\uparrow$',
  '↓': '$\\downarrow$',
  '–': '\u2013',
  '·': '$\\cdot$',
};

/** Characters that TeX draws together as another one where they follow each other: `--`, `''`, ` `` `, `,,`, `!\``. */
const ligature = /([-'`,])(?=\1)|[!?](?=`)/g;

/** No name becomes a command, or another name; what cannot be printed is shown by its number. */
export function escapeLatex(text: string): string {
  const plain = text.replace(/\s*[\r\n]+\s*/g, ' ').replaceAll('\t', ' ');
  return plain
    .replace(/[\\{}&%$#_~^<>|"−±×Δη²↑↓–·]|\p{Cc}|\p{Cs}/gu, (character) => special[character] ?? numbered(character))
    .replace(ligature, (character) => `${character}{}`)
    .replaceAll('\u2013', '--');
}

const numbered = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const chinese = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;

/** Letters that pdfLaTeX has no font for by itself: none of Latin, of its punctuation, or of Chinese, for which ctex stands. */
const foreign =
  /[^\0-\u017f\u2013\u2014\u2018-\u201e\u2026\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;

/** Fonts for either kind of TeX: T1 is for pdfLaTeX, and wrong for the others. */
const fonts = '\\usepackage{iftex}\n\\iftutex\\usepackage{fontspec}\\else\\usepackage[T1]{fontenc}\\fi';
const modern = 'compile with XeLaTeX or LuaLaTeX';

/** What must stand before `\begin{document}` for these tables. */
function preamble(body: string): string {
  const needs = [
    '% Needs: \\usepackage[T1]{fontenc} (fontspec with XeLaTeX or LuaLaTeX), \\usepackage{booktabs}, \\usepackage{graphicx}',
    ...(chinese.test(body)
      ? ['%        \\usepackage[UTF8]{ctex} for the Chinese text, compiled with XeLaTeX or LuaLaTeX']
      : []),
    ...(foreign.test(body) ? [`%        letters beyond Latin: ${modern}, with a font that has them`] : []),
  ];
  return needs.join('\n');
}

export function latexTables(tables: readonly ReportTable[], language: Language): string {
  const body = tables.map((table) => tableText(table, language)).join('\n\n');
  return `${preamble(body)}\n${body}\n`;
}

/** A document that compiles; figures hold their numbers. */
export function latexReport({ title, sections }: Report, language: Language): string {
  const body = sections.map((section) => sectionText(section, language)).join('\n\n');
  const head = escapeLatex(title[language]);
  const all = `${head}${body}`;
  const han = chinese.test(all) ? `\\usepackage[UTF8]{ctex} % ${modern}\n` : '';
  const other = foreign.test(all) ? `% Letters beyond Latin: ${modern}, with a font that has them.\n` : '';
  return `${other}\\documentclass{article}
${fonts}
${han}\\usepackage{booktabs}
\\usepackage{graphicx}
\\usepackage{pgfplots}
\\pgfplotsset{compat=1.16}
\\title{${head}}
\\date{}
\\begin{document}
\\maketitle

${body}

\\end{document}
`;
}

function sectionText({ title, summary, tables, figures }: Section, language: Language): string {
  return [
    `\\section{${escapeLatex(title[language])}}`,
    ...summary.map((sentence) => escapeLatex(sentence[language])),
    ...tables.map((table) => tableText(table, language)),
    ...figures.map(({ data }) => dataText(data)),
  ].join('\n\n');
}

function tableText({ title, columns, words, rows, note }: ReportTable, language: Language): string {
  const line = (cells: readonly string[]): string => `  ${guarded(cells.join(' & '))} \\\\`;
  const cells = rows.map((row) =>
    line(
      row.map(({ text, bold }) => {
        const escaped = escapeLatex(text[language]);
        return bold === true ? `\\textbf{${escaped}}` : escaped;
      }),
    ),
  );
  const stop = language === 'zh' ? '。' : '.';
  const told = note === undefined ? '' : `${language === 'zh' ? '' : ' '}${escapeLatex(note[language])}`;
  return [
    '\\begin{table}[htbp]',
    '\\centering',
    `\\caption{${escapeLatex(title[language])}${stop}${told}}`,
    '\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%',
    `\\begin{tabular}{${columns.map((_, index) => (index < words ? 'l' : 'r')).join('')}}`,
    '  \\toprule',
    line(columns.map((column) => escapeLatex(column[language]))),
    '  \\midrule',
    ...cells,
    '  \\bottomrule',
    '\\end{tabular}}',
    '\\end{table}',
  ].join('\n');
}

/** After the end of a row, `[` or `*` would be taken for an argument of it, with spaces before it or without. */
const guarded = (row: string): string => (/^\s*[[*]/.test(row) ? `{}${row}` : row);

/** The numbers of a figure as a table that pgfplots reads by its name: `\addplot table[x=…, y=…]{\name}`. */
function dataText(data: FigureData): string {
  const lines = figureCsv(data)
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .map((line) => `%   ${line}`);
  return [
    `% Data of the figure "${data.name}" (${data.name}.csv for pgfplots: \\addplot table[col sep=comma]{${data.name}.csv}):`,
    ...lines,
  ].join('\n');
}
