// How often the test split was looked at: the same results count once, others count, and damage is told.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { countLook } from '../../../../src/experiment/comparison/looks.ts';
import { temporaryFolder } from '../../runs/helpers.ts';
import { evidenceOf, tabled, three } from './evidence.ts';

const partly = (seeds: number, experiment: unknown = three) =>
  evidenceOf(experiment, (arm, task, place) => (place < seeds ? tabled(arm, task, place) : 'missing'));

const linesOf = (folder: string) =>
  fs
    .readFileSync(path.join(folder, 'looks.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { v: number; runs: number; t: number })
    .map(({ v, runs, t }) => ({ v, runs, t }));

test('each set of finished runs counts once', (context) => {
  const folder = temporaryFolder(context);
  assert.equal(countLook(folder, partly(0), 1), null);
  assert.equal(fs.existsSync(path.join(folder, 'looks.ndjson')), false);
  assert.deepEqual(countLook(folder, partly(3), 2), { count: 1, declared: 1, problem: null });
  assert.equal(countLook(folder, partly(3), 3)?.count, 1);
  assert.equal(countLook(folder, partly(5), 4)?.count, 2);
  assert.equal(countLook(folder, partly(3), 5)?.count, 2);
  assert.deepEqual(linesOf(folder), [{ v: 1, runs: 12, t: 2 }, { v: 1, runs: 20, t: 4 }]); // prettier-ignore
  // Another plan for the same runs is another look.
  assert.equal(countLook(folder, partly(5, { ...three, analysis: { level: 0.9 } }), 6)?.count, 3);
});

test('declared looks, the end among them', (context) => {
  const folder = temporaryFolder(context);
  assert.equal(countLook(folder, partly(5, { ...three, looks: 3 }), 1)?.declared, 3);
  assert.equal(countLook(folder, partly(5, { ...three, looks: [0.5] }), 1)?.declared, 2);
});

test('what was only explored does not show the test split', (context) => {
  const explore = {
    factors: [{ name: 'w', path: '/weights/kind', levels: [0.25, 1] }],
    stages: [{ id: 'look', method: 'grid' }],
  };
  assert.equal(
    countLook(
      temporaryFolder(context),
      evidenceOf(explore, () => 1),
      1,
    ),
    null,
  );
});

test('a file that is damaged is told and left as it is', (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'looks.ndjson');
  const whole = '{"v":1,"key":"k","plan":"p","runs":1,"t":1}';
  for (const content of ['{', whole, `${whole}\n{"v"`, `${whole}\n\n`, '{"v":2}\n', '{"v":1,"key":1}\n', '[]\n']) {
    fs.writeFileSync(file, content);
    assert.match(countLook(folder, partly(5), 1)?.problem?.en ?? '', /cannot be read/);
    assert.equal(fs.readFileSync(file, 'utf8'), content);
  }
});

test('who looks at the same time takes nobody’s look away, and the same look of two counts once', (context) => {
  const folder = temporaryFolder(context);
  assert.equal(countLook(folder, partly(3), 1)?.count, 1);
  const file = path.join(folder, 'looks.ndjson');
  const first = fs.readFileSync(file, 'utf8');
  // Another process had read the file before: it adds its lines, of the same results and of others.
  fs.appendFileSync(file, first + first.replace(/"key":"\w+"/, '"key":"another"'));
  assert.equal(countLook(folder, partly(3), 2)?.count, 2);
  assert.equal(countLook(folder, partly(5), 3)?.count, 3);
});

test('a folder that cannot be written hinders nobody', (context) => {
  const gone = path.join(temporaryFolder(context), 'none', 'none');
  const report = countLook(gone, partly(5), 1);
  assert.equal(report?.count, 1);
  assert.match(report.problem?.zh ?? '', /无法写入 looks\.ndjson/);
});
