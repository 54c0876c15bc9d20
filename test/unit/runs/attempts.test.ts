import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import {
  attemptNumbers,
  createAttempt,
  endAttempt,
  latestAttempt,
  readAttempt,
  type AttemptOptions,
} from '../../../src/runs/attempts.ts';
import { beginAttempt } from '../../../src/runs/begin.ts';
import { temporaryFolder } from './helpers.ts';

const plain: AttemptOptions = { engine: 'auto', root: '../..', allowOutside: false, keepAliveMinutes: 0 };
const everything: AttemptOptions = {
  engine: 'native',
  root: '..',
  allowOutside: true,
  keepAliveMinutes: 2.5,
  memory: '2 GB',
  acceptChanges: true,
};

const fileOf = (directory: string, attempt: number): string => path.join(directory, 'attempts', `${attempt}.json`);

test('an attempt is read back with every option that was given, and none that was not', (context) => {
  const directory = temporaryFolder(context);
  const before = Date.now();
  const first = createAttempt(directory, everything, { mtl: '1.2.3', node: '20' });
  const second = createAttempt(directory, plain, {});
  for (const [attempt, number] of [
    [first, 1],
    [second, 2],
  ] as const) {
    assert.equal(attempt.attempt, number);
    assert.match(attempt.token, /^[0-9a-f]{32}$/);
    assert.ok(attempt.created >= before && attempt.created <= Date.now());
    assert.deepEqual(readAttempt(directory, number), attempt);
  }
  assert.notEqual(first.token, second.token);
  const { token: _, created: __, ...rest } = first;
  assert.deepEqual(rest, { v: 1, attempt: 1, ...everything, versions: { mtl: '1.2.3', node: '20' } });
  const written = JSON.parse(fs.readFileSync(fileOf(directory, 2), 'utf8')) as object;
  assert.deepEqual(Object.keys(written), ['v', 'attempt', 'token', 'created', 'engine', 'root', 'allowOutside', 'keepAliveMinutes', 'versions']); // prettier-ignore
});

test('numbers go on after the highest, in the order of numbers; other files are none', (context) => {
  const directory = temporaryFolder(context);
  assert.deepEqual(attemptNumbers(directory), []);
  fs.mkdirSync(path.join(directory, 'attempts'));
  for (const name of [
    '20.json',
    '10.json',
    '9.json',
    '2.json',
    '0.json',
    '01.json',
    '3.json.tmp',
    '1234567890.json',
    'x.json',
  ]) {
    fs.writeFileSync(path.join(directory, 'attempts', name), '');
  }
  assert.deepEqual(attemptNumbers(directory), [2, 9, 10, 20]);
  assert.equal(createAttempt(directory, plain, {}).attempt, 21);
});

test('why it ended is written once, with versions learned meanwhile', (context) => {
  const directory = temporaryFolder(context);
  createAttempt(directory, everything, { mtl: '1', node: '20' });
  const changes = { en: 'a.csv grew', zh: 'a.csv 变长' };
  const ended = { status: 'refused', code: 2, signal: 'SIGTERM', message: 'changed', zh: '已更改', changes };
  endAttempt(directory, 1, ended, { node: '22', tensorflow: '2.21' });
  const found = readAttempt(directory, 1);
  assert.deepEqual(found?.ended, ended);
  assert.deepEqual(found.versions, { mtl: '1', node: '22', tensorflow: '2.21' });
  assert.equal(found.memory, '2 GB');
  endAttempt(directory, 1, { status: 'died' }, { node: '1' });
  assert.deepEqual(readAttempt(directory, 1), found);
  endAttempt(directory, 7, { status: 'died' });
  assert.deepEqual(attemptNumbers(directory), [1]);
});

