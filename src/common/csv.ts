/** Comma-separated values, as every program reads them. */

export type CsvCell = string | number | boolean | null;

/**
 * RFC 4180, UTF-8, one header line. A cell that a spreadsheet would take for a formula (`= + - @` first, and no number)
 * gets an apostrophe in front: names come from strangers' files. Null is an empty cell.
 */
export function csvText(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  const lines = [columns, ...rows].map((cells) => cells.map(csvCell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  const text = String(cell);
  const safe = /^[=+\-@]/.test(text) && typeof cell === 'string' && !numberPattern.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
