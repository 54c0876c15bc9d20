/** What a run depends on: every file that a spec names, the code with what it imports, and whether they stay while read. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { DataError } from '../../../../src/data/error.ts';
import { sha256 } from '../../../../src/runs/frozen.ts';
import { writeFingerprints } from '../../../../src/runs/fingerprints.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import type { FrozenRun } from '../../../../src/trainer/prepare/frozen-run.ts';
import { dataChanges, lookAround } from '../../../../src/trainer/prepare/surroundings.ts';

const module = `import { half } from './lib/half.mjs';
import './side.mjs?v=2';
export * from "../common.mjs";
const table = new URL('./table.json', import.meta.url);
// Named, and not there: './nowhere.mjs'
const later = () => import(\`./lib/late%20one.mjs\`);
const old = require('./lib/old');
`;

/** A project with its spec in a folder of its own; `data` and `strategy` go into the spec. */
function setUp(context: TestContext, data: object, strategy: unknown = 'static') {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-around-'));
  context.after(() => fs.rmSync(root, { recursive: true, force: true }));
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  };
  const names = [
    'spec/a.csv',
    'spec/b.jsonl',
    'spec/c.npz',
    'split.csv',
    'common.mjs',
    'spec/side.mjs',
    'spec/table.json',
  ];
  for (const name of names) write(name, name);
  write('spec/mine.mjs', module);
  write('spec/lib/half.mjs', "import { deep } from './deep.mjs'; export const half = 0.5;");
  // Modules may import each other.
  write('spec/lib/deep.mjs', "import '../mine.mjs';");
  write('spec/lib/late one.mjs', '');
  write('spec/lib/old.js', '');
  const text = JSON.stringify({
    data: { inputs: { x: { type: 'number', from: 'a' } }, ...data },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: {
      y: { type: 'regression', target: 'y', input: 'trunk' },
      z: { type: 'regression', target: 'z', input: 'trunk' },
    },
    strategy,
  });
  const { spec, problems } = readSpec(text);
  assert.ok(spec, JSON.stringify(problems));
  const place = { specFile: path.join(root, 'spec', 's.mtl.json'), root, allowOutside: false };
  const run: FrozenRun = { spec, hash: '', place, name: 's', specName: 'spec/s.mtl.json' };
  const read = (name: string): Buffer => fs.readFileSync(path.join(root, name));
  return { root, run, write, read };
}

const parts = { train: ['a.csv', 'b.jsonl'], validation: 'c.npz', test: 'a.csv' };

test('each file of the data and the split once, by its place in the project, with size and hash', async (context) => {
  const { run, read } = setUp(context, { source: parts, split: { file: '../split.csv' } });
  const { files, modules } = await lookAround(run, { purpose: 'training' });
  const expected = ['spec/a.csv', 'spec/b.jsonl', 'spec/c.npz', 'split.csv'].map((name) => ({
    path: name,
    bytes: read(name).length,
    sha256: sha256(read(name)),
  }));
  assert.deepEqual(files, expected);
  assert.deepEqual(modules, []);
});

test('a strategy module with all that it names, one after the other; evaluation needs none of it', async (context) => {
  const { run, root } = setUp(context, { source: 'a.csv' }, { module: './mine.mjs' });
  const { files, modules } = await lookAround(run, { purpose: 'training' });
  assert.deepEqual(files.map((file) => file.path).toSorted(), [
    'common.mjs',
    'spec/a.csv',
    'spec/lib/deep.mjs',
    'spec/lib/half.mjs',
    'spec/lib/late one.mjs',
    'spec/lib/old.js',
    'spec/mine.mjs',
    'spec/side.mjs',
    'spec/table.json',
  ]);
  assert.deepEqual(modules, [{ path: './mine.mjs', sha256: sha256(module) }]);
  const evaluation = await lookAround(run, { purpose: 'evaluation' });
  assert.deepEqual(
    evaluation.files.map((file) => file.path),
    ['spec/a.csv'],
  );
  // What lies outside the root is not opened.
  const inner = { ...run, place: { ...run.place, root: path.join(root, 'spec') } };
  const less = await lookAround(inner, { purpose: 'training' });
  assert.ok(!less.files.some((file) => file.path === 'common.mjs'));
  const all = await lookAround({ ...inner, place: { ...inner.place, allowOutside: true } }, { purpose: 'training' });
  assert.ok(all.files.some((file) => file.path === 'common.mjs'));
});

