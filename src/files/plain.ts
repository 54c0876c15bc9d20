/**
 * The few ways in which a folder is touched that others may touch, too (a run directory, a lock): files are written
 * beside and renamed, and read as if a stranger had made them (no symbolic links, no devices or pipes, a limit on size).
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemCode } from '../common/told-error.ts';

/** Small control files are never larger than this. */
export const smallFile = 64 * 1024;

/** Opens for reading; refuses links where the platform can, and never hangs on a pipe. */
export function openPlain(file: string): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  // Windows knows neither flag.
  const handle = fs.openSync(
    file,
    O_RDONLY | ((O_NOFOLLOW as number | undefined) ?? 0) | ((O_NONBLOCK as number | undefined) ?? 0),
  );
  if (fs.fstatSync(handle).isFile()) return handle;
  fs.closeSync(handle);
  throw Object.assign(new Error('not a file'), { code: 'EINVAL' });
}

/** Opens for appending, making the file; like `openPlain`, nothing is written through a link or into a pipe. */
export function openForAppending(file: string): number {
  return openForWriting(file, fs.constants.O_WRONLY | fs.constants.O_APPEND);
}

/** As `openForAppending`, with other flags of `open`. */
export function openForWriting(file: string, flags: number): number {
  const { O_CREAT, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const careful = ((O_NOFOLLOW as number | undefined) ?? 0) | ((O_NONBLOCK as number | undefined) ?? 0);
  const handle = fs.openSync(file, flags | O_CREAT | careful, 0o644);
  if (fs.fstatSync(handle).isFile()) return handle;
  fs.closeSync(handle);
  throw Object.assign(new Error('not a file'), { code: 'EINVAL' });
}

/** Size of a plain file, or null when there is none: what a stranger's file claims is compared before it is read. */
export function sizeOf(file: string): number | null {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  return status?.isFile() === true ? status.size : null;
}

/**
 * Bytes of a plain file, or null when it is missing, no plain file, a link, unreadable or larger than `limit`: a reader
 * treats all of these as absent.
 */
export function readBytes(file: string, limit: number): Buffer | null {
  let handle: number;
  try {
    handle = openPlain(file);
  } catch {
    return null;
  }
  try {
    const { size } = fs.fstatSync(handle);
    return size > limit ? null : readAll(handle, size);
  } catch {
    return null;
  } finally {
    fs.closeSync(handle);
  }
}

/** Node refuses to read or write 2 GB or more at once. */
const mostAtOnce = 2 ** 30;

/** As many bytes as there are, `size` at most. */
function readAll(handle: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let done = 0; done < size;) {
    const read = fs.readSync(handle, bytes, done, Math.min(mostAtOnce, size - done), null);
    if (read === 0) return bytes.subarray(0, done);
    done += read;
  }
  return bytes;
}

/** Text of a small plain file, or null. */
export function readText(file: string, limit = smallFile): string | null {
  return readBytes(file, limit)?.toString('utf8') ?? null;
}

/** Parsed JSON of a small plain file; undefined when absent or not JSON. */
export function readJson(file: string, limit = smallFile): unknown {
  const text = readText(file, limit);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Makes the entries of a folder durable. Windows and some network drives know no such thing. */
export function syncFolder(folder: string): void {
  try {
    const handle = fs.openSync(folder, fs.constants.O_RDONLY);
    try {
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    // Best effort by nature: the content itself was synced.
  }
}

/** Writes all bytes to a handle; a single write may be short. */
export function writeAll(handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength;)
    done += fs.writeSync(handle, bytes, done, Math.min(mostAtOnce, bytes.byteLength - done));
}

/** Writes a new file and, with `sync`, waits until the disk has it. Where that fails (a full disk) no piece of it stays. */
export function writeNew(file: string, content: string | Uint8Array, sync: boolean): void {
  const handle = fs.openSync(file, 'wx', 0o644);
  let whole = false;
  try {
    writeAll(handle, typeof content === 'string' ? Buffer.from(content) : content);
    if (sync) fs.fsyncSync(handle);
    whole = true;
  } finally {
    fs.closeSync(handle);
    if (!whole) fs.rmSync(file, { force: true });
  }
}

/** A name beside `file` that nobody else uses. */
export function besides(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Replaces a file so that a reader sees the old or the new content, never a part. */
export function replaceFile(
  file: string,
  content: string | Uint8Array,
  options: { readonly sync?: boolean } = {},
): void {
  const temporary = besides(file);
  try {
    writeNew(temporary, content, options.sync === true);
    renameOver(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  if (options.sync === true) syncFolder(path.dirname(file));
}

/** Rename; on Windows it is refused for moments in which a scanner or a reader holds the target. */
export function renameOver(from: string, to: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error));
      if (process.platform !== 'win32' || !busy || attempt === 10) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 * attempt);
    }
  }
}

/** Names in a folder, or none when it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
