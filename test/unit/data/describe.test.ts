import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { describeData, folderOf, sourceFiles } from '../../../src/data/describe.ts';
import type { Description } from '../../../src/data/describe.ts';
import { findRoot } from '../../../src/data/paths.ts';
import type { Spec } from '../../../src/spec/index.ts';
import { readSpecValue } from '../../../src/spec/index.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'describe-'));
  await writeFile(join(folder, 'a.csv'), '身高;体重\n1,5;2\n');
  await writeFile(join(folder, 'b.csv'), '身高;x\n1,5;2\n');
  await writeFile(join(folder, 'same.csv'), '身高;体重\n2,5;3\n');
  await writeFile(join(folder, 'split.csv'), 'row,teil\n0,train\n');
  await symlink('/etc/hostname', join(folder, 'link.csv'));
});
after(async () => rm(folder, { recursive: true, force: true }));

function spec(source: unknown, split: unknown = {}): Spec {
  const reading = readSpecValue({
    data: { source, inputs: { x: { type: 'number', from: '身高' } }, split },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: { y: { type: 'regression', target: '体重', input: 'trunk' } },
  });
  return reading.spec ?? assert.fail(JSON.stringify(reading.problems));
}

const describe = async (source: unknown, split?: unknown): Promise<Description> =>
  describeData(spec(source, split), { specFile: join(folder, 'a.mtl.json') }, (pointer) => ({
    start: pointer.length,
    end: 99,
  }));
const problems = async (source: unknown, split?: unknown): Promise<string[]> =>
  (await describe(source, split)).problems.map(({ code, pointer }) => `${code} ${pointer}`);

test('the columns of the real file, and how it was understood', async () => {
  const { facts, header, problems: none } = await describe('a.csv');
  assert.equal(header?.complete, true);
  assert.deepEqual(
    [...(facts?.columns ?? [])],
    [
      ['身高', { shape: [], dtype: 'text' }],
      ['体重', { shape: [], dtype: 'text' }],
    ],
  );
  assert.deepEqual([header.csv?.separator, header.csv?.decimal, none], [';', ',', []]);
});

test('a long JSONL file gives facts only where every named column is known already', async () => {
  const line = '{"身高": 1, "体重": 2}\n';
  await writeFile(join(folder, 'long.jsonl'), line.repeat(5000));
  assert.deepEqual([...((await describe('long.jsonl')).facts?.columns.keys() ?? [])], ['身高', '体重']);
  await writeFile(join(folder, 'late.jsonl'), '{"身高": 1}\n'.repeat(9000) + line);
  const late = await describe('late.jsonl');
  assert.deepEqual([late.facts, late.problems], [undefined, []]);
});

test('what is wrong with files comes back at the key that names them, in both languages', async () => {
  assert.deepEqual(await problems('nothing.csv'), ['file-missing /data/source/train/0']);
  assert.deepEqual(await problems(['a.csv', '../x.csv']), ['path-outside /data/source/train/1']);
  assert.deepEqual(await problems('link.csv'), ['path-outside /data/source/train/0']);
  assert.deepEqual(await problems(['a.csv', 'b.csv']), ['unknown-column /data/source/train/1']);
  assert.deepEqual(await problems('a.csv', { file: 'split.csv' }), ['split /data/split/file']);
  assert.deepEqual(await problems('http://example.org/a.csv'), ['path-refused /data/source/train/0']);
  const [problem] = (await describe('nothing.csv')).problems;
  assert.match(problem?.message.zh ?? '', /^找不到文件/);
  assert.match(problem?.message.en ?? '', /“nothing\.csv”: there is no such file/);
  assert.deepEqual(problem?.range, { start: '/data/source/train/0'.length, end: 99 });
});

