/** Lines from either end, in blocks of any size. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordsBackward } from '../../../src/runs/backward.ts';
import { encodeRecord } from '../../../src/runs/records.ts';
import { lineLimit, linesBackward, LineTail } from '../../../src/runs/tail.ts';
import { stepBody, temporaryFolder } from './helpers.ts';

function backward(file: string, size?: number, block?: number): string[] {
  const handle = fs.openSync(file, 'r');
  try {
    return [...linesBackward(handle, size ?? fs.fstatSync(handle).size, block)];
  } finally {
    fs.closeSync(handle);
  }
}

/** Whole lines, first to last; what follows the last newline is none. */
const whole = (text: string): string[] => text.split('\n').slice(0, -1);
const text = fc.array(fc.constantFrom('a', 'b', '分', '\n', '\n'), { maxLength: 40 }).map((parts) => parts.join(''));

test('from the end: every whole line that is not empty at the file’s start, whatever the block', (context) => {
  const file = path.join(temporaryFolder(context), 'x');
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (content, block) => {
      fs.writeFileSync(file, content);
      const expected = whole(content);
      if (expected[0] === '') expected.shift();
      assert.deepEqual(backward(file, undefined, block), expected.toReversed());
    }),
  );
});

test('from the end of the first bytes alone', (context) => {
  const file = path.join(temporaryFolder(context), 'x');
  fs.writeFileSync(file, 'one\ntwo\nthree\n');
  assert.deepEqual(backward(file, 8), ['two', 'one']);
  assert.deepEqual(backward(file, 7), ['one']);
  assert.deepEqual(backward(file, 3), []);
  assert.deepEqual(backward(file, 0), []);
});

test('from the beginning: each line once, however few bytes are read at a time, and torn ones when they are whole', (context) => {
  const file = path.join(temporaryFolder(context), 'x');
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 12 }), (first, second, bytes) => {
      fs.rmSync(file, { force: true });
      const tail = new LineTail(file);
      assert.deepEqual(tail.read(bytes), { lines: [], tooLong: 0, replaced: false, more: false, fraction: 1 });
      const lines: string[] = [];
      for (const piece of [first, second]) {
        fs.appendFileSync(file, piece);
        // Without `more` there is nothing to read at once.
        for (let more = true; more;) {
          const look = tail.read(bytes);
          assert.ok(!look.replaced && look.tooLong === 0);
          lines.push(...look.lines);
          more = look.more;
        }
      }
      const all = whole(first + second);
      assert.deepEqual(lines, all.slice(0, lines.length));
      for (let look = tail.read(); look.lines.length > 0; look = tail.read()) lines.push(...look.lines);
      assert.deepEqual(lines, all);
    }),
  );
});

test('a file that became shorter, or another one, is read anew and said to be replaced', (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'x');
  fs.writeFileSync(file, 'one\ntwo\n');
  const tail = new LineTail(file);
  assert.deepEqual(tail.read(), { lines: ['one', 'two'], tooLong: 0, replaced: false, more: false, fraction: 1 });
  fs.writeFileSync(file, 'new\n');
  assert.deepEqual(tail.read(), { lines: ['new'], tooLong: 0, replaced: true, more: false, fraction: 1 });
  fs.writeFileSync(path.join(folder, 'y'), 'other\nlines\n');
  fs.renameSync(path.join(folder, 'y'), file);
  assert.deepEqual(tail.read(), { lines: ['other', 'lines'], tooLong: 0, replaced: true, more: false, fraction: 1 });
  assert.deepEqual(tail.read(), { lines: [], tooLong: 0, replaced: false, more: false, fraction: 1 });
});

test('a line may be as long as the limit; a longer one is left out, and counted from the beginning', (context) => {
  const file = path.join(temporaryFolder(context), 'x');
  assert.equal(lineLimit, 16 * 1024 * 1024);
  for (const more of [0, 1]) {
    fs.writeFileSync(file, Buffer.concat([Buffer.from('a\n'), Buffer.alloc(lineLimit + more, 'x'), Buffer.from('\nb\n')])); // prettier-ignore
    const lengths = backward(file).map((line) => line.length);
    assert.deepEqual(lengths, more === 0 ? [1, lineLimit, 1] : [1, 1]);
    const look = new LineTail(file).read(64 * 1024 * 1024);
    assert.deepEqual([look.lines.length, look.tooLong], more === 0 ? [3, 0] : [2, 1]);
  }
});

test('records from the newest back: those that hold the words, garbage passed over', (context) => {
  const directory = temporaryFolder(context);
  assert.deepEqual([...recordsBackward(directory)], []);
  const line = (step: number): string => encodeRecord(step, 1, stepBody(step));
  fs.writeFileSync(path.join(directory, 'events.ndjson'), [line(1), 'garbage', line(2), line(3), ''].join('\n'));
  const seqs = (holding?: string): number[] => [...recordsBackward(directory, holding)].map(({ seq }) => seq);
  assert.deepEqual(seqs(), [3, 2, 1]);
  assert.deepEqual(seqs('"step":1,'), [1]);
  assert.deepEqual(seqs('"kind":"end"'), []);
});
