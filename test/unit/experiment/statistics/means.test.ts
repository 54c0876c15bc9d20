// Tests of means: what the reference vectors (test/golden/reference/statistics) do not meet – edges, refusals, properties.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { equivalence, nonInferiority } from '../../../../src/experiment/statistics/margins.ts';
import { momentsOf } from '../../../../src/experiment/statistics/moments.ts';
import { nadeauBengio, pairedT } from '../../../../src/experiment/statistics/paired-t.ts';
import { studentTwoSided, studentUpperQuantile } from '../../../../src/numbers/student.ts';

const close = (actual: number | null, expected: number, tolerance = 1e-12): void => {
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual}`);
};
const values = fc.array(
  fc.double({ min: -10, max: 10, noNaN: true }).map((x) => Math.round(x * 1000) / 1000),
  {
    minLength: 2,
    maxLength: 12,
  },
);

describe('moments', () => {
  test('by hand', () => {
    const { n, mean, sd, reason } = momentsOf([1, 2, 4, 9]);
    assert.deepEqual([n, mean, reason], [4, 4, null]);
    close(sd, Math.sqrt(38 / 3));
  });

  test('what is missing is said', () => {
    assert.deepEqual(momentsOf([]), { n: 0, mean: null, sd: null, reason: 'no-values' });
    assert.deepEqual(momentsOf([0.3]), { n: 1, mean: 0.3, sd: null, reason: 'one-value' });
    assert.deepEqual(momentsOf([0]), { n: 1, mean: 0, sd: null, reason: 'one-value' });
    assert.deepEqual(momentsOf([0, 0]), { n: 2, mean: 0, sd: 0, reason: 'no-spread' });
    for (const wrong of [NaN, Infinity]) {
      assert.deepEqual(momentsOf([1, wrong]), { n: 2, mean: null, sd: null, reason: 'not-finite' });
    }
  });

  test('spread that is rounding is none, and spread that is not stays', () => {
    assert.equal(momentsOf([0.3 - 0.2, 0.5 - 0.4, 0.1]).reason, 'no-spread');
    assert.equal(momentsOf([0.1, 0.1 + 1e-10]).reason, null);
    // Squares neither overflow nor vanish.
    close((momentsOf([1e200, 3e200]).sd ?? NaN) / 1e200, Math.SQRT2);
    close((momentsOf([1e-200, 3e-200]).sd ?? NaN) / 1e-200, Math.SQRT2);
  });
});

describe('the paired t test', () => {
  test('by hand: 1, 2, 3', () => {
    const result = pairedT([1, 2, 3]);
    close(result.t, 2 * Math.sqrt(3));
    close(result.error, 1 / Math.sqrt(3));
    close(result.p, studentTwoSided(2 * Math.sqrt(3), 2));
    assert.equal(result.df, 2);
    close(result.interval?.[1] ?? null, 2 + studentUpperQuantile(0.025, 2) / Math.sqrt(3));
    close(result.interval?.[0] ?? null, 2 - studentUpperQuantile(0.025, 2) / Math.sqrt(3));
  });

  test('no test where there is none, and never a p of rounding', () => {
    const nothing = { error: null, interval: null, t: null, df: null, p: null };
    assert.deepEqual(pairedT([]), { n: 0, mean: null, ...nothing, reason: 'no-values' });
    assert.deepEqual(pairedT([0.2]), { n: 1, mean: 0.2, ...nothing, reason: 'one-value' });
    assert.deepEqual(pairedT([1, NaN, 2]), { n: 3, mean: null, ...nothing, reason: 'not-finite' });
    assert.deepEqual(pairedT([0.5, 0.5, 0.5]), { n: 3, mean: 0.5, ...nothing, df: 2, reason: 'no-spread' });
    assert.deepEqual(pairedT([0, 0]), { n: 2, mean: 0, ...nothing, df: 1, p: 1, reason: 'no-spread' });
    assert.equal(pairedT([0.3 - 0.2, 0.5 - 0.4]).p, null);
  });

  test('a level or ratio that is none is refused', () => {
    for (const level of [0, 1, NaN]) assert.throws(() => pairedT([1, 2], level), /between 0 and 1/);
    for (const ratio of [-0.1, Infinity, NaN]) assert.throws(() => nadeauBengio([1, 2], ratio), /n_test/);
  });

  test('overlapping training sets widen the interval by √(1 + n·ratio), and ratio 0 is the plain test', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 2, noNaN: true }), (differences, ratio) => {
        const [plain, wide] = [pairedT(differences), nadeauBengio(differences, ratio)];
        assert.deepEqual(nadeauBengio(differences, 0), plain);
        if (plain.error === null) return;
        close((wide.error ?? NaN) / plain.error, Math.sqrt(1 + differences.length * ratio));
        assert.ok((wide.p ?? 0) >= (plain.p ?? 1) - 1e-12);
      }),
    );
  });

  test('the interval shrinks with n and grows with the level; the p mirrors; both agree', () => {
    fc.assert(
      fc.property(values, (differences) => {
        const { interval, p, reason, mean } = pairedT(differences);
        if (reason !== null || interval === null || p === null || mean === null) return;
        const width = (one: readonly [number, number] | null): number => (one === null ? NaN : one[1] - one[0]);
        assert.ok(width(pairedT([...differences, ...differences]).interval) < width(interval));
        assert.ok(width(pairedT(differences, 0.99).interval) > width(interval));
        close(pairedT(differences.map((value) => -value)).p, p);
        // The interval leaves out 0 exactly where p is below 5 %.
        if (Math.abs(p - 0.05) > 1e-9) assert.equal(interval[0] > 0 || interval[1] < 0, p < 0.05);
      }),
    );
  });
});

describe('margins', () => {
  test('by hand: mean 2, error 1/√3, margin 5', () => {
    const { p, interval, equivalent, reason } = equivalence([1, 2, 3], 5);
    close(p, studentTwoSided(3 * Math.sqrt(3), 2) / 2);
    close(interval?.[0] ?? null, 2 - studentUpperQuantile(0.05, 2) / Math.sqrt(3));
    assert.deepEqual([equivalent, reason], [true, null]);
    assert.equal(equivalence([1, 2, 3], 3).equivalent, false);
    const worse = nonInferiority([1, 2, 3], 3.5, false);
    close(worse.bound, 2 + studentUpperQuantile(0.05, 2) / Math.sqrt(3));
    assert.equal(worse.nonInferior, false);
    assert.equal(nonInferiority([1, 2, 3], 0.5, true).nonInferior, true);
    assert.equal(nonInferiority([1, 2, 3], 3.7, false).nonInferior, true);
  });

  test('equivalent is: interval inside; it is the same for either sign; non-inferior is: bound inside', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        fc.boolean(),
        (differences, margin, higher) => {
          const result = equivalence(differences, margin, 0.9, 0.1);
          const mirrored = equivalence(
            differences.map((value) => -value),
            margin,
            0.9,
            0.1,
          );
          assert.equal(result.equivalent, mirrored.equivalent);
          if (result.p === null || result.interval === null) return;
          close(mirrored.p, result.p);
          if (Math.abs(result.p - 0.1) > 1e-9) {
            assert.equal(result.interval[0] > -margin && result.interval[1] < margin, result.equivalent);
          }
          const { bound, nonInferior, p } = nonInferiority(differences, margin, higher, 0.9, 0.1);
          if (bound === null || Math.abs((p ?? 0) - 0.1) < 1e-9) return;
          assert.equal(higher ? bound > -margin : bound < margin, nonInferior);
          assert.ok(!result.equivalent || nonInferior, 'what is equivalent is not inferior');
        },
      ),
    );
  });

  test('nothing is equivalent without spread, with one value, or without values', () => {
    for (const [differences, reason] of [
      [[], 'no-values'],
      [[0], 'one-value'],
      [[0, 0, 0], 'no-spread'],
      [[0, NaN], 'not-finite'],
    ] as const) {
      assert.deepEqual(equivalence(differences, 1), { p: null, interval: null, equivalent: false, reason });
      assert.deepEqual(nonInferiority(differences, 1, true), { bound: null, p: null, nonInferior: false, reason });
    }
    for (const margin of [0, -1, NaN, Infinity]) {
      assert.throws(() => equivalence([1, 2], margin), /margin/);
      assert.throws(() => nonInferiority([1, 2], margin, true), /margin/);
    }
    assert.throws(() => equivalence([1, 2], 1, 0.5), /above 0.5/);
    assert.throws(() => nonInferiority([1, 2], 1, true, 1), /between/);
  });
});
