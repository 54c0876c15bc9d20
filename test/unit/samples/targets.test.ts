import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import type { Dataset } from '../../../src/samples/dataset.ts';
import { fromCorners, toCorners } from '../../../src/samples/targets/box.ts';
import { gather } from '../../../src/samples/gather.ts';
import { assertClose, labelsOf, load, npy, problemOf, warningsOf } from './helpers.ts';
import { gatherAll } from '../../../src/samples/row-stores.ts';

const data = { source: 'a.csv', inputs: { x: { type: 'number', from: 'x' } }, split: { column: 'part' } };

/** Rows `x` = 1, 2, …; the other columns as given. */
async function loadTasks(
  header: string,
  rows: readonly string[],
  tasks: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<Dataset> {
  const csv = [`x,part,${header}`, ...rows.map((row, index) => `${index + 1},${row}`)].join('\n');
  return load({ 'a.csv': csv }, { ...data, ...more }, tasks);
}

const species = { species: { type: 'classification', target: 'c' } };
const codes = (dataset: Dataset): string[] =>
  warningsOf(dataset).map(({ code, task }) => `${code} ${task ?? ''}`.trim());

test('classes are found in the training rows; a missing label masks that task only', async () => {
  const rows = ['train,b,1', 'train,a,', 'train,,3', 'train,constructor,5', 'val,a,4', 'val,z,5', 'test,b,6'];
  const dataset = await loadTasks('c,m', rows, {
    ...species,
    mass: { type: 'regression', target: 'm', normalize: 'none' },
  });
  assert.deepEqual(dataset.facts.classes?.get('species'), ['a', 'b', 'constructor']);
  assert.deepEqual(labelsOf(dataset.splits.train, 'species'), [[1], [0], null, [2]]);
  assert.deepEqual(labelsOf(dataset.splits.train, 'mass'), [[1], null, [3], [5]]);
  assert.deepEqual(labelsOf(dataset.splits.validation, 'species'), [[0], null]);
  assert.deepEqual(codes(dataset), ['unknown-label species']);
  assert.deepEqual(dataset.samples, {
    train: 4,
    validation: 2,
    test: 1,
    labeled: { species: { train: 3, validation: 1, test: 1 }, mass: { train: 3, validation: 2, test: 1 } },
  });
});

test('numbers as classes sort by value; given classes keep their order, and a slip is an error', async () => {
  const rows = ['train,10', 'train,9', 'train,9.0', 'val,10', 'test,9'];
  assert.deepEqual((await loadTasks('c', rows, species)).facts.classes?.get('species'), ['9', '10']);
  const given = (classes: unknown, lines = rows): Promise<Dataset> =>
    loadTasks('c', lines, { species: { ...species.species, classes } });
  const listed = await given([10, 9]);
  assert.deepEqual(labelsOf(listed.splits.train, 'species'), [[0], [1], [1]]);
  assert.deepEqual(labelsOf((await given(11)).splits.train, 'species'), [[10], [9], [9]]);
  assert.deepEqual((await given(2)).facts.classes?.get('species'), ['9', '10']);
  const slip = await problemOf(given(['USA', 'Japan'], ['train,USA', 'train,Japna', 'val,USA', 'test,Japan']));
  assert.deepEqual([slip.code, slip.row, slip.column], ['label', 1, 'c']);
  assert.match(slip.message, /line 3, column “c”: “Japna” is not one of the classes “USA”, “Japan”/);
  assert.match((await problemOf(given(3, rows))).message, /“classes” says 3, but column “c” holds 2/);
  assert.match(
    (await problemOf(loadTasks('c', ['train,a', 'val,b', 'test,a'], species))).message,
    /only the label “a”/,
  );
});

test('regression: population sd of the labeled training rows', async () => {
  const rows = ['train,1,10', 'train,3,30', 'train,,', 'val,5,20', 'test,,'];
  const dataset = await loadTasks('p,q', rows, { y: { type: 'regression', target: ['p', 'q'] } });
  // Means 2 and 20, population sds 1 and 10.
  assert.deepEqual(labelsOf(dataset.splits.train, 'y'), [[-1, -1], [1, 1], null]);
  assert.deepEqual(labelsOf(dataset.splits.validation, 'y'), [[3, 0]]);
  assert.equal(dataset.splits.train.targets.get('y')?.present, undefined);
  assert.ok(codes(dataset).includes('no-labels-test y'));
});

test('regression: a gap in one column takes nothing from the others', async () => {
  const rows = ['train,1,10', 'train,3,', 'train,,30', 'train,,', 'val,5,20', 'val,,0', 'test,2,1'];
  const dataset = await loadTasks('p,q', rows, { y: { type: 'regression', target: ['p', 'q'] } });
  const train = dataset.splits.train.targets.get('y') ?? assert.fail();
  // Each column by its own numbers: means 2 and 20, population sds 1 and 10.
  assert.deepEqual(labelsOf(dataset.splits.train, 'y'), [[-1, -1], [1, 0], [0, 1], null]);
  assert.deepEqual([...(train.present ? gatherAll(train.present, 4) : [])], [1, 1, 1, 0, 0, 1, 0, 0]);
  assert.deepEqual([train.labeled, [...train.weight], train.gaps], [3, [1, 1, 1, 0], { rows: 2, columns: [1, 1] }]);
  assert.deepEqual(labelsOf(dataset.splits.validation, 'y'), [
    [3, 0],
    [0, -2],
  ]);
  assert.deepEqual(dataset.samples.labeled['y'], { train: 3, validation: 2, test: 1 });
  const batch = gather(dataset.splits.train, Int32Array.of(2, 0)).targets.get('y');
  assert.deepEqual([...(batch?.present ?? [])], [0, 1, 1, 1]);
  assert.equal(gather(dataset.splits.test, Int32Array.of(0)).targets.get('y')?.present, undefined);
});

test('regression: gaps where the task does not apply are none, and a missing weight takes the whole label', async () => {
  const rows = ['train,1,10,1,1', 'train,3,,1,2', 'train,4,,0,1', 'train,,7,1,', 'val,5,20,1,1', 'test,2,1,1,1'];
  const tasks = {
    y: {
      ...{ type: 'regression', target: ['p', 'q'], normalize: 'none' },
      ...{ when: { column: 'k', equals: 1 }, sampleWeight: 'w' },
    },
  };
  const dataset = await loadTasks('p,q,k,w', rows, tasks);
  const train = dataset.splits.train.targets.get('y') ?? assert.fail();
  assert.deepEqual(labelsOf(dataset.splits.train, 'y'), [[1, 10], [3, 0], null, null]);
  assert.deepEqual([train.gaps, [...train.weight]], [{ rows: 2, columns: [1, 1] }, [1, 2, 0, 0]]);
});

test('a task without any label in training is told and harms no other', async () => {
  const dataset = await loadTasks('p,q', ['train,1,', 'train,3,', 'val,5,1', 'test,2,2'], {
    p: { type: 'regression', target: 'p' },
    q: { type: 'regression', target: 'q' },
  });
  assert.ok(codes(dataset).includes('no-labels-train q'));
  assert.deepEqual(labelsOf(dataset.splits.train, 'q'), [null, null]);
  assert.deepEqual(labelsOf(dataset.splits.train, 'p'), [[-1], [1]]);
});

test('when and sampleWeight', async () => {
  const rows = ['train,1,1,0.5', 'train,3,2,1', 'train,5,2,', 'val,7,2,2', 'test,1,1.0,1'];
  const tasks = {
    y: { type: 'regression', target: 'm', normalize: 'none', when: { column: 'k', in: [2, 'x'] }, sampleWeight: 'w' },
  };
  const dataset = await loadTasks('m,k,w', rows, tasks);
  assert.deepEqual(labelsOf(dataset.splits.train, 'y'), [null, [3], null]);
  assert.deepEqual([...(dataset.splits.train.targets.get('y')?.weight ?? [])], [0, 1, 0]);
  assert.ok(codes(dataset).includes('missing-weight y'));
  const equal = await loadTasks('m,k,w', rows, {
    y: { ...tasks.y, when: { column: 'k', equals: 1 }, sampleWeight: undefined },
  });
  assert.deepEqual(labelsOf(equal.splits.test, 'y'), [[1]]);
  const negative = await problemOf(loadTasks('m,k,w', ['train,1,2,-1', 'val,1,2,1', 'test,1,2,1'], tasks));
  assert.match(negative.message, /line 2, column “w”\): the sample weight -1 is negative/);
});

