/** The bytes of an NPY array as a column: byte order, Fortran order and the types JavaScript has no array for. */
import { DataError } from './error.ts';
import type { NpyHeader, NpyType } from './npy.ts';
import type { Column, NumericArray } from './table.ts';
import { emptyLike, product } from './table.ts';

/**
 * 64-bit integers become doubles; a column with integers beyond ±2⁵³ becomes text, so that two ids never merge into one.
 * @param asText for a part of such a column, that the whole has them
 * @throws DataError `shape` for text or such integers of several values a row
 */
export function decodeArray(data: Uint8Array, header: NpyHeader, name: string, file: string, asText = false): Column {
  const shape = header.shape.slice(1);
  const width = product(shape);
  const rows = header.shape[0] ?? 0;
  if (header.dtype === 'unicode' || header.dtype === 'bytes') {
    if (width !== 1) throw severalTexts(file, name, width);
    return { kind: 'text', cells: Array.from({ length: rows }, (_, row) => textAt(data, header, row)) };
  }
  if (header.dtype === 'int64' || header.dtype === 'uint64') {
    const exact = exactTexts(data, header, asText);
    if (exact !== undefined) {
      if (width !== 1) throw severalTexts(file, name, width);
      return { kind: 'text', cells: exact };
    }
  }
  const flat = numbersAt(data, header);
  const values = header.fortranOrder && header.shape.length > 1 ? fromFortranOrder(flat, header.shape) : flat;
  return { kind: 'number', dtype: header.dtype, shape, width, values };
}

function severalTexts(file: string, name: string, width: number): DataError {
  return new DataError(
    'shape',
    `${file}, array “${name}” has ${width} texts (or integers beyond 2⁵³) a row; only one a row can be read. Save its parts as arrays of their own.`,
    { file, column: name },
  );
}

function numbersAt(data: Uint8Array, header: NpyHeader): NumericArray {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = header.itemBytes === 0 ? 0 : data.byteLength / header.itemBytes;
  const native = header.littleEndian || header.itemBytes === 1 ? nativeView(data, header.dtype) : undefined;
  if (native !== undefined) return native;
  const values = arrayFor(header.dtype, count);
  const read = readers[header.dtype];
  for (let index = 0; index < count; index++) values[index] = read(view, index * header.itemBytes, header.littleEndian);
  return values;
}

/** Every platform Node runs on is little-endian, so these types need no conversion at all. */
function nativeView(data: Uint8Array, dtype: NpyType): NumericArray | undefined {
  const { buffer, byteOffset, byteLength } = data;
  switch (dtype) {
    case 'bool':
    case 'uint8':
      return data;
    case 'int8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'int16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'int32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'float64':
      return new Float64Array(buffer, byteOffset, byteLength / 8);
    default:
      return undefined;
  }
}

function arrayFor(dtype: NpyType, count: number): NumericArray {
  switch (dtype) {
    case 'int16':
      return new Int16Array(count);
    case 'uint16':
      return new Uint16Array(count);
    case 'int32':
      return new Int32Array(count);
    case 'uint32':
      return new Uint32Array(count);
    case 'float16':
    case 'float32':
      return new Float32Array(count);
    default:
      return new Float64Array(count);
  }
}

type Read = (view: DataView, at: number, littleEndian: boolean) => number;

const readers: Readonly<Record<NpyType, Read>> = {
  bool: (view, at) => view.getUint8(at),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at, little) => view.getInt16(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  int32: (view, at, little) => view.getInt32(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  int64: (view, at, little) => Number(view.getBigInt64(at, little)),
  uint64: (view, at, little) => Number(view.getBigUint64(at, little)),
  float16: (view, at, little) => half(view.getUint16(at, little)),
  float32: (view, at, little) => view.getFloat32(at, little),
  float64: (view, at, little) => view.getFloat64(at, little),
  unicode: () => NaN,
  bytes: () => NaN,
};

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function half(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Whether a part of an array has an integer that is not exact as a double. */
export function hasLargeIntegers(data: Uint8Array, header: NpyHeader): boolean {
  return exactTexts(data, header, false) !== undefined;
}

/** The integers as text where at least one of them is not exact as a double; otherwise undefined. */
function exactTexts(data: Uint8Array, header: NpyHeader, always: boolean): string[] | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = data.byteLength / 8;
  const at = (index: number): bigint =>
    header.dtype === 'int64'
      ? view.getBigInt64(index * 8, header.littleEndian)
      : view.getBigUint64(index * 8, header.littleEndian);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  for (let index = 0; index < count; index++) {
    const value = at(index);
    if (always || value > limit || value < -limit)
      return Array.from({ length: count }, (_, other) => String(at(other)));
  }
  return undefined;
}

function textAt(data: Uint8Array, header: NpyHeader, row: number): string {
  const start = row * header.itemBytes;
  if (header.dtype === 'bytes') {
    const bytes = data.subarray(start, start + header.itemBytes);
    const end = bytes.indexOf(0);
    return new TextDecoder('utf-8').decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
  const view = new DataView(data.buffer, data.byteOffset + start, header.itemBytes);
  let text = '';
  for (let at = 0; at < header.itemBytes; at += 4) {
    const point = view.getUint32(at, header.littleEndian);
    if (point === 0) break;
    text += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
  }
  return text;
}

/** From first-index-fastest to last-index-fastest order. */
function fromFortranOrder(values: NumericArray, shape: readonly number[]): NumericArray {
  const result = emptyLike(values, values.length);
  const strides = shape.map((_, axis) => product(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  for (let at = 0; at < result.length; at++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += (index[axis] ?? 0) * (strides[axis] ?? 0);
    result[at] = values[from] ?? NaN;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next === shape[axis] ? 0 : next;
      if (next !== shape[axis]) break;
    }
  }
  return result;
}
