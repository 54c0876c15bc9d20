/** The data formats: one row each. To add one, write its file and add its row. */
import { text } from '../common/text.ts';
import type { AcceptBlock, StreamedFile } from './blocks.ts';
import { readCsv } from './csv.ts';
import { readCsvHeader } from './csv-start.ts';
import { streamCsv } from './csv-stream.ts';
import { DataError } from './error.ts';
import { readJsonl, readJsonlHeader } from './jsonl.ts';
import { streamJsonl } from './jsonl-stream.ts';
import type { Limits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import { readNpz, readNpzHeader } from './npz.ts';
import { streamNpz } from './npz-stream.ts';
import type { ReadOptions } from './options.ts';
import type { SourceFile } from './paths.ts';
import type { Header, Table } from './table.ts';

interface Format {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Absent for a format that this version does not read yet. */
  readonly read?: (file: SourceFile, options: ReadOptions, limits: Limits) => Promise<Table>;
  readonly readHeader?: (file: SourceFile, options: ReadOptions, limits: Limits) => Promise<Header>;
  /** The same rows, some at a time, for files that do not fit into memory. */
  readonly stream?: (
    file: SourceFile,
    options: ReadOptions,
    limits: Limits,
    accept: AcceptBlock,
  ) => Promise<StreamedFile>;
}

export const formats: readonly Format[] = [
  { name: 'csv', extensions: ['.csv', '.txt'], read: readCsv, readHeader: readCsvHeader, stream: streamCsv },
  {
    name: 'tsv',
    extensions: ['.tsv', '.tab'],
    read: (file, options, limits) => readCsv(file, options, limits, '\t'),
    readHeader: (file, options, limits) => readCsvHeader(file, options, limits, '\t'),
    stream: (file, options, limits, accept) => streamCsv(file, options, limits, accept, '\t'),
  },
  {
    name: 'jsonl',
    extensions: ['.jsonl', '.ndjson'],
    read: readJsonl,
    readHeader: readJsonlHeader,
    stream: streamJsonl,
  },
  { name: 'npz', extensions: ['.npz'], read: readNpz, readHeader: readNpzHeader, stream: streamNpz },
  { name: 'parquet', extensions: ['.parquet'] },
  { name: 'idx', extensions: ['.idx', '-ubyte'] },
];

/**
 * The whole table.
 * @throws DataError as the format's reader does, `format-unknown`, `not-available`
 */
export async function readTable(file: SourceFile, options: ReadOptions = {}): Promise<Table> {
  const { read } = available(file, options.format);
  return read(file, options, { ...defaultLimits, ...options.limits });
}

/**
 * The rows of {@link readTable}, some at a time; only the limits of memory do not apply.
 * @throws DataError as the format's reader does, `format-unknown`, `not-available`; whatever `accept` throws
 */
export async function streamTable(file: SourceFile, options: ReadOptions, accept: AcceptBlock): Promise<StreamedFile> {
  const { stream } = available(file, options.format);
  return stream(file, options, { ...defaultLimits, ...options.limits }, accept);
}

/** The columns alone: the first lines of a text file (see {@link ReadOptions.glance}), the array headers of an NPZ. */
export async function readHeader(file: SourceFile, options: ReadOptions = {}): Promise<Header> {
  const { readHeader: read } = available(file, options.format);
  return read(file, options, { ...defaultLimits, ...options.limits });
}

function available(file: SourceFile, given: string | undefined): Required<Format> {
  const lower = file.name.toLowerCase();
  const format = formats.find((row) =>
    given === undefined ? row.extensions.some((ending) => lower.endsWith(ending)) : row.name === given,
  );
  const readable = formats.filter((row) => row.read !== undefined).map((row) => row.name);
  if (format === undefined) {
    const what =
      given === undefined
        ? text(`The format of ${file.name} cannot be told from its name`, `无法从文件名判断 ${file.name} 的格式`)
        : text(`The format “${given}” is not known`, `未知的格式“${given}”`);
    throw new DataError(
      'format-unknown',
      text(
        `${what.en}. Set data.format to one of ${readable.join(', ')}.`,
        `${what.zh}。请将 data.format 设为 ${readable.join('、')} 之一。`,
      ),
      { file: file.name },
    );
  }
  const { name, extensions, read, readHeader: header, stream } = format;
  if (read === undefined || header === undefined || stream === undefined) {
    throw new DataError(
      'not-available',
      text(
        `${file.name}: the format ${name} is not available in this version. Save the data as ${readable.join(', ')}.`,
        `${file.name}：此版本尚不支持格式 ${name}。请将数据保存为 ${readable.join('、')} 之一。`,
      ),
      {
        file: file.name,
      },
    );
  }
  return { name, extensions, read, readHeader: header, stream };
}
