// Pareto fronts and hypervolume against definitions written down again, and against inclusion and exclusion.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { hypervolume } from '../../../../src/experiment/statistics/hypervolume.ts';
import { crowdingDistances, paretoFront, paretoRanks } from '../../../../src/experiment/statistics/pareto.ts';

const pointsOf = (dimensions: number, maxLength: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: dimensions, maxLength: dimensions }), { maxLength });
const cases = fc.integer({ min: 1, max: 5 }).chain((d) =>
  fc.record({
    points: pointsOf(d, 9),
    maximize: fc.array(fc.boolean(), { minLength: d, maxLength: d }),
    reference: fc.constant(Array.from({ length: d }, () => 3)),
  }),
);

/** Σ over subsets of ± the volume of what all of them dominate. */
function byInclusion(
  points: readonly (readonly number[])[],
  maximize: readonly boolean[],
  reference: readonly number[],
) {
  const gains = points.map((point) =>
    point.map((value, k) => Math.max(0, (maximize[k] ? 1 : -1) * (value - (reference[k] ?? 0)))),
  );
  let total = 0;
  for (let set = 1; set < 2 ** points.length; set += 1) {
    const members = gains.filter((_, i) => ((set >> i) & 1) === 1);
    const box = reference.reduce((product, _, k) => product * Math.min(...members.map((gain) => gain[k] ?? 0)), 1);
    total += members.length % 2 === 1 ? box : -box;
  }
  return total;
}

describe('hypervolume', () => {
  test('is what inclusion and exclusion give', () => {
    fc.assert(
      fc.property(cases, ({ points, maximize, reference }) => {
        assert.equal(hypervolume(points, maximize, reference), byInclusion(points, maximize, reference));
      }),
    );
  });

  test('grows with points and is unmoved by their order', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 5, maxLength: 5 }), (one, extra) => {
        const { points, maximize, reference } = one;
        const volume = hypervolume(points, maximize, reference);
        assert.ok(hypervolume([...points, extra.slice(0, maximize.length)], maximize, reference) >= volume);
        assert.equal(hypervolume([...points].reverse(), maximize, reference), volume);
      }),
    );
  });

  test('ten dimensions', () => {
    const points = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 10 }, (__, k) => ((i * 7 + k * 13) % 17) / 17),
    );
    const volume = hypervolume(
      points,
      Array.from({ length: 10 }, () => true),
      Array.from({ length: 10 }, () => -0.1),
    );
    assert.ok(volume > 0 && volume < 1.1 ** 10);
    const far = Array.from({ length: 10 }, () => 2);
    const all = Array.from({ length: 10 }, () => false);
    assert.ok(Math.abs(hypervolume([far.map(() => 1), far.map(() => 1.5)], all, far) - 1) < 1e-15);
  });

  test('nothing, and what is no point', () => {
    assert.equal(hypervolume([], [true, true], [0, 0]), 0);
    assert.equal(hypervolume([[0, 5]], [true, true], [0, 0]), 0);
    assert.throws(() => hypervolume([[1, NaN]], [true, true], [0, 0]), /Point 0/);
    assert.throws(() => hypervolume([[1]], [true, true], [0, 0]), /Point 0/);
    assert.throws(() => hypervolume([], [true], [0, 0]), /reference/);
    assert.throws(() => hypervolume([], [true], [Infinity]), /reference/);
  });
});

describe('fronts', () => {
  test('by hand: equal points stay, undefined ones are nowhere', () => {
    const points = [
      [1, 2],
      [2, 1],
      [2, 1],
      [3, 3],
      [NaN, 0],
      [2, 2],
    ];
    assert.deepEqual(paretoFront(points, [false, false]), [0, 1, 2]);
    assert.deepEqual(paretoFront(points, [true, true]), [3]);
    assert.deepEqual(
      paretoFront(points, [true, false]),
      [1, 2, 3].filter((i) => i !== 0),
    );
    assert.deepEqual(paretoRanks(points, [false, false]), [0, 0, 0, 2, null, 1]);
    assert.deepEqual(paretoFront([], [true]), []);
    assert.throws(() => paretoFront([[1]], [true, true]), /Point 0 has 1 coordinates for 2/);
  });

  test('layers are the fronts of what remains', () => {
    fc.assert(
      fc.property(cases, ({ points, maximize }) => {
        const ranks = paretoRanks(points, maximize);
        let rest = points.map((point, index) => ({ point, index }));
        for (let rank = 0; rest.length > 0; rank += 1) {
          const front = new Set(
            paretoFront(
              rest.map(({ point }) => point),
              maximize,
            ).map((i) => rest[i]?.index),
          );
          assert.deepEqual(new Set(ranks.flatMap((own, index) => (own === rank ? [index] : []))), front);
          rest = rest.filter(({ index }) => !front.has(index));
        }
      }),
    );
  });

  test('crowding by hand: ends are infinite, inner ones the gap of their neighbors', () => {
    const distances = crowdingDistances([
      [0, 10],
      [1, 6],
      [4, 5],
      [10, 0],
    ]);
    assert.deepEqual(
      distances.map((value) => Math.round(value * 1e9) / 1e9),
      [Infinity, 0.4 + 0.5, 0.9 + 0.6, Infinity],
    );
    assert.deepEqual(crowdingDistances([[1, 2]]), [Infinity]);
    assert.deepEqual(crowdingDistances([[1], [1], [1]]), [Infinity, 0, Infinity]);
    assert.deepEqual(crowdingDistances([]), []);
    assert.throws(() => crowdingDistances([[1], [NaN]]), /finite/);
  });
});
