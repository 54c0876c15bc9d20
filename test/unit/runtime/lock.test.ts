import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { thisBoot } from '../../../src/files/process-mark.ts';
import { lockFile, runtimeFolder } from '../../../src/runtime/layout.ts';
import { lock } from '../../../src/runtime/lock.ts';

function folderFor(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-lock-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Takes a lock that nobody is to be waited for, and gives it back. */
async function takeAndRelease(folder: string): Promise<void> {
  const release = await lock(folder, 1);
  release();
}

function write(folder: string, value: unknown): void {
  fs.writeFileSync(lockFile(folder), JSON.stringify(value));
}

/** Whether a lock that says this keeps others out. */
async function keepsOut(folder: string, value: unknown): Promise<boolean> {
  write(folder, value);
  try {
    await takeAndRelease(folder);
    return false;
  } catch (error) {
    assert.equal((error as { code?: unknown }).code, 'busy');
    return true;
  } finally {
    fs.rmSync(lockFile(folder), { force: true });
  }
}

interface Written {
  readonly pid: number;
  readonly began: string;
  readonly boot: string;
  readonly token: string;
  readonly since: number;
}

/** What a lock of this process says. */
async function written(folder: string): Promise<Written> {
  const release = await lock(folder);
  const held = JSON.parse(fs.readFileSync(lockFile(folder), 'utf8')) as Written;
  release();
  return held;
}

const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid;

test('one holder at a time; released, it can be taken again; nothing is left', async (context) => {
  const folder = path.join(folderFor(context), 'new');
  const release = await lock(folder);
  await assert.rejects(lock(folder), /Another window or command.*Try again/);
  release();
  release();
  await takeAndRelease(folder);
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('of many that want it at once exactly one gets it, also one that a dead process left', async (context) => {
  const folder = folderFor(context);
  for (const left of [undefined, { ...(await written(folder)), pid: gone() }, { pid: gone(), began: '1' }]) {
    if (left !== undefined) write(folder, left);
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => lock(folder, 1)));
    const releases = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    assert.equal(releases.length, 1);
    releases[0]?.();
    assert.deepEqual(fs.readdirSync(folder), []);
  }
});

test('the lock of a process that is gone, and one that nobody can read, are taken over', async (context) => {
  const folder = folderFor(context);
  const own = await written(folder);
  assert.equal(await keepsOut(folder, { ...own, pid: gone() }), false);
  assert.equal(await keepsOut(folder, own), true);
  // The same process id, given to another process since.
  if (process.platform === 'linux') assert.equal(await keepsOut(folder, { ...own, began: '1' }), false);
  fs.writeFileSync(lockFile(folder), 'rubbish');
  await takeAndRelease(folder);
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('the runtime folder is the user’s data folder, or what the environment names', () => {
  assert.equal(runtimeFolder({ MTL_RUNTIME_DIR: '/data/r' }), path.resolve('/data/r'));
  assert.equal(runtimeFolder({ XDG_DATA_HOME: '/xdg' }, 'linux'), path.join('/xdg', 'mtl-workbench', 'runtime'));
  const home = path.join(os.homedir(), '.local', 'share', 'mtl-workbench', 'runtime');
  assert.equal(runtimeFolder({ XDG_DATA_HOME: 'relative' }, 'linux'), home);
  assert.match(runtimeFolder({}, 'darwin'), /Application Support/);
});

test('a lock names its process and when that began; the message names it, in both languages', async (context) => {
  const folder = folderFor(context);
  const { pid, began, boot, since } = await written(folder);
  assert.deepEqual([pid, boot], [process.pid, thisBoot()]);
  assert.ok(Math.abs(Date.now() - since) < 60_000);
  if (fs.existsSync('/proc/self/stat')) {
    // Field 22 of the line, counted after the name in parentheses.
    const fields = fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    assert.equal(began, fields[19]);
  }
  const release = await lock(folder);
  await assert.rejects(lock(folder), {
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

test('a lock of an earlier version counts while its process lives, and no longer', async (context) => {
  const folder = folderFor(context);
  const { pid, began } = await written(folder);
  assert.equal(await keepsOut(folder, { pid, began }), true);
  // Where that version could not tell when a process began, its being alive decides.
  assert.equal(await keepsOut(folder, { pid, began: '' }), true);
  assert.equal(await keepsOut(folder, { pid: gone(), began: '' }), false);
  assert.equal(await keepsOut(folder, { pid: gone(), began }), false);
  if (process.platform === 'linux') assert.equal(await keepsOut(folder, { pid, began: 'another time' }), false);
  for (const value of [
    null,
    5,
    'x',
    {},
    { pid },
    { began },
    { pid: String(pid), began },
    { pid, began: 5 },
    { pid, began, boot: 5 },
  ])
    // prettier-ignore
    assert.equal(await keepsOut(folder, value), false, JSON.stringify(value));
  // A process of somebody else may not be sent anything, and is alive.
  if (process.getuid?.() !== 0) assert.equal(await keepsOut(folder, { pid: 1, began: '' }), true);
});

test('where a system does not tell when a process began, a lock of an earlier version counts since the last boot', async (context) => {
  const folder = folderFor(context);
  const own = Object.getOwnPropertyDescriptor(process, 'platform') ?? assert.fail();
  Object.defineProperty(process, 'platform', { ...own, value: 'darwin' });
  context.after(() => Object.defineProperty(process, 'platform', own));
  assert.equal(await keepsOut(folder, { pid: process.pid, began: '' }), true);
  write(folder, { pid: process.pid, began: '' });
  const earlier = new Date(Date.now() - os.uptime() * 1000 - 10_000);
  fs.utimesSync(lockFile(folder), earlier, earlier);
  // Its process id was given to this one.
  await takeAndRelease(folder);
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('a holder that cannot be asked is told by the time of its lock, fresh or moving', async (context) => {
  const folder = folderFor(context);
  const elsewhere = { ...(await written(folder)), boot: 'elsewhere', since: 1000 };
  const touch = (ago: number): void => {
    const then = new Date(Date.now() - ago);
    fs.utimesSync(lockFile(folder), then, then);
  };
  write(folder, elsewhere);
  touch(10_000);
  await assert.rejects(lock(folder, 1), { code: 'busy' });
  touch(40_000);
  const waiting = lock(folder, 300);
  // Its clock is behind, but it beats.
  setTimeout(() => touch(39_000), 50);
  await assert.rejects(waiting, { code: 'busy' });
  touch(40_000);
  await takeAndRelease(folder);
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('a held lock is renewed every two seconds, until it is released or another’s', async (context) => {
  const folder = folderFor(context);
  context.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 });
  const release = await lock(folder);
  const file = lockFile(folder);
  const renewed = (): number => Math.round(fs.statSync(file).mtimeMs);
  context.mock.timers.tick(2000);
  assert.equal(renewed(), 1_002_000);
  context.mock.timers.tick(2000);
  assert.equal(renewed(), 1_004_000);
  const own = fs.readFileSync(file);
  fs.writeFileSync(file, 'of another');
  fs.utimesSync(file, 5, 5);
  context.mock.timers.tick(2000);
  assert.equal(renewed(), 5000);
  fs.writeFileSync(file, own);
  fs.utimesSync(file, 5, 5);
  release();
  context.mock.timers.tick(2000);
  assert.deepEqual(fs.readdirSync(folder), []);
});

test('what is released is one’s own lock only', async (context) => {
  const folder = folderFor(context);
  const release = await lock(folder);
  fs.writeFileSync(lockFile(folder), 'of another');
  release();
  assert.equal(fs.readFileSync(lockFile(folder), 'utf8'), 'of another');
});
