import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { resizeImage } from '../../../src/samples/inputs/resize.ts';
import { DataError } from '../../../src/data/error.ts';
import {
  applyScaling,
  domainOf,
  fitFill,
  fitScaling,
  givenFill,
  outlierBounds,
  scalings,
  undoScaling,
} from '../../../src/samples/scaling.ts';
import { mode, moments, quantile, sorted } from '../../../src/samples/statistics.ts';
import { assertClose } from './helpers.ts';

interface Column {
  readonly values: number[];
  readonly mean: number;
  readonly sd: number;
  readonly quantiles: number[];
  readonly standard: number[];
  readonly minmax: number[];
  readonly robust: number[];
}

interface Reference {
  readonly statistics: Readonly<Record<string, Column>>;
  readonly images: readonly {
    source: [number, number];
    target: [number, number];
    pixels: number[];
    resized: number[];
  }[];
}

const reference = JSON.parse(
  readFileSync(new URL('../../reference/preparation.json', import.meta.url), 'utf8'),
) as Reference;

test('mean, population sd and quantiles as numpy', () => {
  for (const { values, mean, sd, quantiles } of Object.values(reference.statistics)) {
    // A missing value takes out itself alone, wherever it stands.
    const found = moments([NaN, ...values.slice(0, 1), NaN, ...values.slice(1), NaN]);
    assert.equal(found.n, values.length);
    assertClose([found.mean, found.sd], [mean, sd], 1e-12);
    const ascending = sorted([NaN, ...values]);
    assertClose(
      [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map((q) => quantile(ascending, q)),
      quantiles,
      1e-12,
    );
  }
});

test('scalings as scikit-learn, and back', () => {
  for (const column of Object.values(reference.statistics)) {
    const values = Float64Array.from(column.values);
    for (const method of ['standard', 'minmax', 'robust'] as const) {
      const { scaling, constant } = fitScaling(method, values);
      assert.equal(constant, false);
      // scikit-learn's own two-pass mean is off by some ulp where numbers are near 1e9 and their spread is 1.
      assertClose(
        column.values.map((value) => applyScaling(scaling, value)),
        column[method],
        1e-6,
      );
    }
  }
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), fc.constantFrom(...scalings), (values, method) => {
      const usable = method === 'log' ? values.map(Math.abs) : values;
      const { scaling } = fitScaling(method, Float64Array.from(usable));
      assert.ok(Number.isFinite(scaling.shift) && Number.isFinite(scaling.divisor) && scaling.divisor !== 0);
      for (const x of usable) assertClose([undoScaling(scaling, applyScaling(scaling, x))], [x], 1e-9);
    }),
  );
});

test('hand-calculated: log, scale, none, constants, fills, outliers', () => {
  const values = Float64Array.of(1, 2, 2, 3, 100, NaN);
  const apply = (method: (typeof scalings)[number], x: number): number =>
    applyScaling(fitScaling(method, values).scaling, x);
  assert.equal(apply('log', Math.E - 1), 1);
  assert.equal(apply('scale', 51), 0.2);
  assert.equal(apply('none', 7), 7);
  assert.deepEqual(fitScaling('standard', Float64Array.of(5, 5, 5)), {
    scaling: { method: 'standard', shift: 5, divisor: 1 },
    constant: true,
  });
  assert.equal(fitFill('mean', values), 21.6);
  assert.equal(fitFill('median', values), 2);
  assert.equal(fitFill('mode', values), 2);
  assert.equal(fitFill({ constant: -1 }, values), -1);
  assert.equal(mode(sorted([3, 1, 3, 1, 2])), 1);
  // Quartiles 2 and 3: 2 − 1.5·1 and 3 + 1.5·1.
  assert.deepEqual(outlierBounds({ method: 'iqr', threshold: 1.5 }, values), { low: 0.5, high: 4.5 });
  // Of 1, 2, 3: mean 2, population sd √(2/3).
  const { low, high } = outlierBounds({ method: 'zscore', threshold: 3 }, Float64Array.of(1, 2, 3));
  assertClose([low, high], [2 - 3 * Math.sqrt(2 / 3), 2 + 3 * Math.sqrt(2 / 3)], 1e-12);
});

