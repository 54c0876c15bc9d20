import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideHome, withoutHome } from '../../../src/runs/log.ts';

test('the home folder is ~ in whatever is logged', () => {
  assert.equal(withoutHome('at /home/ann/x.cjs:1 (/home/ann)', '/home/ann'), 'at ~/x.cjs:1 (~)');
  assert.equal(withoutHome('file C:/Users/Ann/x, C:\\Users\\Ann\\y', 'C:\\Users\\Ann'), 'file ~/x, ~\\y');
  assert.equal(withoutHome('/a/b', '/'), '/a/b');
});

test('a stream hides it in texts and bytes, and leaves other bytes alone', () => {
  const written: (string | Uint8Array)[] = [];
  const stream = { write: (chunk: string | Uint8Array) => written.push(chunk) > 0 };
  hideHome(stream, '/home/ann');
  stream.write('/home/ann/a');
  stream.write(Buffer.from('/home/ann/分'));
  const half = Buffer.from('分').subarray(0, 2);
  stream.write(half);
  assert.deepEqual(written, ['~/a', '~/分', half]);
});
