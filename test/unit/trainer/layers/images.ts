/** Data sets of small images, as a file of numpy's. */
import { zipSync } from 'fflate';

/** numpy's format, version 1.0, of float32. */
export function npy(shape: readonly number[], data: Float32Array): Uint8Array {
  const tuple = shape.length === 1 ? `(${String(shape[0])},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((11 + text.length) / 64) * 64 - 10;
  const header = Buffer.from(`\x93NUMPY\x01\x00  ${text.padEnd(length - 1)}\n`, 'latin1');
  header.writeUInt16LE(length, 8);
  return Buffer.concat([header, new Uint8Array(data.buffer)]);
}

/** Images, a class and a value that follow from them. */
export function imageFiles(rows: number, shape: readonly number[]): Readonly<Record<string, Uint8Array>> {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const x = Float32Array.from({ length: rows * size }, (_, at) => Math.sin(at * (1.7 + (Math.floor(at / size) % 5))));
  const at = (row: number, place: number): number => x[row * size + place] ?? 0;
  const kind = Float32Array.from({ length: rows }, (_, row) => Number(at(row, 3) > at(row, 4)));
  const value = Float32Array.from({ length: rows }, (_, row) => 2 * at(row, 1) - at(row, 8));
  const files = { 'x.npy': npy([rows, ...shape], x), 'kind.npy': npy([rows], kind), 'value.npy': npy([rows], value) };
  return { 'data.npz': zipSync(files, { level: 0 }) };
}
