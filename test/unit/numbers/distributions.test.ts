// Distributions against values of 40 digits (test/reference/distributions.py), closed forms, and one another.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { incompleteBeta } from '../../../src/numbers/beta.ts';
import { chiSquareQuantile, incompleteGamma, stirlingError } from '../../../src/numbers/gamma.ts';
import { noncentralTCdf, noncentralTUpper } from '../../../src/numbers/noncentral.ts';
import {
  normalCdf,
  normalDensity,
  normalQuantile,
  normalUpper,
  normalUpperQuantile,
} from '../../../src/numbers/normal.ts';
import { integral, quadrature } from '../../../src/numbers/quadrature.ts';
import {
  studentCdf,
  studentDensity,
  studentTwoSided,
  studentUpper,
  studentUpperQuantile,
} from '../../../src/numbers/student.ts';

const file = new URL('../../golden/vectors/distributions.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly (readonly number[])[]>>;

/** Relative to the value, absolutely below 1e-300. */
function close(actual: number, expected: number, tolerance: number, what = ''): void {
  const off = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
  assert.ok(off <= tolerance, `${what}: ${actual} instead of ${expected}, off by ${off.toExponential(1)}`);
}

const functions: Readonly<Record<string, readonly [(...args: number[]) => number, number]>> = {
  normalUpper: [(x = NaN) => normalUpper(x), 2e-14],
  normalUpperQuantile: [(p = NaN) => normalUpperQuantile(p), 1e-14],
  incompleteBeta: [(a = NaN, b = NaN, x = NaN) => incompleteBeta(a, b, x), 2e-13],
  studentUpper: [(t = NaN, df = NaN) => studentUpper(t, df), 3e-13],
  studentUpperQuantile: [(p = NaN, df = NaN) => studentUpperQuantile(p, df), 2e-13],
  noncentralTUpper: [(t = NaN, df = NaN, delta = NaN) => noncentralTUpper(t, df, delta), 1e-12],
  gammaUpper: [(a = NaN, x = NaN) => incompleteGamma(a, x).upper, 1e-13],
  chiSquareQuantile: [(p = NaN, df = NaN) => chiSquareQuantile(p, df), 2e-13],
};

for (const [name, [f, tolerance]] of Object.entries(functions)) {
  test(`${name} is what 40 digits say, to ${tolerance} (more for a million degrees of freedom)`, () => {
    const rows = vectors[name] ?? [];
    assert.ok(rows.length >= 10);
    for (const row of rows) {
      const given = row.slice(0, -1);
      close(f(...given), row.at(-1) ?? NaN, given[1] === 1e6 ? 2e-11 : tolerance, `${name}(${given.join(', ')})`);
    }
  });
}

describe('closed forms', () => {
  test('of the normal distribution', () => {
    assert.equal(normalUpper(0), 0.5);
    assert.equal(normalUpper(Infinity), 0);
    assert.equal(normalUpper(-Infinity), 1);
    close(normalDensity(0), 1 / Math.sqrt(2 * Math.PI), 1e-16);
    close(normalDensity(-3.3), Math.exp(-(3.3 ** 2) / 2) / Math.sqrt(2 * Math.PI), 1e-14);
    assert.equal(normalDensity(41), 0);
    assert.ok(normalDensity(38) > 0);
    close(normalCdf(1.3), 1 - normalUpper(1.3), 1e-15);
    close(normalQuantile(0.975), 1.959963984540054, 1e-15);
    close(normalQuantile(0.3), -normalQuantile(0.7), 1e-15);
    assert.ok(Math.abs(normalUpperQuantile(0.5)) < 1e-16);
  });

  test("of Student's t: 1, 2 and 4 degrees of freedom, and the density as the slope", () => {
    for (const t of [0.1, 1, 1.5, 7]) {
      close(studentUpper(t, 1), 0.5 - Math.atan(t) / Math.PI, 1e-14);
      close(studentUpper(t, 2), 0.5 - t / (2 * Math.sqrt(2 + t * t)), 1e-13);
      const x = t / Math.sqrt(4 + t * t);
      close(studentUpper(t, 4), 0.5 - 0.75 * x + 0.25 * x ** 3, 1e-12);
      close(studentDensity(t, 4), (studentUpper(t - 1e-5, 4) - studentUpper(t + 1e-5, 4)) / 2e-5, 1e-8);
    }
    close(studentDensity(0, 3), 2 / (Math.PI * Math.sqrt(3)), 1e-14);
    assert.equal(studentUpper(Infinity, 5), 0);
    assert.equal(studentUpperQuantile(0.5, 7), 0);
    close(studentUpperQuantile(0.9, 7), -studentUpperQuantile(0.1, 7), 1e-14);
    close(studentCdf(-2, 6), studentUpper(2, 6), 1e-16);
    close(studentTwoSided(-2, 6), 2 * studentUpper(2, 6), 1e-16);
    // No t is too large.
    close(studentUpper(1e200, 1), 1e-200 / Math.PI, 1e-14);
    assert.equal(studentUpper(1e200, 5), 0);
  });

  test('of Γ: factorials, and χ² with two degrees of freedom', () => {
    const factorial = [1, 1, 2, 6, 24, 120, 720];
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const stirling = (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI);
      close(Math.exp(stirling + stirlingError(n)), factorial[n - 1] ?? NaN, 1e-14);
    }
    for (const x of [0.2, 2.9, 3.1, 20]) close(incompleteGamma(1, x).upper, Math.exp(-x), 1e-14);
    assert.deepEqual(incompleteGamma(2, 0), { lower: 0, upper: 1 });
    assert.deepEqual(incompleteGamma(2, Infinity), { lower: 1, upper: 0 });
    close(chiSquareQuantile(0.3, 2), -2 * Math.log(0.7), 1e-13);
  });

  test('of the beta function', () => {
    assert.equal(incompleteBeta(2, 5, 0), 0);
    assert.equal(incompleteBeta(2, 5, 1), 1);
    for (const x of [0.1, 0.5, 0.8]) {
      close(incompleteBeta(3, 1, x), x ** 3, 1e-13);
      close(incompleteBeta(1, 4, x), 1 - (1 - x) ** 4, 1e-13);
    }
    // What the subtraction would lose is given beside.
    close(incompleteBeta(1, 0.5, 1, 1e-20), 1 - 1e-10, 1e-15);
  });

  test('of quadrature: polynomials of degree 31 are exact on one panel', () => {
    close(
      integral((x) => x ** 31, 0, 2, 1),
      2 ** 32 / 32,
      1e-13,
    );
    close(integral(Math.exp, -1, 3, 4), Math.exp(3) - Math.exp(-1), 1e-14);
    assert.equal(quadrature(0, 1, 3).nodes.length, 48);
  });
});

