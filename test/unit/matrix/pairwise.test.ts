import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cover, product, type Row } from './pairwise.ts';

const sizesOf = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 6 });

function pairsOf(row: Row): string[] {
  return row.flatMap((x, first) =>
    row.slice(first + 1).map((y, place) => JSON.stringify([first, x, first + 1 + place, y])),
  );
}

describe('covering arrays', () => {
  test('every pair of values occurs in a row', async () => {
    await fc.assert(
      fc.asyncProperty(sizesOf, fc.nat(), async (sizes, seed) => {
        const { rows, refused } = await cover(sizes, { seed });
        const covered = new Set(rows.flatMap(pairsOf));
        for (const row of product(sizes)) for (const pair of pairsOf(row)) assert.ok(covered.has(pair), pair);
        assert.deepEqual(refused, []);
      }),
      { numRuns: 60 },
    );
  });

  test('only allowed rows count, and a pair is refused only where it occurs in no allowed row that was tried', async () => {
    await fc.assert(
      fc.asyncProperty(sizesOf, fc.nat(), fc.nat(4), async (sizes, seed, forbidden) => {
        const allowed = (row: Row): boolean => row[0] !== 0 || row[1] !== forbidden;
        const { rows, refused } = await cover(sizes, { seed, allowed });
        for (const row of rows) assert.ok(allowed(row));
        const known = new Set(rows.flatMap(pairsOf));
        for (const { row, pair } of refused) {
          assert.ok(!allowed(row));
          pair.factors.forEach((factor, place) => assert.equal(row[factor], pair.values[place]));
        }
        const given = new Set(refused.map(({ pair: { factors, values } }) => JSON.stringify([factors, values])));
        for (const row of product(sizes)) {
          row.forEach((x, a) => {
            row.forEach((y, b) => {
              if (a >= b || known.has(JSON.stringify([a, x, b, y]))) return;
              const either = [
                JSON.stringify([
                  [a, b],
                  [x, y],
                ]),
                JSON.stringify([
                  [b, a],
                  [y, x],
                ]),
              ];
              assert.ok(
                either.some((key) => given.has(key)),
                either[0],
              );
            });
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the same seed gives the same rows, near the least number that there can be', async () => {
    const sizes = [40, 10, 4, 4, 2];
    const { rows } = await cover(sizes, { seed: 1 });
    assert.deepEqual((await cover(sizes, { seed: 1 })).rows, rows);
    assert.notDeepEqual((await cover(sizes, { seed: 2 })).rows, rows);
    assert.ok(rows.length >= 400 && rows.length <= 440, String(rows.length));
  });

  test('the product has every row once', () => {
    assert.deepEqual(
      [...product([2, 3])],
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
        [0, 2],
        [1, 2],
      ],
    );
  });
});
