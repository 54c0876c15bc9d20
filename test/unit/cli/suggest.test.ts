/** The verbs around weights and groups, as a person types them. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventInput } from '../../../src/runs/events.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { encodeRecord } from '../../../src/runs/records.ts';
import { readSpec } from '../../../src/spec/index.ts';
import { startBody } from '../runs/helpers.ts';
import { mtl, spec, table } from './run-cli.ts';

function folderWith(context: TestContext, files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-cli-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  return folder;
}

test('suggest refuses what it cannot understand before it starts', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'table.csv': table, 'bad.mtl.json': '{}' });
  const by = await mtl(['suggest', 's.mtl.json', '--by', 'luck'], { cwd });
  assert.equal(by.code, 2);
  assert.match(by.stderr, /complexity, data, performance, initial-loss/);
  assert.equal((await mtl(['suggest', 's.mtl.json', '--by', 'data', '--power', '-1'], { cwd })).code, 2);
  assert.equal((await mtl(['suggest', 'bad.mtl.json'], { cwd })).code, 2);
  assert.equal((await mtl(['suggest', 'none.mtl.json'], { cwd })).code, 2);
});

test('strategy test: passes and failures, counted in the last line', async (context) => {
  const cwd = folderWith(context, {
    'good.mjs': 'export const weigh = ({ losses }) => losses.map(() => 1);\n',
    'bad.mjs': 'export const weigh = ({ losses }) => losses.map((_, i) => i);\n',
    'broken.mjs': 'export const = 1;\n',
    'v.json': JSON.stringify({ cases: [{ id: 'a', matrix: [[1, 2]], weights: [1] }] }),
    'w.json': JSON.stringify({ cases: [{ id: 'a', matrix: [[1, 2]], weights: [2] }] }),
  });
  const good = await mtl(['strategy', 'test', 'good.mjs', '--vectors', 'v.json'], { cwd });
  assert.equal(good.code, 0);
  assert.match(good.stdout, /\n8 passed, 0 failed\n$/);
  const bad = await mtl(['strategy', 'test', 'bad.mjs', '--vectors', 'w.json'], { cwd });
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /FAIL {2}another order of the tasks/);
  assert.match(bad.stdout, /FAIL {2}vectors w\.json: 0 of 1 cases; a: weights off by/);
  assert.match(bad.stdout, /\n6 passed, 2 failed\n$/);
  const broken = await mtl(['strategy', 'test', 'broken.mjs', '--json'], { cwd });
  assert.equal(broken.code, 1);
  assert.equal((JSON.parse(broken.stdout) as { failed: number }).failed, 1);
  assert.equal((await mtl(['strategy', 'test', 'none.mjs'], { cwd })).code, 2);
  assert.equal((await mtl(['strategy', 'show', 'good.mjs'], { cwd })).code, 2);
  assert.match((await mtl(['strategy', 'test', 'good.mjs', '--lang', 'zh'], { cwd })).stdout, /7 项通过，0 项失败/);
});

function runOf(cwd: string, records: readonly object[]): string {
  const specFile = path.join(cwd, 's.mtl.json');
  const { spec: resolved } = readSpec(spec);
  const directory = createRun({ text: spec, resolved, specFile, root: cwd, name: 'run' });
  const lines = [startBody(1), ...records].map((record, seq) => encodeRecord(seq, seq, record as EventInput));
  fs.writeFileSync(path.join(directory, 'events.ndjson'), `${lines.join('\n')}\n`);
  return path.relative(cwd, directory);
}

const record = (step: number, z: number) => ({
  kind: 'affinity',
  step,
  tasks: ['10', '2'],
  mean: [
    [0.5, z],
    [z, 0.5],
  ],
  sd: [
    [0.1, null],
    [null, 0.1],
  ],
  n: [
    [3, 1],
    [1, 3],
  ],
});

test('affinity: the last record, a proposal with its cautions, and a spec that passes check', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'table.csv': table });
  const run = runOf(cwd, [record(1, 0.9), record(2, -0.25)]);
  const people = await mtl(['affinity', run], { cwd });
  assert.equal(people.code, 0, people.stderr);
  assert.match(people.stdout, /up to step 2/);
  assert.match(people.stdout, /-0\.25 \(1\)/);
  assert.match(people.stdout, /A proposal, not a result/);
  const json = await mtl(['affinity', run, '--budget', '2', '--write', 'g.mtl.json', '--json'], { cwd });
  assert.equal(json.code, 0, json.stderr);
  const { proposal, written, cautions } = JSON.parse(json.stdout) as {
    proposal: { groups: { tasks: string[]; serves: string[]; score: number }[]; exact: boolean };
    written: string;
    cautions: string[];
  };
  assert.deepEqual(
    proposal.groups.map(({ tasks }) => tasks),
    [['10'], ['2']],
  );
  assert.equal(written, 'g.mtl.json');
  assert.equal(cautions.length, 3);
  const checked = await mtl(['check', 'g.mtl.json', '--json'], { cwd });
  assert.equal(checked.code, 0, checked.stdout);
  const { plan } = JSON.parse(checked.stdout) as { plan: { blocks: Record<string, { shared: boolean }> } };
  assert.deepEqual(Object.entries(plan.blocks).map(([name, { shared }]) => [name, shared]), [['trunk 1', false], ['trunk 2', false]]); // prettier-ignore
  assert.match(fs.readFileSync(path.join(cwd, 'g.mtl.json'), 'utf8'), /\/\/ 两个任务/);
});

test('affinity writes over nothing, nowhere else, and says when there is nothing', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'table.csv': table, 'there.mtl.json': '{}' });
  fs.mkdirSync(path.join(cwd, 'other'));
  const run = runOf(cwd, [record(1, -1)]);
  assert.equal((await mtl(['affinity', run, '--write', 'there.mtl.json'], { cwd })).code, 2);
  assert.equal((await mtl(['affinity', run, '--write', 'other/new.mtl.json'], { cwd })).code, 2);
  const one = await mtl(['affinity', run, '--budget', '1', '--write', 'one.mtl.json'], { cwd });
  assert.equal(one.code, 1);
  assert.match(one.stderr, /One group of all tasks/);
  assert.equal(fs.existsSync(path.join(cwd, 'one.mtl.json')), false);
  const none = await mtl(['affinity', runOf(cwd, [])], { cwd });
  assert.equal(none.code, 1);
  assert.match(none.stderr, /"affinity" in "training"/);
});
