// Mixture polynomials against published fits, closed forms and refits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  fitMixture as fitOn,
  leftOutError,
  meanError,
  mixtureDesign,
  mixtureTerms,
  type MixtureFit,
  type MixtureRun,
} from '../../../../src/experiment/surface/scheffe.ts';

const close = (value: number | null | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs((value ?? NaN) - expected) <= tolerance, `${String(value)} ≠ ${String(expected)}`);

function fitMixture(runs: readonly MixtureRun[], terms: ReturnType<typeof mixtureTerms>): MixtureFit | null {
  const design = mixtureDesign(runs, terms);
  return design === null ? null : fitOn(design, runs.map(({ value }) => value)); // prettier-ignore
}

/**
 * Yarn elongation (Cornell 2002, section 2.4; NIST/SEMATECH e-Handbook 5.5.4.2): polyethylene, polystyrene, polypropylene; a
 * {3, 2} simplex lattice.
 */
const yarn: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[1, 0, 0], [11, 12.4]],
  [[0.5, 0.5, 0], [15, 14.8, 16.1]],
  [[0, 1, 0], [8.8, 10]],
  [[0, 0.5, 0.5], [10, 9.7, 11.8]],
  [[0, 0, 1], [16.8, 16]],
  [[0.5, 0, 0.5], [17.7, 16.4, 16.6]],
]; // prettier-ignore
const points = yarn.map(([shares, values]) => values.map((value): MixtureRun => ({ shares, value })));
const runs = points.flat();

test('terms: T of degree 1, T(T + 1)/2 of degree 2, in order', () => {
  assert.deepEqual(mixtureTerms(3, 1), [[0], [1], [2]]);
  assert.deepEqual(mixtureTerms(3, 2), [[0], [1], [2], [0, 1], [0, 2], [1, 2]]);
  assert.equal(mixtureTerms(8, 2).length, 36);
});

test('yarn: the published coefficients and residual error; standard errors in closed form', () => {
  const fit = fitMixture(runs, mixtureTerms(3, 2));
  assert.ok(fit);
  // β₁₂ = 4 ȳ₁₂ − 2 ȳ₁ − 2 ȳ₂: its variance is σ² (16/3 + 4/2 + 4/2).
  const [one, two] = [Math.sqrt(1 / 2), Math.sqrt(28 / 3)];
  const errors = [one, one, one, two, two, two];
  [11.7, 9.4, 16.4, 19, 11.4, -9.6].forEach((value, at) => close(fit.coefficients[at], value));
  assert.equal(fit.df, 9);
  const sd = Math.sqrt(fit.residuals.reduce((sum, one) => sum + one * one, 0) / fit.df);
  close(sd, 0.85375, 5e-6);
  errors.forEach((value, at) => close(Math.sqrt(fit.inverse[at]?.[at] ?? NaN), value));
  // As many coefficients as points: the leverage of a run is 1/n of its point.
  runs.forEach(({ shares }, at) => close(fit.leverages[at], shares.includes(1) ? 1 / 2 : 1 / 3));
  close(fit.residuals[0], 11 - 11.7);
});

test('of two tasks, degree 1 is the regression line: its closed form', () => {
  const line = [0, 0.2, 0.5, 0.7, 1].map((x, at) => ({ shares: [x, 1 - x], value: [3, 1, 4, 1, 5][at] ?? 0 }));
  const fit = fitMixture(line, mixtureTerms(2, 1));
  const [n, x, y] = [5, line.map(({ shares }) => shares[0] ?? 0), line.map(({ value }) => value)];
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / n;
  const sxx = x.reduce((sum, one) => sum + (one - mean(x)) ** 2, 0);
  const slope = x.reduce((sum, one, at) => sum + (one - mean(x)) * ((y[at] ?? 0) - mean(y)), 0) / sxx;
  const intercept = mean(y) - slope * mean(x);
  close(fit?.coefficients[1], intercept);
  close(fit?.coefficients[0], intercept + slope);
  x.forEach((one, at) => close(fit?.leverages[at], 1 / n + (one - mean(x)) ** 2 / sxx));
});

