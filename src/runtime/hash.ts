import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { cancelled } from './said.ts';

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
