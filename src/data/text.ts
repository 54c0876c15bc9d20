/** Bytes of a text file into text: the encoding is given, marked by a BOM, or found by looking – and reported either way. */
import { text } from '../common/text.ts';
import { open } from 'node:fs/promises';
import { DataError, unreadable } from './error.ts';
import type { Limits } from './limits.ts';
import type { SourceFile } from './paths.ts';

export interface DecodedText {
  readonly text: string;
  readonly encoding: string;
  /** False where the encoding was given. */
  readonly detected: boolean;
  /** False where only the beginning was read. */
  readonly complete: boolean;
}

/**
 * The whole file, or its first `headBytes`.
 * @throws DataError `too-large`, `unreadable`, `encoding`
 */
export async function readText(
  file: SourceFile,
  limits: Limits,
  options: { readonly encoding?: string | undefined; readonly headBytes?: number } = {},
): Promise<DecodedText> {
  const { headBytes } = options;
  if (headBytes === undefined && file.bytes > limits.textBytes) {
    throw new DataError(
      'too-large',
      text(
        `${file.name} has ${megabytes(file.bytes)} MB; text files are read up to ${megabytes(limits.textBytes)} MB. Split it into several files (data.source takes a list) or save it as NPZ.`,
        `${file.name} 有 ${megabytes(file.bytes)} MB，而文本文件最多读取 ${megabytes(limits.textBytes)} MB。请拆分为多个文件（data.source 可为列表），或另存为 NPZ。`,
      ),
      { file: file.name },
    );
  }
  const bytes = await readBytes(file, headBytes === undefined ? file.bytes : Math.min(file.bytes, headBytes));
  const complete = bytes.length >= file.bytes;
  return { ...decodeBytes(bytes, file.name, complete, options.encoding), complete };
}

/** The first `length` bytes; fewer where the file has become shorter meanwhile. */
async function readBytes(file: SourceFile, length: number): Promise<Uint8Array> {
  try {
    const handle = await open(file.path, 'r');
    try {
      const buffer = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file.name, error);
  }
}

type Decoded = Omit<DecodedText, 'complete'>;

function decodeBytes(bytes: Uint8Array, file: string, complete: boolean, given: string | undefined): Decoded {
  const known = given === undefined ? (marked(bytes) ?? utf16ByZeros(bytes)) : canonical(given, file);
  if (known !== undefined) {
    const text = tryDecode(bytes, known, complete);
    if (text !== undefined) return { text, encoding: known, detected: given === undefined };
    throw notValid(file, known);
  }
  for (const encoding of ['utf-8', 'gb18030']) {
    if (encoding === 'gb18030' && !looksChinese(bytes)) continue;
    const text = tryDecode(bytes, encoding, complete);
    // No text has it, and every binary file does; without this its bytes would become names of columns.
    if (text?.includes('\0') === true) break;
    if (text !== undefined) return { text, encoding, detected: true };
  }
  throw bytes.includes(0) ? noText(file) : unknownEncoding(file);
}

export function notValid(file: string, encoding: string): DataError {
  const message = text(
    `${file} is not valid ${encoding}. Save it as UTF-8, or for CSV files name its encoding in data.csv.encoding.`,
    `${file} 不是有效的 ${encoding}。请另存为 UTF-8；CSV 文件也可在 data.csv.encoding 中指明编码。`,
  );
  return new DataError('encoding', message, { file });
}

export function noText(file: string): DataError {
  const message = text(
    `${file} is no text file: it holds zero bytes. Name a data file, or set data.format.`,
    `${file} 不是文本文件：含有零字节。请指定数据文件，或设置 data.format。`,
  );
  return new DataError('encoding', message, { file });
}

export function unknownEncoding(file: string): DataError {
  const message = text(
    `${file} is neither UTF-8 nor GB18030. Set data.csv.encoding (for Western European files often "windows-1252"), or save the file as UTF-8.`,
    `${file} 既不是 UTF-8 也不是 GB18030。请设置 data.csv.encoding（西欧文件常为 "windows-1252"），或将文件另存为 UTF-8。`,
  );
  return new DataError('encoding', message, { file });
}

/** The text, without a BOM; undefined where the bytes are not of this encoding. A character cut by the end of a part is left out. */
function tryDecode(bytes: Uint8Array, encoding: string, complete: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !complete });
  } catch {
    return undefined;
  }
}

export function canonical(label: string, file: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw new DataError(
      'encoding',
      text(
        `${file}: the encoding “${label}” is not known. Known are utf-8, gb18030, utf-16le, utf-16be, big5, shift_jis, windows-1252 and the other names of the WHATWG Encoding Standard.`,
        `${file}：未知的编码“${label}”。可用 utf-8、gb18030、utf-16le、utf-16be、big5、shift_jis、windows-1252 及 WHATWG 编码标准中的其他名称。`,
      ),
      {
        file,
      },
    );
  }
}

export function marked(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** Separators, digits and line ends are ASCII: in UTF-16 they put a zero into every second byte. */
export function utf16ByZeros(bytes: Uint8Array): string | undefined {
  const n = Math.min(bytes.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < n; at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  const few = n / 2 / 10;
  if (odd > few && even === 0) return 'utf-16le';
  if (even > few && odd === 0) return 'utf-16be';
  return undefined;
}

/**
 * Nearly every byte string is valid GB18030, so validity says little. Chinese text keeps to the pairs of GB 2312
 * (B0–F7, A1–FE, with punctuation from A1); a Western umlaut pairs with a plain letter instead.
 */
function looksChinese(bytes: Uint8Array): boolean {
  const pairs = countPairs();
  pairs.add(bytes);
  return pairs.areChinese();
}

export interface PairCounter {
  /** Counts on with the next bytes of the file. */
  add(bytes: Uint8Array): void;
  areChinese(): boolean;
}

export function countPairs(): PairCounter {
  let common = 0;
  let other = 0;
  let lead = 0;
  const add = (bytes: Uint8Array): void => {
    for (const byte of bytes) {
      if (lead === 0) {
        if (byte >= 0x80) lead = byte;
        continue;
      }
      if (lead >= 0xa1 && lead <= 0xf7 && byte >= 0xa1) common++;
      else other++;
      lead = 0;
    }
  };
  return { add, areChinese: () => common > 0 && common >= 2 * (other + (lead === 0 ? 0 : 1)) };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
