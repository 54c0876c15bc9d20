import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
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

/** What a lock file must say to count: the process that is alive, and since when. */
const self = (): { pid: number; began: string } => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-lock-'));
  try {
    const release = lock(folder);
    const held = JSON.parse(fs.readFileSync(lockFile(folder), 'utf8')) as { pid: number; began: string };
    release();
    return held;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

test('a lock names its process and when that began; the message names it, in both languages', (context) => {
  const folder = folderFor(context);
  const { pid, began } = self();
  assert.equal(pid, process.pid);
  if (fs.existsSync('/proc/self/stat')) {
    // Field 22 of the line, counted after the name in parentheses.
    const fields = fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    assert.equal(began, fields[19]);
  }
  const release = lock(folder);
  assert.throws(() => lock(folder), {
    code: 'busy',
    message: `Another window or command (process ${String(pid)}) is installing or removing the native engine. Try again when it has finished.`,
    text: {
      en: `Another window or command (process ${String(pid)}) is installing or removing the native engine. Try again when it has finished.`,
      zh: `另一窗口或命令（进程 ${String(pid)}）正在安装或移除原生引擎，请待其结束后重试。`,
    },
  });
  assert.deepEqual(fs.readdirSync(folder), ['lock']);
  release();
});

test('a lock that says of a living process what cannot be checked counts; one that lacks something does not', (context) => {
  const folder = folderFor(context);
  const { pid, began } = self();
  const held = (value: unknown): boolean => {
    fs.writeFileSync(lockFile(folder), JSON.stringify(value));
    try {
      lock(folder)();
      return false;
    } catch (error) {
      assert.equal((error as { code?: unknown }).code, 'busy');
      return true;
    }
  };
  assert.equal(held({ pid, began }), true);
  // Where the system does not tell when a process began, its being alive decides.
  assert.equal(held({ pid, began: '' }), true);
  for (const value of [null, 5, 'x', {}, { pid }, { began }, { pid: String(pid), began }, { pid, began: 5 }])
    assert.equal(held(value), false, JSON.stringify(value));
  // A process of somebody else may not be sent anything, and is alive.
  if (process.getuid?.() !== 0) assert.equal(held({ pid: 1, began: '' }), true);
});

test('what is released is one’s own lock only', (context) => {
  const folder = folderFor(context);
  const release = lock(folder);
  fs.writeFileSync(lockFile(folder), 'of another');
  release();
  assert.equal(fs.readFileSync(lockFile(folder), 'utf8'), 'of another');
});

test('without hard links the lock is copied, and held all the same', (context) => {
  const folder = folderFor(context);
  const refuse = (): never => {
    throw Object.assign(new Error('no links'), { code: 'EPERM' });
  };
  const { mock } = context.mock.method(fs, 'linkSync', refuse);
  syncBuiltinESMExports();
  try {
    const release = lock(folder);
    assert.ok(mock.callCount() > 0);
    assert.throws(() => lock(folder), { code: 'busy' });
    release();
    assert.deepEqual(fs.readdirSync(folder), []);
    // A disk that cannot be written says so itself.
    fs.rmSync(folder, { recursive: true });
    fs.mkdirSync(folder);
    const copy = context.mock.method(fs, 'copyFileSync', () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });
    syncBuiltinESMExports();
    assert.throws(() => lock(folder), { code: 'ENOSPC' });
    assert.deepEqual(fs.readdirSync(folder), []);
    copy.mock.restore();
  } finally {
    mock.restore();
    syncBuiltinESMExports();
  }
});

test('of two that find a dead lock, the one that comes second gives the living lock back', (context) => {
  const folder = folderFor(context);
  const { pid, began } = self();
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  fs.writeFileSync(lockFile(folder), JSON.stringify({ pid: gone, began: '1' }));
  // Between the look at the dead lock and its removal another process takes it.
  const rename = fs.renameSync.bind(fs);
  const { mock } = context.mock.method(fs, 'renameSync', (from: string, to: string) => {
    fs.writeFileSync(lockFile(folder), JSON.stringify({ pid, began }));
    rename(from, to);
  });
  syncBuiltinESMExports();
  try {
    assert.throws(() => lock(folder), { code: 'busy' });
  } finally {
    mock.restore();
    syncBuiltinESMExports();
  }
  assert.deepEqual(fs.readdirSync(folder), ['lock']);
  assert.deepEqual(JSON.parse(fs.readFileSync(lockFile(folder), 'utf8')), { pid, began });
});
