import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeError, TrainingError } from '../../../src/trainer/errors.ts';

test('a lack of memory is told as one, in every form it comes in', () => {
  const found = [() => new Float32Array(1e12), () => new ArrayBuffer(1e15), () => new Array<number>(-1)].map((make) => {
    try {
      make();
      return undefined;
    } catch (error) {
      return describeError(error).code;
    }
  });
  assert.deepEqual(found, ['memory', 'memory', 'memory']);
  // A function that the engine's C++ calls after it was given no memory.
  const engine = new Error('null function or function signature mismatch');
  assert.equal(describeError(engine).code, 'memory');
});

test('errors made for people keep their words, a fault of ours says so', () => {
  assert.deepEqual(describeError(new TrainingError('no-data', 'No rows.')), { code: 'no-data', message: 'No rows.' });
  assert.equal(describeError(new RangeError('Task "a": …')).code, 'refused');
  assert.match(describeError(new TypeError('x is undefined')).message, /fault of the program/);
});
