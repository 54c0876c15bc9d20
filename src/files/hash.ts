/** SHA-256 of a file of any size, read once, piece by piece; and whether a file is still the one that was read. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

export interface HashedFile {
  readonly bytes: number;
  readonly sha256: string;
  /** SHA-256 of the first `beginning` bytes, where so many were asked for and are there. */
  readonly beginning?: string;
  /** What the system says of the file: equal as long as nobody has written it. */
  readonly state: string;
}

const pieceBytes = 1024 * 1024;

/**
 * @param beginning how many of the first bytes are hashed by themselves, too
 * @param onBytes told how many bytes have been read since the last call; what it throws ends the reading
 * @throws whatever the system does, or `onBytes`
 */
export async function hashFile(
  file: string,
  options: { readonly beginning?: number; readonly onBytes?: (bytes: number) => void } = {},
): Promise<HashedFile> {
  const handle = await open(file, 'r');
  try {
    const state = stateText(await handle.stat({ bigint: true }));
    const { beginning } = options;
    const whole = createHash('sha256');
    let first: string | undefined;
    let bytes = 0;
    for await (const piece of piecesOf(handle)) {
      if (beginning !== undefined && first === undefined && bytes + piece.length >= beginning) {
        first = whole
          .copy()
          .update(piece.subarray(0, beginning - bytes))
          .digest('hex');
      }
      whole.update(piece);
      bytes += piece.length;
      options.onBytes?.(piece.length);
    }
    return { bytes, sha256: whole.digest('hex'), ...(first === undefined ? {} : { beginning: first }), state };
  } finally {
    await handle.close();
  }
}

/**
 * As hexadecimal digits, at once: for small files, and for a thread that has nothing else to do.
 * @throws whatever the system does
 */
export function sha256OfFile(file: string): string {
  const hash = createHash('sha256');
  const handle = fs.openSync(file, 'r');
  try {
    const piece = new Uint8Array(pieceBytes);
    for (let read = -1; read !== 0;) {
      read = fs.readSync(handle, piece, 0, piece.length, null);
      hash.update(piece.subarray(0, read));
    }
  } finally {
    fs.closeSync(handle);
  }
  return hash.digest('hex');
}

/** Each piece is overwritten by the next. */
async function* piecesOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(pieceBytes);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The change time is the system's own: unlike the time of modification, nobody sets it back. */
function stateText({ dev, ino, size, mtimeNs, ctimeNs }: fs.BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/** The state of a file now, or null where it cannot be told. */
export async function fileState(file: string): Promise<string | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    return stateText(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}
