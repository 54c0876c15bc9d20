import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { cancelled } from './error.ts';

/**
 * SHA-256 of a file as hexadecimal digits, read as a stream.
 * @throws RuntimeError `cancelled`; the file system's error
 */
export async function sha256File(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(fs.createReadStream(file, { highWaterMark: 1 << 20 }), hash, { ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted === true) throw cancelled();
    throw error;
  }
  return hash.digest('hex');
}

/** As sha256File, at once: for small files. */
export function sha256OfSmallFile(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** As sha256File, at once and in pieces: for a thread that has nothing else to do. */
export function sha256FileSync(file: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(1 << 22);
  const handle = fs.openSync(file, 'r');
  try {
    for (let read = -1; read !== 0;) {
      read = fs.readSync(handle, piece, 0, piece.length, null);
      hash.update(piece.subarray(0, read));
    }
  } finally {
    fs.closeSync(handle);
  }
  return hash.digest('hex');
}
