// How NSGA-II makes children, one operator at a time, against the distributions that its papers state.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { DesignRequest, Factor, Setting, Trial } from '../../../../src/experiment/designs/contract.ts';
import { nsga2, populationOf } from '../../../../src/experiment/designs/nsga2.ts';
import { mostDimensions, sobolPoint } from '../../../../src/experiment/designs/sobol.ts';
import { levels, plain, range, request } from './factors.ts';

const done = (setting: Setting, ...values: number[]): Trial => ({ setting, values, state: 'done' });
const names = (factors: readonly Factor[]): string[] => factors.map(({ name }) => name);
/** A setting with one value everywhere. */
const all = (factors: readonly Factor[], value: number | string): Setting =>
  new Map(names(factors).map((name) => [name, value]));
/** Values of settings have twelve digits. */
const rounded = (point: Iterable<number>): number[] => Array.from(point, (x) => Number(x.toPrecision(12)));
const unit = (count: number): readonly Factor[] => Array.from({ length: count }, (_, i) => range(`x${i}`, 0, 1));

/** The next setting of so many seeds. With 16 runs a generation has eight trials. */
function children(history: readonly Trial[], factors: readonly Factor[], seeds: number): readonly Setting[] {
  const asked: DesignRequest = request(factors, { runs: 16 });
  return Array.from({ length: seeds }, (_, seed) => nsga2.next(history, { ...asked, seed }));
}
/** Within so many standard errors of a share of n. */
function near(count: number, n: number, share: number, what: string): void {
  const error = Math.sqrt((share * (1 - share)) / n);
  assert.ok(Math.abs(count / n - share) <= 3.5 * error, `${what}: ${count / n}, not ${share} ± ${error}`);
}

test('a generation is twice the root of the runs, even, from 8 to 100', () => {
  const sizes = [[0, 8], [8, 8], [16, 8], [20, 8], [21, 10], [36, 12], [400, 40], [2500, 100], [2600, 100], [1e6, 100]]; // prettier-ignore
  for (const [runs = 0, size] of sizes) assert.equal(populationOf(runs), size, String(runs));
});

test('the first generation is the scrambled Sobol sequence; of too many factors it is drawn', () => {
  const factors = unit(3);
  const history = Array.from({ length: 7 }, () => done(all(factors, 0.5), 1));
  const setting = nsga2.next(history, request(factors, { runs: 16, seed: 5 }));
  assert.deepEqual([...setting.values()], rounded(sobolPoint(3, 7, 5)));
  // Nothing that could be a parent: the sequence goes on.
  const failed = history.map((trial): Trial => ({ ...trial, state: 'failed', values: [] }));
  const later = nsga2.next([...failed, ...failed], request(factors, { runs: 16, seed: 5 }));
  assert.deepEqual([...later.values()], rounded(sobolPoint(3, 14, 5)));
  const many = unit(mostDimensions + 1);
  const drawn = nsga2.next([], request(many, { runs: 16 }));
  assert.equal(new Set(drawn.values()).size, mostDimensions + 1);
  const most = unit(mostDimensions);
  assert.deepEqual([...nsga2.next([], request(most, { runs: 16, seed: 5 })).values()], rounded(sobolPoint(mostDimensions, 0, 5))); // prettier-ignore
});

test('mutation is polynomial with index 20, bounded', () => {
  // One factor is always mutated; parents that are alike are not changed by crossover.
  const factors = unit(1);
  for (const [x, n] of [
    [0.02, 500],
    [0.5, 3000],
    [0.97, 500],
  ] as const) {
    const history = Array.from({ length: 8 }, () => done(all(factors, x), 1));
    const moved = children(history, factors, n).map((setting) => Number(setting.get('x0')) - x);
    assert.ok(moved.every((change) => x + change >= 0 && x + change <= 1));
    for (const by of [0.005, 0.015, 0.05, 0.1]) {
      // The share of ½ (1 − u)^21 below, cut off at 0 and at 1, where u is how far it is.
      const [below, above] = [x, 1 - x].map((room) =>
        by >= room ? 0 : ((1 - by) ** 21 - (1 - room) ** 21) / (2 * (1 - (1 - room) ** 21)),
      );
      near(moved.filter((change) => change < -by).length, n, below ?? NaN, `${x} − ${by}`);
      near(moved.filter((change) => change > by).length, n, above ?? NaN, `${x} + ${by}`);
    }
    // From the middle 1 − v, v having the density 21 v^20: a 22nd on average.
    const far = moved.reduce((sum, change) => sum + Math.abs(change), 0) / n;
    if (x === 0.5) assert.ok(Math.abs(far * 22 - 1) < 0.045, String(far));
  }
});

