import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { RunError } from '../../../src/runs/error.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { glance } from '../../../src/runs/list.ts';
import { longestNote, noNotes, readNotes, writeNotes } from '../../../src/runs/notes.ts';
import { temporaryFolder } from './helpers.ts';

function newRun(folder: string): string {
  const specFile = path.join(folder, 's.mtl.json');
  const resolved = { strategy: { name: 'dwa' }, weights: { a: 1 } };
  return createRun({ text: '{}', resolved, specFile, root: folder, name: 'made', directory: path.join(folder, 'run') });
}

test('name, note and pin: kept, changed one by one, taken away by an empty text; a run is called so', (context) => {
  const directory = newRun(temporaryFolder(context));
  assert.deepEqual(readNotes(directory), noNotes);
  assert.equal(glance(directory).name, 'made');
  writeNotes(directory, { name: ' 大 learning rate ', pinned: true });
  writeNotes(directory, { note: 'too large?\nsecond line' });
  const said = { name: '大 learning rate', note: 'too large?\nsecond line', pinned: true };
  assert.deepEqual(readNotes(directory), said);
  const entry = glance(directory);
  assert.deepEqual([entry.name, entry.notes, entry.strategy], ['大 learning rate', said, 'dwa']);
  writeNotes(directory, { name: '' });
  assert.deepEqual([glance(directory).name, readNotes(directory).note], ['made', 'too large?\nsecond line']);
});

test('a stranger’s notes: what is no note of ours, too long or a link counts as nothing said', (context) => {
  const directory = newRun(temporaryFolder(context));
  const file = path.join(directory, 'notes.json');
  for (const content of [
    '',
    '[]',
    '{"v":2,"name":"x"}',
    '{"v":1,"name":3,"note":["x"],"pinned":"yes"}',
    'x'.repeat(70_000),
  ]) {
    fs.writeFileSync(file, content);
    assert.deepEqual(readNotes(directory), noNotes, content.slice(0, 20));
  }
  fs.writeFileSync(file, JSON.stringify({ v: 1, name: 'x'.repeat(201), note: 'fine' }));
  assert.deepEqual(readNotes(directory), { ...noNotes, note: 'fine' });
  fs.rmSync(file);
  const elsewhere = path.join(directory, '..', 'elsewhere.json');
  fs.writeFileSync(elsewhere, JSON.stringify({ v: 1, name: 'leaked' }));
  fs.symlinkSync(elsewhere, file);
  assert.deepEqual(readNotes(directory), noNotes);
  assert.throws(() => writeNotes(directory, { name: 'x' }), { code: 'link' });
  assert.equal(fs.readFileSync(elsewhere, 'utf8'), JSON.stringify({ v: 1, name: 'leaked' }));
});

test('a text that is too long, and a folder that is no run, are refused', (context) => {
  const folder = temporaryFolder(context);
  const directory = newRun(folder);
  const long = 'x'.repeat(longestNote + 1);
  assert.throws(
    () => writeNotes(directory, { note: long }),
    (error) => error instanceof RunError && error.code === 'name',
  );
  assert.throws(() => writeNotes(folder, { note: 'x' }), { code: 'not-a-run' });
  assert.ok(!fs.existsSync(path.join(folder, 'notes.json')));
});
