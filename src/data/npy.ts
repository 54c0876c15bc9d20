/**
 * The NPY array format, versions 1.0 to 3.0 (NEP 1, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * The header is a Python dictionary; it is read by a strict parser of its own that knows the three keys and nothing else.
 */
import { text, type Text } from '../common/text.ts';
import { DataError } from './error.ts';

export interface NpyHeader {
  /** One of `bool`, `int8` … `uint64`, `float16`, `float32`, `float64`, `unicode`, `bytes`. */
  readonly dtype: NpyType;
  readonly littleEndian: boolean;
  /** Bytes of one element. */
  readonly itemBytes: number;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly dataOffset: number;
}

export type NpyType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'unicode'
  | 'bytes';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** numpy itself refuses longer headers when it does not trust a file. */
const maximalHeader = 10_000;

/**
 * The header at the start of `bytes`; undefined where more bytes are needed.
 * @throws DataError `npy`, `object-array`
 */
export function parseNpyHeader(bytes: Uint8Array, array: string, file: string): NpyHeader | undefined {
  const bad = ({ en, zh }: Text): DataError =>
    new DataError(
      'npy',
      text(
        `${file}, array “${array}”: ${en}. Save it again with numpy.savez.`,
        `${file}，数组“${array}”：${zh}。请用 numpy.savez 重新保存。`,
      ),
      { file, column: array },
    );
  if (magic.some((byte, index) => index < bytes.length && bytes[index] !== byte))
    throw bad(text('it is not an NPY array', '不是 NPY 数组'));
  if (bytes.length < 12) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = view.getUint8(6);
  if (major < 1 || major > 3) throw bad(text(`its NPY version ${major} is not known`, `NPY 版本 ${major} 未知`));
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maximalHeader) throw bad(text('its header is too long', '文件头过长'));
  if (bytes.length < start + length) return undefined;
  const header = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length));
  const fields = parseDictionary(header);
  if (fields === undefined) throw bad(text('its header cannot be read', '文件头无法读取'));
  return {
    ...typeOf(fields.descr, array, file, bad),
    fortranOrder: fields.fortranOrder,
    shape: fields.shape,
    dataOffset: start + length,
  };
}

interface Fields {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (3000, 4), }` in any order of the keys; undefined for anything else. */
function parseDictionary(text: string): Fields | undefined {
  const whole = text.trim();
  if (!whole.startsWith('{') || !whole.endsWith('}')) return undefined;
  const body = whole.slice(1, -1).trim();
  const entry =
    /'(descr|fortran_order|shape)'\s*:\s*(?:(?:'([^'\\]*)'|(True|False)|\(([\d,\s]*)\))\s*(?:,\s*|$)|(\[))/y;
  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  while (entry.lastIndex < body.length) {
    const found = entry.exec(body);
    if (found === null) return undefined;
    const [, key, quoted, truth, tuple, list] = found;
    if (key === 'descr' && descr === undefined && (quoted !== undefined || list !== undefined)) {
      // A list describes a record type; typeOf refuses it by name.
      if (list !== undefined) return { descr: 'record', fortranOrder: false, shape: [] };
      descr = quoted;
    } else if (key === 'fortran_order' && fortranOrder === undefined && truth !== undefined)
      fortranOrder = truth === 'True';
    else if (key === 'shape' && shape === undefined && tuple !== undefined) {
      shape = parseTuple(tuple);
      if (shape === undefined) return undefined;
    } else return undefined;
  }
  return descr === undefined || fortranOrder === undefined || shape === undefined
    ? undefined
    : { descr, fortranOrder, shape };
}

function parseTuple(text: string): number[] | undefined {
  const parts = text
    .trim()
    .replace(/,$/, '')
    .split(',')
    .map((part) => part.trim());
  if (parts.length === 1 && parts[0] === '') return [];
  if (parts.length > 32 || parts.some((part) => !/^\d{1,15}$/.test(part))) return undefined;
  return parts.map(Number);
}

const numeric: Readonly<Record<string, NpyType>> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

function typeOf(
  descr: string,
  array: string,
  file: string,
  bad: (what: Text) => DataError,
): Pick<NpyHeader, 'dtype' | 'littleEndian' | 'itemBytes'> {
  if (/^[<>|=]?O/.test(descr)) {
    throw new DataError(
      'object-array',
      text(
        `${file}, array “${array}” holds Python objects, which are never read (they can run code). Save it as numbers or text: array.astype(float) or astype(str).`,
        `${file}，数组“${array}”含有 Python 对象，而它们可能执行代码，因此不予读取。请保存为数值或文本：array.astype(float) 或 astype(str)。`,
      ),
      { file, column: array },
    );
  }
  const match = /^([<>|=])([bifuUS])(\d{1,9})$/.exec(descr);
  const [, order = '', kind = '', digits = ''] = match ?? [];
  const size = Number(digits);
  const littleEndian = order !== '>';
  if (kind === 'U') return { dtype: 'unicode', littleEndian, itemBytes: 4 * size };
  if (kind === 'S') return { dtype: 'bytes', littleEndian, itemBytes: size };
  const dtype = numeric[kind + digits];
  if (dtype === undefined)
    throw bad(
      text(
        `its element type “${descr.slice(0, 20)}” is not supported (whole numbers, floats, bool and text are)`,
        `不支持元素类型“${descr.slice(0, 20)}”（支持整数、浮点数、布尔值与文本）`,
      ),
    );
  return { dtype, littleEndian, itemBytes: size };
}

/** Elements of the array, as many as the shape says. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
