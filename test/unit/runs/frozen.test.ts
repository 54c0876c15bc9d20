/** What a run was asked to do: every part of it is read back, and what is none of ours is refused or left out. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { RunError } from '../../../src/runs/error.ts';
import {
  frozenWeights,
  modulesOf,
  moduleLimit,
  readFrozen,
  readRunRecord,
  sha256,
  specFileOf,
  writeFrozen,
  writeRunRecord,
  type RunRecord,
} from '../../../src/runs/frozen.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { temporaryFolder } from './helpers.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const record: RunRecord = {
  v: 1,
  id: 'the-folder',
  name: '数字',
  created: 1_700_000_000_123,
  format: 1,
  root: '../../..',
  spec: 'a/digits.mtl.json',
  parent: { experiment: 'grid', arm: 'b', trial: '3' },
  modules: [
    { path: 'mine.mjs', sha256: 'aa' },
    { path: '../library/theirs.mjs', sha256: 'bb' },
  ],
};

function folder(context: Parameters<typeof temporaryFolder>[0]): string {
  const directory = path.join(temporaryFolder(context), 'the-folder');
  fs.mkdirSync(directory);
  return directory;
}

/** `run.json` as `record` with other members. */
function readWith(directory: string, other: object): RunRecord {
  fs.writeFileSync(path.join(directory, 'run.json'), JSON.stringify({ ...record, ...other }));
  return readRunRecord(directory);
}

function refused(action: () => unknown, code: string, words: RegExp, zh: RegExp): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof RunError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, words);
    assert.match(error.text.zh, zh);
    return true;
  });
}

test('a run record is read back as it was written', (context) => {
  const directory = folder(context);
  writeRunRecord(directory, record);
  assert.deepEqual(readRunRecord(directory), record);
});

test('modules of a run record: whole entries alone, in their order, and none is no list', (context) => {
  const directory = folder(context);
  const [mine] = record.modules ?? [];
  const broken = [{ path: 'x' }, { sha256: 'x' }, { path: 1, sha256: 'x' }, { path: 'x', sha256: 1 }, null, 'x'];
  assert.deepEqual(readWith(directory, { modules: [...broken, mine] }).modules, [mine]);
  for (const modules of [broken, [], undefined, 'mine.mjs', mine]) {
    assert.ok(!('modules' in readWith(directory, { modules })), JSON.stringify(modules));
  }
});

test('a parent is an experiment, an arm and a trial, or nobody', (context) => {
  const directory = folder(context);
  assert.deepEqual(readWith(directory, {}).parent, record.parent);
  for (const name of ['experiment', 'arm', 'trial']) {
    assert.equal(readWith(directory, { parent: { ...record.parent, [name]: 3 } }).parent, null, name);
  }
  assert.equal(readWith(directory, { parent: undefined }).parent, null);
});

test('a run record without one of its parts is damaged; one of a newer format says so', (context) => {
  const directory = folder(context);
  for (const part of ['name', 'created', 'format', 'root', 'spec']) {
    refused(() => readWith(directory, { [part]: null }), 'damaged', /run\.json is damaged/, /run\.json 已损坏/);
  }
  refused(() => readWith(directory, { format: 2 }), 'version', /format 2.*knows 1/, /格式 2.*支持 1/);
  assert.equal(readWith(directory, { format: 0 }).format, 0);
  fs.writeFileSync(path.join(directory, 'run.json'), '{');
  refused(() => readRunRecord(directory), 'damaged', /run\.json/, /run\.json/);
  fs.rmSync(path.join(directory, 'run.json'));
  refused(() => readRunRecord(directory), 'not-a-run', /"the-folder".*run\.json/, /“the-folder”.*run\.json/);
});

test('a frozen spec keeps text, arguments and resolved form, with the weights that are numbers', (context) => {
  const directory = folder(context);
  const weights = new Map<string, unknown>([['10', 0.5], ['2', 'auto'], ['1', 0]]); // prettier-ignore
  writeFrozen(directory, { text: '{ /* 我 */ }', set: ['seed=3', 'epochs=2'], resolved: { weights, seed: 3 } });
  const frozen = readFrozen(directory);
  assert.equal(frozen.text, '{ /* 我 */ }');
  assert.equal(frozen.sha256, hash('{ /* 我 */ }'));
  assert.deepEqual(frozen.set, ['seed=3', 'epochs=2']);
  assert.deepEqual([...frozen.resolved.keys()], ['weights', 'seed']);
  assert.deepEqual(frozenWeights(frozen), [['10', 0.5], ['1', 0]]); // prettier-ignore
  assert.deepEqual(frozenWeights({ ...frozen, resolved: new Map([['weights', 'equal']]) }), []);
});

test('a frozen spec may be nested 128 levels deep', (context) => {
  const directory = folder(context);
  const write = (lists: number): void => {
    let nested: unknown = [];
    for (let level = 1; level < lists; level++) nested = [nested];
    writeFrozen(directory, { text: '{}', set: [], resolved: { nested } });
  };
  // The file's object, the spec's, and 127 lists: what lies below the outermost has 128 levels.
  write(127);
  assert.deepEqual([...readFrozen(directory).resolved.keys()], ['nested']);
  write(128);
  refused(() => readFrozen(directory), 'damaged', /spec\.json/, /spec\.json/);
});

