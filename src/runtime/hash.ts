import { hashFile } from '../files/hash.ts';
import { refuseWhenCanceled } from './error.ts';

/**
 * SHA-256 of a file as hexadecimal digits; stops at the next piece when it is canceled.
 * @throws RuntimeError `cancelled`; the file system's error
 */
export async function sha256File(file: string, signal?: AbortSignal): Promise<string> {
  refuseWhenCanceled(signal);
  const { sha256 } = await hashFile(file, { onBytes: () => refuseWhenCanceled(signal) });
  return sha256;
}
