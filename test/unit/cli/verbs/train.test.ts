// What `mtl train` refuses before there is a run, in both languages.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { startBody } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';
import { spec, table } from '../run-cli.ts';
import { folderWithModel } from './fake-worker.ts';

beforeEach(() => setLanguage('en'));

test('requests that contradict themselves', async (context) => {
  const root = folderWithModel(context);
  fs.writeFileSync(path.join(root, 'table.csv'), table);
  const what = [
    'Say what to train: a SPEC, --resume DIR to go on with a run, or --from RUN to fork one (one of them; --from may take a SPEC along).',
    '请指定要训练的 SPEC，或用 --resume DIR 继续某次运行，或用 --from RUN 从某次运行分支（三者选一；--from 可同时给出 SPEC）。',
  ] as const;
  const fixed = (names: string) =>
    [
      `A run goes on with the spec it was made with: ${names} cannot be given with --resume.`,
      `继续运行时使用其创建时的实验描述文件：--resume 不能与 ${names} 同用。`,
    ] as const;
  const refusals: readonly (readonly [readonly string[], string, string])[] = [
    [[], ...what],
    [['s.mtl.json', '--resume', 'run'], ...what],
    [
      ['s.mtl.json', '--accept-changes'],
      '--accept-changes goes with --resume DIR or --from RUN: a new run has nothing to differ from.',
      '--accept-changes 只能与 --resume DIR 或 --from RUN 同用：新运行没有可比较的对象。',
    ],
    [['--resume', 'run', '--seed', '1'], ...fixed('--seed')],
    [['--resume', 'run', '--run-dir', 'x'], ...fixed('--run-dir')],
    [['--resume', 'run', '--set', '/a=1'], ...fixed('--set')],
    [['--resume', 'run', '--set', '/a=1', '--run-dir', 'x', '--seed', '1'], ...fixed('--seed, --run-dir, --set')],
    [
      ['--resume', 'none'],
      'There is no run directory "none". "mtl runs list" shows those under this folder.',
      '没有运行目录“none”。“mtl runs list”可列出当前文件夹下的运行。',
    ],
  ];
  for (const [words, en, zh] of refusals) {
    assert.deepEqual(await within(['train', ...words], root), { code: 2, out: '', err: `mtl: ${en}\n` });
    const chinese = await within(['train', ...words, '--lang', 'zh'], root);
    assert.deepEqual(chinese, { code: 2, out: '', err: `mtl: ${zh}\n` });
  }
  assert.equal(fs.existsSync(path.join(root, '.mtl')), false, 'nothing was started');
});

test('a spec with errors: they are listed and counted', async (context) => {
  const root = folderWithModel(context);
  fs.writeFileSync(path.join(root, 'table.csv'), table);
  fs.writeFileSync(path.join(root, 'bad.mtl.json'), spec.replace('"input": "in"', '"input": "inn"'));
  const { code, out, err } = await within(['train', 'bad.mtl.json', '--engine', 'wasm'], root);
  assert.deepEqual([code, out], [2, '']);
  assert.match(
    err,
    /^bad\.mtl\.json:4:\d+: error: [^]*\nmtl: bad\.mtl\.json cannot be trained: 1 error, 0 warnings\.\n$/,
  );
  const chinese = await within(['train', 'bad.mtl.json', '--engine', 'wasm', '--lang', 'zh'], root);
  assert.match(chinese.err, /\nmtl: bad\.mtl\.json 无法训练：1 个错误，0 个警告。\n$/);
});

test('an engine that is asked for and not here, by an option or by the spec', async (context) => {
  const root = folderWithModel(context);
  fs.writeFileSync(path.join(root, 'table.csv'), table);
  for (const words of [
    ['s.mtl.json', '--engine', 'native'],
    ['s.mtl.json', '--set', '/training/engine="native"'],
    ['--resume', 'run', '--engine', 'native'],
  ]) {
    const { code, out, err } = await within(['train', ...words], root);
    assert.deepEqual([code, out], [2, ''], words.join(' '));
    assert.match(
      err,
      /^mtl: The engine "native" is not available\. \S.* Leave --engine and training\.engine at "auto"\.$/m,
    );
    const chinese = await within(['train', ...words, '--lang', 'zh'], root);
    assert.match(chinese.err, /^mtl: 引擎“native”不可用。\S.*请将 --engine 与 training\.engine 保持为“auto”。$/m);
  }
});

test('a run that is complete is not gone on with, which is no error', async (context) => {
  const root = folderWithModel(context);
  const end = { kind: 'end', status: 'completed', step: 1, epoch: 1, seconds: 1 };
  const lines = [startBody(1), end].map((body, seq) => encodeRecord(seq, seq, body as EventInput));
  fs.writeFileSync(path.join(root, 'run', 'events.ndjson'), `${lines.join('\n')}\n`);
  assert.deepEqual(await within(['train', '--resume', 'run'], root), {
    ...{ code: 0, out: '', err: 'This run is complete; there is nothing to go on with.\n' },
  });
  assert.equal((await within(['train', '--resume', 'run', '--lang', 'zh'], root)).err, '此运行已完成，无需继续。\n');
});
