/** What families of generated cases are made of. */
import fc from 'fast-check';
import { random, type Case } from './support.ts';

export const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const seed = fc.integer({ min: 1, max: 1e6 });
export type Next = () => number;

/** A case from named extents and a generator of numbers. */
export function family<T>(parameters: fc.Arbitrary<T>, build: (p: T, next: Next) => Case): fc.Arbitrary<Case> {
  return fc.tuple(parameters, seed).map(([p, s]) => build(p, random(s)));
}

export const shapes = fc.array(small(5), { minLength: 1, maxLength: 4 });

/** The activations that tfjs's fused operations name. */
export const activations = fc.constantFrom<'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu' | 'prelu'>(
  'linear',
  'relu',
  'relu6',
  'elu',
  'sigmoid',
  'leakyrelu',
  'prelu',
);
