/** The same rows as CSV, JSON Lines and NPZ, loaded in memory and from disk. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { zipSync } from 'fflate';
import type { Dataset } from '../../../src/samples/dataset.ts';
import { loadDataset } from '../../../src/samples/dataset.ts';
import { specOf } from './helpers.ts';

export type Values = Readonly<Record<string, unknown>>;

export const base = { inputs: { x: { type: 'number', from: 'x', normalize: 'none' } }, split: { column: 'part' } };
export const parts = ['train', 'train', 'train', 'train', 'val', 'test'];

const open: Dataset[] = [];
after(() => {
  for (const { close } of open) close();
});

/** In memory and from disk. */
export async function both(
  file: string,
  content: string | Uint8Array,
  data: Values,
  tasks: Values,
): Promise<Dataset[]> {
  const folder = mkdtempSync(join(tmpdir(), 'domain-'));
  try {
    writeFileSync(join(folder, file), content);
    const spec = specOf({ source: file, ...base, ...data }, tasks);
    const place = { specFile: join(folder, 'a.mtl.json'), root: folder };
    const datasets = [await loadDataset(spec, place), await loadDataset(spec, place, { memory: 1 })];
    assert.deepEqual(
      datasets.map(({ storage }) => storage.streamed),
      [false, true],
    );
    open.push(...datasets);
    return datasets;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const csvOf = (column: readonly string[], separator = ','): string =>
  [
    `x${separator}y${separator}part`,
    ...column.map((cell, row) => [row + 1, cell, parts[row % parts.length]].join(separator)),
  ].join('\n');
export const jsonlOf = (column: readonly string[]): string =>
  column.map((cell, row) => `{"x": ${row + 1}, "y": ${cell}, "part": "${parts[row % parts.length] ?? ''}"}`).join('\n');

function npy(descr: string, shape: string, bytes: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const head = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8);
  return Uint8Array.of(...head, ...new TextEncoder().encode(header), ...bytes);
}
const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
export function npzOf(descr: string, values: Float64Array | Float32Array | BigInt64Array | BigUint64Array): Uint8Array {
  const n = values.length;
  const words = Array.from({ length: n }, (_, row) => (parts[row % parts.length] ?? '').padEnd(5, '\0')).join('');
  return zipSync({
    'x.npy': npy('<f8', `(${n},)`, bytesOf(Float64Array.from({ length: n }, (_, row) => row + 1))),
    'y.npy': npy(descr, `(${n},)`, bytesOf(values)),
    'part.npy': npy('|S5', `(${n},)`, new TextEncoder().encode(words)),
  });
}

export const classification = { c: { type: 'classification', target: 'y' } };
export const regression = (more: Values = {}): Values => ({
  r: { type: 'regression', target: 'y', normalize: 'none', ...more },
});
export const classesOf = ({ facts }: Dataset): unknown => facts.classes?.get('c');
export const told = ({ warnings }: Dataset, code: string): string[] =>
  warnings.filter((warning) => warning.code === code).map(({ message, pointer }) => `${pointer} ${message.en}`);
