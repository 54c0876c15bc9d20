/** Reads LaTeX as TeX would, as far as its structure goes: what is no LaTeX is an error. */

export interface TexTable {
  readonly columns: number;
  /** Cells of every row, as they are written. */
  readonly rows: readonly (readonly string[])[];
}

export interface TexReading {
  readonly tables: readonly TexTable[];
  /** Names of the commands that are used. */
  readonly commands: ReadonlySet<string>;
}

interface Open {
  readonly name: string;
  readonly depth: number;
}

const rules = new Set(['toprule', 'midrule', 'bottomrule']);

/** @throws Error for braces, environments, math or tables that do not fit */
export function readTex(source: string): TexReading {
  const text = withoutComments(source);
  const tables: TexTable[] = [];
  const commands = new Set<string>();
  const open: Open[] = [];
  let [depth, math] = [0, false];
  let table: { columns: number; depth: number; rows: string[][]; row: string[]; cell: string } | null = null;
  const fail = (what: string, at: number): never => {
    throw new Error(`${what} at ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 30))}`);
  };
  const add = (piece: string): void => {
    if (table !== null) table.cell += piece;
  };
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    if (character === '\\') {
      const word = /^\\([a-zA-Z]+|[^])/.exec(text.slice(at))?.[1] ?? fail('a lone backslash', at);
      at += 1 + word.length;
      commands.add(word);
      if (word === 'begin' || word === 'end') {
        const name = /^\{([a-z*]+)\}/.exec(text.slice(at))?.[1] ?? fail(`\\${word} of nothing`, at);
        at += name.length + 2;
        if (word === 'begin') open.push({ name, depth });
        else {
          const last = open.pop();
          if (last?.name !== name || last.depth !== depth) fail(`\\end{${name}}`, at);
        }
        if (name !== 'tabular') continue;
        if (word === 'end') {
          if (table === null || table.cell.trim() !== '' || table.row.length > 0) fail('a row that does not end', at);
          if (table !== null) tables.push({ columns: table.columns, rows: table.rows });
          table = null;
          continue;
        }
        const columns = /^\{([lrc]+)\}/.exec(text.slice(at))?.[1] ?? fail('a table without columns', at);
        at += columns.length + 2;
        table = { columns: columns.length, depth, rows: [], row: [], cell: '' };
      } else if (word === '\\') {
        if (table === null || depth !== table.depth) fail('the end of a row outside a table', at);
        // What follows is an argument if it looks like one.
        if (/^\s*[[*]/.test(text.slice(at))) fail('an argument of the end of a row', at);
        if (table !== null) {
          const row: string[] = [...table.row, table.cell.trim()];
          if (row.length !== table.columns) fail(`a row of ${row.length} cells in ${table.columns} columns`, at);
          table.rows.push(row);
          [table.row, table.cell] = [[], ''];
        }
      } else if (rules.has(word)) {
        if (/^\s*[[(]/.test(text.slice(at))) fail('an argument of a rule', at);
      } else add(`\\${word}`);
      continue;
    }
    at++;
    if (character === '{') depth++;
    else if (character === '}') {
      depth--;
      if (depth < 0) fail('a brace too much', at);
    } else if (character === '$') math = !math;
    else if (character === '&') {
      if (table === null || depth !== table.depth) fail('& outside a table', at);
      if (table !== null) [table.row, table.cell] = [[...table.row, table.cell.trim()], ''];
      continue;
    } else if (character === '#' || character === '~') fail(`a bare ${character}`, at);
    else if ((character === '^' || character === '_') && !math) fail(`${character} outside mathematics`, at);
    add(character);
  }
  if (depth !== 0 || math || open.length > 0) fail('something that does not end', text.length);
  return { tables, commands };
}

/** A comment takes its line's end with it. */
const withoutComments = (source: string): string => source.replace(/(?<!\\)((?:\\\\)*)%[^\n]*(\n|$)/g, '$1');
