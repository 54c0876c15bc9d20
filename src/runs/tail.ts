/** Lines of a growing text file, from either end, with limits: a run directory may be a stranger's. */
import * as fs from 'node:fs';

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
