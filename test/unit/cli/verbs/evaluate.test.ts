// `mtl evaluate`: which split it asks for, and how it shows what comes.
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { beforeEach, test } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { within } from '../in-process.ts';
import { answering, folderWithModel } from './fake-worker.ts';

beforeEach(() => setLanguage('en'));

const summary = {
  n: 12,
  losses: new Map<string, number | null>([['10', 0.5], ['2', NaN], ['odd', null]]), // prettier-ignore
  metrics: new Map([['10', new Map<string, number | null>([['f1', 0.875], ['auc', null]])], ['2', new Map([['mae', Infinity]])]]), // prettier-ignore
};
const nothing: readonly object[] = [];

test('the test split, unless another or a file is asked for', async (context) => {
  const root = folderWithModel(context);
  const asked = answering(context, 'evaluateRun', { summary, warnings: nothing });
  const ask = async (...more: readonly string[]): Promise<unknown> => {
    const { code, err } = await within(['evaluate', 'run', ...more], root);
    assert.deepEqual([code, err], [0, '']);
    return asked.at(-1);
  };
  const run = path.join(root, 'run');
  const place = { root, allowOutside: false };
  assert.deepEqual(await ask(), [run, { ...place, split: 'test' }]);
  assert.deepEqual(await ask('--split', 'validation'), [run, { ...place, split: 'validation' }]);
  const data = path.join(root, 'b.csv');
  assert.deepEqual(await ask('--data', 'b.csv'), [run, { ...place, data }]);
  assert.deepEqual(await ask('--data', 'b.csv', '--split', 'train', '--memory', '1MB', '--allow-outside'), [
    run,
    { ...place, allowOutside: true, memory: 2 ** 20, split: 'train', data },
  ]);
  const refused = await within(['evaluate', 'run', '--split', 'all'], root);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /--split takes one of train, validation, test, not "all"/);
});

test('a table for people with what was evaluated, the warnings apart; everything as JSON', async (context) => {
  const root = folderWithModel(context);
  answering(context, 'evaluateRun', { summary, warnings: [{ en: 'few\nrows', zh: '行少' }] });
  const { out, err } = await within(['evaluate', 'run'], root);
  assert.equal(err, 'warning: few\\nrows\n');
  assert.equal(
    out.replaceAll(/ +/g, ' '),
    'test (12 samples)\n 10 loss 0.5 f1 0.875 auc –\n 2 loss NaN mae Infinity\n odd loss –\n',
  );
  const chinese = await within(['evaluate', 'run', '--data', 'b.csv', '--lang', 'zh'], root);
  assert.equal(chinese.err, '警告：行少\n');
  assert.match(chinese.out, /^b\.csv（12 个样本）\n {2}10 +损失 0\.5 /);
  assert.match((await within(['evaluate', 'run', '--split', 'train', '--data', 'b.csv'], root)).out, /^train \(12/);
  const json = await within(['evaluate', 'run', '--json'], root);
  assert.equal(
    json.out,
    '{"n":12,"losses":{"10":0.5,"2":"NaN","odd":null},"metrics":{"10":{"f1":0.875,"auc":null},"2":{"mae":"Infinity"}}}\n',
  );
  assert.equal(json.err, 'warning: few\\nrows\n');
});

test('of a result without a count none is shown', async (context) => {
  const root = folderWithModel(context);
  answering(context, 'evaluateRun', { summary: { losses: new Map([['a', -Infinity]]) }, warnings: nothing });
  const { out } = await within(['evaluate', 'run'], root);
  assert.equal(out.replaceAll(/ +/g, ' '), 'test\n a loss -Infinity\n');
});
