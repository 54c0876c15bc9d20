import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { lockFile, runtimeFolder } from '../../../src/runtime/layout.ts';
import { lock } from '../../../src/runtime/lock.ts';

function folderFor(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-lock-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('one holder at a time; released, it can be taken again; nothing is left', (context) => {
  const folder = path.join(folderFor(context), 'new');
  const release = lock(folder);
  assert.throws(() => lock(folder), /Another window or command.*Try again/);
  release();
  release();
  lock(folder)();
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('the lock of a process that is gone, and one that nobody can read, are taken over', (context) => {
  const folder = folderFor(context);
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  fs.writeFileSync(lockFile(folder), JSON.stringify({ pid: gone, began: '1' }));
  lock(folder)();
  // The same process id, given to another process since.
  fs.writeFileSync(lockFile(folder), JSON.stringify({ pid: process.pid, began: 'another time' }));
  if (fs.existsSync('/proc/self/stat')) lock(folder)();
  else fs.rmSync(lockFile(folder));
  fs.writeFileSync(lockFile(folder), 'rubbish');
  lock(folder)();
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('the runtime folder is the user’s data folder, or what the environment names', () => {
  assert.equal(runtimeFolder({ MTL_RUNTIME_DIR: '/data/r' }), path.resolve('/data/r'));
  assert.equal(runtimeFolder({ XDG_DATA_HOME: '/xdg' }, 'linux'), path.join('/xdg', 'mtl-workbench', 'runtime'));
  const home = path.join(os.homedir(), '.local', 'share', 'mtl-workbench', 'runtime');
  assert.equal(runtimeFolder({ XDG_DATA_HOME: 'relative' }, 'linux'), home);
  assert.match(runtimeFolder({}, 'darwin'), /Application Support/);
});
