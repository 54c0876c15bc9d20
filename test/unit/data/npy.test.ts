/** The header of an array: what the format's description allows, and nothing else. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { DataError } from '../../../src/data/error.ts';
import { elementCount, parseNpyHeader, type NpyHeader } from '../../../src/data/npy.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

function bytesOf(text: string, major = 1, encoding: BufferEncoding = 'latin1'): Uint8Array {
  const content = Buffer.from(text, encoding);
  const length = Buffer.alloc(major === 1 ? 2 : 4);
  if (major === 1) length.writeUInt16LE(content.length);
  else length.writeUInt32LE(content.length);
  return Uint8Array.of(...magic, major, 0, ...length, ...content);
}
const parse = (bytes: Uint8Array): NpyHeader | undefined => parseNpyHeader(bytes, 'x', 'a.npz');
const read = (text: string): NpyHeader => parse(bytesOf(text)) ?? assert.fail('more bytes are wanted');
function refusal(run: () => unknown): DataError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof DataError, String(error));
    assert.deepEqual([error.file, error.column], ['a.npz', 'x']);
    assert.match(error.message, /^a\.npz, array “x”/);
    return error;
  }
  return assert.fail('no error');
}
const ofType = (descr: string): string => `{'descr': '${descr}', 'fortran_order': False, 'shape': (3,)}`;
const ofShape = (shape: string): string => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;

test('a header as numpy writes it, in each version of the format', () => {
  const text = "{'descr': '<f4', 'fortran_order': True, 'shape': (3000, 28, 4), }           \n";
  for (const [major, start] of [
    [1, 10],
    [2, 12],
    [3, 12],
  ] as const) {
    const bytes = Uint8Array.of(...bytesOf(text, major), 1, 2, 3);
    assert.deepEqual(parse(bytes), {
      dtype: 'float32',
      littleEndian: true,
      itemBytes: 4,
      fortranOrder: true,
      shape: [3000, 28, 4],
      dataOffset: start + text.length,
    });
    // In the middle of other bytes, as it lies in a buffer of Node.
    const buffer = Uint8Array.of(9, 9, 9, ...bytes);
    assert.deepEqual(parse(buffer.subarray(3))?.shape, [3000, 28, 4]);
  }
  assert.equal(read(ofType('<f4')).fortranOrder, false);
});

test('more bytes are asked for until the header is whole', () => {
  for (const major of [1, 2]) {
    const bytes = bytesOf(ofType('<f4'), major);
    for (let length = 0; length < bytes.length; length++)
      assert.equal(parse(bytes.subarray(0, length)), undefined, String(length));
    assert.ok(parse(bytes));
  }
  // Twelve bytes may be all.
  assert.match(refusal(() => parse(bytesOf('{}'))).message, /its header cannot be read/);
});

test('what does not begin as an array is none, from the first byte on', () => {
  const bytes = bytesOf(ofType('<f4'));
  for (let at = 0; at < magic.length; at++) {
    const other = bytes.slice();
    other[at] = 0;
    for (const length of [at + 1, bytes.length]) {
      const error = refusal(() => parse(other.subarray(0, length)));
      assert.deepEqual(error.code, 'npy');
      assert.match(error.message, /it is not an NPY array\. Save it again with numpy\.savez\.$/);
    }
    assert.equal(parse(other.subarray(0, at)), undefined);
  }
  for (const major of [0, 4, 255])
    assert.match(
      refusal(() => parse(Uint8Array.of(...magic, major, ...bytes.subarray(7)))).message,
      new RegExp(`its NPY version ${major} is not known`),
    );
});

test('a header is as long as numpy itself reads, and no longer', () => {
  const text = ofType('<f4');
  for (const major of [1, 2]) {
    assert.deepEqual(parse(bytesOf(text.padEnd(10_000), major))?.shape, [3]);
    assert.match(refusal(() => parse(bytesOf(text.padEnd(10_001), major))).message, /its header is too long/);
  }
});

test('the texts of a header are Latin-1, of version 3 UTF-8', () => {
  assert.match(refusal(() => parse(bytesOf(ofType('é')))).message, /element type “é”/);
  assert.match(refusal(() => parse(bytesOf(ofType('é'), 2))).message, /element type “é”/);
  assert.match(refusal(() => parse(bytesOf(ofType('红'), 3, 'utf8'))).message, /element type “红”/);
});

test('the keys may stand in any order, with or without spaces', () => {
  const keys = ["'descr': '<i2'", "'fortran_order' :True", "'shape':( 2 ,3 )"];
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [0, 2, 1],
  ])
    for (const [between, after] of [
      [', ', ''],
      [',', ', '],
      ['  ,\n', ','],
    ] as const) {
      const { dtype, fortranOrder, shape } = read(` {${order.map((at) => keys[at]).join(between)}${after}} \n`);
      assert.deepEqual([dtype, fortranOrder, shape], ['int16', true, [2, 3]]);
    }
});

test('anything else in the dictionary is refused', () => {
  for (const text of [
    '',
    '{}',
    ofType('<f4').slice(1),
    ofType('<f4').slice(0, -1),
    `x${ofType('<f4')}`,
    `${ofType('<f4')}x`,
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'shape': (3,)}",
    "{'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f4' 'fortran_order': False, 'shape': (3,)}",
    "{x 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f4', x 'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,) x}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'other': 'x'}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'shape': (3,)}",
    "{'descr': True, 'fortran_order': False, 'shape': (3,)}",
    "{'descr': (3,), 'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f4', 'fortran_order': 'True', 'shape': (3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': '3'}",
    "{'descr': '<f4', 'fortran_order': (3,), 'shape': False}",
    "{'descr': '<f4', 'fortran_order': [, 'shape': (3,)}",
    "{'descr': '<\\\\f4', 'fortran_order': False, 'shape': (3,)}",
  ]) {
    const error = refusal(() => read(text.padEnd(2)));
    assert.equal(error.code, 'npy', text);
    assert.match(error.message, /its header cannot be read/, text);
  }
  const record = refusal(() => read("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}"));
  assert.match(record.message, /its element type “record” is not supported/);
});

test('shapes: none to 32 axes, whole numbers of at most 15 digits', () => {
  for (const [text, shape] of [
    ['()', []],
    ['( )', []],
    ['(3,)', [3]],
    ['(3)', [3]],
    ['(0, 2)', [0, 2]],
    [' ( 4 , 5 , )', [4, 5]],
    ['(999999999999999,)', [999999999999999]],
    [`(${'1, '.repeat(32)})`, Array.from({ length: 32 }, () => 1)],
  ] as const)
    assert.deepEqual(read(ofShape(text)).shape, shape, text);
  for (const text of [
    '(1,,2)',
    '(1 2,)',
    '(1, 2 3)',
    '(1000000000000000,)',
    `(${'1, '.repeat(33)})`,
    '(-1,)',
    '(1e3,)',
    '(1.0,)',
    '(0x1,)',
  ])
    assert.match(refusal(() => read(ofShape(text))).message, /its header cannot be read/, text);
});

test('each type of number, its size and the order of its bytes', () => {
  const wanted = {
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
  for (const [code, dtype] of Object.entries(wanted))
    for (const [order, littleEndian] of [
      ['<', true],
      ['>', false],
      ['|', true],
      ['=', true],
    ] as const) {
      const header = read(ofType(order + code));
      assert.deepEqual([header.dtype, header.littleEndian, header.itemBytes], [dtype, littleEndian, Number(code[1])]);
    }
  for (const [descr, dtype, itemBytes, littleEndian] of [
    ['<U7', 'unicode', 28, true],
    ['>U1', 'unicode', 4, false],
    ['|S12', 'bytes', 12, true],
    ['|S0', 'bytes', 0, true],
    ['|S123456789', 'bytes', 123_456_789, true],
  ] as const)
    assert.deepEqual(
      [read(ofType(descr))].map((each) => [each.dtype, each.itemBytes, each.littleEndian]),
      [[dtype, itemBytes, littleEndian]],
    );
});

test('types that are no numbers or texts are named; Python objects are never read', () => {
  for (const descr of [
    '<f16',
    '<f1',
    '<c8',
    '<M8[ns]',
    '|V4',
    'f4',
    '<f4x',
    'x<f4',
    '<i3',
    '<constructor',
    '|S1234567890',
    'fO',
    '<U',
    '',
    'a'.repeat(30),
  ]) {
    const error = refusal(() => read(ofType(descr)));
    assert.equal(error.code, 'npy', descr);
    assert.ok(error.message.includes(`its element type “${descr.slice(0, 20)}” is not supported`), descr);
  }
  for (const descr of ['O', '|O', '<O', '>O8', '=O', '|O8']) {
    const error = refusal(() => read(ofType(descr)));
    assert.equal(error.code, 'object-array', descr);
    assert.match(error.message, /holds Python objects/);
  }
});

test('elements are as many as the axes multiply to', () => {
  assert.deepEqual([[], [5], [2, 3, 4], [7, 0]].map(elementCount), [1, 5, 24, 0]);
});
