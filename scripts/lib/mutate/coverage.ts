// From V8's coverage files (NODE_V8_COVERAGE) to the lines of the sources that ran.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

interface CoverageRange {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}
interface SourceMapData {
  readonly mappings: string;
  readonly sources: readonly string[];
  readonly sourceRoot?: string;
}
interface CoverageFile {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: CoverageRange[] }[];
  }[];
  readonly 'source-map-cache'?: Readonly<
    Record<string, { readonly lineLengths: readonly number[]; readonly data: SourceMapData | null }>
  >;
}

/** A place of generated code and where it came from; lines and columns from 0. */
export interface Mapping {
  readonly line: number;
  readonly column: number;
  readonly source: number;
  readonly sourceLine: number;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digitValues = new Map(Array.from(digits, (digit, value) => [digit, value] as const));

/** The `mappings` of a source map (base64 VLQ, https://tc39.es/ecma426/). */
export function decodeMappings(mappings: string): Mapping[] {
  const decoded: Mapping[] = [];
  let [source, sourceLine] = [0, 0];
  for (const [line, text] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of text.split(',')) {
      const fields: number[] = [];
      let [value, shift] = [0, 0];
      for (const digit of segment) {
        const bits = digitValues.get(digit) ?? 0;
        value += (bits & 31) << shift;
        shift += 5;
        if ((bits & 32) !== 0) continue;
        fields.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
        [value, shift] = [0, 0];
      }
      const [columns, sources, lines] = fields;
      if (columns === undefined) continue;
      column += columns;
      if (sources === undefined || lines === undefined) continue;
      source += sources;
      sourceLine += lines;
      decoded.push({ line, column, source, sourceLine });
    }
  }
  return decoded;
}

/** How often the character at each offset ran: the innermost range decides, and V8 lists outer ranges first. */
function ran(functions: CoverageFile['result'][number]['functions'], length: number): Uint8Array {
  const counts = new Uint8Array(length);
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) counts.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return counts;
}

/** Keyed by file (relative to the folder, forward slashes): its lines that ran, from 1. */
export type Lines = Map<string, Set<number>>;

/**
 * Adds what one coverage file tells about files of the folder.
 * @returns whether a bundle of `dist` ran
 */
function addCoverage(lines: Lines, text: string, folder: string): boolean {
  const { result, 'source-map-cache': maps = {} } = JSON.parse(text) as CoverageFile;
  let bundled = false;
  for (const { url, functions } of result) {
    const map = maps[url];
    if (!url.startsWith('file:') || map === undefined || map.data === null) continue;
    const file = fileURLToPath(url);
    const place = path.relative(folder, file);
    if (place.startsWith('..') || place.startsWith('node_modules')) continue;
    if (place.startsWith('dist')) bundled = true;
    const starts = [0];
    for (const length of map.lineLengths) starts.push((starts.at(-1) ?? 0) + length + 1);
    const counts = ran(functions, starts.at(-1) ?? 0);
    const { data } = map;
    const sources = data.sources.map((source) => {
      const from = source.startsWith('file:')
        ? fileURLToPath(source)
        : path.resolve(path.dirname(file), data.sourceRoot ?? '', source);
      return path.relative(folder, from).replaceAll('\\', '/');
    });
    for (const each of decodeMappings(data.mappings)) {
      const source = sources[each.source];
      if (source === undefined || source.startsWith('..') || source.startsWith('node_modules')) continue;
      const into = lines.get(source) ?? new Set<number>();
      lines.set(source, into);
      if (counts[(starts[each.line] ?? 0) + each.column] === 1) into.add(each.sourceLine + 1);
    }
  }
  return bundled;
}

/** All coverage files of a folder together. */
export function readCoverage(coverageFolder: string, folder: string): { lines: Lines; bundled: boolean } {
  const lines: Lines = new Map();
  let bundled = false;
  for (const name of fs.readdirSync(coverageFolder)) {
    const text = fs.readFileSync(path.join(coverageFolder, name), 'utf8');
    // A process that was killed while it wrote leaves half a file.
    if (text.trimEnd().endsWith('}')) bundled = addCoverage(lines, text, folder) || bundled;
  }
  return { lines, bundled };
}
