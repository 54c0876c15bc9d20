// Signs of life, on this system and as others have them: what the system answers is put in its mouth where it must be.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { test, type TestContext } from 'node:test';
import {
  beatEvery,
  beatLimit,
  isHere,
  lifeOf,
  parseMark,
  readAlive,
  startBeating,
  startTicks,
  thisBoot,
  thisProcess,
} from '../../../src/runs/alive.ts';
import type * as alive from '../../../src/runs/alive.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { temporaryFolder } from './helpers.ts';

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
  const fresh = '../../../src/runs/alive.ts?elsewhere';
  const other = (await import(fresh)) as typeof alive;
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
  assert.equal(startTicks(77), null);
});

test('where there are no start times, a process is there or is not; one of somebody else is there', (context) => {
  onPlatform(context, 'win32');
  const answer = (code: string | undefined): number | null => {
    const mocked = context.mock.method(process, 'kill', (pid: number, signal: number) => {
      assert.deepEqual([pid, signal], [77, 0]);
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      return true;
    });
    const ticks = startTicks(77);
    mocked.mock.restore();
    return ticks;
  };
  assert.deepEqual([answer(undefined), answer('EPERM'), answer('ESRCH')], [0, 0, null]);
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
  assert.equal(lifeOf(mark, Date.now()), 'dead');
});

test('a mark has a pid that can be one, a boot and a start; alive.json a token and a beat as well', (context) => {
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
  const directory = temporaryFolder(context);
  assert.equal(readAlive(directory), null);
  const read = (value: object): unknown => {
    fs.writeFileSync(runPaths(directory).alive, JSON.stringify(value));
    return readAlive(directory);
  };
  const alive = { ...mark, token: 't', beat: 12 };
  assert.deepEqual(read({ ...alive, more: 1 }), alive);
  for (const wrong of [{ pid: 0 }, { token: 5 }, { beat: '12' }]) assert.equal(read({ ...alive, ...wrong }), null);
});

test('it beats at once and every two seconds, tells so, tries again after a failure, and stops', (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 5000 });
  const directory = temporaryFolder(context);
  let told = 0;
  const beating = startBeating(directory, 'token', () => told++);
  const file = runPaths(directory).alive;
  assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), { ...thisProcess(), token: 'token', beat: 5000 });
  assert.equal(told, 0);
  context.mock.timers.tick(1999);
  assert.equal(readAlive(directory)?.beat, 5000);
  context.mock.timers.tick(1);
  assert.deepEqual([readAlive(directory)?.beat, told], [7000, 1]);
  // Nothing can be written over a folder that is not empty.
  fs.rmSync(file);
  fs.mkdirSync(`${file}/in the way`, { recursive: true });
  context.mock.timers.tick(2000);
  assert.equal(told, 2);
  fs.rmSync(file, { recursive: true });
  context.mock.timers.tick(2000);
  assert.deepEqual([readAlive(directory)?.beat, told], [11_000, 3]);
  beating.stop();
  context.mock.timers.tick(10_000);
  assert.deepEqual([readAlive(directory)?.beat, told], [11_000, 3]);
});
