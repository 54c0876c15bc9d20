/** Lines of a growing text file, from either end, with limits: a run directory may be a stranger's. */
import * as fs from 'node:fs';
import { openPlain } from '../files/plain.ts';

/** A longer line is no record of ours. */
export const lineLimit = 16 * 1024 * 1024;

/** Whole lines (without newline) of the first `size` bytes of an open file, the last one first. */
export function* linesBackward(handle: number, size: number, blockSize = 256 * 1024): Generator<string> {
  const block = Buffer.alloc(blockSize);
  /** What lies between `end` and the start of the line that follows, not yet given out. */
  let rest: Buffer[] = [];
  let restLength = 0;
  let first = true;
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - block.length);
    const read = fs.readSync(handle, block, 0, end - from, from);
    let to = read;
    for (let at = block.lastIndexOf(0x0a, read - 1); at >= 0; at = at === 0 ? -1 : block.lastIndexOf(0x0a, at - 1)) {
      const piece = block.subarray(at + 1, to);
      // What follows the last newline is a torn line, or nothing.
      if (!first && restLength + piece.length <= lineLimit) yield Buffer.concat([piece, ...rest]).toString('utf8');
      rest = [];
      restLength = 0;
      first = false;
      to = at;
    }
    if (restLength <= lineLimit) rest.unshift(Buffer.from(block.subarray(0, to)));
    restLength += to;
    end = from;
  }
  if (!first && restLength > 0 && restLength <= lineLimit) yield Buffer.concat(rest).toString('utf8');
}

/** What a look at a growing file gave. */
export interface Lines {
  readonly lines: readonly string[];
  /** How many lines were longer than the limit and left out. */
  readonly tooLong: number;
  /** The file is another one than at the last look: all that was read before is void. */
  readonly replaced: boolean;
  /** There is more to read at once. */
  readonly more: boolean;
  /** How much of the file has been consumed, 0…1; 1 where there is none. */
  readonly fraction: number;
}

const nothing: Lines = { lines: [], tooLong: 0, replaced: false, more: false, fraction: 1 };

/**
 * Follows a growing file from its beginning. Only whole lines are consumed: what follows the last newline is read again
 * at the next look, since the writer may cut it off meanwhile.
 */
export class LineTail {
  readonly #file: string;
  /** After the last newline consumed. */
  #offset = 0;
  #inode = 0;
  /** In the middle of a line that is too long. */
  #skipping = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** How far it has read: whole lines, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  /** Reads on from here, as if it had read up to it: the file as it is now must hold a line's end there. */
  skipTo(offset: number): void {
    const status = fs.statSync(this.#file, { throwIfNoEntry: false });
    if (status === undefined || status.size < offset) return;
    this.#offset = offset;
    this.#inode = status.ino;
  }

  /** Reads on, about `maxBytes`. A file that is missing or cannot be read has no lines (yet). */
  read(maxBytes = 4 * 1024 * 1024): Lines {
    let handle: number;
    try {
      handle = openPlain(this.#file);
    } catch {
      return nothing;
    }
    try {
      return this.#readFrom(handle, maxBytes);
    } catch {
      return nothing;
    } finally {
      fs.closeSync(handle);
    }
  }

  #readFrom(handle: number, maxBytes: number): Lines {
    const { ino, size } = fs.fstatSync(handle);
    const replaced = this.#offset > 0 && (ino !== this.#inode || size < this.#offset);
    if (replaced) {
      this.#offset = 0;
      this.#skipping = false;
    }
    this.#inode = ino;
    const block = this.#readBlock(handle, size, maxBytes);
    const end = block.lastIndexOf(0x0a) + 1;
    const split = this.#split(block.subarray(0, end));
    if (end === 0 && block.length > lineLimit) {
      this.#offset += block.length;
      this.#skipping = true;
    } else {
      this.#offset += end;
    }
    const fraction = size === 0 ? 1 : Math.min(1, this.#offset / size);
    return { ...split, replaced, fraction, more: end > 0 && this.#offset < size && block.length >= maxBytes };
  }

  /** At most `maxBytes`, unless that holds no whole line. */
  #readBlock(handle: number, size: number, maxBytes: number): Buffer {
    for (let length = maxBytes; ; length *= 2) {
      const block = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - this.#offset)));
      const read = block.length > 0 ? fs.readSync(handle, block, 0, block.length, this.#offset) : 0;
      const all = this.#offset + read >= size;
      if (all || length > lineLimit || block.includes(0x0a)) return block.subarray(0, read);
    }
  }

  /** @param block ends with a newline, or is empty */
  #split(block: Buffer): { lines: string[]; tooLong: number } {
    const lines: string[] = [];
    let tooLong = 0;
    for (let from = 0; from < block.length;) {
      const at = block.indexOf(0x0a, from);
      if (this.#skipping || at - from > lineLimit) tooLong++;
      else lines.push(block.toString('utf8', from, at));
      this.#skipping = false;
      from = at + 1;
    }
    return { lines, tooLong };
  }
}
