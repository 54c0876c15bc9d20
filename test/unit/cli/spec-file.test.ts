/** From a file to a plan: what is read, how deep the data are looked at, and where problems are told. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { CliError } from '../../../src/cli/error.ts';
import { checkSpec, isError, readSpecFile, type CheckedSpec, type Depth } from '../../../src/cli/spec-file.ts';
import { spec, table } from './run-cli.ts';

function folderWith(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-spec-')));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  return folder;
}

function check(
  context: TestContext,
  text: string,
  { data = table, depth = 'whole', settings = [] }: { data?: string; depth?: Depth; settings?: readonly string[] } = {},
): Promise<CheckedSpec> {
  const folder = folderWith(context, { 's.mtl.json': text, 'table.csv': data });
  const file = readSpecFile(path.join(folder, 's.mtl.json'));
  return checkSpec(file, { root: folder, allowOutside: false }, depth, settings, 'wasm');
}
const codes = ({ problems }: CheckedSpec): readonly string[] => problems.map(({ code }) => code);

test('the file is absolute, its name as it was written, its text whole', (context) => {
  const folder = folderWith(context, { 's.mtl.json': '{ "中": 1 }' });
  const name = path.join(folder, '.', 's.mtl.json');
  assert.deepEqual(readSpecFile(name), { file: path.join(folder, 's.mtl.json'), name, text: '{ "中": 1 }' });
  const relative = path.relative(process.cwd(), name);
  assert.deepEqual(readSpecFile(relative), { file: name, name: relative, text: '{ "中": 1 }' });
});

test('what is no spec to read is refused, each for its own reason', (context) => {
  const folder = folderWith(context, { 'latin.json': Uint8Array.of(0x7b, 0xe9, 0x7d), 'large.json': '' });
  fs.truncateSync(path.join(folder, 'large.json'), 64 * 1024 * 1024 + 1);
  const told = (name: string): readonly string[] => {
    try {
      readSpecFile(path.join(folder, name));
    } catch (error) {
      assert.ok(error instanceof CliError);
      assert.equal(error.exitCode, 2);
      return [error.text.en, error.text.zh];
    }
    return assert.fail(name);
  };
  const expected: Readonly<Record<string, readonly [RegExp, RegExp]>> = {
    'none.json': [/^There is no file ".*none\.json"\. Check the path\.$/, /^没有文件“/],
    '.': [/ is no file\. Name a \.mtl\.json file\.$/, /不是文件。请指定/],
    'large.json': [/ is too large for a spec\. Name/, /过大，不是实验描述文件。/],
    'latin.json': [/ is not UTF-8 text\. Save it as UTF-8\.$/, /不是 UTF-8 文本/],
  };
  for (const [name, [en, zh]] of Object.entries(expected)) {
    const [first = '', second = ''] = told(name);
    assert.match(first, en);
    assert.match(second, zh);
  }
  fs.truncateSync(path.join(folder, 'large.json'), 1024);
  assert.equal(readSpecFile(path.join(folder, 'large.json')).text.length, 1024);
});

test('a good spec has a plan and says how its table was understood; a broken one has neither', async (context) => {
  for (const depth of ['header', 'whole'] as const) {
    const checked = await check(context, spec, { depth });
    assert.deepEqual(codes(checked), []);
    // dense 2→4: 12; heads 4→2 and 4→1: 15. How many classes there are, only the rows tell.
    assert.equal(checked.plan?.parameters.total, depth === 'whole' ? 27 : null);
    assert.match(checked.format?.en ?? '', /^table\.csv: encoding utf-8/);
  }
  const broken = await check(context, '{ "data": ');
  assert.equal(broken.plan, undefined);
  assert.equal(broken.format, undefined);
  assert.equal('plan' in broken, false);
  assert.ok(broken.problems.length > 0 && broken.problems.some(isError));
});

test('only the rows know whether there are classes enough: whole tells it, as theirs, the header does not', async (context) => {
  const data = `a,b,kind,y\n${Array.from({ length: 40 }, (_, row) => `${row},${row % 7},same,${row}`).join('\n')}\n`;
  assert.deepEqual(codes(await check(context, spec, { data, depth: 'header' })), []);
  const whole = await check(context, spec, { data });
  assert.ok(whole.problems.length > 0);
  for (const { origin } of whole.problems) assert.equal(origin, 'rows');
});

test('problems come in the order of the text, from wherever they are', async (context) => {
  // The header lacks the column of the first task; the network names no such input.
  const text = spec.replace('"target": "kind"', '"target": "kin"').replace('["a", "b"]', '["a", "c"]');
  const { problems } = await check(context, text);
  const starts = problems.map(({ range }) => range.start);
  assert.ok(starts.length >= 2);
  assert.deepEqual(starts, starts.toSorted((a, b) => a - b)); // prettier-ignore
});

test('data of more than 50 MB are not read by check: said at the source, for information', async (context) => {
  const row = '1,2,odd,3\n';
  const data = `a,b,kind,y\n${row.repeat((50 * 1024 * 1024) / row.length)}`;
  const folder = folderWith(context, { 's.mtl.json': spec, 'table.csv': data });
  const place = { root: folder, allowOutside: false };
  const checked = await checkSpec(readSpecFile(path.join(folder, 's.mtl.json')), place, 'whole');
  const [told] = checked.problems.filter(({ code }) => code === 'data-not-read');
  assert.ok(told);
  assert.deepEqual([told.severity, told.pointer, told.origin, told.fixes.length], ['information', '/data/source', 'rows', 0]); // prettier-ignore
  assert.equal(spec.slice(told.range.start, told.range.end), '"table.csv"');
  assert.match(told.message.en, /^The data are larger than 50 MB, so check looked at their headers only/);
  assert.match(told.message.zh, /50 MB/);
  const header = await checkSpec(readSpecFile(path.join(folder, 's.mtl.json')), place, 'header');
  assert.deepEqual(codes(header), []);
});

test('settings take their place; their problems are told where they would stand, without a fix', async (context) => {
  const good = await check(context, spec, { settings: ['/training/epochs=3', '/training/batchSize=7'] });
  assert.deepEqual(codes(good), []);
  assert.deepEqual([good.reading.spec?.training.epochs, good.reading.spec?.training.batchSize], [3, 7]);
  const text = spec.replace('"units": 4', '"units": 5');
  const bad = await check(context, text, { settings: ['/network/trunk/input=inn'] });
  const [problem] = bad.problems;
  assert.equal(bad.problems.length, 1);
  assert.equal(text.slice(problem?.range.start, problem?.range.end), '"in"');
  assert.deepEqual(problem?.fixes, []);
  const wrong = await check(context, text, { settings: ['/training/epochs=3', 'nonsense'] });
  assert.deepEqual(codes(wrong), ['bad-setting']);
  const unknown = await check(context, text, { settings: ['/training/epoch=3'] });
  assert.deepEqual(codes(unknown), ['unknown-pointer']);
  assert.equal(unknown.plan, undefined);
});

test('an error is an error, nothing milder', () => {
  const of = (severity: 'error' | 'warning' | 'information') =>
    isError({ severity, code: '', message: { en: '', zh: '' }, range: { start: 0, end: 0 }, pointer: '', fixes: [] });
  assert.deepEqual([of('error'), of('warning'), of('information')], [true, false, false]);
});