test('of nothing there are no statistics', () => {
  assert.deepEqual(moments([NaN, NaN]), { n: 0, mean: NaN, sd: NaN });
  assert.deepEqual([...sorted([NaN])], []);
  for (const q of [0, 0.5, 1]) assert.equal(quantile(sorted([]), q), NaN);
  assert.equal(mode(sorted([])), NaN);
  for (const fill of ['mean', 'median', 'mode'] as const) assert.equal(fitFill(fill, Float64Array.of(NaN)), NaN);
  assert.deepEqual([quantile(Float64Array.of(4), 0.3), mode(Float64Array.of(4))], [4, 4]);
  assert.equal(mode(sorted([2, 1, 2, 1, 3, 2])), 2);
  assert.equal(mode(sorted([1, 2, 2])), 2);
});

test('a spread within rounding of the values is none; only what divides by a spread is then told constant', () => {
  const apart = (spread: number): Float64Array => Float64Array.of(1, 1, 1 + spread, 1 + spread);
  for (const method of ['minmax', 'standard', 'robust'] as const) {
    assert.equal(fitScaling(method, apart(1e-9)).constant, false, method);
    const { scaling, constant } = fitScaling(method, apart(4e-13));
    assert.deepEqual([constant, scaling.divisor], [true, 1], method);
    assert.deepEqual(fitScaling(method, Float64Array.of(0, 0)), {
      ...{ scaling: { method, shift: 0, divisor: 1 }, constant: true },
    });
  }
  // A spread as large as the border is still none; the sign of the values does not matter.
  assert.equal(fitScaling('minmax', Float64Array.of(-1, -1 + 4e-13)).constant, true);
  assert.equal(fitScaling('minmax', Float64Array.of(-1, 1e-13 - 1 + 1e-11)).constant, false);
  assert.deepEqual(fitScaling('minmax', Float64Array.of(NaN, 7, 3, 5)).scaling, {
    method: 'minmax',
    shift: 3,
    divisor: 4,
  });
  assert.deepEqual(fitScaling('robust', Float64Array.of(0, 1, 2, 3, 100)).scaling, {
    method: 'robust',
    shift: 2,
    divisor: 2,
  });
  for (const [method, divisor] of [
    ['log', 1],
    ['scale', 255],
    ['none', 1],
  ] as const) {
    assert.deepEqual(fitScaling(method, Float64Array.of(5, 5)), {
      ...{ scaling: { method, shift: 0, divisor }, constant: false },
    });
  }
  assert.deepEqual(domainOf, { ...Object.fromEntries(scalings.map((name) => [name, 'real'])), log: 'non-negative' });
});

test('what stands in for a missing number may be written as a text, and nothing else than a number', () => {
  assert.equal(givenFill('x', { fill: 'median' }), 'median');
  assert.deepEqual(givenFill('x', { constant: 2 }), { constant: 2 });
  assert.deepEqual(givenFill('x', { constant: '-1.5e2' }), { constant: -150 });
  assert.throws(
    () => givenFill('x', { constant: 'none' }),
    (error) =>
      error instanceof DataError &&
      error.code === 'not-a-number' &&
      error.text.en === 'Input “x”: the constant “none” for missing values is not a number.' &&
      error.text.zh === '输入“x”：用于缺失值的常数“none”不是数。',
  );
});

test('resizing as Pillow', () => {
  for (const { source, target, pixels, resized } of reference.images) {
    assertClose([...resizeImage(Float64Array.from(pixels), source, target, 1, 'stretch')], resized, 1e-5);
  }
});

test('channels are resized apart; fit puts bars around, crop cuts the middle out', () => {
  const { source, target, pixels, resized } = reference.images[0] ?? assert.fail();
  const two = Float64Array.from({ length: pixels.length * 2 }, (_, at) => (at % 2 === 0 ? (pixels[at / 2] ?? 0) : 7));
  const out = resizeImage(two, source, target, 2, 'stretch');
  assertClose(
    [...out].filter((_, at) => at % 2 === 0),
    resized,
    1e-5,
  );
  assertClose(
    [...out].filter((_, at) => at % 2 === 1),
    resized.map(() => 7),
  );
  const wide = new Float64Array(2 * 4).fill(9);
  assert.deepEqual([...resizeImage(wide, [2, 4], [4, 4], 1, 'fit')], [0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0]);
  const steps = Float64Array.of(1, 2, 3, 4, 1, 2, 3, 4);
  assert.deepEqual([...resizeImage(steps, [2, 4], [2, 2], 1, 'crop')], [2, 3, 2, 3]);
});
