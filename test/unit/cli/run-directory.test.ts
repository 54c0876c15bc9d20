/** Where the data of a run are: believed of a run directory only where its spec is really there. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { Arguments } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/error.ts';
import { setLanguage } from '../../../src/cli/language.ts';
import { runDirectory, runPlace, trainedRun } from '../../../src/cli/run-directory.ts';
import type { EventInput } from '../../../src/runs/events.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { acquireLock } from '../../../src/runs/lock.ts';
import { encodeRecord } from '../../../src/runs/records.ts';
import { startBody, temporaryFolder } from '../runs/helpers.ts';

beforeEach(() => setLanguage('en'));

const asked = (values: Readonly<Record<string, unknown>> = {}): Arguments =>
  new Arguments([], new Map(Object.entries(values)));

/** A run of a spec of this name, which lies there. */
function runOf(
  context: TestContext,
  name: string,
): { readonly root: string; readonly file: string; readonly run: string } {
  const root = fs.realpathSync(temporaryFolder(context));
  const file = path.join(root, name);
  fs.writeFileSync(file, '{}');
  return { root, file, run: createRun({ text: '{}', resolved: {}, specFile: file, root, name: 'x' }) };
}

test('the root is that of the spec, whose name ends in .json in any case', (context) => {
  for (const name of ['a.mtl.json', 'A.MTL.JSON']) {
    const { root, run } = runOf(context, name);
    assert.deepEqual(runPlace(asked(), run), { root, allowOutside: false });
    assert.deepEqual(runPlace(asked({ 'allow-outside': true }), run), { root, allowOutside: true });
  }
});

test('of a file that is no spec, or one that is gone, the folder has to be said', (context) => {
  const { root, run } = runOf(context, 'a.json.bak');
  const refused = (en: RegExp) => (error: unknown) => error instanceof CliError && en.test(error.text.en);
  assert.throws(() => runPlace(asked(), run), refused(/cannot be told for certain\. Say it: --root DIR/));
  assert.equal(runPlace(asked({ root }), run).root, root);
  const gone = runOf(context, 'b.mtl.json');
  fs.rmSync(gone.file);
  assert.throws(() => runPlace(asked(), gone.run), refused(/there is no .*b\.mtl\.json where the run directory says/));
});

test('a run is named by its folder', (context) => {
  const { run, file } = runOf(context, 'a.mtl.json');
  assert.equal(runDirectory(path.relative('.', run)), run);
  for (const word of [file, `${run}-none`])
    assert.throws(() => runDirectory(word), /There is no run directory ".*"\. "mtl runs list" shows/);
});

/** What is refused of a run without a model, in both languages. */
function refusedModel(word: string): readonly string[] {
  try {
    trainedRun(word);
  } catch (error) {
    assert.ok(error instanceof CliError && error.exitCode === 2);
    return [error.text.en, error.text.zh].map((said) => said.replaceAll(word, 'R'));
  }
  return assert.fail('it was taken');
}

const records = (run: string, ...bodies: readonly object[]): void => {
  const lines = [startBody(1), ...bodies].map((body, seq) => encodeRecord(seq, seq, body as EventInput));
  fs.writeFileSync(path.join(run, 'events.ndjson'), `${lines.join('\n')}\n`);
};
const failed = {
  ...{ kind: 'end', status: 'failed', step: 1, epoch: 1, seconds: 1 },
  error: { code: 'x', message: 'It broke.', zh: '坏了。' },
};

test('a run without a model says why it has none, and what next', async (context) => {
  const { run } = runOf(context, 'a.mtl.json');
  const never = [
    'The run "R" has no model yet: it was stopped before its first checkpoint, or never started. Resume it: mtl train --resume "R"',
    '运行“R”尚无模型：它在第一个检查点之前停止，或从未启动。请继续运行：mtl train --resume "R"',
  ];
  assert.deepEqual(refusedModel(run), never);
  records(run, { ...failed, status: 'stopped', error: undefined });
  assert.deepEqual(refusedModel(run), never);
  records(run, failed);
  assert.deepEqual(refusedModel(run), [
    'The run "R" failed before it had a model: It broke.',
    '运行“R”在得到模型之前失败：坏了。',
  ]);
  records(run);
  assert.deepEqual(refusedModel(run), [
    'The run "R" ended before it had a model: The training process ended without finishing. Resume goes on from its last checkpoint.',
    '运行“R”在得到模型之前已终止：训练进程未完成就已结束。可从最近的检查点继续。',
  ]);
  const lock = await acquireLock(run, { attempt: 1 });
  context.after(() => lock.release());
  assert.deepEqual(refusedModel(run), [
    'The run "R" has no model yet: it has not reached its first checkpoint. Wait for that.',
    '运行“R”尚无模型：还未到第一个检查点。请稍候。',
  ]);
});

test('a model is taken, with a warning where the run did not end well', (context) => {
  const { run } = runOf(context, 'a.mtl.json');
  fs.mkdirSync(path.join(run, 'model'));
  fs.writeFileSync(path.join(run, 'model', 'model.json'), '{}');
  const write = context.mock.method(process.stderr, 'write', () => true);
  const told = (): readonly string[] => {
    write.mock.resetCalls();
    assert.equal(trainedRun(run), run);
    return write.mock.calls.map((call) => String(call.arguments[0]));
  };
  const lines = [told()];
  records(run, failed);
  lines.push(told());
  setLanguage('zh');
  lines.push(told());
  setLanguage('en');
  records(run);
  lines.push(told());
  records(run, { ...failed, status: 'completed', error: undefined });
  lines.push(told());
  write.mock.restore();
  const warning = 'warning: This run did not end well; its model is that of its last checkpoint.';
  assert.deepEqual(lines, [
    [],
    [`${warning} It broke.\n`],
    ['警告：此运行未正常结束，其模型来自最近的检查点。坏了。\n'],
    [`${warning} The training process ended without finishing. Resume goes on from its last checkpoint.\n`],
    [],
  ]);
});

test('where the data lie is asked for in both languages, with what was probably meant', (context) => {
  const asks = (run: string): readonly string[] => {
    try {
      runPlace(asked(), run);
    } catch (error) {
      assert.ok(error instanceof CliError && error.exitCode === 2);
      return [error.text.en, error.text.zh];
    }
    return assert.fail('it was believed');
  };
  const { root, run } = runOf(context, 'a.json.bak');
  const meant = path.relative('.', root);
  assert.deepEqual(asks(run), [
    `The folder that this run's data belong to cannot be told for certain. Say it: --root DIR (was it ${meant}?).`,
    `无法确定此运行数据所属的文件夹。请用 --root DIR 指定（是否为 ${meant}？）。`,
  ]);
  const gone = runOf(context, 'b.mtl.json');
  fs.rmSync(gone.file);
  assert.deepEqual(asks(gone.run), [
    "The project of this run cannot be found: there is no b.mtl.json where the run directory says. One of them was moved. Say where the project's folder is: --root DIR",
    '找不到此运行所属的项目：运行目录所指的位置没有 b.mtl.json，其中之一已被移动。请用 --root DIR 指定项目文件夹。',
  ]);
});
