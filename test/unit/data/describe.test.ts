import { strict as assert } from 'node:assert';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { describeData } from '../../../src/data/describe.ts';
import type { Description } from '../../../src/data/describe.ts';
import type { Spec } from '../../../src/spec/index.ts';
import { readSpecValue } from '../../../src/spec/index.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'describe-'));
  await writeFile(join(folder, 'a.csv'), '身高;体重\n1,5;2\n');
  await writeFile(join(folder, 'b.csv'), '身高;x\n1,5;2\n');
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
