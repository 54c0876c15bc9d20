/** The verbs around weights and groups, as a person types them. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventInput } from '../../../../src/runs/events.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import { startBody } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';
import { mtl, spec, table } from '../run-cli.ts';
import { answering, folderWithModel } from './fake-worker.ts';

// What is installed on the machine is no part of these tests.
process.env['MTL_RUNTIME_DIR'] = path.join(os.tmpdir(), 'mtl-no-runtime');

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

/** 24 training rows, all with a class and a quarter with a number; the rest is left for the other splits. */
const partly = `a,b,kind,y,part\n${Array.from({ length: 40 }, (_, row) => `${row},${row % 7},${row % 2 ? 'odd' : 'even'},${row % 4 ? '' : row * 2},${row < 24 ? 'train' : 'test'}`).join('\n')}\n`;
const partlySpec = spec.replace('"table.csv",', '"table.csv", "split": { "column": "part" },');

interface Suggested {
  readonly by: string;
  readonly formula: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly details: readonly { readonly task: string; readonly samples?: number; readonly text: string }[];
}

test('suggest gives weights with the numbers behind them, for people and as JSON, by one method and by all', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': partlySpec, 'table.csv': partly });
  const ask = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await mtl(['suggest', 's.mtl.json', ...args], { cwd });
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const data = JSON.parse(await ask('--by', 'data', '--power', '0.5', '--json')) as Suggested & { note: string };
  assert.equal(data.formula, 'w ∝ n^0.5');
  assert.deepEqual(
    data.details.map(({ task, samples }) => [task, samples]),
    [
      ['10', 24],
      ['2', 6],
    ],
  );
  // √24 : √6 = 2 : 1, of mean 1.
  assert.deepEqual(data.weights, { 10: 1.33, 2: 0.67 });
  assert.match(data.note, /starting point/);
  const people = await ask('--by', 'data');
  assert.match(people, /^data: w ∝ n\^1\n {2}task +weight +from\n {2}10 +1\.6 +n = 24 labeled training rows\n/);
  assert.match(await ask('--by', 'data', '--lang', 'zh'), /任务 +权重 +依据/);
  const { suggestions } = JSON.parse(await ask('--json')) as {
    suggestions: (Suggested | { by: string; refused: string })[];
  };
  assert.deepEqual(
    suggestions.map((one) => [one.by, 'refused' in one]),
    [
      ['complexity', false],
      ['data', false],
      ['performance', true],
      ['initial-loss', false],
    ],
  );
  const alone = await mtl(['suggest', 's.mtl.json', '--by', 'performance'], { cwd });
  assert.equal(alone.code, 1);
  assert.match(alone.stderr, /Train it first/);
});

