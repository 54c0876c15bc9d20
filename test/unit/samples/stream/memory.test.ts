// How much memory data may take, how much they would, and so whether they are read from disk: by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits } from '../../../../src/data/limits.ts';
import type { SourceFile } from '../../../../src/data/paths.ts';
import type { Header } from '../../../../src/data/table.ts';
import type { Settings } from '../../../../src/samples/settings.ts';
import type { SourceFiles } from '../../../../src/samples/source.ts';
import { targetTypes } from '../../../../src/samples/targets/table.ts';
import {
  automaticBudget,
  estimateBytes,
  otherBytes,
  otherDisk,
  otherExceedsReaders,
} from '../../../../src/samples/stream/memory.ts';

const file = (bytes: number): SourceFile => ({ path: 'a', bytes }) as unknown as SourceFile;
type Head = readonly [name: string, shape: readonly number[], dtype: string];
const npz = (rows: number, ...heads: readonly Head[]): Header => {
  const columns = heads.map(([name, shape, dtype]) => ({ name, shape, dtype }));
  return { format: 'npz', rows, columns } as unknown as Header;
};
const text = (format: 'csv' | 'jsonl'): Header => ({ format, columns: [] }) as unknown as Header;

test('the budget where none is chosen: half of what is free, 256 MB at least', () => {
  const MB = 1024 * 1024;
  const budgets = [0, 100, 511, 512, 514, 4096].map(
    (free) => automaticBudget({ total: 8192 * MB, available: free * MB }) / MB,
  );
  assert.deepEqual(budgets, [256, 256, 256, 256, 257, 2048]);
  assert.ok(automaticBudget() >= 256 * MB);
});

test('of an archive only the arrays that are wanted count, each by its numbers and its type', () => {
  const header = npz(10, ['x', [2, 3], 'float32'], ['y', [], 'uint8'], ['unused', [1000], 'float64'], ['z', [2], 'int16']); // prettier-ignore
  // Rows × numbers × (bytes of one + 12 for what becomes of it).
  assert.equal(otherBytes(file(1), header, new Set(['x'])), 10 * 6 * (4 + 12));
  assert.equal(otherBytes(file(1), header, new Set(['x', 'y', 'absent'])), 10 * 6 * (4 + 12) + 10 * (1 + 12));
  assert.equal(otherBytes(file(1), header, new Set(['z', 'unused'])), 10 * 2 * (2 + 12) + 10 * 1000 * (8 + 12));
  assert.equal(otherBytes(file(1), header, new Set()), 0);
  assert.equal(otherDisk(file(1), header, new Set(['y'])), 2 * 10 * (1 + 12));
});

test('of a spec’s archive: arrays as they stand, what inputs become, and what each target type says of its own', () => {
  const header = npz(10, ['x', [3], 'float32'], ['y', [], 'uint8'], ['b', [4], 'float64'], ['c', [], 'int16'], ['m', [4, 6], 'uint8']); // prettier-ignore
  const of = (...targets: readonly { type: string; columns: readonly string[] }[]): number => {
    const inputs = [{ type: 'number', name: 'x', columns: ['x'] }];
    const tasks = targets.map((target) => ({ target: { name: 't', ...target } }));
    const columns = new Set(['x', ...targets.flatMap((target) => target.columns)]);
    const settings = { inputs, tasks, columns } as unknown as Settings;
    return estimateBytes({ files: [{ file: file(1000) }], header, settings } as unknown as SourceFiles);
  };
  const input = 10 * 3 * (4 + 12);
  assert.equal(of({ type: 'classification', columns: ['y'] }), input + 10 * (1 + 16));
  assert.equal(of({ type: 'regression', columns: ['c', 'y'] }), input + 10 * (2 + 16 + 1 + 16));
  assert.equal(of({ type: 'box', columns: ['b'] }, { type: 'classification', columns: ['y'] }), input + 10 * 4 * (8 + 16) + 10 * (1 + 16)); // prettier-ignore
  Object.assign(targetTypes, {
    map: { bytes: (_settings: object, shapeOf: (column: string) => readonly number[]) => (shapeOf('m')[1] ?? 0) * 100 },
  });
  try {
    assert.equal(of({ type: 'map', columns: ['m'] }), input + 10 * (4 * 6 + 600));
  } finally {
    Reflect.deleteProperty(targetTypes, 'map');
  }
});

test('a text counts by its bytes', () => {
  const all = new Set(['x']);
  assert.deepEqual([otherBytes(file(100), text('csv'), all), otherBytes(file(100), text('jsonl'), all)], [600, 1200]);
  assert.deepEqual([otherDisk(file(100), text('csv'), all), otherDisk(file(100), text('jsonl'), all)], [100, 100]);
});

test('what the readers of whole files would refuse: a text, one array, or all arrays, beyond their limits', () => {
  const { textBytes, arrayBytes, archiveBytes } = defaultLimits;
  const one = new Set(['x']);
  assert.deepEqual([textBytes, textBytes + 1].map((bytes) => otherExceedsReaders(file(bytes), text('csv'), one)), [false, true]); // prettier-ignore
  const array = (bytes: number): Header => npz(bytes, ['x', [], 'uint8'], ['unused', [2], 'float64']);
  const most = Math.min(arrayBytes, archiveBytes);
  assert.deepEqual([most, most + 1].map((bytes) => otherExceedsReaders(file(1), array(bytes), one)), [false, true]); // prettier-ignore
  const several = Math.floor(archiveBytes / arrayBytes) + 1;
  const heads = Array.from({ length: several }, (_, at): Head => [`x${String(at)}`, [], 'uint8']);
  const every = new Set(heads.map(([name]) => name));
  assert.equal(otherExceedsReaders(file(1), npz(Math.floor(archiveBytes / several), ...heads), every), false);
  assert.equal(otherExceedsReaders(file(1), npz(Math.floor(archiveBytes / several) + 1, ...heads), every), true);
});
