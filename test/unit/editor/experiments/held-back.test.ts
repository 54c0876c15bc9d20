import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testedRuns, without } from '../../../../src/editor/experiments/held-back.ts';
import type { Expansion, Outcome } from '../../../../src/experiment/contract.ts';

const outcome = (state: Outcome['state']): Outcome => ({ state }) as Outcome;
const arm = (confirmed: boolean, ...ids: readonly string[]) => ({ confirmed, runs: ids.map((id) => ({ id })) });
const expansion = {
  compared: [arm(true, 'a', 'b', 'c'), arm(true, 'b', 'd'), arm(false, 'e')],
} as unknown as Expansion;
const outcomes = new Map([
  ['a', outcome('done')],
  ['b', outcome('done')],
  ['c', outcome('failed')],
  ['e', outcome('done')],
]);

test('runs of confirmed arms that are done, each once: what failed, goes on or was only explored shows no test value', () => {
  assert.deepEqual(testedRuns(expansion, outcomes), ['a', 'b']);
  assert.deepEqual(testedRuns(expansion, new Map()), []);
});

test('what is held back is as if it had not ended; the rest stays', () => {
  assert.deepEqual([...without(outcomes, ['b']).keys()], ['a', 'c', 'e']);
  assert.equal(without(outcomes, []), outcomes);
});