test('suggest reads the newest run of the spec, or the one that is named', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': spec, 'table.csv': table });
  const epoch = (train: readonly [number, number], validation: readonly [number, number]): object => {
    const split = ([first, second]: readonly [number, number]): object => ({
      losses: { 10: first, 2: second },
      metrics: { 10: { mae: first }, 2: { mae: second } },
    });
    return {
      ...{ kind: 'epoch', epoch: 1, seconds: 1, train: split(train) },
      validation: { ...split(validation), total: 1, skill: null },
    };
  };
  const old = runOf(cwd, [epoch([0.2, 0.4], [0.3, 0.6])]);
  const ask = async (...args: readonly string[]): Promise<Suggested & { warnings: string[] }> => {
    const asked = await mtl(['suggest', 's.mtl.json', '--by', 'performance', '--json', ...args], { cwd });
    assert.equal(asked.code, 0, asked.stderr);
    return JSON.parse(asked.stdout) as Suggested & { warnings: string[] };
  };
  /** −(1 − κ) ln κ with κ = 1 − L/L⁰, of mean 1. L⁰ is ln 2 for two even classes and the variance 1 of a normalized value. */
  const expected = (first: number, second: number): number[] => {
    const weights = [first / Math.LN2, second].map((share) => -share * Math.log(1 - share));
    const mean = weights.reduce((sum, each) => sum + each, 0) / 2;
    return weights.map((each) => each / mean);
  };
  const near = ({ weights }: Suggested, wanted: readonly number[]): void => {
    const found = [weights['10'], weights['2']];
    const fits = found.every((value, at) => Math.abs((value ?? NaN) - (wanted[at] ?? NaN)) < 0.01);
    assert.ok(fits, `${found.join(', ')} instead of ${wanted.join(', ')}`);
  };
  near(await ask(), expected(0.2, 0.4));
  // Names of runs begin with the time in seconds.
  const foreign = runOf(cwd, [epoch([0.6, 0.1], [0.5, 0.5])]);
  const newest = path.join(cwd, path.dirname(foreign), `99991231-235959-${path.basename(foreign).slice(16)}`);
  fs.renameSync(path.join(cwd, foreign), newest);
  near(await ask(), expected(0.6, 0.1));
  near(await ask('--run', old), expected(0.2, 0.4));
  assert.deepEqual((await ask()).warnings, []);
  // A newer one that cannot be read is nobody's run.
  const damaged = path.join(path.dirname(newest), '99991231-235959-zzzz');
  fs.cpSync(newest, damaged, { recursive: true });
  fs.writeFileSync(path.join(damaged, 'run.json'), '{');
  near(await ask(), expected(0.6, 0.1));
  const validation = await ask('--run', old, '--split', 'validation');
  near(validation, expected(0.3, 0.6));
  assert.match(validation.warnings.join(), /no longer an independent check/);
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
  fs.symlinkSync('other/through-a-link', path.join(cwd, 'link.mtl.json'));
  const link = await mtl(['affinity', run, '--write', 'link.mtl.json'], { cwd });
  assert.deepEqual([link.code, fs.readdirSync(path.join(cwd, 'other'))], [2, []]);
  assert.match(link.stderr, /"link\.mtl\.json" exists/);
  const one = await mtl(['affinity', run, '--budget', '1', '--write', 'one.mtl.json'], { cwd });
  assert.equal(one.code, 1);
  assert.match(one.stderr, /One group of all tasks/);
  assert.equal(fs.existsSync(path.join(cwd, 'one.mtl.json')), false);
  const none = await mtl(['affinity', runOf(cwd, [])], { cwd });
  assert.equal(none.code, 1);
  assert.match(none.stderr, /"affinity" in "training"/);
});

test('suggest refuses a power that is no number above 0, a run that is none, and counts its errors', async (context) => {
  const bad = spec.replace('"input": "in"', '"input": "inn"');
  const cwd = folderWith(context, { 's.mtl.json': partlySpec, 'table.csv': partly, 'bad.mtl.json': bad });
  for (const power of ['0', '-1', 'x', '', ' ', 'Infinity', 'NaN']) {
    const { code, err, out } = await within(['suggest', 's.mtl.json', '--by', 'data', `--power=${power}`], cwd);
    assert.deepEqual([code, out], [2, ''], power);
    assert.ok(err.includes(`--power takes a number above 0, not "${power}".`), err);
  }
  const run = await within(['suggest', 's.mtl.json', '--by', 'performance', '--run', 'nowhere'], cwd);
  assert.equal(run.code, 2);
  assert.match(run.err, /There is no run directory "nowhere"/);
  for (const batches of ['0', '-1', '1.5']) {
    assert.equal((await within(['suggest', 's.mtl.json', `--batches=${batches}`], cwd)).code, 2, batches);
  }
  const broken = await within(['suggest', 'bad.mtl.json'], cwd);
  assert.equal(broken.code, 2);
  assert.match(broken.err, /^bad\.mtl\.json:4:\d+: error: /);
  assert.match(broken.err, /bad\.mtl\.json has no weights to suggest for: 1 error, 0 warnings\./);
});

