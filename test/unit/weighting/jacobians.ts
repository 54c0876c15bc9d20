/** Random gradients for property tests: ordinary, conflicting, dependent, badly scaled. */
import fc from 'fast-check';
import { keyed } from '../../../src/numbers/random.ts';

export type Rows = readonly (readonly number[])[];

/** What makes a matrix hard. */
export type Kind = 'gauss' | 'conflict' | 'duplicate' | 'dependent' | 'opposite' | 'zero-row' | 'scaled';
const kinds: readonly Kind[] = ['gauss', 'conflict', 'duplicate', 'dependent', 'opposite', 'zero-row', 'scaled'];

export interface Jacobian {
  readonly rows: Rows;
  readonly kind: Kind;
  readonly seed: number;
}

const add = (a: readonly number[], b: readonly number[], factor: number): number[] =>
  a.map((value, i) => value + factor * (b[i] ?? 0));

function build(kind: Kind, count: number, width: number, seed: number): Rows {
  const random = keyed(seed, 'jacobian', kind, count, width);
  const rows = Array.from({ length: count }, () => Array.from({ length: width }, () => random.normal()));
  const [first = [], second = []] = rows;
  const others = rows.slice(1);
  if (kind === 'conflict') return [first, ...others.map((values) => add(values, first, -1.5))];
  if (kind === 'duplicate') return [first, first, ...rows.slice(2)];
  if (kind === 'dependent' && count > 2) return [first, second, add(first, second, 2), ...rows.slice(3)];
  if (kind === 'opposite') return [first, first.map((value) => -value), ...rows.slice(2)];
  if (kind === 'zero-row') return [first.map(() => 0), ...others];
  if (kind === 'scaled') {
    // Losses from 1e-10 to 1e15 in size.
    const sizes = rows.map(() => 10 ** random.uniform(-10, 15));
    return rows.map((values, i) => values.map((value) => value * (sizes[i] ?? 1)));
  }
  return rows;
}

export const jacobians = (allowed: readonly Kind[] = kinds): fc.Arbitrary<Jacobian> =>
  fc
    .record({
      kind: fc.constantFrom(...allowed),
      count: fc.integer({ min: 2, max: 7 }),
      width: fc.integer({ min: 3, max: 12 }),
      seed: fc.nat(1_000_000),
    })
    .map(({ kind, count, width, seed }) => ({ kind, seed, rows: build(kind, count, width, seed) }));

/** Ordinary rows alone. */
export const matrices = (): fc.Arbitrary<Rows> =>
  jacobians(['gauss', 'conflict', 'duplicate', 'dependent']).map(({ rows }) => rows);
