// `mtl runs`, in the test's own process: what is listed, and what goes.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { deleteRun } from '../../../../src/runs/list.ts';
import { readNotes } from '../../../../src/runs/notes.ts';
import { beforeEach, test } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { acquireLock } from '../../../../src/runs/lock.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { startBody, temporaryFolder } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';

beforeEach(() => setLanguage('en'));

/** A run of `<name>.mtl.json` whose history ends so; without records it was never started. */
function runOf(root: string, name: string, ending?: object, created?: number): string {
  const specFile = path.join(root, `${name}.mtl.json`);
  const directory = createRun({ text: '{}', resolved: {}, specFile, root, name });
  if (ending !== undefined) {
    const lines = [startBody(1), ending].map((record, seq) => encodeRecord(seq, seq, record as EventInput));
    fs.writeFileSync(path.join(directory, 'events.ndjson'), `${lines.join('\n')}\n`);
  }
  if (created === undefined) return directory;
  // Names begin with the time; what stands in run.json counts.
  const file = path.join(directory, 'run.json');
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, text.replace(/"created": ?\d+/, `"created": ${String(created)}`));
  return directory;
}

const done = { kind: 'end', status: 'completed', step: 1, epoch: 1, seconds: 1 };
const failed = { ...done, status: 'failed', error: { code: 'x', message: 'It broke.\nMore of it.' } };

test('runs are listed by directory, name, state and the first line of what went wrong', async (context) => {
  const root = fs.realpathSync(temporaryFolder(context));
  const none = await within(['runs', 'list'], root);
  assert.deepEqual(none, { code: 0, out: '', err: 'No runs here. "mtl train SPEC" makes one.\n' });
  const directories = [runOf(root, 'a', done), runOf(root, 'b'), runOf(root, 'c', failed)];
  const { code, out, err } = await within(['runs', 'list'], root);
  assert.deepEqual([code, err], [0, '']);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  const expected = [
    ['a', 'completed'],
    ['b', 'not started'],
    ['c', 'failed', 'It broke.'],
  ];
  assert.deepEqual(
    new Set(rows.map((row) => row.join('|'))),
    new Set(expected.map((row, at) => [path.relative(root, directories[at] ?? ''), ...row].join('|'))),
  );
  assert.match((await within(['runs', 'list', '--lang', 'zh'], root)).out, /已完成/);
});

test('a run is given a name, a note and a pin, which the list shows and a filter finds', async (context) => {
  const root = fs.realpathSync(temporaryFolder(context));
  const [directory, other] = [runOf(root, 'a', done), runOf(root, 'b', failed)];
  const run = path.relative(root, directory);
  assert.deepEqual(await within(['runs', 'rename', run, 'warm start'], root), {
    ...{ code: 0, out: '', err: `${run} · warm start\n` },
  });
  assert.equal((await within(['runs', 'note', run, 'rate too large?'], root)).code, 0);
  const pinned = await within(['runs', 'pin', run, '--lang', 'zh'], root);
  assert.equal(pinned.err, `${run} · warm start · 已固定 · rate too large?\n`);
  const { out, err } = await within(['runs', 'list', '--filter', 'WARM completed', '--lang', 'en'], root);
  assert.match(out, /warm start +completed +pinned · rate too large\?\n$/);
  assert.equal(out.trimEnd().split('\n').length, 1);
  assert.equal(err, '1 of 2 runs fit the filter.\n');
  // One reference a spec: the pin goes to the other run of this one, and stays where it is in another.
  const again = runOf(root, 'a', done);
  const pins = (): readonly boolean[] => [directory, again, other].map((one) => readNotes(one).pinned);
  await within(['runs', 'pin', path.relative(root, other)], root);
  await within(['runs', 'pin', path.relative(root, again)], root);
  assert.deepEqual(pins(), [false, true, true]);
  await within(['runs', 'pin', run], root);
  assert.deepEqual(pins(), [true, false, true]);
  deleteRun(again);
  await within(['runs', 'unpin', run], root);
  await within(['runs', 'rename', run, ''], root);
  assert.match((await within(['runs', 'list'], root)).out, /  a +completed +rate too large\?/);
  const wordless = await within(['runs', 'note', run], root);
  assert.equal(wordless.code, 2);
  assert.match(wordless.err, /mtl runs note RUN TEXT/);
  assert.equal((await within(['runs', 'pin', '.'], root)).code, 2);
});

