// Small, repeatable draws of what `npm run simulate` draws more of.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { coverage, familyWiseError, nullExperiment, plantedFound } from '../../../scripts/lib/simulated-experiments.ts';

/** Three standard errors of a share near `p` of `n` draws. */
const slack = (p: number, n: number): number => 3 * Math.sqrt((p * (1 - p)) / n);

test("Δm's interval covers what it speaks of", () => {
  for (const seeds of [3, 8]) {
    const { asMeasured } = coverage(seeds, 600);
    assert.ok(Math.abs(asMeasured - 0.95) <= slack(0.95, 600), `${seeds}: ${asMeasured}`);
  }
});

test('null experiments decide nothing, 95 times of 100, with looks, ties and failures', () => {
  const all = { ...nullExperiment, looks: [0.5, 1], step: 0.02, failing: 0.06 };
  const share = familyWiseError(all, 150);
  assert.ok(share <= 0.055 + slack(0.05, 150), `${share}`);
});

test('a planted effect is found as often as power promises', () => {
  const { found, promised } = plantedFound({ ...nullExperiment, arms: 1, effect: 1.5 }, 400);
  assert.ok(Math.abs(found - promised) <= 0.03 + slack(promised, 400), `${found} ${promised}`);
});
