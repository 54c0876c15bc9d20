/** Bytes of arrays by what a header says of them: rows, shapes and types. */
import type { ColumnHead, Header } from './table.ts';
import { product } from './table.ts';

/** Of types that take other than eight bytes. */
const itemBytes: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
};

/** The wanted ones of a header's columns. */
export function headsOf(header: Header, columns: ReadonlySet<string>): readonly ColumnHead[] {
  return header.columns.filter(({ name }) => columns.has(name));
}

/** Numbers of a column in all rows. */
export function numbersIn({ rows = 0 }: Header, { shape }: ColumnHead): number {
  return rows * product(shape);
}

/** Bytes of a column as it stands in the file, inflated. */
export function rawBytes(header: Header, head: ColumnHead): number {
  return numbersIn(header, head) * (itemBytes[head.dtype] ?? 8);
}