test('a glance at a first line that is too long raises no false alarm, and says that it saw only a part', async () => {
  const names = Array.from({ length: 12_000 }, (_, index) => `列${index}`);
  await writeFile(join(folder, 'wide.csv'), `${names.join(';')};身高;体重\n${names.map(() => '1').join(';')};1,5;2\n`);
  await writeFile(join(folder, 'wide.jsonl'), `{"v": [${'1,'.repeat(40_000)}1], "身高": 1, "体重": 2}\n`);
  await writeFile(join(folder, 'wide-split.csv'), `${'x'.repeat(70_000)},row,part\n1,0,train\n`);
  for (const source of ['wide.csv', 'wide.jsonl']) {
    const place = { specFile: join(folder, 'a.mtl.json') };
    const whole = await describeData(spec(source, { file: 'wide-split.csv' }), place);
    assert.deepEqual([whole.problems, whole.facts?.columns.has('体重')], [[], true]);
    const glance = await describeData(
      spec(source, { file: 'wide-split.csv' }),
      { ...place, glance: true },
      (pointer) => ({
        start: pointer.length,
        end: 99,
      }),
    );
    assert.equal(glance.facts, undefined);
    assert.deepEqual(
      glance.problems.map(({ code, severity, pointer, range }) => [code, severity, pointer, range.start]),
      [['header-cut', 'information', '/data/source/train/0', '/data/source/train/0'.length]],
    );
    assert.match(glance.problems[0]?.message.en ?? '', new RegExp(`first line of ${source} goes on beyond 64 KB`));
    assert.match(glance.problems[0]?.message.zh ?? '', /受限模式/);
  }
  assert.deepEqual(
    (await describeData(spec('a.csv'), { specFile: join(folder, 'a.mtl.json'), glance: true })).problems,
    [],
  );
});

test('appended files have the same columns, the last one too', async () => {
  const lacking = await describe(['a.csv', 'same.csv', 'b.csv']);
  const [problem] = lacking.problems;
  assert.equal(problem?.code, 'unknown-column');
  assert.match(problem.message.en, /b\.csv lacks the columns .*体重.* of a\.csv/);
  assert.deepEqual((await describe(['a.csv', 'same.csv'])).problems, []);
});

test('a module must be there, inside the folder, and end as modules do', async () => {
  for (const name of ['mine.mjs', 'mine.js', 'MINE.MJS', 'mine.ts', 'mine.mjs.txt', 'js'])
    await writeFile(join(folder, name), '');
  const found = async (module: string): Promise<readonly string[]> => {
    const { strategy: _, ...rest } = spec('a.csv');
    const own = { ...rest, strategy: { name: 'module', module } } as unknown as Spec;
    const { problems: all } = await describeData(own, { specFile: join(folder, 'a.mtl.json') });
    return all.map(({ code, pointer, range }) => `${code} ${pointer} ${range.start} ${range.end}`);
  };
  for (const module of ['mine.mjs', './mine.js', 'MINE.MJS']) assert.deepEqual(await found(module), [], module);
  for (const module of ['mine.ts', 'mine.mjs.txt', 'js'])
    assert.deepEqual(await found(module), ['not-a-module /strategy/module 0 0'], module);
  assert.deepEqual(await found('none.mjs'), ['file-missing /strategy/module 0 0']);
  assert.deepEqual(await found('../mine.mjs'), ['path-outside /strategy/module 0 0']);
});

test('a split file has the columns row and part', async () => {
  await writeFile(join(folder, 'good.csv'), 'row,part\n0,train\n1,val\n');
  await writeFile(join(folder, 'no-row.csv'), 'line,part\n0,train\n1,val\n');
  assert.deepEqual(await problems('a.csv', { file: 'good.csv' }), []);
  for (const [file, column] of [
    ['no-row.csv', 'row'],
    ['split.csv', 'part'],
  ] as const) {
    const [problem] = (await describe('a.csv', { file })).problems;
    assert.deepEqual([problem?.code, problem?.pointer, problem?.severity], ['split', '/data/split/file', 'error']);
    assert.ok(problem?.message.en.startsWith(`${file} has no column “${column}”.`), problem?.message.en);
  }
  assert.deepEqual(await problems('a.csv', { file: 'none.csv' }), ['file-missing /data/split/file']);
});