test('of an end only what is of its type is believed', (context) => {
  const directory = temporaryFolder(context);
  const attempt = createAttempt(directory, plain, {});
  const endOf = (ended: unknown): unknown => {
    fs.writeFileSync(fileOf(directory, 1), JSON.stringify({ ...attempt, ended }));
    return readAttempt(directory, 1)?.ended;
  };
  const wrong = { code: '1', signal: 9, message: 1, zh: 1, changes: { en: 'x' } };
  assert.deepEqual(endOf({ status: 'died', ...wrong }), { status: 'died' });
  assert.deepEqual(endOf({ status: 'died', code: null, signal: null }), { status: 'died' });
  for (const none of [{ status: 1 }, {}, 'died', null]) assert.equal(endOf(none), undefined);
});

test('an attempt that lacks a part, or is another’s, is none', (context) => {
  const directory = temporaryFolder(context);
  const attempt = createAttempt(directory, everything, {});
  const readWith = (other: object): unknown => {
    fs.writeFileSync(fileOf(directory, 1), JSON.stringify({ ...attempt, ...other }));
    return readAttempt(directory, 1);
  };
  for (const part of ['v', 'attempt', 'token', 'engine', 'root', 'created', 'keepAliveMinutes']) {
    assert.equal(readWith({ [part]: null }), null, part);
  }
  for (const other of [{ v: 2 }, { attempt: 2 }, { keepAliveMinutes: -1 }]) assert.equal(readWith(other), null);
  assert.deepEqual(readWith({ keepAliveMinutes: 0 }), { ...attempt, keepAliveMinutes: 0 });
  // What allows something must be said in so many words.
  const { acceptChanges: _, memory: __, ...rest } = attempt;
  const careful = { ...rest, allowOutside: false };
  assert.deepEqual(readWith({ allowOutside: 'true', acceptChanges: 1, memory: 5 }), careful);
  assert.deepEqual(readWith({ versions: { a: '1', b: 2 } }), { ...attempt, versions: { a: '1' } });
  assert.deepEqual(readWith({ versions: null }), { ...attempt, versions: {} });
});

test('the latest attempt is the newest that was not refused', (context) => {
  const directory = temporaryFolder(context);
  assert.equal(latestAttempt(directory), null);
  for (let number = 1; number <= 10; number++) createAttempt(directory, plain, {});
  assert.equal(latestAttempt(directory)?.attempt, 10);
  endAttempt(directory, 10, { status: 'refused' });
  fs.writeFileSync(fileOf(directory, 9), 'damaged');
  endAttempt(directory, 8, { status: 'died' });
  assert.equal(latestAttempt(directory)?.attempt, 8);
  for (let number = 1; number <= 8; number++) fs.rmSync(fileOf(directory, number));
  assert.equal(latestAttempt(directory), null);
});

test('a trainer begins the attempt that was written for it; started by hand, it writes one', async (context) => {
  const directory = temporaryFolder(context);
  const written = createAttempt(directory, everything, {});
  const begun = await beginAttempt(directory, 1, plain);
  assert.deepEqual(begun.attempt, written);
  assert.deepEqual([begun.lock.attempt, begun.lock.token, begun.lock.held()], [1, written.token, true]);
  // Another one is refused, and that stands in its attempt.
  await assert.rejects(beginAttempt(directory, undefined, plain), { code: 'alive' });
  assert.deepEqual(attemptNumbers(directory), [1, 2]);
  assert.equal(readAttempt(directory, 2)?.ended?.status, 'refused');
  assert.match(readAttempt(directory, 2)?.ended?.message ?? '', /alive in process/);
  begun.lock.release();
  const byHand = await beginAttempt(directory, undefined, { ...everything, memory: '3 GB' });
  assert.deepEqual([byHand.attempt.attempt, byHand.attempt.memory], [3, '3 GB']);
  assert.deepEqual(byHand.attempt.versions, { node: process.versions.node });
  byHand.lock.release();
  await assert.rejects(beginAttempt(directory, 9, plain), { code: 'damaged', message: /attempts\/9\.json/ });
});
