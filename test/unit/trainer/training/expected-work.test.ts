import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedWork } from '../../../../src/trainer/training/expected-work.ts';
import type { Prepared } from '../../../../src/trainer/prepare/prepare.ts';

/** What the count reads of a run that was prepared. */
function prepared(
  evaluateEvery: { every: number; unit: 'epoch' | 'step' },
  validation: number,
  affinity?: { every: number },
): Prepared {
  const spec = { training: { evaluateEvery, ...(affinity ? { affinity } : {}) } };
  return { spec, data: { splits: { validation: { n: validation } } } } as unknown as Prepared;
}

test('measurements and evaluated batches are counted from the spec and the data', () => {
  const each = prepared({ every: 1, unit: 'epoch' }, 257);
  // 257 samples are two batches of evaluation.
  assert.deepEqual(expectedWork(each, 1000, 20, 100), { steps: 1000, measurements: 10, evaluated: 40 });
  const third = prepared({ every: 3, unit: 'epoch' }, 256, { every: 7 });
  assert.deepEqual(expectedWork(third, 100, 20, 100), { steps: 100, measurements: 15, evaluated: 6 });
  const steps = prepared({ every: 30, unit: 'step' }, 1);
  assert.deepEqual(expectedWork(steps, 100, 20, 10), { steps: 100, measurements: 10, evaluated: 3 });
  assert.equal(expectedWork(prepared({ every: 1, unit: 'epoch' }, 0), 100, 20, 10).evaluated, 0);
});
