import assert from 'node:assert/strict';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { text } from '../../../src/common/text.ts';
import { ToldError } from '../../../src/common/told-error.ts';
import {
  CheckpointError,
  describeError,
  problemList,
  RefusedError,
  TrainingError,
} from '../../../src/trainer/errors.ts';

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
  const said = [
    // The engine's C++ after it was given no memory.
    new Error('null function or function signature mismatch'),
    new Error('memory access out of bounds'),
    new Error('table index is out of bounds'),
    new Error('unreachable'),
    new RangeError('offset is out of bounds'),
    new RangeError('Start offset -16 is outside the bounds of the buffer'),
    new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded'),
    new RangeError('Array buffer allocation failed'),
    // TensorFlow, C++, the system.
    new Error('Invalid TF_Status: 8 Message: OOM when allocating tensor with shape[60000,60000] on CPU'),
    new Error('ResourceExhaustedError: failed to allocate memory'),
    new Error('std::bad_alloc'),
    new Error('CUDA: Out of memory'),
    Object.assign(new Error('ENOMEM: not enough memory, read'), { code: 'ENOMEM' }),
  ];
  for (const error of said) {
    const { code, message, zh } = describeError(error);
    assert.equal(code, 'memory', error.message);
    assert.match(message, /not enough memory.*[Ss]maller/, error.message);
    assert.match(zh ?? '', /^内存不足.*更小的/, error.message);
  }
});

test('what only sounds like a lack of memory keeps its own words', () => {
  assert.equal(describeError(new RangeError('The value of "offset" is out of range.')).code, 'internal');
  const task = text('Task "memory access out of bounds" has no labels.', '任务“memory access out of bounds”没有标签。');
  assert.equal(describeError(new RefusedError(task)).code, 'refused');
  assert.equal(describeError(new Error('This code is unreachable')).code, 'internal');
});

test('errors made for people keep their words, a fault of ours says so', () => {
  assert.deepEqual(describeError(new TrainingError('no-data', text('No rows.', '没有行。'))), {
    code: 'no-data',
    message: 'No rows.',
    zh: '没有行。',
  });
  assert.deepEqual(describeError(new ToldError(text('No.', '不行。'))), {
    code: 'refused',
    message: 'No.',
    zh: '不行。',
  });
  const fault = describeError(new TypeError('x is undefined.'));
  assert.match(fault.message, /^x is undefined\. This is a fault of the program; log\.txt/);
  assert.match(fault.zh ?? '', /^程序内部错误（“x is undefined”），详见.*log\.txt/);
});

test('what the system refuses is told in both languages, with its code, and names no user', () => {
  const place = path.join(os.homedir(), 'a.csv');
  const full = Object.assign(new Error(`ENOSPC: no space left on device, write '${place}'`), { code: 'ENOSPC' });
  const { code, message, zh } = describeError(full);
  assert.deepEqual([code, message], ['ENOSPC', "The disk is full (ENOSPC: no space left on device, write '~/a.csv')"]);
  assert.equal(zh, "磁盘已满（“ENOSPC: no space left on device, write '~/a.csv'”）");
});

test('what is thrown without being an error is a fault of ours as well, in its own words', () => {
  assert.match(describeError('v1.2 is gone').message, /^v1\.2 is gone\. This is a fault of the program/);
  assert.match(describeError(undefined).message, /^undefined\. This is a fault/);
  assert.equal(describeError(Object.assign(new Error('x'), { code: 7 })).code, 'internal');
});

test('a checkpoint that is of no use says so by its code', () => {
  const error = new CheckpointError(text('Not this one.', '不是这个。'));
  const { code, message } = describeError(error);
  assert.deepEqual([code, message], ['checkpoint-unusable', 'Not this one.']);
  assert.equal(String(error), 'CheckpointError: Not this one.', 'as it stands in a log');
});

test('problems of a spec stand in one line, each with its place, in either language', () => {
  const problems = [
    { pointer: '/tasks/a', message: text('No loss.', '没有损失。') },
    { pointer: '/weights', message: text('One is missing.', '缺少一个。') },
  ];
  assert.deepEqual(problemList(problems), {
    en: '/tasks/a: No loss. /weights: One is missing.',
    zh: '/tasks/a：没有损失。/weights：缺少一个。',
  });
});
