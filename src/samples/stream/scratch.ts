/**
 * Files for prepared samples that do not fit into memory. They lie in a folder of the run, have no name as soon as they are open, and
 * so are gone with the process that made them, however it ends. All threads of a process read them by their descriptors.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { text } from '../../common/text.ts';
import { systemCode } from '../../common/told-error.ts';
import { DataError, systemReason } from '../../data/error.ts';

export interface ScratchFile {
  readonly fd: number;
  /** Written so far. */
  readonly bytes: number;
  append(bytes: Uint8Array): void;
  /** Fills `into` from `position`. */
  read(into: Uint8Array, position: number): void;
  close(): void;
}

export interface Scratch {
  create(): ScratchFile;
  /** Bytes in the files that are open. */
  readonly bytes: number;
  /**
   * Makes sure that the disk has room.
   * @throws DataError `too-large`
   */
  reserve(bytes: number): void;
  close(): void;
}

/** Left free on the disk for everything else. */
const spared = 256 * 1024 * 1024;

/** Bytes of a file after which the room left is looked at again. */
const checkEvery = 64 * 1024 * 1024;

/** @param folder is made where it is missing */
export function openScratch(folder: string): Scratch {
  const open = new Set<ScratchFile>();
  const create = (): ScratchFile => {
    const file = createFile(folder, (closed) => open.delete(closed));
    open.add(file);
    return file;
  };
  return {
    create,
    get bytes() {
      return [...open].reduce((sum, { bytes }) => sum + bytes, 0);
    },
    reserve: (bytes) => reserve(folder, bytes),
    close: () => {
      for (const file of [...open]) file.close();
    },
  };
}

function reserve(folder: string, bytes: number): void {
  const { bavail, bsize } = attempt(() => {
    fs.mkdirSync(folder, { recursive: true });
    return fs.statfsSync(folder);
  });
  const free = bavail * bsize;
  if (bytes + spared <= free) return;
  const mb = (value: number): string => String(Math.round(value / 1024 / 1024));
  throw new DataError(
    'too-large',
    text(
      `The data do not fit into the memory they may take, and reading them from disk needs ${bytes === 0 ? 'more' : `${mb(bytes)} MB`} in temporary files; the disk of the run has ${mb(free)} MB left. Free some space, put the run elsewhere (--run-dir), or allow more memory (--memory).`,
      `数据超出允许占用的内存，从磁盘读取则需要${bytes === 0 ? '更多空间' : ` ${mb(bytes)} MB`}存放临时文件，而运行所在的磁盘仅剩 ${mb(free)} MB。请释放空间，将运行放到别处（--run-dir），或允许使用更多内存（--memory）。`,
    ),
  );
}

function createFile(folder: string, closed: (file: ScratchFile) => void): ScratchFile {
  const name = path.join(folder, `.data.${randomBytes(6).toString('hex')}.tmp`);
  const fd = attempt(() => {
    fs.mkdirSync(folder, { recursive: true });
    return fs.openSync(name, 'wx+', 0o600);
  });
  const nameless = remove(name);
  let length = 0;
  let isOpen = true;
  const file: ScratchFile = {
    fd,
    get bytes() {
      return length;
    },
    append: (bytes) => {
      // What is said at the beginning is an estimate, and others write to the disk, too.
      if (Math.floor((length + bytes.length) / checkEvery) > Math.floor(length / checkEvery)) reserve(folder, 0);
      attempt(() => {
        for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at, bytes.length - at, length + at);
      });
      length += bytes.length;
    },
    read: (into, position) => readFully(fd, into, position),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      fs.closeSync(fd);
      if (!nameless) remove(name);
      closed(file);
    },
  };
  return file;
}

/** Some file systems keep the name until the file is closed. */
function remove(name: string): boolean {
  try {
    fs.unlinkSync(name);
    return true;
  } catch {
    return false;
  }
}

/** Fills `into` from a place of a file. */
export function readFully(fd: number, into: Uint8Array, position: number): void {
  for (let at = 0; at < into.length;) {
    const count = attempt(() => fs.readSync(fd, into, at, into.length - at, position + at));
    if (count === 0)
      throw new DataError(
        'unreadable',
        text('A temporary file of the data is shorter than it was written.', '数据的临时文件比写入时短。'),
      );
    at += count;
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw diskFull();
    const { en, zh } = systemReason(error);
    throw new DataError('unreadable', text(`A temporary file for the data: ${en}.`, `数据的临时文件：${zh}。`));
  }
}

function diskFull(): DataError {
  return new DataError(
    'too-large',
    text(
      'The disk of the run is full: the data do not fit into memory and are written to temporary files. Free some space, put the run elsewhere (--run-dir), or allow more memory (--memory).',
      '运行所在的磁盘已满：数据超出内存，需写入临时文件。请释放空间，将运行放到别处（--run-dir），或允许使用更多内存（--memory）。',
    ),
  );
}
