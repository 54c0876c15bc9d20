// What every lock does; races of processes are in test/unit/runs/lock.test.ts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemCode } from '../../../src/common/told-error.ts';
import {
  newToken,
  parseHolder,
  readLockFile,
  takeLock,
  type HeldLock,
  type LockHolder,
} from '../../../src/files/lock.ts';
import { thisProcess } from '../../../src/files/process-mark.ts';
import { fillDisk } from '../full-disk.ts';
import { temporaryFolder } from '../runs/helpers.ts';

const holder = (more: Partial<LockHolder> = {}): LockHolder => ({
  ...thisProcess(),
  token: newToken(),
  since: Date.now(),
  ...more,
});
const dead = (): LockHolder => holder({ pid: 2 ** 22 + 5, ticks: 1 });

function take(file: string, own = holder()): Promise<HeldLock> {
  return takeLock(
    file,
    { token: own.token, text: JSON.stringify(own) },
    {
      parse: parseHolder,
      lastBeat: ({ since }) => since,
      busy: ({ token }) => Object.assign(new Error('busy'), { code: 'busy', token }),
      unwritable: (error) => Object.assign(new Error('unwritable'), { code: 'unwritable', reason: systemCode(error) }),
      watch: 1,
    },
  );
}

const write = (file: string, value: unknown): void => fs.writeFileSync(file, JSON.stringify(value));

/** Puts something in the place of one of Node's functions, until `restore`. */
function instead(
  context: TestContext,
  name: 'linkSync' | 'renameSync',
  act: (from: string, to: string, real: (from: string, to: string) => void) => void,
): () => void {
  const real = fs[name].bind(fs) as (from: string, to: string) => void;
  const { mock } = context.mock.method(fs, name, (from: string, to: string) => act(from, to, real));
  syncBuiltinESMExports();
  const restore = (): void => {
    mock.restore();
    syncBuiltinESMExports();
  };
  context.after(restore);
  return restore;
}

test('a file beside the lock that another one has cleaned away is no error: the lock is taken', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  instead(context, 'linkSync', (from, to, real) => {
    real(from, to);
    fs.rmSync(from);
  });
  const lock = await take(file);
  assert.equal(lock.held(), true);
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['lock']);
});

test('a holder has a mark and a token that can be part of a name; without a time it is an old one', () => {
  const one = holder();
  assert.deepEqual(parseHolder({ ...one, more: 1 }), one);
  assert.deepEqual(parseHolder({ ...one, since: 'x' }), { ...one, since: 0 });
  for (const wrong of [{ token: '../../x' }, { token: 5 }, { token: 'short' }, { token: 'x'.repeat(65) }, { pid: 0 }])
    assert.equal(parseHolder({ ...one, ...wrong }), null, JSON.stringify(wrong));
  for (const wrong of [null, 5, []]) assert.equal(parseHolder(wrong), null);
  assert.match(newToken(), /^[0-9a-f]{32}$/);
});

test('taken, it names its holder and keeps others out; released, nothing is left', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  assert.equal(readLockFile(file, parseHolder), null);
  const own = holder();
  const lock = await take(file, own);
  assert.equal(lock.held(), true);
  assert.deepEqual(readLockFile(file, parseHolder), own);
  await assert.rejects(take(file), { code: 'busy', token: own.token });
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['lock']);
  lock.release();
  assert.equal(lock.held(), false);
  assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
  write(file, holder());
  lock.release();
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['lock']);
});

test('of two that find a dead lock, the one that comes second leaves the living one alone', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  const [left, quick] = [dead(), holder()];
  write(file, left);
  // Between the look at the dead lock and the claim another process has claimed, taken and finished the takeover.
  const restore = instead(context, 'linkSync', (from, to, real) => {
    if (to === `${file}.${left.token}`) write(file, quick);
    real(from, to);
  });
  await assert.rejects(take(file), { code: 'busy', token: quick.token });
  restore();
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['lock']);
  assert.deepEqual(readLockFile(file, parseHolder), quick);
});

test('a claim of a living process is waited for, one of a dead process is put away', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  const [left, claimant] = [dead(), holder()];
  const claim = `${file}.${left.token}`;
  write(file, left);
  write(claim, claimant);
  // The claimant finishes its takeover at the third look.
  let looks = 0;
  const restore = instead(context, 'linkSync', (from, to, real) => {
    if (to === claim && ++looks === 3) fs.renameSync(claim, file);
    real(from, to);
  });
  await assert.rejects(take(file), { code: 'busy', token: claimant.token });
  restore();
  assert.equal(looks, 3);
  write(file, left);
  write(claim, dead());
  const lock = await take(file);
  assert.equal(lock.held(), true);
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['lock']);
});

test('who puts away a dead claim and gets a newer one in its place gives that back', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  const [left, newer] = [dead(), holder()];
  const claim = `${file}.${left.token}`;
  write(file, left);
  write(claim, dead());
  const restore = instead(context, 'renameSync', (from, to, real) => {
    if (from === claim && to !== file) {
      write(claim, newer);
      real(from, to);
      // From here on, the newer claimant is waited for; it ends at once.
      restore();
      instead(context, 'linkSync', (linked, name, link) => {
        link(linked, name);
        if (name === claim) fs.renameSync(claim, file);
      });
      return;
    }
    real(from, to);
  });
  await assert.rejects(take(file), { code: 'busy', token: newer.token });
  assert.deepEqual(readLockFile(file, parseHolder), newer);
});

test('without hard links a lock is on the disk before it is held', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  const synced = context.mock.method(fs, 'fsyncSync', fs.fsyncSync);
  syncBuiltinESMExports();
  try {
    (await take(file)).release();
    const linked = synced.mock.callCount();
    const restore = instead(context, 'linkSync', () => {
      throw Object.assign(new Error('no links'), { code: 'ENOTSUP' });
    });
    (await take(file)).release();
    restore();
    assert.equal(synced.mock.callCount(), 2 * linked + 1);
  } finally {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  }
});

test('without hard links the lock is written, and held all the same; a disk that is full says so', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  const restore = instead(context, 'linkSync', () => {
    throw Object.assign(new Error('no links'), { code: 'EPERM' });
  });
  const own = holder();
  const lock = await take(file, own);
  assert.deepEqual(readLockFile(file, parseHolder), own);
  await assert.rejects(take(file), { code: 'busy' });
  lock.release();
  write(file, dead());
  (await take(file)).release();
  assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
  restore();
  const end = fillDisk();
  try {
    await assert.rejects(take(file), { code: 'unwritable', reason: 'ENOSPC' });
  } finally {
    end();
  }
  const refuse = instead(context, 'linkSync', () => {
    throw Object.assign(new Error('not yours'), { code: 'EACCES' });
  });
  await assert.rejects(take(file), { code: 'unwritable', reason: 'EACCES' });
  refuse();
  assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
});

test('a file that is no lock is one that is being written, for a moment, and then nobody’s', async (context) => {
  const file = path.join(temporaryFolder(context), 'lock');
  fs.writeFileSync(file, '{"pid":');
  assert.equal(readLockFile(file, parseHolder), 'damaged');
  const lock = await take(file);
  assert.equal(lock.held(), true);
  lock.release();
  assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
});
