/** L-BFGS against the dense matrices that it stands for (Nocedal & Wright 2006, equations 6.17 and 7.20). */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { minimize, type Valued } from '../../../src/numbers/lbfgs.ts';

type Numbers = readonly number[];
const dot = (a: Numbers, b: Numbers): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);

/** (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ. */
function updated(h: readonly Numbers[], s: Numbers, y: Numbers): number[][] {
  const rho = 1 / dot(s, y);
  const hy = h.map((row) => dot(row, y));
  const yhy = dot(y, hy);
  return h.map((row, i) =>
    row.map((value, j) => {
      const [si, sj] = [s[i] ?? NaN, s[j] ?? NaN];
      return value - rho * (si * (hy[j] ?? NaN) + (hy[i] ?? NaN) * sj) + (rho * rho * yhy + rho) * si * sj;
    }),
  );
}

/** Where so many steps lead, with the last ten pairs in whole matrices. */
function reference(evaluate: (x: Float64Array) => Valued, start: Numbers, steps: number): Numbers {
  let x = [...start];
  const pairs: (readonly [Numbers, Numbers])[] = [];
  for (let step = 0; step < steps; step++) {
    const { value, gradient } = evaluate(Float64Array.from(x));
    const [s, y] = pairs.at(-1) ?? [[1], [1]];
    const scale = pairs.length === 0 ? 1 : dot(s, y) / dot(y, y);
    let h: number[][] = x.map((_, i) => x.map((__, j) => (i === j ? scale : 0)));
    for (const pair of pairs.slice(-10)) h = updated(h, ...pair);
    const direction = h.map((row) => -dot(row, [...gradient]));
    const slope = dot([...gradient], direction);
    let length = step === 0 ? Math.min(1, 1 / Math.hypot(...gradient)) : 1;
    const at = (): Numbers => x.map((each, index) => each + length * (direction[index] ?? NaN));
    while (evaluate(Float64Array.from(at())).value > value + 1e-4 * length * slope) length /= 2;
    const next = at();
    const changed = evaluate(Float64Array.from(next)).gradient;
    const s1 = next.map((each, i) => each - (x[i] ?? NaN));
    const y1 = [...changed].map((each, i) => each - (gradient[i] ?? NaN));
    // Pairs without curvature are left out.
    if (dot(s1, y1) > 1e-12 * dot(y1, y1)) pairs.push([s1, y1]);
    x = [...next];
  }
  return x;
}

const curvatures = [1, 10, 100, 1000, 0.1, 3, 30, 300, 0.5, 7, 70, 700, 2];
/** Least at 0, 1, 2, …. */
const bowl = (x: Float64Array): Valued => ({
  value: x.reduce((sum, value, index) => sum + ((curvatures[index] ?? NaN) * (value - index) ** 2) / 2, 0),
  gradient: x.map((value, index) => (curvatures[index] ?? NaN) * (value - index)),
});
/** Rosenbrock's valley, least at (1, 1). */
const valley = (x: Float64Array): Valued => {
  const [p = NaN, q = NaN] = x;
  return {
    value: (1 - p) ** 2 + 100 * (q - p * p) ** 2,
    gradient: Float64Array.of(-2 * (1 - p) - 400 * p * (q - p * p), 200 * (q - p * p)),
  };
};

test('each step is that of the matrices, also when the oldest pairs are forgotten', () => {
  for (const [evaluate, start] of [
    [bowl, curvatures.map((_, index) => (index % 3) - 4)],
    [valley, [-1.2, 1]],
  ] as const) {
    for (const steps of [1, 2, 3, 5, 9, 11, 14]) {
      const { x, iterations, converged } = minimize(evaluate, Float64Array.from(start), { iterations: steps });
      assert.deepEqual([iterations, converged], [steps, false]);
      for (const [index, wanted] of reference(evaluate, start, steps).entries())
        assert.ok(
          Math.abs((x[index] ?? NaN) - wanted) < 1e-6 * Math.max(1, Math.abs(wanted)),
          `step ${String(steps)} of ${String(start.length)}: ${String(x[index])}, not ${String(wanted)}`,
        );
    }
  }
});

test('it ends where no entry of the gradient is above the tolerance, and says whether it got there', () => {
  for (const tolerance of [1e-3, 1e-9]) {
    const { x, value, converged, iterations } = minimize(valley, Float64Array.of(-1.2, 1), { tolerance });
    assert.ok(converged && iterations > 10);
    const { gradient, value: there } = valley(x);
    assert.ok(gradient.every((entry) => Math.abs(entry) <= tolerance));
    assert.equal(value, there);
    const before = minimize(valley, Float64Array.of(-1.2, 1), { tolerance, iterations: iterations - 1 });
    assert.equal(before.converged, false);
  }
  // Where it begins may be good enough; the last step may reach it.
  assert.deepEqual(minimize(valley, Float64Array.of(1, 1)), { x: Float64Array.of(1, 1), value: 0, converged: true, iterations: 0 }); // prettier-ignore
  const edge = (x: Float64Array): Valued => ({ value: 0.5 * (x[0] ?? NaN), gradient: Float64Array.of(0.5) });
  assert.equal(minimize(edge, Float64Array.of(3), { tolerance: 0.5 }).iterations, 0);
});

test('where no step lowers the value it stays, unconverged', () => {
  const liar = (x: Float64Array): Valued => ({ value: -(x[0] ?? NaN), gradient: Float64Array.of(1) });
  assert.deepEqual(minimize(liar, Float64Array.of(2)), {
    ...{ x: Float64Array.of(2), value: -2, converged: false, iterations: 0 },
  });
});

test('it takes 300 steps unless told otherwise, and halves a step forty times at most', () => {
  const slope = (x: Float64Array): Valued => ({ value: -(x[0] ?? NaN), gradient: Float64Array.of(-1) });
  const { x, iterations, converged } = minimize(slope, Float64Array.of(0));
  assert.deepEqual([x, iterations, converged], [Float64Array.of(300), 300, false]);
  const lengths: number[] = [];
  minimize((at) => {
    lengths.push(Math.abs(at[0] ?? NaN));
    return { value: at[0] === 0 ? 0 : 1, gradient: Float64Array.of(1) };
  }, Float64Array.of(0));
  assert.deepEqual(lengths, [0, ...Array.from({ length: 40 }, (_, turn) => 2 ** -turn)]);
});
