/** Data read from disk are the data in memory, bit for bit: any budget, any format, with and without a thread that reads ahead. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { loadDataset, type Dataset } from '../../../../src/samples/dataset.ts';
import { gather, type Batch } from '../../../../src/samples/gather.ts';
import { epochBatches, sourceBatches } from '../../../../src/samples/order.ts';
import type { PreparedSplit } from '../../../../src/samples/contract.ts';
import { generator } from '../../../../src/numbers/random.ts';
import { watchOpenFiles } from '../../open-files.ts';
import { npy, problemOf, specOf, laidOut } from '../helpers.ts';
import { readerBundle } from './support.ts';

type Values = Readonly<Record<string, unknown>>;
type Files = Readonly<Record<string, string | Uint8Array>>;

const folder = mkdtempSync(join(tmpdir(), 'streamed-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let places = 0;

interface Case {
  readonly files: Files;
  readonly data: Values;
  readonly tasks: Values;
}

function placeOf({ files }: Case): { specFile: string; root: string } {
  const place = mkdtempSync(join(folder, `${places++}-`));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content);
  return { specFile: join(place, 'a.mtl.json'), root: place };
}

async function both(
  entry: Case,
  readerProgram?: string,
  memory = 1,
): Promise<{ readonly held: Dataset; readonly disk: Dataset }> {
  const place = placeOf(entry);
  const spec = specOf(entry.data, entry.tasks);
  const held = await loadDataset(spec, place, { memory: 1e9 });
  // On a busy machine the thread may take its time: what is asked here is what it reads, not how soon.
  const disk = await loadDataset(spec, place, { memory, readerProgram, patience: 600_000 });
  assert.deepEqual([held.storage.streamed, disk.storage.streamed], [false, true]);
  // Temporary files have no names.
  assert.deepEqual(readdirSync(join(place.root, '.mtl', 'cache')), []);
  return { held, disk };
}

function assertSame({ held, disk }: { readonly held: Dataset; readonly disk: Dataset }): void {
  assert.equal(JSON.stringify(disk.preparation), JSON.stringify(held.preparation));
  assert.deepEqual(disk.warnings, held.warnings);
  assert.deepEqual(disk.samples, held.samples);
  assert.deepEqual(disk.counts, held.counts);
  assert.deepEqual(disk.facts, held.facts);
  assert.deepEqual(disk.csv, held.csv);
  for (const part of ['train', 'validation', 'test'] as const) {
    const [a, b] = [held.splits[part], disk.splits[part]];
    assert.deepEqual(b.rows, a.rows);
    const targets = [a, b].map((split) => [...split.targets].map(([name, target]) => [name, laidOut(target, split.n)]));
    assert.deepEqual(targets[1], targets[0]);
    const all = Int32Array.from({ length: a.n }, (_, position) => (position * 7 + 3) % Math.max(1, a.n));
    assert.deepEqual(gather(b, all), gather(a, all));
  }
}

/** Batches as the training and the evaluation take them, copied. */
function batchesOf(split: PreparedSplit, seed: number): Batch[] {
  const found: Batch[] = [];
  for (const epoch of [1, 2, 3]) {
    const from = epoch === 1 ? 1 : 0;
    for (const positions of epochBatches(split, { seed, epoch, batchSize: 4, from }))
      found.push(gather(split, positions));
    for (const positions of sourceBatches(split, 8)) found.push(gather(split, positions));
  }
  return found;
}

function table(rows: number, seed: number): { readonly csv: string; readonly jsonl: string } {
  const random = generator(seed, 2, 3, 4);
  const lines = Array.from({ length: rows }, (_, row) => ({
    a: random.uniform() < 0.2 ? null : random.normal() * 10,
    b: row === 3 ? 1e6 : random.integer(1000),
    c: random.uniform() < 0.1 ? null : (['红', 'blue', 'é'][random.integer(3)] ?? ''),
    d: row > rows / 2 ? `late${random.integer(3)}` : 'early',
    kind: random.uniform() < 0.2 ? null : (['x', 'y'][random.integer(2)] ?? ''),
    value: random.uniform() < 0.2 ? null : random.normal(),
    w: random.uniform(),
    part: ['train', 'train', 'val', 'test'][row % 4] ?? '',
  }));
  const names = ['a', 'b', 'c', 'd', 'kind', 'value', 'w', 'part'] as const;
  const cell = (value: string | number | null): string => (value === null ? '' : String(value));
  return {
    csv: [names.join(','), ...lines.map((line) => names.map((name) => cell(line[name])).join(','))].join('\n'),
    jsonl: lines.map((line) => JSON.stringify(line)).join('\n'),
  };
}

const tableTasks = {
  kind: { type: 'classification', target: 'kind', sampleWeight: 'w' },
  value: { type: 'regression', target: ['value', 'a'], when: { column: 'd', in: ['early', 'late1'] } },
};

