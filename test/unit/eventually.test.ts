import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './eventually.ts';

test('waits until it is so, and says what did not happen', async () => {
  let looks = 0;
  await eventually(() => ++looks === 3, 'the third look', { every: 1 });
  assert.equal(looks, 3);
  await assert.rejects(
    eventually(() => false, 'a miracle', { seconds: 0.02, every: 1 }),
    /in vain: a miracle/,
  );
});
