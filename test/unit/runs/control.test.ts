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
