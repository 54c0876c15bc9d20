// Points of the weights' simplex, and what the page reads off a surface that was fitted elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitMixture, mixtureDesign, mixtureTerms } from '../../../../src/experiment/surface/scheffe.ts';
import {
  isSame,
  lattice,
  moved,
  nearest,
  placeOf,
  predict,
  sharesAt,
  snapped,
  weightsAt,
  weightsText,
} from '../../../../webview/experiment/navigator.ts';
import { surfaceOfTasks } from '../../../webview/surfaces.ts';

const close = (value: number | null | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs((value ?? NaN) - expected) <= tolerance, `${String(value)} ≠ ${String(expected)}`);
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('a prediction is that of the fit, its interval that of one more run', () => {
  // The line through (0, 1), (½, 1.6), (1, 2): at ¼ of the first task 1.2833, h = 1/3 + 1/8.
  const runs = [[0, 1], [0.5, 1.6], [1, 2]].map(([x = 0, value = 0]) => ({ shares: [x, 1 - x], value })); // prettier-ignore
  const terms = mixtureTerms(2, 1);
  const design = mixtureDesign(runs, terms);
  assert.ok(design);
  const fit = fitMixture(design, [1, 1.6, 2]);
  const model = { degree: 1 as const, terms, ...fit, sd: 0.1, quantile: 2, reach: 5 / 6, leftOutError: 0, meanError: 0 }; // prettier-ignore
  const at = predict(model, [0.25, 0.75]);
  close(at.value, 1 + 1 / 30 + 0.25);
  close(at.interval[0], at.value - 0.2 * Math.sqrt(1 + 1 / 3 + 1 / 8));
  close(at.interval[1], at.value + 0.2 * Math.sqrt(1 + 1 / 3 + 1 / 8));
  // Of a run itself: on the border, and not beyond.
  assert.equal(predict(model, [1, 0]).extrapolated, false);
  assert.equal(predict({ ...model, reach: 0.8 }, [1, 0]).extrapolated, true);
  // No more than rounding beyond the border, and what lies beyond that.
  const border = (h: number, reach: number): boolean =>
    predict({ ...model, terms: [[0]], coefficients: [1], inverse: [[h]], reach }, [1, 0]).extrapolated;
  assert.deepEqual([border(0, 0), border(1 + 0.5e-9, 1), border(1 + 1.5e-9, 1)], [false, false, true]);
  // Products of shares.
  const bent = { ...model, terms: [[0], [1], [0, 1]], coefficients: [1, 2, 4], inverse: [[0, 0, 0], [0, 0, 0], [0, 0, 1]] }; // prettier-ignore
  close(predict(bent, [0.5, 0.5]).value, 2.5);
  close(predict(bent, [0.5, 0.5]).interval[1] - 2.5, 0.2 * Math.sqrt(1 + 1 / 16));
});

test('the handle stands at thousandths that sum to 1', () => {
  assert.deepEqual(snapped([1, 1, 1]), [0.334, 0.333, 0.333]);
  assert.deepEqual(snapped([2, 0, 2]), [0.5, 0, 0.5]);
  assert.deepEqual(snapped([-1, 1]), [0, 1]);
  assert.deepEqual(snapped([0, 0]), [0.5, 0.5]);
  assert.deepEqual(snapped([0.2504, 0.7496]), [0.25, 0.75]);
  // What is missing goes to the largest remainders: 333.3, 333.4 and 333.3 of a thousand.
  assert.deepEqual(snapped([0.3333, 0.3334, 0.3333]), [0.333, 0.334, 0.333]);
  assert.deepEqual(snapped([0.9004, 0.0003, 0.0993]), [0.9, 0, 0.1].map((one, index) => (index === 0 ? 0.901 : index === 2 ? 0.099 : one))); // prettier-ignore
  // However small the share: 900.1, 0.7 and 99.2 of a thousand.
  assert.deepEqual(snapped([0.9001, 0.0007, 0.0992]), [0.9, 0.001, 0.099]);
  assert.deepEqual(snapped([]), []);
  fc.assert(
    fc.property(fc.array(share, { minLength: 2, maxLength: 8 }), (shares) => {
      const own = snapped(shares).map((one) => Math.round(one * 1000));
      assert.equal(own.reduce((sum, one) => sum + one, 0), 1000);
      assert.deepEqual(snapped(snapped(shares)), snapped(shares));
    }),
  ); // prettier-ignore
});

test('one share is set, the others keep their proportions', () => {
  assert.deepEqual(moved([0.2, 0.2, 0.6], 0, 0.6), [0.6, 0.1, 0.3]);
  assert.deepEqual(moved([1, 0, 0], 0, 0.5), [0.5, 0.25, 0.25]);
  assert.deepEqual(moved([0.5, 0.5], 1, 2), [0, 1]);
  assert.deepEqual(moved([0.5, 0.5], 1, -1), [1, 0]);
  // Of several that are all 0 each takes the same of what is left.
  assert.deepEqual(moved([1, 0, 0, 0], 0, 0.4), [0.4, 0.2, 0.2, 0.2]);
  assert.deepEqual(moved([1, 0], 0, 0.4), [0.4, 0.6]);
});

test('the triangle: corners, its middle, and back', () => {
  assert.deepEqual([placeOf([1, 0, 0]), placeOf([0, 1, 0]), placeOf([0, 0, 1])], [[0.5, 0], [0, 1], [1, 1]]); // prettier-ignore
  fc.assert(
    fc.property(share, share, share, (a, b, c) => {
      const shares = snapped([a, b, c]);
      assert.deepEqual(sharesAt(...placeOf(shares)), shares);
    }),
  );
  // Outside: on the edge.
  assert.deepEqual(sharesAt(0.5, -1), [1, 0, 0]);
  assert.deepEqual(sharesAt(-1, 1), [0, 1, 0]);
  assert.equal(lattice(2).length, 6);
  assert.deepEqual(lattice(2), [[0, 0, 1], [0, 0.5, 0.5], [0, 1, 0], [0.5, 0, 0.5], [0.5, 0.5, 0], [1, 0, 0]]); // prettier-ignore
});

test('the nearest weights that were run', () => {
  const surface = surfaceOfTasks(2);
  const near = nearest(surface, [0.5, 0.5], 3);
  assert.equal(near.length, 3);
  const [first, second] = near;
  assert.ok(first && second);
  assert.deepEqual(first.point.shares, [0.5, 0.5]);
  assert.ok(isSame(first) && !isSame(second) && first.distance <= second.distance);
  const at = (distance: number) => isSame({ ...first, distance });
  assert.deepEqual([at(0.00049), at(0.0005), at(0.0007)], [true, false, false], 'half a thousandth');
  const ends = nearest({ ...surface, points: [{ shares: [0, 1], arms: [], runs: 1, means: [] }] }, [1, 0], 3);
  close(ends[0]?.distance, Math.SQRT2);
});

test('weights are shares of the sum', () => {
  assert.deepEqual(weightsAt({ total: 2 }, [0.25, 0.75]), [0.5, 1.5]);
  assert.deepEqual(weightsAt({ total: 3 }, [0.333, 0.667]), [0.999, 2.001]);
  assert.equal(weightsText([0.5, 1.5]), '0.5 : 1.5');
  assert.deepEqual(weightsAt({ total: 1 / 3 }, [1]), [0.333333], 'six digits');
});