function tableData(source: unknown, options: Values): Values {
  const inputs = {
    n: { type: 'number', from: ['a', 'b'], ...options },
    c: { type: 'category', from: ['c', 'd'], ...(options['missing'] === 'drop' ? { missing: 'drop' } : {}) },
    i: { type: 'category', from: 'd', encoding: 'index' },
  };
  return { source, inputs, split: { column: 'part' } };
}

const pictures = (rows: number, seed: number): Uint8Array => {
  const random = generator(seed, 5, 6, 7);
  return Uint8Array.from({ length: rows * 12 }, () => random.integer(256));
};

function archive(rows: number, seed: number, level: 0 | 6): Uint8Array {
  const random = generator(seed, 8, 9, 10);
  const x = Float32Array.from({ length: rows * 5 }, () => (random.uniform() < 0.1 ? NaN : random.normal()));
  const boxes = Array.from({ length: rows }, () => [0.1, 0.2, 0.5, random.uniform(0.3, 1)]).flat();
  return zipSync(
    {
      'p.npy': npy([rows, 2, 2, 3], pictures(rows, seed)),
      'f.npy': npy(
        [rows, 4, 4],
        Float32Array.from({ length: rows * 16 }, () => random.uniform(0, 255)),
      ),
      'x.npy': npy([rows, 5], x),
      'k.npy': npy(
        [rows],
        Uint8Array.from({ length: rows }, () => random.integer(3)),
      ),
      'box.npy': npy([rows, 4], Float32Array.from(boxes)),
    },
    { level },
  );
}

const archiveCase = (rows: number, seed: number, level: 0 | 6): Case => ({
  files: { 'a.npz': archive(rows, seed, level) },
  data: {
    source: 'a.npz',
    inputs: {
      same: { type: 'image', from: 'p' },
      gray: { type: 'image', from: 'p', channels: 1, normalize: 'standard' },
      small: { type: 'image', from: 'f', size: [3, 2], resize: 'stretch' },
      floats: { type: 'image', from: 'f', normalize: 'minmax' },
      x: { type: 'number', from: 'x', missing: { fill: 'median', indicator: true }, normalize: 'robust' },
    },
  },
  tasks: {
    k: { type: 'classification', target: 'k' },
    box: { type: 'box', target: 'box', format: 'xywh' },
  },
});

