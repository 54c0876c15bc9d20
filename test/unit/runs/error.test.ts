import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunError, type RunErrorCode } from '../../../src/runs/error.ts';

test('an error that stopped something under way ends with 1, one that let nothing start with 2', () => {
  const codes: Readonly<Record<RunErrorCode, 1 | 2>> = {
    alive: 2,
    'not-alive': 2,
    'lock-lost': 1,
    unwritable: 2,
    link: 2,
    'not-a-run': 2,
    damaged: 1,
    exists: 2,
    name: 2,
    version: 2,
    'no-checkpoint': 2,
    fork: 2,
    changed: 2,
    spawn: 2,
  };
  for (const [code, exit] of Object.entries(codes)) {
    const error = new RunError(code as RunErrorCode, 'What.', '什么。');
    assert.deepEqual([error.exitCode, error.code, error.message, error.name], [exit, code, 'What.', 'RunError']);
    assert.deepEqual(error.text, { en: 'What.', zh: '什么。' });
  }
});
