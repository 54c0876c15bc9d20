import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { request, takeRequest } from '../../../src/runs/control.ts';
import { acquireLock } from '../../../src/runs/lock.ts';
import { temporaryFolder } from './helpers.ts';

test('a request reaches the holder of the lock once', async (context) => {
  const directory = temporaryFolder(context);
  assert.throws(() => request(directory, 'stop'), { code: 'not-alive' });
  const lock = await acquireLock(directory, { attempt: 1 });
  request(directory, 'pause', { by: 'window' });
  assert.deepEqual(takeRequest(directory, lock.token), { request: 'pause', by: 'window' });
  assert.equal(takeRequest(directory, lock.token), null);
});

test('a request without the current token is ignored and deleted', (context) => {
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'control.json');
  const requests = [
    '{"request":"stop","token":"old"}',
    '{"request":"stop"}',
    'garbage',
    '{"request":"explode","token":"t"}',
  ];
  for (const text of requests) {
    fs.writeFileSync(file, text);
    assert.equal(takeRequest(directory, 't'), null);
    assert.equal(fs.existsSync(file), false);
  }
  fs.symlinkSync('/etc/passwd', file);
  assert.equal(takeRequest(directory, 't'), null);
  assert.deepEqual(fs.readdirSync(directory), []);
});

test('a request may be written for an attempt that has no lock yet', (context) => {
  const directory = temporaryFolder(context);
  request(directory, 'stop', { token: 'token-of-launch' });
  assert.deepEqual(takeRequest(directory, 'token-of-launch'), { request: 'stop', by: 'control' });
});

test('each of the three requests is taken; who asked is named, in so many letters', (context) => {
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'control.json');
  for (const wish of ['stop', 'pause', 'resume'] as const) {
    request(directory, wish, { token: 't', by: 'a window' });
    assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), { request: wish, token: 't', by: 'a window' });
    assert.deepEqual(takeRequest(directory, 't'), { request: wish, by: 'a window' });
  }
  const by = (name: unknown): unknown => {
    fs.writeFileSync(file, JSON.stringify({ request: 'stop', token: 't', by: name }));
    return takeRequest(directory, 't')?.by;
  };
  assert.equal(by('x'.repeat(60)), 'x'.repeat(60));
  for (const name of ['x'.repeat(61), 5, undefined]) assert.equal(by(name), 'control');
  // Longer than any request: a stranger's.
  fs.writeFileSync(file, JSON.stringify({ request: 'stop', token: 't', more: 'x'.repeat(4096) }));
  assert.equal(takeRequest(directory, 't'), null);
});