test('crossover is simulated binary with index 15, bounded: 0.9 of the children, half of their factors', () => {
  const factors = unit(20);
  const [low, high] = [0.02, 0.9];
  const history = Array.from({ length: 8 }, (_, i) => done(all(factors, i < 4 ? low : high), 1));
  const seeds = 200;
  const found = children(history, factors, seeds).map((setting) => [...setting.values()].map(Number));
  // A child has two different parents in half of the cases: those with a factor somewhere between or beside them.
  const crossed = found.map((places) => places.filter((x) => x !== low && x !== high).length);
  // Mutated is one factor in 20; of children that cross with another parent half of the factors are exchanged, too.
  const own = crossed.filter((count) => count >= 5);
  // A child like one of its parents is made anew: of one parent, or without crossover, those without a mutation.
  const again = (0.5 + 0.5 * 0.1) * 0.95 ** 20;
  near(own.length, seeds, 0.45 / (1 - again), 'children of two');
  const each = own.reduce((sum, count) => sum + count, 0);
  near(each, own.length * 20, 1 - 0.5 * 0.95, 'factors that are exchanged or mutated');

  // Of those the place beside the nearer end: |child − middle| / half of the distance has the density of the paper.
  const middle = (low + high) / 2;
  const half = (high - low) / 2;
  const beside = found
    .filter((_, i) => (crossed[i] ?? 0) >= 5)
    .flatMap((places) => places.filter((x) => x !== low && x !== high));
  assert.ok(
    beside.every((x) => x > 0 && x < 1),
    'bounded by what is drawn, not cut off',
  );
  for (const [side, room] of [
    [-1, low],
    [1, 1 - high],
  ] as const) {
    // prettier-ignore
    const spreads = beside.map((x) => (side * (x - middle)) / half).filter((spread) => spread > 0.5);
    const most = 1 + room / half;
    assert.ok(spreads.every((spread) => spread <= most + 1e-12));
    // ½ · 16 β^15 to 1, ½ · 16 β^−17 from there to the bound; what mutation moved to either side is a twentieth.
    const whole = 1 - most ** -16 / 2;
    const within = spreads.filter((spread) => spread < 1).length;
    assert.ok(Math.abs(within / spreads.length - 0.5 / whole) < 0.06, `${side}: ${within / spreads.length}`);
    const inner = spreads.filter((spread) => spread < 0.95).length;
    assert.ok(Math.abs(inner / spreads.length - (0.5 * 0.95 ** 16) / whole) < 0.06, `${side}: ${inner}`);
  }
});

test('levels without an order are taken from either parent, and mutate to any other', () => {
  const words = ['a', 'b', 'c', 'd', 'e'];
  const factors = Array.from({ length: 10 }, (_, i) => levels(`w${i}`, words));
  const history = Array.from({ length: 8 }, (_, i) => done(all(factors, i < 4 ? 'b' : 'd'), 1));
  const seeds = 200;
  const found = children(history, factors, seeds).flatMap((setting) => [...setting.values()]);
  const n = found.length;
  // Mutated is a tenth, of it a quarter to each of the others; a child like a parent is made anew.
  const again = 0.9 ** 10;
  for (const other of ['a', 'c', 'e'])
    near(found.filter((value) => value === other).length, n, 0.025 / (1 - 0.55 * again), other);
  const one = Array.from({ length: 8 }, () => done(all(factors, 'b'), 1));
  const same = children(one, factors, seeds).flatMap((setting) => [...setting.values()]);
  near(same.filter((value) => value === 'b').length, n, (0.9 - again) / (1 - again), 'of one kind of parents');
  for (const other of ['a', 'c', 'd', 'e'])
    near(same.filter((value) => value === other).length, n, 0.025 / (1 - again), other);
  // There may be no other one.
  const single = levels('only', ['x']);
  const alone = Array.from({ length: 8 }, () => done(new Map([['only', 'x']]), 1));
  assert.deepEqual(plain(children(alone, [single], 3)), [{ only: 'x' }, { only: 'x' }, { only: 'x' }]);
});

/** Which of eight parents the first factor of a child is from, as shares. */
function parents(values: (i: number) => readonly number[], generations = 1): readonly number[] {
  const words = Array.from('abcdefgh');
  // A level of its own for each parent; a factor is mutated in one of 40 cases.
  const factors = Array.from({ length: 40 }, (_, i) => levels(`w${i}`, words));
  const history = Array.from({ length: 8 * generations }, (_, i) =>
    done(all(factors, words[i % 8] ?? ''), ...values(i)),
  );
  const found = children(history, factors, 600).map((setting) => setting.get('w0'));
  return words.map((word) => found.filter((value) => value === word).length / 600);
}
const close = (shares: readonly number[], expected: readonly number[]): void => {
  for (const [i, share] of expected.entries()) {
    assert.ok(Math.abs((shares[i] ?? NaN) - share) < 0.055, `${i}: ${shares.join()} ${expected.join()}`);
  }
};

