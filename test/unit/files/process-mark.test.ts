// Which process it was and whether it lives, on this system and as others have them: what the system answers is put in its
// mouth where it must be.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { test, type TestContext } from 'node:test';
import { tsImport } from 'tsx/esm/api';
import {
  beatEvery,
  beatLimit,
  isHere,
  lifeOf,
  parseMark,
  startTicks,
  thisBoot,
  thisProcess,
} from '../../../src/files/process-mark.ts';
import type * as processMark from '../../../src/files/process-mark.ts';

/** What `readFileSync` gives for these files, or throws for those without an answer. */
function answering(context: TestContext, answers: Readonly<Record<string, string | undefined>>): void {
  const real = fs.readFileSync;
  const mocked = context.mock.method(fs, 'readFileSync', ((file: string, ...rest: never[]) => {
    if (!(file in answers)) return real(file, ...rest);
    const answer = answers[file];
    if (answer === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
    return answer;
  }) as typeof fs.readFileSync);
  syncBuiltinESMExports();
  context.after(() => {
    mocked.mock.restore();
    syncBuiltinESMExports();
  });
}

function onPlatform(context: TestContext, platform: string): void {
  const own = Object.getOwnPropertyDescriptor(process, 'platform') ?? assert.fail();
  Object.defineProperty(process, 'platform', { ...own, value: platform });
  context.after(() => Object.defineProperty(process, 'platform', own));
}

/** What `startTicks(77)` says when a signal to that process ends with this code. */
function answered(context: TestContext, code: string | undefined): number | null {
  const { mock } = context.mock.method(process, 'kill', (pid: number, signal: number) => {
    assert.deepEqual([pid, signal], [77, 0]);
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    return true;
  });
  const ticks = startTicks(77);
  mock.restore();
  return ticks;
}

const bootFile = '/proc/sys/kernel/random/boot_id';

test('a boot is the kernel’s id and the pid namespace, the same all the time', () => {
  if (process.platform !== 'linux') return;
  const namespace = /^pid:\[(\d+)\]$/.exec(fs.readlinkSync('/proc/self/ns/pid'))?.[1];
  assert.equal(thisBoot(), `${fs.readFileSync(bootFile, 'utf8').trim()}-${namespace ?? '?'}`);
  assert.equal(thisBoot(), thisBoot());
  assert.deepEqual(thisProcess(), { pid: process.pid, boot: thisBoot(), ticks: startTicks(process.pid) });
});

test('elsewhere it is a hash of the host, which names nobody', async (context) => {
  answering(context, { [bootFile]: undefined });
  // A module of its own, which has not looked yet.
  const other = (await tsImport('../../../src/files/process-mark.ts', import.meta.url)) as typeof processMark;
  const hash = createHash('sha256').update(`${os.hostname()}\n${os.platform()}\n${os.arch()}`).digest('hex');
  assert.equal(other.thisBoot(), hash.slice(0, 32));
  assert.equal(other.isHere({ pid: 1, boot: hash.slice(0, 32), ticks: 0 }), true);
});

test('start times stand in the twenty-second field, after a name that may hold anything; the dead have none', (context) => {
  onPlatform(context, 'linux');
  const stat = (state: string): string =>
    `77 (a ) b (c) ${[state, ...Array.from({ length: 40 }, (_, index) => String(100 + index))].join(' ')}\n`;
  const file = '/proc/77/stat';
  for (const [state, ticks] of [
    ['S', 118],
    ['R', 118],
    ['Z', null],
    ['X', null],
  ] as const) {
    // prettier-ignore
    answering(context, { [file]: stat(state) });
    assert.equal(startTicks(77), ticks, state);
  }
  answering(context, { [file]: undefined });
  assert.equal(answered(context, 'ESRCH'), null);
  // Without /proc, or where it hides what others run.
  assert.equal(answered(context, undefined), 0);
  assert.equal(answered(context, 'EPERM'), 0);
});

test('where there are no start times, a process is there or is not; one of somebody else is there', (context) => {
  onPlatform(context, 'win32');
  const answers = [undefined, 'EPERM', 'ESRCH'].map((code) => answered(context, code));
  assert.deepEqual(answers, [0, 0, null]);
  const [now, here] = [1_000_000, { pid: process.pid, boot: thisBoot(), ticks: 0 }];
  // Its pid is taken: only the beat can tell whether it is the same one.
  assert.equal(lifeOf(here, now - 1, now), 'beating');
  assert.equal(lifeOf(here, now - beatLimit, now), 'silent');
  assert.equal(lifeOf(here, null, now), 'silent');
});

test('a beat is fresh for less than thirty seconds, by clocks that go before or behind', () => {
  assert.deepEqual([beatEvery, beatLimit], [2000, 30_000]);
  const [now, elsewhere] = [1_000_000, { pid: 1, boot: 'elsewhere', ticks: 5 }];
  const life = (beat: number | null): string => lifeOf(elsewhere, beat, now);
  assert.deepEqual([life(now), life(now - 29_999), life(now + 29_999)], ['beating', 'beating', 'beating']);
  assert.deepEqual([life(now - 30_000), life(now + 30_000), life(null)], ['silent', 'silent', 'silent']);
  assert.equal(isHere(elsewhere), false);
  assert.equal(isHere(thisProcess()), true);
});

test('of the same boot the system knows: the same start is alive, whatever the beat says', (context) => {
  onPlatform(context, 'linux');
  answering(context, { '/proc/77/stat': `77 (x) S ${'0 '.repeat(18)}4242 0` });
  const mark = { pid: 77, boot: thisBoot(), ticks: 4242 };
  assert.equal(lifeOf(mark, null), 'alive');
  assert.equal(lifeOf({ ...mark, ticks: 4243 }, Date.now()), 'dead');
  answering(context, { '/proc/77/stat': undefined });
  const { mock } = context.mock.method(process, 'kill', () => {
    throw Object.assign(new Error('none'), { code: 'ESRCH' });
  });
  assert.equal(lifeOf(mark, Date.now()), 'dead');
  mock.restore();
});

test('life is told by start time on Linux, by the beat elsewhere', () => {
  const me = thisProcess();
  assert.equal(startTicks(2 ** 22 + 5), null);
  if (process.platform === 'linux') {
    assert.equal(lifeOf(me, null), 'alive');
    assert.equal(lifeOf({ ...me, ticks: me.ticks + 1 }, Date.now()), 'dead');
  }
  assert.equal(lifeOf({ ...me, boot: 'other' }, 1_000_000, 1_010_000), 'beating');
  assert.equal(lifeOf({ ...me, boot: 'other' }, 1_000_000, 1_031_000), 'silent');
  assert.equal(lifeOf({ ...me, boot: 'other' }, null), 'silent');
});

test('a mark has a pid that can be one, a boot and a start', () => {
  const mark = { pid: 7, boot: 'b', ticks: 0 };
  assert.deepEqual(parseMark({ ...mark, more: 1 }), mark);
  for (const wrong of [
    { pid: 0 },
    { pid: -7 },
    { pid: 1.5 },
    { pid: 2 ** 53 },
    { pid: '7' },
    { boot: 3 },
    { ticks: '0' },
  ])
    assert.equal(parseMark({ ...mark, ...wrong }), null, JSON.stringify(wrong));
  for (const wrong of [null, 7, [], 'x']) assert.equal(parseMark(wrong), null);
});
