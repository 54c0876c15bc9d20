/** The words of data formats, and what files of each are called. */
import { notAvailable } from '../available.ts';

interface FormatWord {
  /** How a file's name ends, the usual way first; lower case. */
  readonly extensions: readonly [string, ...string[]];
  /** Every named column holds one value a row, so that its width is known before a file is opened. */
  readonly flat?: true;
}

const formats = {
  csv: { extensions: ['.csv', '.txt'], flat: true },
  tsv: { extensions: ['.tsv', '.tab'], flat: true },
  jsonl: { extensions: ['.jsonl', '.ndjson'] },
  npz: { extensions: ['.npz'] },
  parquet: { extensions: ['.parquet'] },
  idx: { extensions: ['.idx', '-ubyte', '.idx.gz', '-ubyte.gz'] },
} as const satisfies Readonly<Record<string, FormatWord>>;

type Name = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly Name[];

const words: Readonly<Record<Name, FormatWord>> = formats;

/** The format that a file's name tells of; undefined where it tells of none. */
export function formatByName(file: string): Name | undefined {
  const lower = file.toLowerCase();
  return formatNames.find((name) => words[name].extensions.some((ending) => lower.endsWith(ending)));
}

/** Does every named column of such a file hold one value a row? */
export function isFlat(format: Name): boolean {
  return words[format].flat === true;
}

/** The usual endings of files that this version reads, without the point. */
export function usualExtensions(): string[] {
  return formatNames
    .filter((name) => !notAvailable.has(`format/${name}`))
    .map((name) => words[name].extensions[0].slice(1));
}
