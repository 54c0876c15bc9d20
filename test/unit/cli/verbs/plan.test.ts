// `mtl plan`: runs by stage and arm, time, power; what it refuses. In this process, on a table of its own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { Forms } from '../../../../src/experiment/driver/forms.ts';
import { makeRun } from '../../../../src/experiment/driver/make-run.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import { live, makePlace, quickFolder, specText, type Place } from '../../experiment/workplace.ts';
import { within, type Printed } from '../in-process.ts';

beforeEach(() => setLanguage('en'));

const rows = Array.from({ length: 400 }, (_, i) => `${i},${i % 7},${i % 2 ? 'odd' : 'even'},${i / 3}`);

function place(context: TestContext, experiment: object): Place {
  const here = makePlace(quickFolder(context), specText(experiment));
  fs.writeFileSync(path.join(here.folder, 'table.csv'), `a,b,kind,y\n${rows.join('\n')}\n`);
  return here;
}

const plan = ({ folder }: Place, ...args: readonly string[]): Promise<Printed> =>
  within(['plan', 'tried.mtl.json', '--engine', 'wasm', ...args], folder);

const joint = { id: 'joint' };
const lines = ({ out }: Printed): readonly string[] => out.trimEnd().split('\n').map((line) => line.trimEnd()); // prettier-ignore

test('a row an arm, with seeds and baseline; how many, how long, what it can find', async (context) => {
  const arms = [joint, { id: 'single', auto: 'single-task' }];
  const here = place(context, { question: 'Which one?', arms, replicates: { n: 3, hold: ['split'] } });
  const found = await plan(here);
  assert.equal(found.code, 0, found.err);
  assert.deepEqual(lines(found), [
    'Which one?',
    'stage  arm     runs  seeds',
    'main   joint      3    1–3',
    'main   single     6    1–3  baseline',
    '9 runs · time unknown until a run of this spec has ended here',
    '3 seeds, 2 tasks, 2 comparisons (Holm): 9 % power at one standard deviation of the paired difference',
    '80 % from 4.62 standard deviations on',
    '13 seeds would see one standard deviation with 80 %',
  ]);
  assert.match(found.err, /pilot/);
});

test('the same in Chinese', async (context) => {
  const arms = [joint, { id: 'single', auto: 'single-task' }];
  const found = await plan(place(context, { arms, replicates: { n: 3, hold: ['split'] } }), '--lang', 'zh');
  assert.deepEqual(lines(found), [
    '阶段  实验组  运行数  种子',
    'main  joint        3   1–3',
    'main  single       6   1–3  基线',
    '9 次运行 · 本机尚无此描述文件的已完成运行，时间未知',
    '3 个种子、2 个任务、2 项比较（Holm 校正）：配对差为 1 个标准差时功效 9 %',
    '自 4.62 个标准差起达到 80 %',
    '以 80 % 发现 1 个标准差需 13 个种子',
  ]);
});

test('overlapping splits widen it; unpaired arms and one claim of all are said', async (context) => {
  const arms = [joint, { id: 'b', set: { '/training/batchSize': 8 } }];
  const overlapping = await plan(place(context, { arms, replicates: 8 }));
  assert.match(overlapping.out, /^their training sets overlap \(variance s²\(1\/n \+ 0\.214\)\): \d+ %$/m);
  const unpaired = await plan(
    place(context, { arms, replicates: { n: 8, paired: false, hold: ['split'] }, analysis: { family: 'all' } }),
  );
  assert.match(unpaired.out, /2 comparisons \(each by itself\): \d+ % power .* of an arm, unpaired \(Welch\)$/m);
  assert.match(unpaired.out, /^main {3}b {9}8 {3}9–16$/m);
});

test('seeds that are no row are listed; what is found later is counted as at most', async (context) => {
  const factors = [{ name: 'lr', path: '/training/learningRate', range: [0.001, 0.1], scale: 'log' }];
  const stages = [
    { id: 'look', method: 'tpe', runs: 5 },
    { id: 'sure', take: { from: 'look', max: 2 }, replicates: { seeds: [7, 3, 40] } },
  ];
  const { out, code, err } = await plan(place(context, { factors, stages, arms: [joint] }));
  assert.equal(code, 0, err);
  assert.match(out, /^sure {3}joint {19}3 {2}3 7 40 {2}baseline$/m);
  assert.match(out, /^sure {3}\(found later\) {5}up to 3$/m);
  assert.match(out, /^(\d+) runs · /m);
});

test('how long it takes, once a run has ended here', async (context) => {
  const here = place(context, { arms: [joint], replicates: { n: 4, hold: ['split'] }, budget: { parallel: 2 } });
  const [run] = planningOf(here.plan).expand(new Map()).runs;
  assert.ok(run);
  const directory = path.join(here.directory, 'runs', run.id);
  makeRun({ plan: here.plan, root: here.folder, specFile: here.specFile }, run, directory, new Forms().of(run));
  await live(directory, 'done');
  const { out } = await plan(here);
  assert.match(out, /^4 runs · about .+, 2 at once$/m);
  const { estimate } = JSON.parse((await plan(here, '--json')).out) as { estimate: { seconds: number; runs: number } };
  assert.equal(estimate.runs, 4);
  // Two epochs of 0.75 s each, four times, on two processes, and what it takes to begin.
  assert.ok(estimate.seconds >= 3, String(estimate.seconds));
});

test('as JSON: every run with its settings, nothing for people', async (context) => {
  const arms = [joint, { id: 'b', set: { '/training/batchSize': 8 } }];
  const found = await plan(place(context, { arms, replicates: 2 }), '--json');
  const { v, runs, pending, power, remarks } = JSON.parse(found.out) as {
    readonly runs: readonly object[];
    readonly power: { readonly n: number };
  } & Record<'v' | 'pending' | 'remarks', unknown>;
  assert.deepEqual([v, pending, remarks], [1, [], []]);
  assert.equal(power.n, 2);
  assert.deepEqual(
    runs.map((run) => ({ ...run, id: '' })),
    [
      ['joint', 1],
      ['b', 1],
      ['joint', 2],
      ['b', 2],
    ].map(([arm, seed]) => ({
      ...{ id: '', arm, stage: 'main', seed, role: 'compare', task: null },
      settings: {
        ...(arm === 'b' ? { '/training/batchSize': 8 } : {}),
        '/training/seed': seed,
        '/data/split/seed': seed,
      },
    })),
  );
});

test('what cannot be planned is refused with exit 2, and nothing is printed', async (context) => {
  const wrong = place(context, { arms: [joint, { id: 'b', set: { '/tasks/kind/classes': ['odd'] } }], replicates: 2 });
  const refused = await plan(wrong);
  assert.deepEqual([refused.code, refused.out], [2, '']);
  assert.match(refused.err, /tried\.mtl\.json cannot be planned: 1 error/);
  const here = place(context, { arms: [joint] });
  const { experiment: _, ...plain } = JSON.parse(fs.readFileSync(here.specFile, 'utf8')) as Record<string, unknown>;
  fs.writeFileSync(here.specFile, JSON.stringify(plain));
  const without = await plan(here);
  assert.deepEqual([without.code, without.out], [2, '']);
  assert.match(without.err, /has no section "experiment"\. Add one, for example "experiment": \{ "replicates": 5 \}\./);
  assert.match((await plan(here, '--lang', 'zh')).err, /没有 "experiment" 一节/);
});
