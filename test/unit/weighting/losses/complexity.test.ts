/** Weights by complexity: d/L⁰ with d the share of the loss that no linear model explains. */
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

const facts = { a: { constantLoss: 2, linearLoss: 0.5 }, b: { constantLoss: 5, linearLoss: 9 } };

test('complexity: by what linear models leave, within [.05, 1], turned round where asked, times the spec’s weights', () => {
  const of = (parameters: object, known = facts, weights = [1, 2]) =>
    made('complexity', parameters, { facts: known }).weigh(stepOf([7, 11], { weights }), null).weights;
  const shared = (one: number, other: number): number[] => [(2 * one) / (one + other), (4 * other) / (one + other)];
  // d = .5/2, and 9/5 clipped to 1; divided by L⁰.
  near(of({}), shared(0.125, 0.2));
  near(of({ inverse: true }), shared(8, 5));
  // An almost perfect linear model counts as one twentieth.
  const easy = { ...facts, a: { ...facts.a, linearLoss: 1e-9 } };
  near(of({}, easy, [1, 1]), [0.025, 0.2].map((share) => (2 * share) / 0.225)); // prettier-ignore
});
