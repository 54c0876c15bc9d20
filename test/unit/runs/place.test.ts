import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { createRun } from '../../../src/runs/launch.ts';
import { openForAppending } from '../../../src/files/plain.ts';
import { temporaryFolder } from './helpers.ts';

const runIn = (root: string): string =>
  createRun({ text: '{}', resolved: {}, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' });

test('nothing is written through a link out of the project; links inside it are followed', (context) => {
  const [root, elsewhere] = [temporaryFolder(context), temporaryFolder(context)];
  fs.symlinkSync(elsewhere, path.join(root, '.mtl'));
  assert.throws(() => runIn(root), { code: 'unwritable', message: /"\.mtl".*link.*--run-dir/ });
  fs.rmSync(path.join(root, '.mtl'));
  fs.mkdirSync(path.join(root, '.mtl'));
  fs.symlinkSync(elsewhere, path.join(root, '.mtl', 'runs'));
  assert.throws(() => runIn(root), { code: 'unwritable', message: /"runs".*link/ });
  assert.deepEqual(fs.readdirSync(elsewhere), []);
  fs.rmSync(path.join(root, '.mtl'), { recursive: true });
  fs.mkdirSync(path.join(root, 'big disk'));
  fs.symlinkSync(path.join(root, 'big disk'), path.join(root, '.mtl'));
  assert.ok(fs.existsSync(path.join(runIn(root), 'run.json')));
});

test('a log that is a link or a folder is not written to', (context) => {
  const root = temporaryFolder(context);
  fs.writeFileSync(path.join(root, 'precious'), 'kept');
  fs.symlinkSync(path.join(root, 'precious'), path.join(root, 'log.txt'));
  if (process.platform !== 'win32') assert.throws(() => openForAppending(path.join(root, 'log.txt')));
  assert.throws(() => openForAppending(root));
  const handle = openForAppending(path.join(root, 'new.txt'));
  fs.writeSync(handle, 'a');
  fs.closeSync(handle);
  assert.equal(fs.readFileSync(path.join(root, 'new.txt'), 'utf8'), 'a');
});
