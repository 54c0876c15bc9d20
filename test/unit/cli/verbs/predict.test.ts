// `mtl predict`: what it asks for, where the predictions go, and what it refuses before the work.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { within } from '../in-process.ts';
import { answering, folderWithModel } from './fake-worker.ts';

beforeEach(() => setLanguage('en'));

const table = { columns: ['row', 'kind'], rows: [[0, 'a\u001bb'], [1, null]], warnings: [{ en: '1 row\nlost', zh: '缺 1 行' }] }; // prettier-ignore
const csv = 'row,kind\r\n0,a\u001bb\r\n1,\r\n';

test('without a place CSV on stdout, exact to the byte; warnings apart', async (context) => {
  const root = folderWithModel(context);
  const asked = answering(context, 'predictRun', table);
  const place = { root, allowOutside: false };
  const [run, data] = [path.join(root, 'run'), path.join(root, 'b.csv')];
  assert.deepEqual(await within(['predict', 'run', '--data', 'b.csv'], root), {
    ...{ code: 0, out: csv, err: 'warning: 1 row\\nlost\n' },
  });
  assert.deepEqual(asked.at(-1), [run, { ...place, data, proba: false }]);
  const more = ['--proba', '--memory', '1MB', '--allow-outside', '--lang', 'zh'];
  assert.equal((await within(['predict', 'run', '--data', 'b.csv', ...more], root)).err, '警告：缺 1 行\n');
  assert.deepEqual(asked.at(-1), [run, { ...place, allowOutside: true, memory: 2 ** 20, data, proba: true }]);
});

test('into a file, whose name says the format; one that is there is replaced', async (context) => {
  const root = folderWithModel(context);
  answering(context, 'predictRun', { ...table, warnings: [] });
  fs.writeFileSync(path.join(root, 'p.csv'), 'old');
  const into = (out: string, ...more: readonly string[]) =>
    within(['predict', 'run', '--data', 'b.csv', '--out', out, ...more], root);
  assert.deepEqual(await into('p.csv'), { code: 0, out: '', err: '2 rows written to p.csv\n' });
  assert.equal(fs.readFileSync(path.join(root, 'p.csv'), 'utf8'), csv);
  assert.equal((await into('P.JSONL', '--lang', 'zh')).err, '已将 2 行写入 P.JSONL\n');
  assert.equal(
    fs.readFileSync(path.join(root, 'P.JSONL'), 'utf8'),
    '{"row":0,"kind":"a\\u001bb"}\n{"row":1,"kind":null}\n',
  );
});

test('refused before anything is read: no data, no format, no file; exit 2', async (context) => {
  const root = folderWithModel(context);
  const asked = answering(context, 'predictRun', table);
  fs.mkdirSync(path.join(root, 'd.csv'));
  fs.symlinkSync('nowhere.csv', path.join(root, 'l.csv'));
  const refusals: readonly (readonly [readonly string[], string, string])[] = [
    [[], 'Say what to predict for: --data FILE.', '请用 --data FILE 指定要预测的数据。'],
    [
      ['--data', 'b.csv', '--out', 'p.txt'],
      'The extension of --out "p.txt" says no format. Use .csv, .jsonl, .npz.',
      '无法从 --out “p.txt”的扩展名判断格式。请使用 .csv, .jsonl, .npz。',
    ],
    ...['d.csv', 'l.csv'].map(
      (out) =>
        [
          ['--data', 'b.csv', '--out', out],
          `--out "${out}" is a link, a folder or a device; nothing is written through it. Name a file.`,
          `--out “${out}”是链接、文件夹或设备，不会写入。请给出文件名。`,
        ] as const,
    ),
  ];
  for (const [words, en, zh] of refusals) {
    const refused = { code: 2, out: '' };
    assert.deepEqual(await within(['predict', 'run', ...words], root), { ...refused, err: `mtl: ${en}\n` });
    const chinese = await within(['predict', 'run', ...words, '--lang', 'zh'], root);
    assert.deepEqual(chinese, { ...refused, err: `mtl: ${zh}\n` });
  }
  assert.deepEqual(asked, []);
});

test('a place that cannot be written is said with the system’s code; exit 1', async (context) => {
  const root = folderWithModel(context);
  answering(context, 'predictRun', { ...table, warnings: [] });
  const into = (...more: readonly string[]) =>
    within(['predict', 'run', '--data', 'b.csv', '--out', 'none/p.csv', ...more], root);
  assert.deepEqual(await into(), {
    ...{ code: 1, out: '', err: 'mtl: "none/p.csv" cannot be written (ENOENT). Choose another place.\n' },
  });
  assert.equal((await into('--lang', 'zh')).err, 'mtl: 无法写入“none/p.csv”（ENOENT）。请另选位置。\n');
});
