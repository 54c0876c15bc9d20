/** What strategies on gradients share, over random, conflicting, dependent, opposite, zero and badly scaled ones. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { runnerOf } from '../../golden/runner/aggregators.ts';
import { keyed } from '../../../src/numbers/random.ts';
import { at, dot, gramOf } from '../../../src/numbers/linear.ts';
import { candidates, type Candidate } from './candidates.ts';
import { jacobians } from './jacobians.ts';
import type { Jacobian, Rows } from './jacobians.ts';

/** The combined gradient and weights, with draws that belong to the tasks rather than to their positions. */
function run(candidate: Candidate, rows: Rows, seed: number, names: readonly number[] = [...rows.keys()]) {
  const random = keyed(seed, 'draws');
  const ranks = Array.from(random.permutation(rows.length));
  const order = [...rows.keys()].sort((a, b) => at(ranks, at(names, a)) - at(ranks, at(names, b)));
  const uniform = (rows[0] ?? []).map(() => random.uniform());
  const tasks = names.map((name) => `task${name}`);
  const parameters =
    candidate.name === 'pcd' ? { ...candidate.parameters, primary: 'task0' } : (candidate.parameters ?? {});
  const step = runnerOf({ name: candidate.name, parameters }, tasks);
  return step({ matrix: rows, cross: gramOf(rows), draws: { orders: rows.map(() => order) }, uniform });
}

const independent = (rows: Rows): boolean => rows.length < (rows[0]?.length ?? 0) - 1;
const norm = (v: readonly number[]): number => Math.sqrt(dot(v, v));
const sizes = (rows: Rows): number[] => rows.map((values) => norm(values));

function near(x: readonly number[], y: readonly number[], allowed: number): void {
  const off = norm(x.map((value, i) => value - at(y, i)));
  assert.ok(off <= allowed, `off by ${off}, allowed ${allowed}`);
}

const label = ({ name, parameters }: Candidate): string =>
  parameters ? `${name} ${JSON.stringify(parameters)}` : name;

for (const candidate of candidates) {
  test(`${label(candidate)} is finite everywhere, and its weights have the promised sign`, () => {
    fc.assert(
      fc.property(jacobians(), ({ rows, seed }) => {
        const { direction, weights } = run(candidate, rows, seed);
        assert.ok(direction.every(Number.isFinite));
        if (!weights) return;
        assert.ok(weights.every(Number.isFinite));
        if (candidate.positive) assert.ok(weights.every((weight) => weight >= 0));
      }),
    );
  });
}

for (const candidate of candidates) {
  test(`${label(candidate)} does not care about the order of the tasks`, () => {
    fc.assert(
      fc.property(jacobians(['gauss', 'conflict']), ({ rows, seed }) => {
        // Dependent rows may have no solution (FairGrad) and three rows always tie (Krum).
        fc.pre(independent(rows) && (candidate.name !== 'krum' || rows.length > 3));
        const names = Array.from(keyed(seed, 'rename').permutation(rows.length));
        // The k-th row of the permuted matrix is task names[k].
        const permuted = names.map((name) => rows[name] ?? []);
        const [one, other] = [run(candidate, rows, seed), run(candidate, permuted, seed, names)];
        near(other.direction, one.direction, 1e-6 * Math.max(norm(one.direction), 1e-3 * Math.max(...sizes(rows))));
      }),
      { numRuns: 50 },
    );
  });
}

for (const candidate of candidates.filter(({ degree }) => degree !== undefined)) {
  test(`${label(candidate)} follows the size of the gradients`, () => {
    fc.assert(
      fc.property(jacobians(['gauss', 'conflict']), fc.constantFrom(1e-6, 1e-2, 1e3, 1e8), ({ rows, seed }, factor) => {
        const [one, large] = [
          run(candidate, rows, seed),
          run(
            candidate,
            rows.map((v) => v.map((x) => x * factor)),
            seed,
          ),
        ];
        const expected = one.direction.map((value) => value * factor ** (candidate.degree ?? 1));
        near(
          large.direction,
          expected,
          1e-6 * Math.max(norm(expected), 1e-3 * factor ** (candidate.degree ?? 1) * Math.max(...sizes(rows))),
        );
      }),
      { numRuns: 50 },
    );
  });
}

for (const candidate of candidates.filter(({ harmless }) => harmless)) {
  test(`${label(candidate)} goes against no gradient`, () => {
    fc.assert(
      fc.property(jacobians(['gauss', 'conflict', 'duplicate', 'dependent']), ({ rows, seed }) => {
        const { direction } = run(candidate, rows, seed);
        const largest = Math.max(...sizes(rows));
        for (const values of rows) {
          assert.ok(dot(values, direction) >= -1e-7 * norm(values) * Math.max(norm(direction), 1e-7 * largest));
        }
      }),
    );
  });
}

for (const name of ['upgrad', 'dualproj']) {
  test(`${name} goes against no gradient as its regularizer vanishes`, () => {
    fc.assert(
      fc.property(jacobians(['gauss', 'conflict']), ({ rows, seed }) => {
        const { direction } = run({ name, parameters: { normEps: 0, regEps: 1e-12 } }, rows, seed);
        const largest = Math.max(...sizes(rows));
        for (const values of rows)
          assert.ok(dot(values, direction) >= -1e-5 * norm(values) * Math.max(norm(direction), largest));
      }),
    );
  });
}

test('where the sum of the gradients is 0 the stationary methods stay, up to what cannot be told from rounding', () => {
  fc.assert(
    fc.property(jacobians(['gauss']), ({ rows, seed }: Jacobian) => {
      const total = (rows[0] ?? []).map((_, k) => -rows.reduce((sum, values) => sum + at(values, k), 0));
      const balanced = [...rows, total];
      const largest = Math.max(...sizes(balanced));
      for (const candidate of [{ name: 'mgda' }, { name: 'sum' }, { name: 'cagrad' }]) {
        const { direction } = run(candidate, balanced, seed);
        assert.ok(norm(direction) <= 1e-6 * largest, candidate.name);
      }
    }),
  );
});

test('the size of single losses changes no direction of scale-free methods', () => {
  const free = [
    { name: 'imtl-g' },
    { name: 'config' },
    { name: 'nash-mtl', parameters: { maxNorm: 0 } },
    ...candidates.filter(({ scaleFree }) => scaleFree),
  ];
  fc.assert(
    fc.property(jacobians(['gauss']), fc.constantFrom(1e-6, 1e-3, 1e3, 1e6), ({ rows, seed }, factor) => {
      const moved = rows.map((values, i) => (i === 0 ? values.map((value) => value * factor) : values));
      fc.pre(independent(rows));
      for (const candidate of free) {
        const [a, b] = [run(candidate, rows, seed).direction, run(candidate, moved, seed).direction];
        const cosine = dot(a, b) / norm(a) / norm(b);
        // IMTL-G's weights sum to 1: where that sum would change its sign the whole direction does.
        const reached = candidate.name === 'imtl-g' ? Math.abs(cosine) : cosine;
        assert.ok(reached > 1 - 1e-6, `${candidate.name}: ${cosine}`);
      }
    }),
  );
});
