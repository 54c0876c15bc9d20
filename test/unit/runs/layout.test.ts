import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { isRun, isRunId, makeRunsFolder, newRunId, runPaths, runsFolder, slug, unwritable } from '../../../src/runs/layout.ts'; // prettier-ignore
import { temporaryFolder } from './helpers.ts';

test('the places of a run are those that are promised', () => {
  const { directory, ...places } = runPaths(path.join('/r', 'x'));
  assert.equal(directory, path.join('/r', 'x'));
  const relative = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, path.relative(directory, place).split(path.sep).join('/')])); // prettier-ignore
  assert.deepEqual(relative, {
    spec: 'spec.json',
    run: 'run.json',
    fingerprints: 'fingerprints.json',
    attempts: 'attempts',
    lock: 'lock',
    alive: 'alive.json',
    cache: 'events.cache',
    events: 'events.ndjson',
    control: 'control.json',
    leases: 'leases',
    log: 'log.txt',
    checkpoints: 'checkpoints',
    latest: 'checkpoints/latest.json',
    fork: 'fork',
    model: 'model',
    result: 'result.json',
    notes: 'notes.json',
  });
});

test('an id is the local time, the name in plain letters and four digits', () => {
  assert.match(newRunId('Größe 3', new Date(2024, 0, 2, 3, 4, 5)), /^20240102-030405-gro-e-3-[0-9a-f]{4}$/);
  assert.match(newRunId('x', new Date(2024, 10, 12, 13, 14, 15)), /^20241112-131415-x-[0-9a-f]{4}$/);
  assert.match(newRunId('分类'), /^\d{8}-\d{6}-run-[0-9a-f]{4}$/);
  assert.equal(newRunId('a'.repeat(99)).length, 59);
  assert.notEqual(newRunId('x'), newRunId('x'));
});

test('a name becomes letters and digits with single hyphens between', () => {
  const cases = { '--a--b--': 'a-b', 'Été 2': 'ete-2', '': 'run', ABC: 'abc', '...': 'run', 'a/b\\c': 'a-b-c' };
  for (const [name, wanted] of Object.entries(cases)) assert.equal(slug(name), wanted, name);
  assert.equal(slug('a'.repeat(39)), 'a'.repeat(38));
  // A hyphen at the cut goes, too.
  assert.equal(slug(`${'a'.repeat(37)} b`), 'a'.repeat(37));
});

test('ids are short and plain', () => {
  for (const id of ['a', 'a-1', 'a'.repeat(60)]) assert.ok(isRunId(id), id);
  for (const id of ['', 'A', 'a'.repeat(61), 'a_b', 'a.b', 'a\n', '../a']) assert.ok(!isRunId(id), JSON.stringify(id));
});

test('a run is what has a run.json of its own', (context) => {
  const folder = temporaryFolder(context);
  const run = path.join(folder, 'run.json');
  assert.ok(!isRun(folder));
  fs.mkdirSync(run);
  assert.ok(!isRun(folder));
  fs.rmdirSync(run);
  fs.writeFileSync(path.join(folder, 'other'), '{}');
  fs.symlinkSync('other', run);
  assert.ok(!isRun(folder));
  fs.rmSync(run);
  fs.writeFileSync(run, '');
  assert.ok(isRun(folder));
});

test('.mtl/runs beside the spec keeps itself out of version control; another folder is left as it is', (context) => {
  const root = temporaryFolder(context);
  assert.equal(runsFolder('a/x.mtl.json'), path.resolve('a', '.mtl', 'runs'));
  const folder = path.join(root, '.mtl', 'runs');
  makeRunsFolder(folder);
  assert.equal(fs.readFileSync(path.join(root, '.mtl', '.gitignore'), 'utf8'), '*\n');
  fs.writeFileSync(path.join(root, '.mtl', '.gitignore'), 'mine');
  makeRunsFolder(folder);
  assert.equal(fs.readFileSync(path.join(root, '.mtl', '.gitignore'), 'utf8'), 'mine');
  makeRunsFolder(path.join(root, 'my', 'runs'));
  assert.deepEqual(fs.readdirSync(path.join(root, 'my')), ['runs']);
  // A `.gitignore` that cannot be written is said.
  fs.mkdirSync(path.join(root, 'b', '.mtl'), { recursive: true });
  fs.writeFileSync(path.join(root, 'b', '.mtl', 'runs'), '');
  assert.throws(() => makeRunsFolder(path.join(root, 'b', '.mtl', 'runs')), { code: 'unwritable' });
});

test('a full disk and a folder that may not be written have their own words', () => {
  const because = (code?: string): { en: string; zh: string } =>
    unwritable('/a/runs', Object.assign(new Error('x'), code === undefined ? {} : { code })).text;
  for (const code of ['ENOSPC', 'EDQUOT']) {
    assert.match(because(code).en, new RegExp(`^There is no space left for the run in "runs" \\(${code}\\)\\. .*--run-dir \\(an experiment with --dir\\)\\.$`)); // prettier-ignore
    assert.match(because(code).zh, new RegExp(`“runs”所在磁盘空间不足（${code}）。`));
  }
  assert.match(because('EACCES').en, /^The folder "runs" for the run cannot be written \(EACCES\)\. .*--run-dir/);
  assert.match(because('EACCES').zh, /无法写入运行目录“runs”（EACCES）。/);
  assert.match(because().en, /cannot be written\. /);
  assert.match(because().zh, /“runs”。/);
});
