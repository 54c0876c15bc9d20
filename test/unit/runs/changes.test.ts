import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesText, changeText, engineChanges, fileChanges, type Change } from '../../../src/runs/changes.ts';

const mark = (path: string, bytes: number, sha256: string) => ({ path, bytes, sha256 });

test('files that are as they were are no change, in whatever order', () => {
  const files = [mark('a.csv', 3, 'aa'), mark('b.csv', 4, 'bb')];
  assert.deepEqual(fileChanges(files, files.toReversed()), []);
});

test('how a file has changed is told by its hash, its beginning and whether it is there', () => {
  const before = [
    mark('same', 1, 's'),
    mark('grew', 2, 'g'),
    mark('other', 3, 'o'),
    mark('gone', 4, 'x'),
    mark('left', 5, 'l'),
  ];
  const now = [
    mark('same', 1, 's'),
    { ...mark('grew', 9, 'gg'), beginning: 'g' },
    { ...mark('other', 9, 'p'), beginning: 'q' },
    { path: 'gone', sha256: null },
    mark('new', 6, 'n'),
  ];
  assert.deepEqual(fileChanges(before, now), [
    {
      kind: 'file',
      path: 'grew',
      change: 'grew',
      before: { bytes: 2, sha256: 'g' },
      after: { bytes: 9, sha256: 'gg' },
    },
    {
      kind: 'file',
      path: 'other',
      change: 'changed',
      before: { bytes: 3, sha256: 'o' },
      after: { bytes: 9, sha256: 'p' },
    },
    { kind: 'file', path: 'gone', change: 'missing', before: { bytes: 4, sha256: 'x' }, after: null },
    { kind: 'file', path: 'new', change: 'added', before: null, after: { bytes: 6, sha256: 'n' } },
    // The run does not depend on it any more (an import that was taken out), or it is not there.
    { kind: 'file', path: 'left', change: 'missing', before: { bytes: 5, sha256: 'l' }, after: null },
  ]);
});

test('two files that changed places are two changes, though the run has the same bytes', () => {
  const changes = fileChanges([mark('a', 3, 'x'), mark('b', 3, 'y')], [mark('a', 3, 'y'), mark('b', 3, 'x')]);
  assert.deepEqual(
    changes.map(({ path, change }) => [path, change]),
    [
      ['a', 'changed'],
      ['b', 'changed'],
    ],
  );
});

test('another engine is one change; of the same engine version, device and threads each count', () => {
  const wasm = { name: 'wasm', version: '1', device: 'cpu', threads: 1 };
  assert.deepEqual(engineChanges(wasm, wasm), []);
  assert.deepEqual(engineChanges(wasm, { name: 'native', version: '2', device: 'gpu', threads: 8 }), [
    { kind: 'engine', before: 'wasm', after: 'native' },
  ]);
  assert.deepEqual(engineChanges(wasm, { name: 'wasm', version: '2', device: 'gpu', threads: 8 }), [
    { kind: 'engine-version', before: '1', after: '2' },
    { kind: 'device', before: 'cpu', after: 'gpu' },
    { kind: 'threads', before: 1, after: 8 },
  ]);
  const { version: _, ...unknown } = wasm;
  assert.deepEqual(engineChanges(unknown, wasm), [], 'a version that is not known is none');
  assert.deepEqual(engineChanges(wasm, unknown), []);
});

test('every change has words that name what and how, in both languages', () => {
  const file = (change: 'changed' | 'grew' | 'missing' | 'added', was?: number, is?: number): Change => ({
    ...{ kind: 'file', path: 'd.csv', change },
    before: { ...(was === undefined ? {} : { bytes: was }), sha256: 'a' },
    after: { ...(is === undefined ? {} : { bytes: is }), sha256: 'b' },
  });
  const words: readonly (readonly [Change, string, string])[] = [
    [file('changed', 3, 3), '"d.csv" has changed (3 bytes as before)', '“d.csv”已改变（仍为 3 字节）'],
    [file('changed', 3, 4), '"d.csv" has changed (3 bytes before, 4 now)', '“d.csv”已改变（原 3 字节，现 4 字节）'],
    [file('changed'), '"d.csv" has changed', '“d.csv”已改变'],
    [
      file('grew', 3, 4),
      '"d.csv" grew from 3 to 4 bytes (its beginning is as it was)',
      '“d.csv”由 3 字节增至 4 字节（开头部分未变）',
    ],
    [file('missing'), '"d.csv" is missing', '“d.csv”不见了'],
    [file('added'), '"d.csv" is new', '“d.csv”是新增的'],
    [{ kind: 'engine', before: 'a', after: 'b' }, 'the engine was a and is b', '引擎原为 a，现为 b'],
    [
      { kind: 'engine-version', before: '1', after: '2' },
      'the version of the engine was 1 and is 2',
      '引擎版本原为 1，现为 2',
    ],
    [{ kind: 'device', before: 'cpu', after: 'gpu' }, 'the device was cpu and is gpu', '设备原为 cpu，现为 gpu'],
    [{ kind: 'threads', before: 2, after: 1 }, 'the number of threads was 2 and is 1', '线程数原为 2，现为 1'],
  ];
  for (const [change, en, zh] of words) assert.deepEqual(changeText(change), { en, zh });
  const many = Array.from({ length: 11 }, () => file('missing'));
  assert.match(changesText(many).en, /^("d\.csv" is missing; ){8}and 3 more$/);
  assert.match(changesText(many).zh, /^(“d\.csv”不见了；){8}另有 3 处$/);
  assert.equal(changesText(many.slice(0, 8)).en.includes('more'), false);
});
