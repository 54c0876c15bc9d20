/** Reading data files, whatever their format. */
import { text } from '../common/text.ts';
import { formatByName, formatNames, type AvailableFormat, type FormatName } from '../spec/index.ts';
import type { AcceptBlock, StreamedFile } from './blocks.ts';
import { DataError } from './error.ts';
import type { FormatRow } from './formats/contract.ts';
import { formats } from './formats/table.ts';
import { defaultLimits } from './limits.ts';
import type { ReadOptions } from './options.ts';
import type { SourceFile } from './paths.ts';
import type { Header, Table } from './table.ts';

/**
 * The whole table.
 * @throws DataError as the format's reader does, `format-unknown`, `not-available`
 */
export async function readTable(file: SourceFile, options: ReadOptions = {}): Promise<Table> {
  return available(file, options.format).read(file, options, { ...defaultLimits, ...options.limits });
}

/**
 * The rows of {@link readTable}, some at a time; only the limits of memory do not apply.
 * @throws DataError as the format's reader does, `format-unknown`, `not-available`; whatever `accept` throws
 */
export async function streamTable(file: SourceFile, options: ReadOptions, accept: AcceptBlock): Promise<StreamedFile> {
  return available(file, options.format).stream(file, options, { ...defaultLimits, ...options.limits }, accept);
}

/** The columns alone: the first lines of a text file (see {@link ReadOptions.glance}), the array headers of an NPZ. */
export async function readHeader(file: SourceFile, options: ReadOptions = {}): Promise<Header> {
  return available(file, options.format).readHeader(file, options, { ...defaultLimits, ...options.limits });
}

function available(file: SourceFile, given: string | undefined): FormatRow {
  const name = given ?? formatByName(file.name);
  if (name !== undefined && isAvailable(name)) return formats[name];
  const readable = Object.keys(formats);
  if (name === undefined || !isWord(name)) {
    const what =
      name === undefined
        ? text(`The format of ${file.name} cannot be told from its name`, `无法从文件名判断 ${file.name} 的格式`)
        : text(`The format “${name}” is not known`, `未知的格式“${name}”`);
    throw new DataError(
      'format-unknown',
      text(
        `${what.en}. Set data.format to one of ${readable.join(', ')}.`,
        `${what.zh}。请将 data.format 设为 ${readable.join('、')} 之一。`,
      ),
      { file: file.name },
    );
  }
  throw new DataError(
    'not-available',
    text(
      `${file.name}: the format ${name} is not available in this version. Save the data as ${readable.join(', ')}.`,
      `${file.name}：此版本尚不支持格式 ${name}。请将数据保存为 ${readable.join('、')} 之一。`,
    ),
    { file: file.name },
  );
}

function isAvailable(name: string): name is AvailableFormat {
  return Object.hasOwn(formats, name);
}

function isWord(name: string): name is FormatName {
  return formatNames.some((word) => word === name);
}
