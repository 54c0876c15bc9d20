/** A report as Markdown (GitHub's tables). */
import type { Language } from '../../common/text.ts';
import type { Report, ReportTable, Section } from './contract.ts';

/** No name becomes a mark, a cell or an element. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~$&]/g, (character) => `\\${character}`).replace(/\s*[\r\n]+\s*/g, ' ');
}

export function markdownReport({ title, sections }: Report, language: Language): string {
  const parts = [
    `# ${escapeMarkdown(title[language])}`,
    ...sections.flatMap((section) => sectionParts(section, language)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Without headings of sections: for a terminal or a comment. */
export function markdownTables(tables: readonly ReportTable[], language: Language): string {
  return `${tables.flatMap((table) => tableParts(table, language)).join('\n\n')}\n`;
}

function sectionParts({ title, summary, tables }: Section, language: Language): readonly string[] {
  return [
    `## ${escapeMarkdown(title[language])}`,
    ...summary.map((sentence) => escapeMarkdown(sentence[language])),
    ...tables.flatMap((table) => tableParts(table, language)),
  ];
}

function tableParts({ title, columns, words, rows, note }: ReportTable, language: Language): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = [
    line(columns.map((column) => escapeMarkdown(column[language]))),
    line(columns.map((_, index) => (index < words ? ':--' : '--:'))),
    ...rows.map((cells) =>
      line(
        cells.map(({ text, bold }) => {
          const escaped = escapeMarkdown(text[language]);
          return bold === true ? `**${escaped}**` : escaped;
        }),
      ),
    ),
  ];
  const told = note === undefined ? [] : [escapeMarkdown(note[language])];
  return [`**${escapeMarkdown(title[language])}**`, lines.join('\n'), ...told];
}