describe('data from disk are the data in memory', () => {
  test('tables, by CSV and JSON Lines, with every way to fill, drop and scale', async () => {
    const missing = fc.constantFrom<unknown>(
      'mean',
      'drop',
      'median',
      'mode',
      { constant: 3 },
      { fill: 'mean', indicator: true },
    );
    const normalize = fc.constantFrom('standard', 'minmax', 'robust', 'none');
    const outliers = fc.constantFrom<unknown>(
      undefined,
      { method: 'iqr', threshold: 1.5, action: 'clip' },
      { method: 'zscore', threshold: 2, action: 'drop' },
      { method: 'iqr', threshold: 1.5, action: 'missing' },
    );
    const options = fc.record({ missing, normalize, outliers });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: 60 }),
        fc.integer({ min: 1, max: 99 }),
        options,
        async (rows, seed, given) => {
          const { csv, jsonl } = table(rows, seed);
          const chosen = JSON.parse(JSON.stringify(given)) as Values;
          for (const [name, content] of [
            ['a.csv', csv],
            ['a.jsonl', jsonl],
          ] as const) {
            const pair = await both({ files: { [name]: content }, data: tableData(name, chosen), tasks: tableTasks });
            assertSame(pair);
            pair.disk.close();
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  test('arrays and pictures, stored and deflated; pictures are read where they lie or made anew', async () => {
    for (const [rows, level] of [
      [40, 0],
      [90, 6],
    ] as const) {
      const pair = await both(archiveCase(rows, rows, level));
      assertSame(pair);
      pair.disk.close();
    }
  });

  test('files one under the other, and one for each split', async () => {
    const [one, two] = [table(30, 1), table(25, 2)];
    const files = { 'a.csv': one.csv, 'b.csv': two.csv, 'a.jsonl': one.jsonl, 'b.jsonl': two.jsonl };
    for (const source of [['a.csv', 'b.csv'], ['a.jsonl', 'b.jsonl'], { train: 'a.csv', test: ['b.csv'] }]) {
      const split = typeof source === 'object' && 'train' in source ? {} : { split: { column: 'part' } };
      const { split: _split, ...data } = tableData(source, {});
      const pair = await both({ files, data: { ...data, ...split }, tasks: tableTasks });
      assertSame(pair);
      pair.disk.close();
    }
    const arrays = { 'a.npz': archive(30, 1, 0), 'b.npz': archive(20, 2, 6) };
    const { data, tasks } = archiveCase(1, 1, 0);
    const pair = await both({ files: arrays, data: { ...data, source: ['a.npz', 'b.npz'] }, tasks });
    assertSame(pair);
    pair.disk.close();
  });

  test('what is wrong is said of the same row', async () => {
    const wrong: readonly (readonly [Values, string])[] = [
      [{ source: 'a.csv', inputs: { n: { type: 'number', from: 'a' } } }, 'a,k\n1,x\n2,y\nred,x\n4,y\n'],
      [
        { source: 'a.csv', inputs: { n: { type: 'number', from: 'a', normalize: 'log' } } },
        'a,k\n1,x\n2,y\n-3,x\n4,y\n',
      ],
      [{ source: 'a.csv', inputs: { n: { type: 'number', from: 'none' } } }, 'a,k\n1,x\n'],
      [{ source: 'a.csv', inputs: { n: { type: 'number', from: 'a' } } }, 'a,k\n1,x\n2\n'],
    ];
    for (const [data, content] of wrong) {
      const entry = { files: { 'a.csv': content }, data, tasks: { k: { type: 'classification', target: 'k' } } };
      const place = placeOf(entry);
      const spec = specOf(entry.data, entry.tasks);
      const [held, disk] = [
        await problemOf(loadDataset(spec, place, { memory: 1e9 })),
        await problemOf(loadDataset(spec, place, { memory: 1 })),
      ];
      assert.deepEqual([disk.code, disk.message, disk.row], [held.code, held.message, held.row]);
    }
  });
});

describe('a thread reads ahead', () => {
  test('the batches are those of memory, in any number of slots', async () => {
    const readerProgram = readerBundle(folder);
    for (const entry of [
      archiveCase(50, 3, 0),
      { files: { 'a.csv': table(60, 4).csv }, data: tableData('a.csv', {}), tasks: tableTasks },
    ]) {
      // Three batches of the largest input take more, a few of the smallest, and many.
      for (const memory of [2000, 8000]) {
        const some = await both(entry, readerProgram, memory);
        assert.deepEqual(batchesOf(some.disk.splits.train, 6), batchesOf(some.held.splits.train, 6));
        some.disk.close();
      }
      const { held, disk } = await both(entry, readerProgram);
      for (const part of ['train', 'validation'] as const) {
        assert.deepEqual(batchesOf(disk.splits[part], 5), batchesOf(held.splits[part], 5));
      }
      const waits = disk.waits();
      assert.ok(waits !== undefined && waits.batches > 20 && waits.direct === 0, JSON.stringify(waits));
      // What nobody announced is read on the spot.
      const some = Int32Array.of(3, 1, 2);
      assert.deepEqual(gather(disk.splits.train, some), gather(held.splits.train, some));
      const onTheSpot = disk.waits()?.direct;
      // A batch in halves, then whole, as methods of two levels take it.
      const place = { seed: 5, epoch: 7, batchSize: 4 };
      for (const positions of epochBatches(disk.splits.train, place)) {
        for (const part of [positions.subarray(0, 2), positions.subarray(2), positions])
          assert.deepEqual(gather(disk.splits.train, part), gather(held.splits.train, part));
      }
      assert.equal(disk.waits()?.direct, onTheSpot);
      // An epoch given up in its middle, and batches left out.
      const [first] = epochBatches(disk.splits.train, { seed: 9, epoch: 1, batchSize: 4 });
      const later = [...epochBatches(disk.splits.train, { seed: 9, epoch: 4, batchSize: 4 })].slice(3);
      const wanted = [...epochBatches(held.splits.train, { seed: 9, epoch: 4, batchSize: 4 })].slice(3);
      assert.ok(first !== undefined);
      assert.deepEqual(
        later.map((positions) => gather(disk.splits.train, positions)),
        wanted.map((positions) => gather(held.splits.train, positions)),
      );
      disk.close();
    }
  });

  test('without its program, or when its files are gone, the numbers are the same', async () => {
    const entry = archiveCase(30, 6, 0);
    const { held, disk } = await both(entry, join(folder, 'none.cjs'));
    assert.deepEqual(batchesOf(disk.splits.train, 1), batchesOf(held.splits.train, 1));
    const waits = disk.waits();
    assert.ok(waits !== undefined && waits.batches === 0 && waits.direct > 0);
    disk.close();
  });
});

test('data that turn out to be none once they lie on disk leave no file open', async () => {
  writeFileSync(join(folder, 'far.csv'), `a,y\n${'1,2\n2,3\n'.repeat(25)}3,1e39\n`);
  const spec = specOf(
    { source: 'far.csv', inputs: { x: { type: 'number', from: 'a' } } },
    { y: { type: 'regression', target: 'y', normalize: 'none' } },
  );
  const files = watchOpenFiles();
  try {
    const place = { specFile: join(folder, 's.mtl.json'), root: folder };
    const { message } = await problemOf(loadDataset(spec, place, { memory: 1, scratchFolder: folder }));
    assert.match(message, /1e\+39 is more than a number of 32 bits holds/);
    assert.deepEqual(files.names(), []);
  } finally {
    files.stop();
  }
});