test('what is not what was frozen is damaged', (context) => {
  const directory = folder(context);
  const file = path.join(directory, 'spec.json');
  refused(() => readFrozen(directory), 'not-a-run', /spec\.json/, /spec\.json/);
  const sound = { v: 1, sha256: hash('{}'), set: ['a=1', 2], text: '{}', resolved: {} };
  const write = (value: unknown): void => fs.writeFileSync(file, JSON.stringify(value));
  const lies = { v: 2, sha256: hash('[]'), text: 1, resolved: [] };
  for (const [part, lie] of Object.entries(lies)) {
    write({ ...sound, [part]: lie });
    refused(() => readFrozen(directory), 'damaged', /spec\.json/, /spec\.json/);
  }
  for (const text of ['{', '[]', '']) {
    fs.writeFileSync(file, text);
    refused(() => readFrozen(directory), 'damaged', /spec\.json/, /spec\.json/);
  }
  write(sound);
  assert.deepEqual(readFrozen(directory).set, ['a=1'], 'texts alone');
  write({ ...sound, set: 'a=1' });
  assert.deepEqual(readFrozen(directory).set, []);
});

test('code of one’s own is hashed beside the spec: from Maps and objects, and only what can be read', (context) => {
  const root = temporaryFolder(context);
  const specFile = path.join(root, 'a', 'x.mtl.json');
  fs.mkdirSync(path.join(root, 'a'));
  fs.writeFileSync(path.join(root, 'a', 'mine.mjs'), 'export default 1;');
  const expected = [{ path: './mine.mjs', sha256: hash('export default 1;') }];
  assert.deepEqual(modulesOf({ strategy: { module: './mine.mjs' } }, specFile), expected);
  assert.deepEqual(modulesOf(new Map([['strategy', new Map([['module', './mine.mjs']])]]), specFile), expected);
  for (const resolved of [
    {},
    null,
    { strategy: 'equal' },
    { strategy: { module: 3 } },
    { strategy: { module: './not.mjs' } },
  ]) {
    assert.deepEqual(modulesOf(resolved, specFile), []);
  }
  fs.writeFileSync(path.join(root, 'a', 'mine.mjs'), Buffer.alloc(moduleLimit, 32));
  assert.equal(modulesOf({ strategy: { module: './mine.mjs' } }, specFile).length, 1);
  fs.appendFileSync(path.join(root, 'a', 'mine.mjs'), ' ');
  assert.deepEqual(modulesOf({ strategy: { module: './mine.mjs' } }, specFile), [], 'longer than any strategy');
  assert.equal(moduleLimit, 4 * 1024 * 1024);
  assert.equal(sha256(Buffer.from('abc')), hash('abc'));
});

test('a new run notes what was set, who asked for it and its code, and nothing where there is nothing', (context) => {
  const root = temporaryFolder(context);
  const specFile = path.join(root, 'a', 'x.mtl.json');
  fs.mkdirSync(path.join(root, 'a'));
  fs.writeFileSync(path.join(root, 'a', 'mine.mjs'), 'code');
  const directory = path.join(root, 'deep', 'down', 'run');
  const base = { text: '{}', specFile, root, name: 'n' };
  const before = Date.now();
  const made = createRun({
    ...base,
    directory,
    resolved: { strategy: { module: 'mine.mjs' } },
    set: ['seed=1'],
    parent: record.parent,
  });
  assert.equal(made, directory);
  assert.deepEqual(readFrozen(made).set, ['seed=1']);
  const { created, ...rest } = readRunRecord(made);
  assert.ok(created >= before && created <= Date.now());
  assert.deepEqual(rest, {
    v: 1,
    id: 'run',
    name: 'n',
    format: 1,
    root: '../../..',
    spec: 'a/x.mtl.json',
    parent: record.parent,
    modules: [{ path: 'mine.mjs', sha256: hash('code') }],
  });
  // In a folder of one's own, which is made with all above it.
  const plain = createRun({ ...base, resolved: {}, folder: path.join(root, 'my', 'runs') });
  assert.equal(path.dirname(plain), path.join(root, 'my', 'runs'));
  const spec = JSON.parse(fs.readFileSync(path.join(plain, 'spec.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(spec['set'], [], 'nothing was set, and that is said');
  const text = JSON.parse(fs.readFileSync(path.join(plain, 'run.json'), 'utf8')) as Record<string, unknown>;
  assert.equal(text['parent'], null);
  assert.ok(!('modules' in text));
});

test('the spec is where it was; a run that was moved finds it below the root that it is given, if it is there', (context) => {
  const root = temporaryFolder(context);
  const [home, moved] = [path.join(root, 'home'), path.join(root, 'moved', 'run')];
  const at = (...names: string[]): string => path.join(root, ...names);
  fs.mkdirSync(at('home', 'a'), { recursive: true });
  const place = { root: '../elsewhere', spec: 'a/x.mtl.json' };
  const expected = at('moved', 'elsewhere', 'a', 'x.mtl.json');
  assert.equal(specFileOf(moved, place), expected);
  assert.equal(specFileOf(moved, place, home), expected, 'in neither place');
  fs.writeFileSync(at('home', 'a', 'x.mtl.json'), '{}');
  assert.equal(specFileOf(moved, place), expected, 'no root is given');
  assert.equal(specFileOf(moved, place, home), at('home', 'a', 'x.mtl.json'));
  fs.mkdirSync(path.dirname(expected), { recursive: true });
  fs.writeFileSync(expected, '{}');
  assert.equal(specFileOf(moved, place, home), expected, 'where it was comes first');
});
