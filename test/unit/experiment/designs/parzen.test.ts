import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Setting } from '../../../../src/experiment/designs/contract.ts';
import { density, drawn, parzenOf } from '../../../../src/experiment/designs/parzen.ts';
import { bestOf, isScored, type Scored } from '../../../../src/experiment/designs/ranking.ts';
import { populationOf } from '../../../../src/experiment/designs/nsga2.ts';
import { normalCdf } from '../../../../src/numbers/normal.ts';
import { keyed } from '../../../../src/numbers/random.ts';
import { levels, range } from './factors.ts';

const set = (values: Readonly<Record<string, number | string>>): Setting => new Map(Object.entries(values));
const near = (a: number, b: number, tolerance = 1e-9) => assert.ok(Math.abs(a - b) < tolerance, `${a}, not ${b}`);

test('densities: one over all values; by hand for one kernel and the prior', () => {
  const word = levels('word', ['a', 'b', 'c']);
  const whole = range('whole', 1, 5, { integer: true });
  const both = parzenOf(
    [word, whole],
    [set({ word: 'a', whole: 2 }), set({ word: 'c' }), set({ word: 'a', whole: 5 })],
  );
  let total = 0;
  for (const name of ['a', 'b', 'c'])
    for (let k = 1; k <= 5; k += 1) total += density(both, set({ word: name, whole: k }));
  near(total, 1);
  // n = 1: the own level has (½ + 1)/(3·½ + 1), the prior ⅓; equal halves.
  near(density(parzenOf([word], [set({ word: 'a' })]), set({ word: 'a' })), (1.5 / 2.5 + 1 / 3) / 2);
  near(density(parzenOf([word], [set({ word: 'a' })]), set({ word: 'b' })), (0.5 / 2.5 + 1 / 3) / 2);
  const real = range('real', 0, 10);
  const truncated = (x: number, mean: number, width: number) =>
    Math.exp(-0.5 * ((x - mean) / width) ** 2) /
    Math.sqrt(2 * Math.PI) /
    width /
    (normalCdf((1 - mean) / width) - normalCdf(-mean / width));
  // Places 0.2, 0.3, 0.8: widths 1/5 at least, 0.5, 0.5.
  const three = parzenOf(
    [real],
    [8, 2, 3].map((value) => set({ real: value })),
  );
  const expected = [
    truncated(0.4, 0.2, 0.2),
    truncated(0.4, 0.3, 0.5),
    truncated(0.4, 0.8, 0.5),
    truncated(0.4, 0.5, 1),
  ];
  near(density(three, set({ real: 4 })), expected.reduce((sum, value) => sum + value, 0) / 4);
  near(
    density(parzenOf([real], [set({ real: 3 })]), set({ real: 4 })),
    (truncated(0.4, 0.3, 0.7) + truncated(0.4, 0.5, 1)) / 2,
  );
  near(density(parzenOf([real], []), set({ real: 4 })), truncated(0.4, 0.5, 1));
});

test('draws follow the density', () => {
  const factors = [levels('word', ['a', 'b', 'c']), range('whole', 1, 4, { integer: true })];
  const parzen = parzenOf(factors, [set({ word: 'b', whole: 4 }), set({ word: 'b', whole: 3 })]);
  const random = keyed(5, 'draws');
  const counts = new Map<string, number>();
  for (let i = 0; i < 4000; i += 1) {
    const key = [...drawn(parzen, random).values()].map((value) => JSON.stringify(value)).join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const word of ['a', 'b', 'c'])
    for (let whole = 1; whole <= 4; whole += 1)
      near((counts.get(`"${word}" ${whole}`) ?? 0) / 4000, density(parzen, set({ word, whole })), 0.03);
});

const scored = (...values: readonly number[]): Scored => ({ setting: set({}), values, state: 'done' });

test('the best: smallest values, earlier first; several objectives by fronts, then by covered volume', () => {
  const one = [scored(3), scored(1), scored(2), scored(1)];
  assert.deepEqual(bestOf(one, 2), [one[1], one[3]]);
  // The front is 0, 1, 2, 3; by volume first (2, 2), which covers most.
  const two = [scored(0, 4), scored(2, 2), scored(1.9, 2.3), scored(4, 0), scored(4, 4), scored(5, 5)];
  assert.deepEqual(bestOf(two, 1), [two[1]]);
  assert.deepEqual(new Set(bestOf(two, 3)), new Set([two[1], two[0], two[3]]));
  assert.deepEqual(bestOf(two, 5).at(-1), two[4]);
  assert.equal(bestOf(two, 9).length, 6);
});

test('evidence: done, with a finite number for every objective', () => {
  const of = (values: readonly (number | null)[], state: 'done' | 'failed' | 'pruned' | 'running' = 'done') =>
    isScored({ setting: set({}), values, state });
  assert.ok(of([1, 2]));
  for (const values of [[], [1, null], [NaN], [Infinity, 1]]) assert.ok(!of(values));
  for (const state of ['failed', 'pruned', 'running'] as const) assert.ok(!of([1], state));
});

test('a generation of NSGA-II', () => {
  assert.deepEqual([4, 16, 100, 400, 1e6].map(populationOf), [8, 8, 20, 40, 100]);
});
