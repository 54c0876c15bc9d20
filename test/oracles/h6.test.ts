/**
 * Oracle H6: the two-task toy problem of the authors of CAGrad, Nash-MTL and FAMO, with the first loss times 0.1 and Adam at
 * 1e-3, from five starts. Where each method ends is known (conventions 7); the strategies are those that training runs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStrategy } from '../golden/runner/strategies.ts';
import type { Json } from '../../src/weighting/contract.ts';

type Point = readonly [number, number];

/** Values of both losses, and their derivatives by both coordinates. */
interface Losses {
  readonly values: number[];
  readonly first: Point;
  readonly second: Point;
}

/** ln max(|u|, 5e-6) + 6, and its derivative by u. */
const logarithm = (u: number): Point =>
  Math.abs(u) < 5e-6 ? [Math.log(5e-6) + 6, 0] : [Math.log(Math.abs(u)) + 6, 1 / u];

/** f₁·0.1 and f₂: logarithms above the axis, bowls around (±7, −8) below it, blended by tanh(±x₂/2). */
function toy(x1: number, x2: number): Losses {
  const [t, g] = [Math.tanh(x2), Math.tanh(x2 / 2)];
  const [rise, gate] = [1 - t * t, (1 - g * g) / 2];
  const [up, down] = [Math.max(g, 0), Math.max(-g, 0)];
  const [upSlope, downSlope] = [g >= 0 ? gate : 0, g <= 0 ? -gate : 0];
  const [l1, s1] = logarithm(0.5 * (-x1 - 7) + t);
  const [l2, s2] = logarithm(0.5 * (-x1 + 3) - t + 2);
  const bowl = (center: number): number => ((x1 - center) ** 2 + 0.1 * (x2 + 8) ** 2) / 10 - 20;
  const [b1, b2, b] = [bowl(7), bowl(-7), (x2 + 8) / 50];
  return {
    values: [0.1 * (up * l1 + down * b1), up * l2 + down * b2],
    first: [
      0.1 * (-0.5 * up * s1 + (down * (x1 - 7)) / 5),
      0.1 * (upSlope * l1 + up * s1 * rise + downSlope * b1 + down * b),
    ],
    second: [-0.5 * up * s2 + (down * (x1 + 7)) / 5, upSlope * l2 - up * s2 * rise + downSlope * b2 + down * b],
  };
}

const tasks = ['one', 'two'];
const draws = { orders: [[1], [0]] };
const weights = [1, 1];

/** Where Adam (β .9 and .999, ε 1e-8, learning rate 1e-3) takes a start on the combined gradient. */
function endOf(name: string, parameters: Record<string, unknown>, start: Point, steps: number): Point {
  const strategy = createStrategy(name, { parameters, tasks });
  let state: Json = strategy.initialState;
  let [x1, x2] = start;
  let [m1, m2, v1, v2] = [0, 0, 0, 0];
  let [decay1, decay2] = [1, 1];
  for (let step = 0; step < steps; step += 1) {
    const { values, first, second } = toy(x1, x2);
    const across = first[0] * second[0] + first[1] * second[1];
    const gram = [
      [first[0] ** 2 + first[1] ** 2, across],
      [across, second[0] ** 2 + second[1] ** 2],
    ];
    const statistics = { step, tasks, weights, losses: values, gram, draws };
    const found = strategy.weigh(statistics, state);
    ({ state } = found);
    const [w1 = NaN, w2 = NaN] = found.weights;
    const [g1, g2] = [w1 * first[0] + w2 * second[0], w1 * first[1] + w2 * second[1]];
    [m1, m2] = [0.9 * m1 + 0.1 * g1, 0.9 * m2 + 0.1 * g2];
    [v1, v2] = [0.999 * v1 + 0.001 * g1 * g1, 0.999 * v2 + 0.001 * g2 * g2];
    decay1 *= 0.9;
    decay2 *= 0.999;
    const rate = 1e-3 / (1 - decay1);
    x1 -= (rate * m1) / (Math.sqrt(v1 / (1 - decay2)) + 1e-8);
    x2 -= (rate * m2) / (Math.sqrt(v2 / (1 - decay2)) + 1e-8);
    if (strategy.afterStep) state = strategy.afterStep(statistics, toy(x1, x2).values, state);
  }
  return [x1, x2];
}

