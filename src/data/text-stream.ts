/** Text files of any size, piece by piece; the encoding is found as for whole files, by a pass over all bytes. */
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { type DataError, unreadable } from './error.ts';
import type { SourceFile } from './paths.ts';
import { canonical, countPairs, marked, notValid, noText, unknownEncoding, utf16ByZeros } from './text.ts';

export interface StreamedText {
  readonly encoding: string;
  /** False where the encoding was given. */
  readonly detected: boolean;
  /** The text from its beginning, without a BOM. */
  pieces(): AsyncGenerator<string>;
}

/** As many bytes tell whether a text is UTF-16. */
const markBytes = 4096;

/**
 * @param partBytes bytes read at once
 * @throws DataError `unreadable`, `encoding`; from `pieces` as well
 */
export async function streamText(
  file: SourceFile,
  given: string | undefined,
  partBytes: number,
): Promise<StreamedText> {
  const encoding =
    given === undefined ? await detect(file, Math.max(partBytes, markBytes)) : canonical(given, file.name);
  return { encoding, detected: given === undefined, pieces: () => decoded(file, encoding, partBytes) };
}

async function detect(file: SourceFile, partBytes: number): Promise<string> {
  let known: string | undefined;
  let zeros = false;
  const utf8 = validator('utf-8');
  const gb = validator('gb18030');
  const pairs = countPairs();
  let first = true;
  for await (const bytes of bytePieces(file, partBytes)) {
    if (first) known = marked(bytes) ?? utf16ByZeros(bytes);
    first = false;
    // What the file says of itself is checked when it is read.
    if (known !== undefined) return known;
    zeros ||= bytes.includes(0);
    utf8.add(bytes);
    // The second guess costs time, and is only asked for where the first is wrong; then from the beginning.
    if (!utf8.valid()) break;
  }
  if (utf8.valid() && utf8.end()) {
    if (zeros) throw noText(file.name);
    return 'utf-8';
  }
  for await (const bytes of bytePieces(file, partBytes)) {
    zeros ||= bytes.includes(0);
    pairs.add(bytes);
    gb.add(bytes);
  }
  if (zeros) throw noText(file.name);
  if (pairs.areChinese() && gb.valid() && gb.end()) return 'gb18030';
  throw unknownEncoding(file.name);
}

interface Validator {
  add(bytes: Uint8Array): void;
  valid(): boolean;
  /** Whether the bytes may end here. */
  end(): boolean;
}

function validator(encoding: string): Validator {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let valid = true;
  const attempt = (bytes: Uint8Array, stream: boolean): boolean => {
    if (!valid) return false;
    try {
      decoder.decode(bytes, { stream });
    } catch {
      valid = false;
    }
    return valid;
  };
  return {
    add: (bytes) => void attempt(bytes, true),
    valid: () => valid,
    end: () => attempt(new Uint8Array(0), false),
  };
}

async function* decoded(file: SourceFile, encoding: string, partBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw notValid(file.name, encoding);
    }
  };
  for await (const bytes of bytePieces(file, partBytes)) {
    const text = decode(bytes, true);
    if (text !== '') yield text;
  }
  const last = decode(new Uint8Array(0), false);
  if (last !== '') yield last;
}

/** The bytes of the file; each piece is overwritten by the next. */
async function* bytePieces(file: SourceFile, partBytes: number): AsyncGenerator<Uint8Array> {
  const fail = (error: unknown): DataError => unreadable(file.name, error);
  const handle: FileHandle = await open(file.path, 'r').catch((error: unknown) => {
    throw fail(error);
  });
  try {
    const buffer = new Uint8Array(Math.max(1, Math.min(partBytes, file.bytes)));
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
        throw fail(error);
      });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