test('what does not tell the terms apart is not fitted', () => {
  const flat = [0.1, 0.3, 0.5, 0.7].map((x) => ({ shares: [x, 1 - x, 0], value: x }));
  assert.equal(fitMixture(flat, mixtureTerms(3, 1)), null);
  assert.equal(fitMixture(runs.slice(0, 5), mixtureTerms(3, 2)), null, 'fewer runs than terms');
  // As many runs as terms: it goes through each, and nothing is left over.
  const [exact] = [fitMixture(points.flatMap((own) => own.slice(0, 1)), mixtureTerms(3, 2))]; // prettier-ignore
  assert.equal(exact?.df, 0);
});

/** As defined: every weighting from a fit of all others. */
function refitted(own: readonly (readonly MixtureRun[])[], terms: ReturnType<typeof mixtureTerms>): number {
  const squares = own.map((left, place) => {
    const fit = fitMixture(own.filter((_, other) => other !== place).flat(), terms);
    const x = terms.map((term) => term.reduce((product, task) => product * (left[0]?.shares[task] ?? NaN), 1));
    const predicted = x.reduce((sum, one, at) => sum + one * (fit?.coefficients[at] ?? NaN), 0);
    return (left.reduce((sum, { value }) => sum + value, 0) / left.length - predicted) ** 2;
  });
  return Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length);
}

function leftOut(own: readonly (readonly MixtureRun[])[], terms: ReturnType<typeof mixtureTerms>): number | null {
  const fit = fitMixture(own.flat(), terms);
  return fit === null ? null : leftOutError(own, fit);
}

test('leave-one-out by weighting, by hand; a point that carries a direction alone has none', () => {
  // Two tasks, degree 1, points at 0, ½, 1 with two runs in the middle: each is predicted from the line of the others.
  const own = [[{ shares: [0, 1], value: 1 }], [{ shares: [0.5, 0.5], value: 3 }, { shares: [0.5, 0.5], value: 5 }], [{ shares: [1, 0], value: 3 }]]; // prettier-ignore
  // Without the first: through (½, 4) and (1, 3): 5 at 0. Without the middle: 2 at ½. Without the last: 7 at 1.
  close(leftOut(own, mixtureTerms(2, 1)), Math.sqrt((16 + 4 + 16) / 3));
  // The mean of the others: 11/3, 2, 3 beside 1, 4, 3.
  close(meanError(own), Math.sqrt(((8 / 3) ** 2 + 4 + 0) / 3));
  assert.equal(leftOut(points, mixtureTerms(3, 2)), null);
  assert.equal(meanError(own.slice(0, 1)), null);
});

test('leave-one-out without a refit is that with one, whatever the weightings and their runs', () => {
  const value = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.array(value, { minLength: 1, maxLength: 3 }), { minLength: 7, maxLength: 12 }), (drawn) => {
      const own = drawn.map((values, at) => values.map((one) => ({ shares: [at / 12, 1 - at / 12], value: one })));
      for (const degree of [1, 2] as const) {
        const terms = mixtureTerms(2, degree);
        close(leftOut(own, terms), refitted(own, terms), 1e-7);
      }
    }),
  );
  close(leftOut(points, mixtureTerms(3, 1)), refitted(points, mixtureTerms(3, 1)));
});

test('a polynomial of the same degree is found again, and residuals are orthogonal to the terms', () => {
  const share = fc.double({ min: 0.01, max: 1, noNaN: true });
  const coefficient = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(share, share, share), { minLength: 4, maxLength: 8 }),
      fc.tuple(coefficient, coefficient, coefficient),
      (raw, truth) => {
        const corners = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
        const all = [...corners, ...raw.map((one) => one.map((part) => part / (one[0] + one[1] + one[2])))];
        const made = all.map((shares) => ({
          shares,
          value: shares.reduce((sum, part, at) => sum + part * (truth[at] ?? 0), 0),
        }));
        const fit = fitMixture(made, mixtureTerms(3, 1));
        truth.forEach((value, at) => close(fit?.coefficients[at], value, 1e-8));
        const noisy = fitMixture(made.map((run, at) => ({ ...run, value: run.value + (at % 3) })), mixtureTerms(3, 1)); // prettier-ignore
        for (const place of [0, 1, 2])
          close(
            noisy?.residuals.reduce((sum, one, at) => sum + one * (all[at]?.[place] ?? 0), 0),
            0,
            1e-8,
          );
      },
    ),
  );
});