test('boxes: every format to corners and back', () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      coordinate,
      coordinate,
      coordinate,
      coordinate,
      fc.constantFrom('xyxy', 'cxcywh', 'xywh'),
      (a, b, c, d, format) => {
        assertClose([...toCorners(fromCorners([a, b, c, d], format), format)], [a, b, c, d], 1e-12);
      },
    ),
  );
  assert.deepEqual(toCorners([0.5, 0.5, 0.5, 1], 'cxcywh'), [0.25, 0, 0.75, 1]);
  assert.deepEqual(toCorners([0.25, 0, 0.5, 1], 'xywh'), [0.25, 0, 0.75, 1]);
});

test('boxes: pixels of the image, boxes without area, slips of scale', async () => {
  const rows = ['train,1,2,3,4', 'train,1,2,1,4', 'train,0,0,,8', 'val,0,0,8,4', 'test,2,2,4,4'];
  const csv = ['x,part,a,b,c,d', ...rows.map((row, index) => `${index},${row}`)].join('\n');
  const box = { box: { type: 'box', target: ['a', 'b', 'c', 'd'], scale: 'pixels' } };
  assert.match((await problemOf(load({ 'a.csv': csv }, data, box))).message, /not exactly one image input/);
  const unit = { box: { ...box.box, scale: 'unit' } };
  assert.match(
    (await problemOf(load({ 'a.csv': csv }, data, unit))).message,
    /line 2.*3 is far outside the image.*"scale": "pixels"/,
  );
  const files = {
    'a.npz': zipSync({
      'images.npy': npy([3, 4, 8], new Uint8Array(96)),
      'box.npy': npy([3, 4], Float32Array.of(1, 2, 3, 4, 0, 0, 8, 4, 5, 1, 5, 3)),
    }),
    's.csv': 'row,part\n0,train\n1,train\n2,val\n',
  };
  const source = { source: 'a.npz', inputs: { x: { type: 'image', from: 'images' } }, split: { file: 's.csv' } };
  const dataset = await load(files, source, { box: { type: 'box', target: 'box', scale: 'pixels' } });
  assert.deepEqual(labelsOf(dataset.splits.train, 'box'), [
    [0.125, 0.5, 0.375, 1],
    [0, 0, 1, 1],
  ]);
  assert.deepEqual(labelsOf(dataset.splits.validation, 'box'), [null]);
  assert.ok(codes(dataset).includes('empty-box box'));
});