test('every state has its words in both languages', async (context) => {
  const root = fs.realpathSync(temporaryFolder(context));
  const live = async (ending?: object, attempt = 1): Promise<string> => {
    const directory = runOf(root, 'a', ending);
    const lock = await acquireLock(directory, { attempt });
    context.after(() => lock.release());
    return directory;
  };
  const state = (now: string): object => ({ kind: 'state', state: now, by: 'a test' });
  const words: readonly (readonly [directory: string, en: string, zh: string])[] = [
    [runOf(root, 'a'), 'not started', '未开始'],
    [await live(state('resumed'), 2), 'preparing', '准备中'],
    [await live(state('resumed')), 'running', '训练中'],
    [await live(state('paused')), 'paused', '已暂停'],
    [await live(state('stopping')), 'stopping', '正在停止'],
    [runOf(root, 'a', { ...done, status: 'stopped' }), 'stopped', '已停止'],
    [runOf(root, 'a', done), 'completed', '已完成'],
    [runOf(root, 'a', failed), 'failed', '失败'],
    [runOf(root, 'a', state('resumed')), 'crashed', '意外中断'],
  ];
  for (const [language, at] of [
    ['en', 1],
    ['zh', 2],
  ] as const) {
    const { out } = await within(['runs', 'list', '--lang', language], root);
    const rows = new Map(out.trimEnd().split('\n').map((line) => line.split(/ {2,}/)).map((cells) => [cells[0], cells[2]])); // prettier-ignore
    for (const row of words) assert.equal(rows.get(path.relative(root, row[0])), row[at]);
  }
});

test('as JSON each run has everything that is known of it, its directory with slashes', async (context) => {
  const root = fs.realpathSync(temporaryFolder(context));
  const directory = runOf(root, 'c', failed);
  const { out } = await within(['runs', 'list', '--json'], root);
  const { v, runs } = JSON.parse(out) as { v: number; runs: Record<string, unknown>[] };
  assert.equal(v, 1);
  const [{ created, ...run } = {}] = runs;
  assert.equal(typeof created, 'number');
  assert.deepEqual(run, {
    id: path.basename(directory),
    directory: `.mtl/runs/${path.basename(directory)}`,
    name: 'c',
    note: null,
    pinned: false,
    spec: 'c.mtl.json',
    strategy: '',
    parent: null,
    state: 'failed',
    problem: 'It broke.\nMore of it.',
    result: null,
  });
  // From within, the run's own directory is a point.
  const inside = JSON.parse(
    (await within(['runs', 'list', '--root', '..', '--json'], directory)).out,
  ) as typeof JSON & {
    runs: Record<string, unknown>[];
  };
  assert.deepEqual(
    inside.runs.map((one) => one['directory']),
    ['.'],
  );
  runOf(root, 'good', done);
  const both = JSON.parse((await within(['runs', 'list', '--json', '--root', root])).out) as {
    runs: Record<string, unknown>[];
  };
  assert.deepEqual(both.runs.map(({ problem }) => problem === null).sort(), [false, true]);
});

test('a folder that holds runs itself is looked into; links are passed over, and said once', async (context) => {
  const root = fs.realpathSync(temporaryFolder(context));
  const directory = runOf(root, 'a', done);
  fs.symlinkSync(directory, path.join(root, '.mtl', 'runs', 'link'));
  const { out, err } = await within(['runs', 'list', '--root', path.join(root, '.mtl', 'runs')], root);
  assert.equal(out.trimEnd().split('\n').length, 1);
  const link = path.join('.mtl', 'runs', 'link');
  assert.equal(
    err,
    `${link} is a link and is not followed. To see the runs there, give --root the folder that holds them.\n`,
  );
});

test('of each spec the newest are kept, the others go and are named', async (context) => {
  const root = fs.realpathSync(temporaryFolder(context));
  const old = runOf(root, 'a', done, 1000);
  const newer = runOf(root, 'a', done, 2000);
  const other = runOf(root, 'b', done, 500);
  const { code, out, err } = await within(['runs', 'prune', '--keep', '1'], root);
  assert.deepEqual([code, out, err], [0, `${path.relative(root, old)}\n`, '1 run deleted\n']);
  assert.deepEqual([old, newer, other].map((directory) => fs.existsSync(directory)), [false, true, true]); // prettier-ignore
  const again = await within(['runs', 'prune', '--keep', '0', '--lang', 'zh'], root);
  assert.equal(again.err, '已删除 2 次运行\n');
  assert.equal(again.out.trimEnd().split('\n').length, 2);
});

test('another word, or nothing to keep, is refused', async (context) => {
  const root = temporaryFolder(context);
  assert.deepEqual(await within(['runs', 'eat'], root), {
    code: 2,
    out: '',
    err: 'mtl: "mtl runs" takes list, prune, rename, note, pin or unpin, not "eat".\n',
  });
  const prune = await within(['runs', 'prune'], root);
  assert.deepEqual(
    [prune.code, prune.err],
    [2, 'mtl: Say how many runs of each spec to keep: mtl runs prune --keep N.\n'],
  );
  const chinese = async (...words: readonly string[]): Promise<string> =>
    (await within(['runs', ...words, '--lang', 'zh'], root)).err;
  assert.equal(
    await chinese('eat\u001b'),
    'mtl: “mtl runs”只有 list、prune、rename、note、pin 和 unpin，没有“eat\\u001b”。\n',
  );
  assert.equal(await chinese('prune'), 'mtl: 请指定每个实验描述文件保留的次数：mtl runs prune --keep N。\n');
  assert.equal(await chinese('list', '--root', 'none'), 'mtl: --root “none”不是文件夹。\n');
  assert.equal(await chinese('list'), '这里没有运行。用“mtl train SPEC”开始训练。\n');
  const folder = await within(['runs', 'list', '--root', 'none'], root);
  assert.deepEqual([folder.code, folder.err], [2, 'mtl: --root "none" is not a folder.\n']);
});
