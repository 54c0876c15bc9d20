import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { formatOf, predictionFormats, toCsv, toJsonl, toNpz } from '../../../src/cli/prediction-formats.ts';

const table = {
  columns: ['row', '=任务', 'value', '10', '2'],
  rows: [
    [0, '=cmd|x', -1.5, '+1', 1],
    [1, '-1e3', null, '@"x",\n', 2],
    [2, null, NaN, '中文🐧', 3],
  ],
};

test('CSV guards what a spreadsheet would run, and leaves numbers alone', () => {
  assert.equal(
    toCsv(table),
    'row,\'=任务,value,10,2\r\n0,\'=cmd|x,-1.5,+1,1\r\n1,-1e3,,"\'@""x"",\n",2\r\n2,,NaN,中文🐧,3\r\n',
  );
});

test('a number is left as it is in any spelling; text that begins as a formula does is guarded, also where it holds a number', () => {
  const guarded = ['-x1', '=1', '-1x', '+1 ', '-1e', '@1', '--1', '+', '-.'];
  const left = ['-1', '+1', '-12.50', '-.5', '+3.', '-1E+10', '-12e-12', 'a=b', 'x-1', 'a@b', '', '#1'];
  const cells = (texts: readonly string[]): string[] =>
    toCsv({ columns: ['x'], rows: texts.map((text) => [text]) })
      .split('\r\n')
      .slice(1, -1);
  assert.deepEqual(
    cells(guarded),
    guarded.map((text) => `'${text}`),
  );
  assert.deepEqual(cells(left), left);
  // A number of ours is no text of a stranger's.
  assert.equal(toCsv({ columns: ['x'], rows: [[-Infinity]] }), 'x\r\n-Infinity\r\n');
});

test('a cell is quoted for a comma, a quote and either end of a line, and for nothing else', () => {
  const row = ['a,b', 'a"b', 'a\rb', 'a\nb', "a'b", 'a;b', 'a b'];
  assert.equal(toCsv({ columns: row, rows: [] }), '"a,b","a""b","a\rb","a\nb",a\'b,a;b,a b\r\n');
});

test('JSON lines keep the order of columns', () => {
  const [first, second] = toJsonl(table).split('\n');
  assert.equal(first, '{"row":0,"=任务":"=cmd|x","value":-1.5,"10":"+1","2":1}');
  assert.equal(second, '{"row":1,"=任务":"-1e3","value":null,"10":"@\\"x\\",\\n","2":2}');
});

test('NPZ holds arrays as NumPy lays them out', () => {
  const members = unzipSync(toNpz(table));
  assert.deepEqual(Object.keys(members), ['row.npy', '=任务.npy', 'value.npy', '10.npy', '2.npy']);
  const array = (name: string) => {
    const bytes = members[name] ?? new Uint8Array();
    // NumPy's NEP 1: magic, version 1.0, little-endian header length; the data begin at a multiple of 64.
    assert.deepEqual([...bytes.subarray(0, 8)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const length = (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
    assert.equal((10 + length) % 64, 0);
    const header = Buffer.from(bytes.subarray(10, 10 + length)).toString('latin1');
    assert.ok(header.endsWith('\n'));
    return { header: header.trim(), data: bytes.slice(10 + length) };
  };
  assert.equal(array('row.npy').header, "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }");
  assert.deepEqual([...new BigInt64Array(array('row.npy').data.buffer)], [0n, 1n, 2n]);
  assert.equal(array('value.npy').header, "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }");
  assert.deepEqual([...new Float64Array(array('value.npy').data.buffer)], [-1.5, NaN, NaN]);
  assert.match(array('2.npy').header, /'<f8'/, 'whole numbers alone are not those of rows');
  const text = array('10.npy');
  assert.equal(text.header, "{'descr': '<U6', 'fortran_order': False, 'shape': (3,), }");
  const points = new Uint32Array(text.data.buffer);
  assert.equal(String.fromCodePoint(...points.subarray(12, 15)), '中文🐧');
  assert.deepEqual([...points.subarray(15)], [0, 0, 0]);
});

test('member names are no paths and differ', () => {
  const rows = [[0, 1, 2, 3]];
  const names = Object.keys(unzipSync(toNpz({ columns: ['row', '../a/b', '.._a_b', 'c:\\d'], rows })));
  assert.equal(new Set(names).size, 4);
  for (const name of names) assert.doesNotMatch(name, /[\\/:]|^\./);
});

test('what a file system does not take in a name becomes a line, each for itself; a point within is no danger', () => {
  const columns = ['a*b?c', 'x"<>|y', 'tab\u0001', '...z', 'v1.2..3', 'a_b_c'];
  const names = Object.keys(unzipSync(toNpz({ columns, rows: [] })));
  assert.deepEqual(names, ['a_b_c.npy', 'x____y.npy', 'tab_.npy', '_z.npy', 'v1.2..3.npy', 'a_b_c_2.npy']);
});

test('the format is told by the extension', () => {
  assert.equal(formatOf('x/Y.CSV')?.extension, '.csv');
  assert.equal(formatOf('a.jsonl')?.extension, '.jsonl');
  assert.equal(formatOf('csv'), undefined);
});

test('each format writes its own; the same predictions make the same file, whenever', () => {
  const written = predictionFormats.map((format) => [format.extension, Buffer.from(format.write(table))] as const);
  assert.deepEqual(written.map(([extension]) => extension), ['.csv', '.jsonl', '.npz']); // prettier-ignore
  const [csv, jsonl, npz] = written.map(([, bytes]) => bytes);
  assert.deepEqual([csv?.toString(), jsonl?.toString()], [toCsv(table), toJsonl(table)]);
  assert.deepEqual(npz, Buffer.from(toNpz(table)));
  // The time and the date of the first member, as zip writes them: midnight of the first day that it knows.
  assert.deepEqual([...npz.subarray(10, 14)], [0, 0, 0x21, 0]);
});

test('NPZ: rows that are no whole numbers are numbers, a text anywhere makes a column one of texts', () => {
  const header = (...column: readonly (string | number | null)[]): string => {
    const bytes = Object.values(unzipSync(toNpz({ columns: ['row'], rows: column.map((cell) => [cell]) })))[0];
    return /'descr': '([^']+)'/.exec(Buffer.from(bytes ?? []).toString('latin1'))?.[1] ?? '';
  };
  assert.deepEqual([header(1, 2), header(1, 0.5), header(1, null)], ['<i8', '<f8', '<f8']);
  assert.deepEqual([header('ab', 1), header(1, 'ab'), header('', null)], ['<U2', '<U2', '<U1']);
});
