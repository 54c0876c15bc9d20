import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { holdingLock } from '../../../scripts/lib/vscode-server.mjs';

describe('holdingLock', () => {
  let file = '';
  beforeEach(() => {
    file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-lock-')), 'lock');
  });
  afterEach(() => {
    fs.rmSync(path.dirname(file), { recursive: true, force: true });
  });

  test('one at a time, and none left behind', async () => {
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} out`);
    };
    await Promise.all([holdingLock(file, work('a')), holdingLock(file, work('b'))]);
    assert.deepEqual(seen, ['a in', 'a out', 'b in', 'b out']);
    assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
  });

  test('a failure lets go', async () => {
    await assert.rejects(
      holdingLock(file, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(fs.existsSync(file), false);
  });

  test('the lock of a process that has died is taken over', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    fs.writeFileSync(file, String(dead));
    let ran = false;
    await holdingLock(file, () => {
      ran = true;
      return Promise.resolve();
    });
    assert.equal(ran, true);
    assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
  });
});
