import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newToken } from '../../../src/files/lock.ts';
import { thisProcess } from '../../../src/files/process-mark.ts';
import { acquireLock, liveHolder, readLock } from '../../../src/runs/lock.ts';
import { temporaryFolder } from './helpers.ts';

const child = fileURLToPath(new URL('take-lock.ts', import.meta.url));

interface Answer {
  readonly got: boolean;
  readonly held?: boolean;
  readonly code?: string;
}

async function startChild(context: TestContext, directory: string, attempt = 1): Promise<ChildProcess> {
  const process = fork(child, [directory, String(attempt)], { execArgv: ['--import', 'tsx'] });
  context.after(() => process.kill('SIGKILL'));
  await once(process, 'message');
  return process;
}

async function go(process: ChildProcess): Promise<Answer> {
  const answer = once(process, 'message');
  process.send('go');
  return ((await answer) as [Answer])[0];
}

async function kill(process: ChildProcess): Promise<void> {
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
}

test('of processes that race for a lock exactly one gets it, also for one that a killed process left', async (context) => {
  const directory = temporaryFolder(context);
  for (let round = 1; round <= 3; round++) {
    const racers = await Promise.all([1, 2, 3].map(() => startChild(context, directory, round)));
    const answers = await Promise.all(racers.map(go));
    const winners = answers.filter((answer) => answer.got);
    assert.equal(winners.length, 1, JSON.stringify(answers));
    assert.equal(winners[0]?.held, true);
    assert.ok(answers.every((answer) => answer.got || answer.code === 'alive'));
    const winner = racers[answers.findIndex((answer) => answer.got)];
    assert.ok(winner);
    assert.equal(liveHolder(directory)?.pid, winner.pid);
    assert.equal(liveHolder(directory)?.attempt, round);
    await assert.rejects(acquireLock(directory, { attempt: 9 }), { code: 'alive', exitCode: 2, message: new RegExp(`process ${winner.pid}`) }); // prettier-ignore
    await kill(winner);
    assert.equal(liveHolder(directory), null);
  }
  assert.deepEqual(fs.readdirSync(directory).filter((name) => name.startsWith('lock')), ['lock']); // prettier-ignore
});

test('a lock is released by its holder only', async (context) => {
  const directory = temporaryFolder(context);
  const lock = await acquireLock(directory, { attempt: 1 });
  assert.equal(lock.held(), true);
  const file = path.join(directory, 'lock');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(lock.token, newToken()));
  lock.release();
  assert.equal(fs.existsSync(file), true);
});

test('a recycled pid, another boot and garbage are told from a live holder', async (context) => {
  // The clock stands still: how long this test takes says nothing about a beat.
  const now = Date.now();
  const clock = context.mock.method(Date, 'now', () => now);
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'lock');
  const mine = { attempt: 1, token: newToken(), ...thisProcess(), since: 0 };
  const write = (lock: unknown): void => fs.writeFileSync(file, JSON.stringify(lock));
  write(mine);
  if (process.platform === 'linux') assert.equal(liveHolder(directory)?.pid, process.pid);
  // Same pid, another start: whoever had the lock is dead.
  write({ ...mine, ticks: mine.ticks + 1 });
  if (process.platform === 'linux') assert.equal(liveHolder(directory), null);
  // Another host or an earlier boot: the beat alone counts.
  write({ ...mine, boot: 'elsewhere', since: now });
  assert.equal(liveHolder(directory)?.boot, 'elsewhere');
  write({ ...mine, boot: 'elsewhere', since: now - 40_000 });
  assert.equal(liveHolder(directory), null);
  clock.mock.restore();
  for (const garbage of [
    '',
    'null',
    '[]',
    '{"pid":"x"}',
    '{"attempt":1,"token":"../../x","pid":1,"boot":"b","ticks":0}',
  ]) {
    fs.writeFileSync(file, garbage);
    assert.equal(readLock(directory), 'damaged');
    const lock = await acquireLock(directory, { attempt: 2, watch: 1 });
    assert.equal(lock.held(), true);
    lock.release();
    assert.equal(fs.existsSync(file), false);
  }
});

test('a silent holder on another host keeps its lock if its beat still moves', async (context) => {
  const directory = temporaryFolder(context);
  const old = { attempt: 1, token: newToken(), pid: 1, boot: 'elsewhere', ticks: 5, since: 1000 };
  fs.writeFileSync(path.join(directory, 'lock'), JSON.stringify(old));
  const waiting = acquireLock(directory, { attempt: 2, watch: 300 });
  // Its clock is hours behind, but it beats.
  fs.writeFileSync(path.join(directory, 'alive.json'), JSON.stringify({ ...old, beat: 2000 }));
  await assert.rejects(waiting, { code: 'alive' });
  const taken = await acquireLock(directory, { attempt: 2, watch: 10 });
  assert.equal(taken.held(), true);
});

test('a takeover that died half-way does not block the next one', async (context) => {
  const directory = temporaryFolder(context);
  const dead = { attempt: 1, token: newToken(), pid: 2 ** 22 + 5, boot: thisProcess().boot, ticks: 1, since: 0 };
  fs.writeFileSync(path.join(directory, 'lock'), JSON.stringify(dead));
  fs.writeFileSync(path.join(directory, `lock.${dead.token}`), JSON.stringify({ ...dead, token: newToken() }));
  const lock = await acquireLock(directory, { attempt: 3, watch: 1 });
  assert.equal(lock.held(), true);
  assert.deepEqual(fs.readdirSync(directory), ['lock']);
});