test('gaps of all splits are counted and told once, column by column', async () => {
  const rows = ['train,1,10,0,0,2,2', 'train,3,,0,0,,1', 'train,,30,0,,1,1', 'val,,20,0,0,1,1', 'test,,,0,0,1,1'];
  const tasks = {
    y: { type: 'regression', target: ['p', 'q'] },
    spot: { type: 'box', target: ['a', 'b', 'c', 'd'] },
    whole: { type: 'regression', target: ['a', 'd'] },
  };
  const dataset = await loadTasks('p,q,a,b,c,d', rows, tasks);
  const found = dataset.warnings.filter(({ code }) => code === 'target-gaps');
  assert.deepEqual(
    found.map(({ pointer }) => pointer),
    ['/tasks/y/target', '/tasks/spot/target'],
  );
  assert.match(found[0]?.message.en ?? '', /“y”: 3 rows lack some columns of the target \(missing: “p” 2, “q” 1\)/);
  assert.match(found[0]?.message.zh ?? '', /3 行缺少目标的部分列（缺失：“p” 2、“q” 1）/);
  assert.match(
    found[1]?.message.en ?? '',
    /“spot”: 2 rows have a box that lacks some of its four numbers \(missing: “b” 1, “c” 1\)/,
  );
  assert.match(found[1]?.message.zh ?? '', /2 行的目标框缺少四个数中的一部分/);
  // A box needs all four numbers.
  assert.deepEqual(dataset.samples.labeled['spot'], { train: 1, validation: 1, test: 1 });
});

test('an array with gaps names its places, and long lists are cut', async () => {
  const values = Float32Array.from({ length: 40 }, (_, at) => (at < 20 && at % 2 === 1 ? NaN : at));
  const files = {
    'a.npz': zipSync({ 'y.npy': npy([2, 20], values), 'x.npy': npy([2], Float32Array.of(1, 2)) }),
    's.csv': 'row,part\n0,train\n1,train\n',
  };
  const npz = { source: 'a.npz', inputs: { x: { type: 'number', from: 'x' } }, split: { file: 's.csv' } };
  const dataset = await load(files, npz, { y: { type: 'regression', target: 'y', normalize: 'none' } });
  const [found] = dataset.warnings.filter(({ code }) => code === 'target-gaps');
  assert.match(
    found?.message.en ?? '',
    /1 row lacks some columns of the target \(missing: “y\[1\]” 1, .*“y\[15\]” 1, 2 more columns\)/,
  );
  assert.match(found?.message.zh ?? '', /“y\[15\]” 1、另有 2 列/);
});

test('a column without a number in training, and a column that never changes, are named', async () => {
  const rows = ['train,1,,5', 'train,2,,5', 'val,3,4,5', 'test,1,1,5'];
  const dataset = await loadTasks('p,q,r', rows, { y: { type: 'regression', target: ['p', 'q', 'r'] } });
  const message = (code: string): string => dataset.warnings.find((one) => one.code === code)?.message.en ?? '';
  assert.match(message('no-labels-column'), /column “q” of the target has no number in the training split/);
  assert.match(message('constant-target'), /column “r” of the target has the same value/);
  assert.match(
    dataset.warnings.map(({ message: { zh } }) => zh).join(),
    /目标列“q”在训练集中没有数值.*目标列“r”在所有训练行中取值相同/,
  );
});
