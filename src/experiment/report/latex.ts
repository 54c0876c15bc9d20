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
  '–': '--',
  '·': '$\\cdot$',
};

/** No name becomes a command. */
export function escapeLatex(text: string): string {
  const plain = text.replace(/\s*[\r\n]+\s*/g, ' ');
  return plain.replace(/[\\{}&%$#_~^<>|"−±×Δη²↑↓–·]/gu, (character) => special[character] ?? character);
}

const chinese = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]/u;

/** What must stand before `\begin{document}` for these tables. */
function preamble(body: string): string {
  const needs = [
    '% Needs: \\usepackage[T1]{fontenc}, \\usepackage{booktabs}, \\usepackage{graphicx}',
    ...(chinese.test(body)
      ? ['%        \\usepackage[UTF8]{ctex} for the Chinese text, compiled with XeLaTeX or LuaLaTeX']
      : []),
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
  const han = chinese.test(`${head}${body}`) ? '\\usepackage[UTF8]{ctex} % compile with XeLaTeX or LuaLaTeX\n' : '';
  return `\\documentclass{article}
\\usepackage[T1]{fontenc}
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
  const line = (cells: readonly string[]): string => `  ${cells.join(' & ')} \\\\`;
  const cells = rows.map((row) =>
    line(
      row.map(({ text, bold }) => {
        const escaped = escapeLatex(text[language]);
        return bold === true ? `\\textbf{${escaped}}` : escaped;
      }),
    ),
  );
  const told = note === undefined ? '' : ` ${escapeLatex(note[language])}`;
  return [
    '\\begin{table}[htbp]',
    '\\centering',
    `\\caption{${escapeLatex(title[language])}.${told}}`,
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

/** The numbers of a figure as a table that pgfplots reads by its name: `\addplot table[x=…, y=…]{\name}`. */
function dataText(data: FigureData): string {
  const lines = figureCsv(data)
    .trimEnd()
    .split('\r\n')
    .map((line) => `%   ${line}`);
  return [
    `% Data of the figure "${data.name}" (${data.name}.csv for pgfplots: \\addplot table[col sep=comma]{${data.name}.csv}):`,
    ...lines,
  ].join('\n');
}