test('a parent is the better of two that are drawn: by its front', () => {
  // The best of eight wins unless it is not drawn: 1 − (7/8)² = 15/64; the next 13/64 …
  close(parents((i) => [i]), [15, 13, 11, 9, 7, 5, 3, 1].map((share) => share / 64)); // prettier-ignore
  close(parents((i) => [-i]), [1, 3, 5, 7, 9, 11, 13, 15].map((share) => share / 64)); // prettier-ignore
});

test('and on one front by how much room is around it', () => {
  // Both ends have room without end, and the gaps grow from one end to the other.
  const place = [0, 0.01, 0.03, 0.07, 0.15, 0.31, 0.63, 1];
  const shares = parents((i) => [place[i] ?? 0, -(place[i] ?? 0)]);
  // The ends: neither is drawn (6/8)²; the one that comes first has no advantage.
  assert.ok(Math.abs((shares[0] ?? 0) + (shares[7] ?? 0) - 28 / 64) < 0.05);
  close(shares.slice(1, 7), [1, 3, 5, 7, 9, 11].map((share) => share / 64)); // prettier-ignore
});

test('who has survived is a parent, and nobody else', () => {
  // The second generation is worse throughout: its trials are no parents. Levels are those of the first.
  const shares = parents((i) => [i < 8 ? i : 100 + (16 - i)], 2);
  close(shares, [15, 13, 11, 9, 7, 5, 3, 1].map((share) => share / 64)); // prettier-ignore
  // It is better throughout: the other way round.
  const later = parents((i) => [i < 8 ? 100 + i : 16 - i], 2);
  close(later, [1, 3, 5, 7, 9, 11, 13, 15].map((share) => share / 64)); // prettier-ignore
});

test('a factor that neither parent has is drawn; one that one of them has is that one’s', () => {
  const all21 = (others: string): readonly Factor[] => [
    levels('method', ['sgd', 'adam']),
    ...Array.from({ length: 19 }, (_, i) => levels(`fixed${i}`, others.split(''))),
    range('momentum', 0, 1, { when: { method: ['sgd'] } }),
  ];
  const of = (method: string, momentum: number | null): Setting =>
    new Map<string, string | number>([
      ['method', method],
      ...Array.from({ length: 19 }, (_, i) => [`fixed${i}`, 'x'] as const),
      ...(momentum === null ? [] : [['momentum', momentum] as const]),
    ]);
  const adam = Array.from({ length: 8 }, () => done(of('adam', null), 1));
  // One in 21 mutates to `sgd`, of which no parent tells a momentum: any is as likely. Others are made anew, a hundred times.
  const drawn = children(adam, all21('x'), 150).flatMap((setting) => setting.get('momentum') ?? []).map(Number); // prettier-ignore
  near(drawn.length, 150, 1 - (20 / 21) ** 100, 'a mutated method');
  assert.ok(
    Math.abs(drawn.reduce((sum, x) => sum + x, 0) / drawn.length - 0.5) < 3.5 * Math.sqrt(1 / 12 / drawn.length),
  );
  const mixed = adam.map((trial, i) => (i % 2 === 0 ? done(of('sgd', 0.25), 1) : trial));
  const inherited = children(mixed, all21('xy'), 200).flatMap((setting) => setting.get('momentum') ?? []);
  const again = (20 / 21) ** 20;
  near(inherited.filter((x) => x === 0.25).length, inherited.length, (20 / 21 - again) / (1 - again), 'of one parent');
});

test('where everything has been tried something is tried again', () => {
  const factors = [levels('a', ['x', 'y']), levels('b', ['x', 'y'])];
  const settings = ['x', 'y'].flatMap((a) => ['x', 'y'].map((b): Setting => new Map([['a', a], ['b', b]]))); // prettier-ignore
  const history = [...settings, ...settings].map((setting) => done(setting, 1));
  assert.equal(children(history, factors, 5).length, 5);
  // With one left it is found.
  const but = history.map((trial, i) => (i % 4 === 2 ? done(settings[0] ?? new Map(), 1) : trial));
  for (const setting of children(but, factors, 20)) assert.deepEqual([...setting], [['a', 'y'], ['b', 'x']]); // prettier-ignore
});