describe('properties', () => {
  const df = fc.double({ min: 1, max: 500, noNaN: true });
  const p = fc.double({ min: 1e-12, max: 0.999, noNaN: true });

  test('tails far out, where the density is too small for a number', () => {
    // c ν^((ν−1)/2) t^−ν, c the density at 0.
    close(studentUpper(1e81, 3), ((2 * Math.sqrt(3)) / Math.PI) * 1e-243, 1e-12);
    close(studentUpper(1e60, 5), (200 / (3 * Math.PI * Math.sqrt(5))) * 1e-300, 1e-12);
    close(studentUpperQuantile(1e-300, 3), Math.cbrt((2 * Math.sqrt(3)) / Math.PI) * 1e100, 1e-12);
    assert.equal(studentUpperQuantile(1e-200, 0.5), Infinity);
    // Newton's steps begin where the tail is 0, and come from both sides.
    for (const [p, df] of [
      [7e-304, 1e4],
      [3e-302, 1e4],
      [1e-304, 1e4],
      [1e-290, 300],
    ] as const)
      // prettier-ignore
      close(studentUpper(studentUpperQuantile(p, df), df), p, 1e-11);
  });

  test('quantiles undo tails', () => {
    fc.assert(
      fc.property(p, df, (probability, freedom) => {
        close(normalUpper(normalUpperQuantile(probability)), probability, 1e-12);
        close(studentUpper(studentUpperQuantile(probability, freedom), freedom), probability, 1e-11);
        close(incompleteGamma(freedom / 2, chiSquareQuantile(probability, freedom) / 2).lower, probability, 1e-11);
      }),
    );
  });

  test('the noncentral t is the central one without noncentrality, mirrored, and grows with it', () => {
    const t = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(t, df, fc.double({ min: 0.01, max: 12, noNaN: true }), (value, freedom, delta) => {
        close(noncentralTUpper(value, freedom, 0), studentUpper(value, freedom), 1e-11);
        const upper = noncentralTUpper(value, freedom, delta);
        close(noncentralTCdf(-value, freedom, -delta), upper, 1e-15);
        assert.ok(Math.abs(upper + noncentralTCdf(value, freedom, delta) - 1) < 1e-11);
        assert.ok(noncentralTUpper(value, freedom, delta + 0.5) >= upper - 1e-12);
      }),
    );
    close(noncentralTUpper(0, 4, 1.2), normalCdf(1.2), 1e-12);
  });

  test('the two tails of I are 1', () => {
    fc.assert(
      fc.property(df, df, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, x) => {
        assert.ok(Math.abs(incompleteBeta(a, b, x) + incompleteBeta(b, a, 1 - x, x) - 1) < 1e-12);
      }),
    );
  });
});

test('what has no answer is refused', () => {
  const wrong = [
    () => normalUpper(NaN),
    () => normalUpperQuantile(0),
    () => normalUpperQuantile(1),
    () => normalUpperQuantile(NaN),
    () => studentUpper(1, 0),
    () => studentUpper(NaN, 3),
    () => studentUpper(1, Infinity),
    () => studentDensity(1, -1),
    () => studentUpperQuantile(0, 3),
    () => studentUpperQuantile(1, 3),
    () => studentUpperQuantile(0.3, NaN),
    () => incompleteBeta(0, 1, 0.5),
    () => incompleteBeta(1, 0, 0.5),
    () => incompleteBeta(1, 1, 1.1),
    () => incompleteBeta(1, 1, -0.1),
    () => incompleteBeta(Infinity, 1, 0.5),
    () => incompleteGamma(0, 1),
    () => incompleteGamma(1, -1),
    () => chiSquareQuantile(0, 1),
    () => chiSquareQuantile(1, 1),
    () => chiSquareQuantile(0.5, 0),
    () => noncentralTUpper(Infinity, 3, 1),
    () => noncentralTUpper(1, 0.5, 1),
    () => noncentralTUpper(1, 3, NaN),
  ];
  for (const one of wrong) assert.throws(one, RangeError);
});