test('a missing file is told as missing; a path that may not be opened is refused', async (context) => {
  const { run, root } = setUp(context, { source: ['a.csv', 'gone.csv'] }, { module: './none.mjs' });
  const { files, modules } = await lookAround(run, { purpose: 'training' });
  assert.deepEqual(
    files.map((file) => [file.path, file.sha256 === null]),
    [
      ['spec/a.csv', false],
      ['spec/gone.csv', true],
      ['spec/none.mjs', true],
    ],
  );
  assert.deepEqual(modules, []);
  const elsewhere = setUp(context, { source: path.join(root, 'spec', 'a.csv') });
  await assert.rejects(lookAround(elsewhere.run, { purpose: 'training' }), { code: 'path-outside' });
});

test('the beginning of a file that had a length is hashed, and the bytes are told', async (context) => {
  const { run, write, read } = setUp(context, { source: ['a.csv', 'b.jsonl'] });
  const before = [
    { path: 'spec/a.csv', bytes: 4, sha256: 'x' },
    { path: 'spec/b.jsonl', sha256: 'y' },
  ];
  const told: (readonly [number, number])[] = [];
  const look = {
    purpose: 'training',
    before,
    onBytes: (done: number, total: number) => told.push([done, total]),
  } as const;
  const { files } = await lookAround(run, look);
  assert.deepEqual(
    files.map((file) => ('beginning' in file ? file.beginning : undefined)),
    [sha256(read('spec/a.csv').subarray(0, 4)), undefined],
  );
  assert.deepEqual(told, [
    [10, 22],
    [22, 22],
  ]);
  write('spec/a.csv', 'spec/a');
});

test('a file that is written between the look and the reading is noticed; touching it is not writing', async (context) => {
  const { run, root, write } = setUp(context, { source: ['a.csv', 'b.jsonl'] });
  const { verify } = await lookAround(run, { purpose: 'training' });
  await verify();
  write('spec/b.jsonl', 'spec/b.jsonl');
  fs.utimesSync(path.join(root, 'spec/a.csv'), 1, 1);
  await verify();
  write('spec/b.jsonl', 'spec/b.jsonm');
  await assert.rejects(verify(), { code: 'changed-meanwhile', message: /spec\/b\.jsonl.*written while it was read/ });
  fs.rmSync(path.join(root, 'spec/b.jsonl'));
  await assert.rejects(verify());
});

test('what has changed of the data alone, for an evaluation; without fingerprints nobody knows', async (context) => {
  const { run, root, write } = setUp(
    context,
    { source: 'a.csv', split: { file: '../split.csv' } },
    { module: './mine.mjs' },
  );
  assert.equal(await dataChanges(root, run), null);
  const engine = { name: 'wasm', device: 'cpu', threads: 1 };
  const { files } = await lookAround(run, { purpose: 'training' });
  const marks = files.flatMap((file) => (file.sha256 === null ? [] : [file]));
  writeFingerprints(root, { v: 1, attempt: 1, files: marks, engine, accepted: [] });
  assert.deepEqual((await dataChanges(root, run))?.changes, []);
  write('spec/mine.mjs', 'export const weigh = 1;');
  assert.deepEqual((await dataChanges(root, run))?.changes, []);
  write('split.csv', 'split.csv, and more');
  fs.rmSync(path.join(root, 'spec/a.csv'));
  assert.deepEqual(
    (await dataChanges(root, run))?.changes.map((change) => [change.path, change.change]),
    [
      ['spec/a.csv', 'missing'],
      ['split.csv', 'grew'],
    ],
  );
});

// A file of the system that opens and cannot be read.
const unreadable = process.platform === 'linux' ? false : 'needs /proc';
test('a source that cannot be read is told by its name', { skip: unreadable }, async (context) => {
  const { root, run } = setUp(context, { source: 'a.csv' });
  const file = path.join(root, 'spec/a.csv');
  fs.rmSync(file);
  fs.symlinkSync('/proc/self/mem', file);
  const outside = { ...run, place: { ...run.place, allowOutside: true } };
  await assert.rejects(lookAround(outside, { purpose: 'training' }), (error) => {
    assert.ok(error instanceof DataError);
    assert.equal(error.code, 'unreadable');
    assert.match(error.message, /a\.csv/);
    return true;
  });
});
