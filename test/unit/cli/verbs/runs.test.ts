// `mtl runs`, in the test's own process: what is listed, and what goes.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import { createRun } from '../../../../src/runs/launch.ts';
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
    spec: 'c.mtl.json',
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
  assert.deepEqual([code, out, err], [0, `${path.relative(root, old)}\n`, '1 runs deleted\n']);
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
    err: 'mtl: "mtl runs" takes list or prune, not "eat".\n',
  });
  const prune = await within(['runs', 'prune'], root);
  assert.deepEqual(
    [prune.code, prune.err],
    [2, 'mtl: Say how many runs of each spec to keep: mtl runs prune --keep N.\n'],
  );
  const folder = await within(['runs', 'list', '--root', 'none'], root);
  assert.deepEqual([folder.code, folder.err], [2, 'mtl: --root "none" is not a folder.\n']);
});
