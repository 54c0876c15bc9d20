/** ExcessMTL: weights grow with the estimated excess risk, relative to its baseline. */
import { test } from 'node:test';
import { at, sum } from '../../../../src/numbers/linear.ts';
import { course, near, softmax } from '../worked.ts';

test('excess-mtl: warm-up steps make the baseline; a task without gradient in it does not move', () => {
  const rows = [[3, 0], [0, 2]]; // prettier-ignore
  const e = (squares: number, g: number): number => (g * g) / Math.sqrt(squares + 1e-7);
  const [one, two, three] = course('excess-mtl', { warmup: 2, stepSize: 0.5 }, [{ rows }, { rows }, { rows }]);
  near(one?.weights ?? [], [1, 1]);
  near(two?.weights ?? [], [1, 1]);
  const relative = [3, 2].map((g) => e(3 * g * g, g) / ((e(g * g, g) + e(2 * g * g, g)) / 2));
  near(three?.weights ?? [], softmax(relative.map((value) => 0.5 * value)).map((share) => 2 * share), 1e-9); // prettier-ignore
  near(three?.direction, [3 * at(three?.weights ?? [], 0), 2 * at(three?.weights ?? [], 1)]);
  const [, still] = course('excess-mtl', { stepSize: 0.5 }, [{ rows: [[0, 0], [0, 2]] }, { rows }]); // prettier-ignore
  const grown = Math.exp(0.5 * (e(8, 2) / e(4, 2)));
  near(still?.weights ?? [], [2 / (1 + grown), (2 * grown) / (1 + grown)], 1e-9);
  // A task that comes late has a baseline of its own then.
  const late = course('excess-mtl', { stepSize: 0.5 }, [{ rows: [[3, 0]], tasks: ['a'] }, { rows }, { rows }]); // prettier-ignore
  near(late[1]?.weights ?? [], [1, 1]);
  const sizes = [Math.exp(0.5 * (e(27, 3) / e(9, 3))), Math.exp(0.5 * (e(8, 2) / e(4, 2)))];
  near(late[2]?.weights ?? [], sizes.map((size) => (2 * size) / sum(sizes)), 1e-9); // prettier-ignore
});

test('excess-mtl as TorchJD has it: the first step moves by the raw estimate, weights of sum 1', () => {
  const rows = [[0.3, 0], [0, 0.2]]; // prettier-ignore
  const e = (squares: number, g: number): number => (g * g) / Math.sqrt(squares + 1e-7);
  const [first, second] = course('excess-mtl', { convention: 'torchjd', stepSize: 2 }, [
    { rows, weights: [1, 3] },
    { rows, weights: [1, 3] },
  ]);
  const start = [e(0.09, 0.3), e(0.04, 0.2)];
  const one = softmax([Math.log(0.25) + 2 * at(start, 0), Math.log(0.75) + 2 * at(start, 1)]);
  near(first?.weights, one);
  near(first?.direction, [0.3 * at(one, 0), 0.2 * at(one, 1)]);
  const ratios = [e(0.18, 0.3) / (at(start, 0) + 1e-7), e(0.08, 0.2) / (at(start, 1) + 1e-7)];
  near(second?.weights, softmax(one.map((weight, i) => Math.log(weight) + 2 * at(ratios, i)))); // prettier-ignore
});

test('excess-mtl: weights begin at the preferences times T, and sum to T', () => {
  const rows = [[3, 0], [0, 2]]; // prettier-ignore
  const [first, second] = course('excess-mtl', { stepSize: 1 }, [
    { rows, weights: [1, 3] },
    { rows, weights: [1, 3] },
  ]);
  near(first?.weights, [0.5, 1.5]);
  near(first?.direction, [1.5, 3]);
  // Squares have doubled: both estimates are 1/√2 of their baselines, but for 1e-7.
  near(second?.weights, [0.5, 1.5], 1e-7);
});
