/** What a build does to files that others read meanwhile. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Output } from '../../../scripts/lib/output.mjs';

function folder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-output-'));
}

test('a reader that has a file open goes on with the old bytes, and the new ones appear whole', () => {
  const place = folder();
  fs.writeFileSync(path.join(place, 'worker.cjs'), 'the old one, which is longer');
  const reader = fs.openSync(path.join(place, 'worker.cjs'), 'r');
  new Output(place).put('worker.cjs', 'the new one');
  assert.equal(fs.readFileSync(reader, 'utf8'), 'the old one, which is longer');
  fs.closeSync(reader);
  assert.equal(fs.readFileSync(path.join(place, 'worker.cjs'), 'utf8'), 'the new one');
  assert.deepEqual(fs.readdirSync(place), ['worker.cjs']);
});

test('a file that would not change is not touched', () => {
  const place = folder();
  new Output(place).put('cli.cjs', 'same', 0o777);
  const before = fs.statSync(path.join(place, 'cli.cjs'));
  const again = new Output(place);
  again.put('cli.cjs', Buffer.from('same'), 0o777);
  again.removeOthers();
  const after = fs.statSync(path.join(place, 'cli.cjs'));
  assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
  if (process.platform !== 'win32') assert.equal(after.mode & 0o100, 0o100);
});

test('what an earlier build left goes when its successors are there, and nothing else', () => {
  const [place, source] = [folder(), folder()];
  fs.mkdirSync(path.join(source, 'inner'));
  fs.writeFileSync(path.join(source, 'inner/a.h'), 'a');
  const early = new Output(place);
  for (const name of ['old.cjs', 'native/old.node', 'meta/cli.json']) early.put(name, name);
  const own = `half.cjs.${String(process.pid)}.partial`;
  // No process has this number.
  for (const name of [own, 'half.cjs.4194999.partial']) fs.writeFileSync(path.join(place, name), '');
  const late = new Output(place);
  late.copy('native/source', source);
  late.removeOthers('native');
  const files = () => fs.readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
  assert.ok(!files().includes(path.join('native', 'old.node')));
  assert.ok(files().includes('old.cjs'), 'of another part');
  late.put('meta/cli.json', 'newer');
  late.removeOthers();
  assert.deepEqual(
    new Set(files()),
    new Set([own, path.join('meta', 'cli.json'), path.join('native', 'source', 'inner', 'a.h')]),
  );
});
