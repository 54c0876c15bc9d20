/**
 * A file of lines that only grows, under one hand: that of a lock's holder. A torn last line, of a writer that was killed,
 * is cut off when it is opened: the only cut ever made.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { openForWriting, syncFolder } from '../files/plain.ts';
import { refuseLink } from './links.ts';
import { linesBackward } from './tail.ts';

export class LineFile {
  readonly #handle: number;
  #size: number;

  /** @throws RunError `link`; the system's error */
  constructor(file: string) {
    refuseLink(file);
    this.#handle = openForWriting(file, fs.constants.O_RDWR);
    syncFolder(path.dirname(file));
    this.#size = this.#cutTornTail();
  }

  /** Whole lines without newline, the last one first. */
  backward(): Generator<string> {
    return linesBackward(this.#handle, this.#size);
  }

  /**
   * Appends a line; with `sync` waits until the disk has it.
   *
   * @throws the system's error; the file then ends with the last whole line
   */
  append(line: string, sync: boolean): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      // At the known end, not by O_APPEND: after a failed write the next one takes the torn piece's place.
      for (let done = 0; done < bytes.byteLength;) {
        done += fs.writeSync(this.#handle, bytes, done, bytes.byteLength - done, this.#size + done);
      }
      if (sync) fs.fsyncSync(this.#handle);
    } catch (error) {
      fs.ftruncateSync(this.#handle, this.#size);
      throw error;
    }
    this.#size += bytes.byteLength;
  }

  sync(): void {
    fs.fsyncSync(this.#handle);
  }

  close(): void {
    fs.fsyncSync(this.#handle);
    fs.closeSync(this.#handle);
  }

  #cutTornTail(): number {
    const { size } = fs.fstatSync(this.#handle);
    const block = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0;) {
      const from = Math.max(0, end - block.length);
      const read = fs.readSync(this.#handle, block, 0, end - from, from);
      const newline = block.subarray(0, read).lastIndexOf(0x0a);
      if (newline >= 0) return this.#cutTo(from + newline + 1, size);
      end = from;
    }
    return this.#cutTo(0, size);
  }

  #cutTo(length: number, size: number): number {
    if (length < size) {
      fs.ftruncateSync(this.#handle, length);
      fs.fsyncSync(this.#handle);
    }
    return length;
  }
}