interface Row {
  readonly name: string;
  readonly parameters?: Record<string, unknown>;
  readonly steps?: number;
  /** From (0, 0), (−7.5, −.5), (9, −1). */
  readonly ends: readonly [Point, Point, Point];
}

const starts: readonly [Point, Point, Point] = [
  [0, 0],
  [-7.5, -0.5],
  [9, -1],
];
const lowest: Point = [-5.727, -8.409];
const famo = { weightDecay: 0, minLosses: [-2.1, -21] };

const rows: readonly Row[] = [
  { name: 'sum', ends: [lowest, lowest, lowest] },
  { name: 'cagrad', parameters: { c: 0.4, rescale: 1 }, ends: [lowest, lowest, lowest] },
  {
    name: 'mgda',
    ends: [
      [6.096, -8.416],
      [-4.26, -8.386],
      [6.995, -8.434],
    ],
  },
  {
    name: 'imtl-g',
    ends: [
      [0, -8.355],
      [-3.392, -8.375],
      [5.3, -8.402],
    ],
  },
  {
    name: 'nash-mtl',
    parameters: { maxNorm: 1 },
    ends: [
      [0, -8.355],
      [-3.289, -8.374],
      [4.899, -8.395],
    ],
  },
  {
    name: 'pcgrad',
    ends: [
      [-3.349, -8.374],
      [-3.817, -8.38],
      [5.037, -8.398],
    ],
  },
  {
    name: 'famo',
    parameters: famo,
    steps: 50_000,
    ends: [
      [0.084, -8.355],
      [-0.951, -8.351],
      [1.749, -8.368],
    ],
  },
];

test('the analytic slopes are the finite differences', () => {
  for (const [x1, x2] of [...starts.slice(1), [1, 2], [-3, 0.7], [9, 9]] as const) {
    const { first, second } = toy(x1, x2);
    for (const [i, slope] of [first, second].entries()) {
      for (const k of [0, 1]) {
        const at = (h: number): number => toy(x1 + (k === 0 ? h : 0), x2 + (k === 1 ? h : 0)).values[i] ?? NaN;
        assert.ok(Math.abs((at(1e-6) - at(-1e-6)) / 2e-6 - (slope[k] ?? NaN)) < 1e-6);
      }
    }
  }
});

for (const { name, parameters = {}, steps = 35_000, ends } of rows) {
  test(`${name} ends where it is known to end`, () => {
    for (const [index, start] of starts.entries()) {
      const [x1, x2] = endOf(name, parameters, start, steps);
      const [e1, e2] = ends[index] ?? [NaN, NaN];
      assert.ok(Math.abs(x1 - e1) < 0.05 && Math.abs(x2 - e2) < 0.05, `from ${start.join(', ')}: ${x1}, ${x2}`);
    }
  });
}

test('from the sensitive starts the balancers reach the front', () => {
  // On the front both gradients oppose each other: below the axis between the bowls' centers, where x₂ is about −8.4.
  for (const { name, parameters = {}, steps = 35_000 } of rows.filter(({ name: one }) =>
    ['mgda', 'imtl-g', 'nash-mtl', 'famo'].includes(one),
  )) {
    for (const start of [
      [-8.5, 7.5],
      [9, 9],
    ] as const) {
      const [x1, x2] = endOf(name, parameters, start, steps);
      const { first, second } = toy(x1, x2);
      const [n1, n2] = [Math.hypot(...first), Math.hypot(...second)];
      const cosine = (first[0] * second[0] + first[1] * second[1]) / (n1 * n2);
      assert.ok(x2 < -8 && (cosine < -0.99 || Math.min(n1, n2) < 1e-3), `${name}: ${x1}, ${x2}, cosine ${cosine}`);
    }
  }
});
