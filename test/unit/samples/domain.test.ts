import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { parseCsv } from '../../../src/data/csv.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import { domainsOf } from '../../../src/spec/index.ts';
import { extraOf } from '../../../src/spec/schema/build.ts';
import { losses } from '../../../src/spec/schema/losses.ts';
import { metrics } from '../../../src/spec/schema/metrics.ts';
import { prepareForEvaluation, prepareForPrediction } from '../../../src/samples/preparation.ts';
import { readPreparation } from '../../../src/samples/read-preparation.ts';
import { base, both, csvOf, jsonlOf, npzOf, parts, regression, told } from './all-formats.ts';
import { load, problemOf, specOf } from './helpers.ts';

test('labels outside the domain of a loss or a normalization are refused in every split, in training and evaluation', async () => {
  const poisson = regression({ loss: 'poisson' });
  const log = { r: { type: 'regression', target: 'y', normalize: 'log' } };
  for (const row of [0, 4, 5]) {
    const cells = ['1', '0', '3', '2.5', '4', '5'].map((cell, index) => (index === row ? '-1.5' : cell));
    for (const [name, content] of [
      ['a.csv', csvOf(cells)],
      ['a.jsonl', jsonlOf(cells)],
      ['a.npz', npzOf('<f8', Float64Array.from(cells, Number))],
    ] as const) {
      for (const [tasks, by] of [
        [poisson, 'loss "poisson"'],
        [log, 'normalize "log"'],
      ] as const) {
        const error = await problemOf(load({ [name]: content }, { source: name, ...base }, tasks));
        assert.deepEqual([error.code, error.row, error.column, error.pointer], ['label', row, 'y', '/tasks/r/target']);
        assert.ok(
          error.message.includes(`column “y”): the target -1.5 is below 0, and ${by} is for values from 0 on.`),
          error.message,
        );
        assert.match(error.text.zh, /目标值 -1\.5 小于 0/);
      }
    }
  }
  const good = ['1', '0', '3', '2.5', '4', '5'];
  const other = parseCsv('x,y\n1,3\n2,-2\n', 'b.csv', {}, defaultLimits);
  for (const tasks of [poisson, log]) {
    const { preparation } = await load({ 'a.csv': csvOf(good) }, { source: 'a.csv', ...base }, tasks);
    const stored = readPreparation(JSON.parse(JSON.stringify(preparation)));
    assert.throws(() => prepareForEvaluation(stored, other), /b\.csv, line 3, column “y”\): the target -2 is below 0/);
    assert.equal(prepareForPrediction(stored, other).split.n, 2);
  }
  // Another loss has no such bound.
  await load(
    { 'a.csv': csvOf(good.map((cell) => `-${cell}`)) },
    { source: 'a.csv', ...base },
    regression({ loss: 'huber' }),
  );
});

test('what 32 bits cannot hold is refused, not made infinite', async () => {
  const cells = ['1', '2', '1e39', '3', '4', '5'];
  for (const sign of ['', '-']) {
    const far = cells.map((cell) => (cell === '1e39' ? sign + cell : cell));
    const { message } = await problemOf(
      load({ 'a.csv': csvOf(far) }, { source: 'a.csv', ...base }, regression({ normalize: 'none' })),
    );
    assert.ok(
      message.includes(`line 4, column “y”): the target ${sign}1e+39 is more than a number of 32 bits holds`),
      message,
    );
  }
  const target = await problemOf(load({ 'a.csv': csvOf(cells) }, { source: 'a.csv', ...base }, regression()));
  assert.match(target.message, /line 4, column “y”\): the target 1e\+39 is more than a number of 32 bits holds/);
  await load({ 'a.csv': csvOf(cells) }, { source: 'a.csv', ...base }, regression({ normalize: 'log' }));
  const inputs = { x: { type: 'number', from: 'y', normalize: 'none' } };
  const input = await problemOf(
    load({ 'a.csv': csvOf(cells) }, { source: 'a.csv', ...base, inputs }, { r: { type: 'regression', target: 'x' } }),
  );
  assert.deepEqual([input.code, input.row, input.column], ['not-a-number', 2, 'y']);
  assert.match(input.message, /holds 1e\+39, more than a number of 32 bits does/);
});

test('negative weights name their line; boxes beyond the image are counted, far ones refused', async () => {
  const rows = ['1,2,1', '2,3,-0.5', '3,4,1', '4,5,1', '5,6,1', '6,7,1'];
  const csv = ['x,y,w,part', ...rows.map((row, index) => `${row},${parts[index] ?? ''}`)].join('\n');
  const weighted = regression({ sampleWeight: 'w' });
  const error = await problemOf(load({ 'a.csv': csv }, { source: 'a.csv', ...base }, weighted));
  assert.deepEqual([error.row, error.column, error.pointer], [1, 'w', '/tasks/r/sampleWeight']);
  assert.match(error.message, /line 3, column “w”\): the sample weight -0\.5 is negative/);

  const box = { b: { type: 'box', target: ['p', 'q', 'r', 's'], format: 'xywh' } };
  const boxes = (cells: readonly string[]): string =>
    ['x,p,q,r,s,part', ...cells.map((cell, index) => `${index},${cell},${parts[index] ?? ''}`)].join('\n');
  const cells = ['0,0,1,1', '0.5,0.5,0.6,0.2', '0,0,0.5,1.005', '-0.2,0,0.5,0.5', '0,0,1,1', '0.9,0.9,0.2,0.1'];
  for (const dataset of await both('a.csv', boxes(cells), {}, box)) {
    assert.deepEqual(told(dataset, 'box-outside'), [
      '/tasks/b/target Task “b”: 2 rows hold a box that reaches beyond the image (first: a.csv, line 3); a prediction never does. Are format and scale right?',
      '/tasks/b/target Task “b”: 1 row holds a box that reaches beyond the image (first: a.csv, line 7); a prediction never does. Are format and scale right?',
    ]);
  }
  const far = await problemOf(
    load({ 'a.csv': boxes([...cells.slice(0, 5), '0,0,1,30']) }, { source: 'a.csv', ...base }, box),
  );
  assert.deepEqual([far.code, far.row], ['label', 5]);
  assert.match(
    far.message,
    /line 7, column “p, q, r, s”\): 30 is far outside the image\. If the boxes are in pixels, set "scale": "pixels"/,
  );
});

test('every loss and metric that is executed declares its domain', () => {
  for (const type of ['classification', 'regression', 'box'] as const) {
    for (const table of [losses[type], metrics[type]]) {
      for (const [name, entry] of Object.entries<TSchema>(table)) {
        const own = { classification: 'class', regression: name === 'poisson' ? 'non-negative' : 'real', box: 'box' }[
          type
        ];
        assert.equal(extraOf(entry).domain, own, `${type} ${name}`);
      }
    }
  }
  const { tasks } = specOf({ source: 'a.csv', ...base }, regression({ loss: 'poisson', metrics: ['mae', 'r2'] }));
  assert.deepEqual([...tasks.values()].map(domainsOf), [
    [
      { domain: 'non-negative', by: 'loss "poisson"' },
      { domain: 'real', by: 'metric "mae"' },
      { domain: 'real', by: 'metric "r2"' },
    ],
  ]);
});