test('the files of a spec, part by part, and the folder that their paths begin in', () => {
  const files = spec({ train: ['a.csv', 'b.csv'], validation: 'c.csv', test: 'd.csv' });
  assert.deepEqual(sourceFiles(files), [
    { path: 'a.csv', part: 'train', pointer: '/data/source/train/0' },
    { path: 'b.csv', part: 'train', pointer: '/data/source/train/1' },
    { path: 'c.csv', part: 'validation', pointer: '/data/source/validation/0' },
    { path: 'd.csv', part: 'test', pointer: '/data/source/test/0' },
  ]);
  const { source: _, ...without } = files.data;
  assert.deepEqual(sourceFiles({ ...files, data: without }), []);
  const specFile = join(folder, 'sub', 'x.mtl.json');
  assert.deepEqual(folderOf({ specFile }), { root: findRoot(specFile), base: join(folder, 'sub') });
  assert.deepEqual(folderOf({ specFile, root: '/r' }), { root: '/r', base: join(folder, 'sub') });
});

test('facts of a file that may hold more keys are given only where all that the spec names are known', async () => {
  const line = (keys: readonly string[]): string =>
    `${JSON.stringify(Object.fromEntries(keys.map((key) => [key, 1])))}\n`;
  const known = async (
    keys: readonly string[],
    parts: { readonly task?: object; readonly split?: object },
  ): Promise<boolean> => {
    await writeFile(join(folder, 'keys.jsonl'), line(keys).repeat(9000));
    const reading = readSpecValue({
      data: { source: 'keys.jsonl', inputs: { x: { type: 'number', from: 'a' } }, split: parts.split ?? {} },
      network: { trunk: { input: 'x', layers: [] } },
      tasks: { y: { type: 'regression', target: 'b', input: 'trunk', ...parts.task } },
    });
    const own = reading.spec ?? assert.fail(JSON.stringify(reading.problems));
    return (await describeData(own, { specFile: join(folder, 'a.mtl.json') })).facts !== undefined;
  };
  assert.equal(await known(['a', 'b'], {}), true);
  assert.equal(await known(['a', 'x'], {}), false);
  assert.equal(await known(['b', 'x'], {}), false);
  for (const [column, parts] of [
    ['w', { task: { sampleWeight: 'w' } }],
    ['c', { task: { when: { column: 'c', equals: 1 } } }],
    ['p', { split: { column: 'p' } }],
    ['s', { split: { stratify: 's' } }],
  ] as const) {
    assert.equal(await known(['a', 'b'], parts), false, column);
    assert.equal(await known(['a', 'b', column], parts), true, column);
  }
});

test('a file that is not there has a fix to the nearest one that is, here or one folder below', async () => {
  await mkdir(join(folder, 'sub'), { recursive: true });
  await writeFile(join(folder, 'sub', 'penguins.csv'), '身高;体重\n1,5;2\n');
  await writeFile(join(folder, 'notes.md'), '');
  const fixOf = async (source: string): Promise<unknown> => {
    const [problem] = (await describe(source)).problems;
    assert.equal(problem?.code, 'file-missing', source);
    return problem.fixes.map(({ edits }) => edits);
  };
  const edit = (text: string) => [[{ start: '/data/source/train/0'.length, end: 99, text }]];
  assert.deepEqual(await fixOf('smae.csv'), edit('"same.csv"'));
  assert.deepEqual(await fixOf('penguins.csv'), edit('"sub/penguins.csv"'));
  assert.deepEqual(await fixOf('sub/penguin.csv'), edit('"sub/penguins.csv"'));
  assert.deepEqual(await fixOf('notes.csv'), []);
  assert.deepEqual(await fixOf('entirely-other-name.csv'), []);
});