test('suggest takes any power above 0, and 1 where none is said', async (context) => {
  const cwd = folderWith(context, { 's.mtl.json': partlySpec, 'table.csv': partly });
  const ask = async (...more: readonly string[]): Promise<Suggested> => {
    const { code, out, err } = await within(['suggest', 's.mtl.json', '--by', 'data', '--json', ...more], cwd);
    assert.equal(code, 0, err);
    return JSON.parse(out) as Suggested;
  };
  // n = 24 and 6: 4 : 1, then 16 : 1, then nearly the same.
  assert.deepEqual((await ask()).weights, { 10: 1.6, 2: 0.4 });
  const squared = await ask('--power', '2');
  assert.deepEqual([squared.formula, squared.weights], ['w ∝ n^2', { 10: 1.88, 2: 0.12 }]);
  assert.deepEqual((await ask('--power', '1e-9')).weights, { 10: 1, 2: 1 });
});

test('what suggest asks for, and how it shows weights, refusals and warnings', async (context) => {
  const root = folderWithModel(context);
  fs.writeFileSync(path.join(root, 'table.csv'), table);
  const detail = (task: string, weight: number, n: number) => ({
    ...{ task, weight, numbers: new Map([['samples', n]]) },
    text: { en: `n = ${String(n)} → ${String(weight)}`, zh: `共 ${String(n)} → ${String(weight)}` },
  });
  const suggestion = {
    ...{ by: 'data', formula: 'w ∝ n^1', details: [detail('10', 1.5, 6), detail('2', 0.5, 2)] },
    warnings: [{ en: 'few', zh: '偏少' }],
  };
  const refusal = { by: 'performance', refused: { en: 'Train it first.', zh: '请先训练。' } };
  const asked = answering(context, 'suggest', [suggestion, refusal]);
  const ask = (...more: readonly string[]) => within(['suggest', 's.mtl.json', ...more], root);
  assert.deepEqual(await ask('--lang', 'en'), {
    code: 0,
    out: 'data: w ∝ n^1\n  task  weight  from\n  10    1.5     n = 6\n  2     0.5     n = 2\n  warning: few\nperformance: Train it first.\nthe note\n',
    err: '',
  });
  const assetsDirectory = path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist');
  const specFile = path.join(root, 's.mtl.json');
  assert.deepEqual(asked.at(-1)?.slice(1), [
    { root, allowOutside: false, specFile },
    { run: null, assetsDirectory },
  ]);
  const chinese = await ask('--lang', 'zh');
  assert.equal(
    chinese.out,
    'data：w ∝ n^1\n  任务  权重  依据\n  10    1.5   共 6\n  2     0.5   共 2\n  警告：偏少\nperformance：请先训练。\n说明\n',
  );
  const one = {
    ...{ by: 'data', formula: 'w ∝ n^1', weights: { 10: 1.5, 2: 0.5 } },
    details: [
      { task: '10', weight: 1.5, samples: 6, text: 'n = 6 → 1.5' },
      { task: '2', weight: 0.5, samples: 2, text: 'n = 2 → 0.5' },
    ],
    warnings: ['few'],
  };
  const json = await ask('--lang', 'en', '--json');
  assert.ok(json.out.indexOf('"10":') < json.out.indexOf('"2":'), 'names keep their order');
  assert.deepEqual(JSON.parse(json.out), {
    v: 1,
    suggestions: [one, { by: 'performance', refused: 'Train it first.' }],
    note: 'the note',
  });
  const words = ['--by', 'data', '--power', '0.5', '--batches', '1', '--split', 'validation', '--run', 'run'];
  const single = await ask('--lang', 'en', '--json', ...words);
  assert.deepEqual(JSON.parse(single.out), { v: 1, ...one, note: 'the note' });
  assert.deepEqual(asked.at(-1)?.[2], {
    ...{ run: path.join(root, 'run'), assetsDirectory, by: 'data', split: 'validation', power: 0.5, batches: 1 },
  });
  asked.length = 0;
  answering(context, 'suggest', [refusal]);
  assert.deepEqual(await ask('--lang', 'zh', '--by', 'performance', '--json'), {
    ...{ code: 1, out: '', err: 'mtl: 请先训练。\n' },
  });
});
