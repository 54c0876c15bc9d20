// Power against simulation by the design page's figures, and looks against closed forms and paths drawn at random.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { obrienFleming, sequentialP } from '../../../../src/experiment/statistics/looks.ts';
import { pairedTPower, pairedTSampleSize, upperLimitOfSd } from '../../../../src/experiment/statistics/power.ts';
import { normalUpper, normalUpperQuantile } from '../../../../src/numbers/normal.ts';
import { keyed } from '../../../../src/numbers/random.ts';

const close = (actual: number | null | undefined, expected: number, tolerance: number): void => {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${actual} ${expected}`);
};

describe('power', () => {
  test('eight seeds and one sd: .68 alone, .39 at the first step of four', () => {
    close(pairedTPower(8, 1, 0.05), 0.68, 0.005);
    close(pairedTPower(8, 1, 0.0125), 0.39, 0.005);
    close(pairedTPower(8, -1, 0.05), pairedTPower(8, 1, 0.05) ?? NaN, 1e-14);
  });

  test('without an effect it is alpha; it grows with n; it is never above 1', () => {
    for (const alpha of [0.05, 0.0125]) for (const n of [2, 3, 8, 200]) close(pairedTPower(n, 0, alpha), alpha, 1e-12);
    for (let n = 2; n < 30; n += 1) {
      assert.ok((pairedTPower(n + 1, 0.7, 0.05) ?? 0) > (pairedTPower(n, 0.7, 0.05) ?? 1));
    }
    assert.ok((pairedTPower(100, 9, 0.05) ?? 2) <= 1);
  });

  test('the sample size is the smallest', () => {
    for (const effect of [0.1, 0.5, 1, 3]) {
      const n = pairedTSampleSize(effect, 0.8, 0.0125) ?? NaN;
      assert.ok((pairedTPower(n, effect, 0.0125) ?? 0) >= 0.8);
      assert.ok(n === 2 || (pairedTPower(n - 1, effect, 0.0125) ?? 1) < 0.8);
    }
    assert.equal(pairedTSampleSize(1000, 0.8, 0.05), 2);
    assert.equal(pairedTSampleSize(0, 0.8, 0.05), null);
  });

  test('splits that overlap need more seeds, and may never be enough', () => {
    const [plain, wide] = [pairedTSampleSize(1, 0.8, 0.05) ?? NaN, pairedTSampleSize(1, 0.8, 0.05, 0.02) ?? NaN];
    assert.ok(wide > plain);
    assert.equal(pairedTSampleSize(0.5, 0.8, 0.05, 0.25), null);
    assert.ok((pairedTPower(8, 1, 0.05, 0.25) ?? 1) < (pairedTPower(8, 1, 0.05) ?? 0));
  });

  test("a pilot's sd: 1.73 at four, 1.35 at eight", () => {
    close(upperLimitOfSd(1, 4), 1.73, 0.005);
    close(upperLimitOfSd(2, 8), 2.7, 0.01);
    assert.ok((upperLimitOfSd(1, 8, 0.95) ?? 0) > (upperLimitOfSd(1, 8) ?? 9));
    assert.equal(upperLimitOfSd(1, 1), null);
  });

  test('what is none is refused', () => {
    assert.equal(pairedTPower(1, 1, 0.05), null);
    assert.equal(pairedTPower(0, 1, 0.05), null);
    assert.notEqual(pairedTPower(2, 1, 0.05), null);
    assert.throws(() => pairedTPower(2.5, 1, 0.05), /integer/);
    assert.throws(() => pairedTPower(-1, 1, 0.05), /integer/);
    assert.throws(() => pairedTPower(5, NaN, 0.05), /effect/);
    for (const alpha of [0, 1]) assert.throws(() => pairedTPower(5, 1, alpha), /alpha/);
    for (const power of [0, 1]) assert.throws(() => pairedTSampleSize(1, power, 0.05), /Power/);
    assert.throws(() => upperLimitOfSd(-1, 5), /standard deviation/);
    assert.throws(() => upperLimitOfSd(1, 5, 1), /level/);
  });
});

describe('looks', () => {
  test('one look at the end is no look: z of alpha/2', () => {
    const { z, nominalP } = obrienFleming([1], 0.05);
    close(z[0], normalUpperQuantile(0.025), 1e-10);
    close(nominalP[0], 0.05, 1e-11);
    // The first look alone spends 2 − 2Φ(z_{alpha/4}/√t) a side.
    close(obrienFleming([0.5], 0.05).nominalP[0], 4 * normalUpper(normalUpperQuantile(0.0125) / Math.sqrt(0.5)), 1e-12);
  });

  test('four equal looks: what East and ldbounds print', () => {
    const { z } = obrienFleming([0.25, 0.5, 0.75, 1], 0.05);
    for (const [i, bound] of [4.3326, 2.9631, 2.359, 2.0141].entries()) close(z[i], bound, 2e-4);
  });

  test('drawn paths cross as often as alpha says', () => {
    const random = keyed(3, 'paths');
    const information = [0.3, 0.6, 1];
    const { z } = obrienFleming(information, 0.1);
    let crossed = 0;
    const paths = 40_000;
    for (let path = 0; path < paths; path += 1) {
      let [score, before, out] = [0, 0, false];
      for (const [k, t] of information.entries()) {
        score += random.normal() * Math.sqrt(t - before);
        before = t;
        out ||= Math.abs(score) / Math.sqrt(t) >= (z[k] ?? Infinity);
      }
      if (out) crossed += 1;
    }
    close(crossed / paths, 0.1, 0.006);
  });

  test('a look so early that nothing may be spent stops nothing', () => {
    const { z, nominalP } = obrienFleming([0.003, 1], 0.05);
    assert.equal(z[0], null);
    assert.equal(nominalP[0], 0);
    close(nominalP[1], 0.05, 1e-9);
  });

  test('a p for its looks is the alpha at which it just suffices', () => {
    for (const information of [[1], [0.5], [0.4, 1], [0.3, 0.6], [0.3, 0.6, 1]]) {
      for (const alpha of [0.3, 0.05, 0.01]) {
        const nominal = obrienFleming(information, alpha).nominalP.at(-1) ?? NaN;
        close(sequentialP(nominal, information) / alpha, 1, 1e-6);
      }
    }
    close(sequentialP(0.03, [1]), 0.03, 1e-9);
    assert.equal(sequentialP(0, [0.5]), 0);
    assert.equal(sequentialP(1, [0.5]), 1);
    assert.equal(sequentialP(0.2, []), 0.2);
    assert.ok(sequentialP(0.03, [0.5, 1]) > 0.03);
    assert.throws(() => sequentialP(1.2, [1]), /p-value/);
    assert.throws(() => sequentialP(0.2, [2]), /information/);
  });

  test('shares of information grow and end at 1', () => {
    for (const wrong of [[0.5, 0.5], [0.6, 0.5], [0], [1.01], [NaN], [0.5, 0.50005]]) {
      assert.throws(() => obrienFleming(wrong, 0.05), /information/);
    }
    assert.throws(() => obrienFleming([1], 1), /alpha/);
    assert.deepEqual(obrienFleming([], 0.05), { z: [], nominalP: [] });
  });
});
