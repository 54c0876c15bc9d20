/** Weights by the amount of data: n^p. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

const facts = { a: { samples: 4 }, b: { samples: 9 } };

test('data-size: a power of the number of samples, turned round where asked, times the spec’s weights', () => {
  const of = (parameters: object) =>
    made('data-size', parameters, { facts }).weigh(stepOf([7, 11], { weights: [1, 2] }), null);
  const shared = (one: number, other: number): number[] => [(2 * one) / (one + other), (4 * other) / (one + other)];
  near(of({}).weights, shared(4, 9));
  near(of({ power: 0.5 }).weights, shared(2, 3));
  near(of({ power: 0.5, inverse: true }).weights, shared(3, 2));
  const [one = NaN, other = NaN] = shared(4, 9);
  near([of({}).value ?? NaN], [one * 7 + other * 11]);
});

test('data-size: a fact that is missing, 0 or no number is said with its task', () => {
  for (const samples of [undefined, 0, -1, NaN, Infinity]) {
    const wrong = { ...facts, b: { ...(samples !== undefined && { samples }) } };
    assert.throws(() => made('data-size', {}, { facts: wrong }), /"samples" of the task "b"/, String(samples));
  }
  assert.throws(() => made('data-size'), /"samples" of the task "a"/);
});
