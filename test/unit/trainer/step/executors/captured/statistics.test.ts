/** Norms and Gram matrices as they are read back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GradientRequest } from '../../../../../../src/trainer/step/contract.ts';
import { gramNames } from '../../../../../../src/trainer/step/executors/captured/gram.ts';
import { readStatistics, requestKey } from '../../../../../../src/trainer/step/executors/captured/statistics.ts';

function request(change: Partial<GradientRequest> = {}): GradientRequest {
  const variables = ['w', 'v'].map((path, place) => ({ path, offset: 2 * place, size: 2, shape: [2] }));
  return {
    statistic: 'gram',
    layout: { variables, size: 4 },
    segments: [{ name: '', offset: 0, size: 4 }],
    updateStatistics: true,
    ...change,
  };
}

/** What a program gives for each segment: numbers, and what they lack of double precision (0 if empty). */
function results(...segments: readonly (readonly [number[], number[]])[]): Map<string, Float32Array> {
  return new Map(
    segments.flatMap((both, place) =>
      gramNames(place).map((name, half) => {
        const numbers = both[half] ?? [];
        return [name, Float32Array.from(numbers.length > 0 ? numbers : both[0].map(() => 0))] as const;
      }),
    ),
  );
}

const two = [
  { name: 'a', offset: 0, size: 2 },
  { name: 'b', offset: 2, size: 2 },
];

test('of all tasks of the program those with a label are read, in both directions of the matrix', () => {
  const gram = [4, 1, 2, 1, 9, 3, 2, 3, 16];
  const other = gram.map((value) => 100 * value);
  const found = readStatistics(
    { present: [1, 3, 5], labeled: [1, 5] },
    request({ segments: two }),
    results([gram, gram.map(() => 0)], [other, []]),
  );
  assert.deepEqual(found.grams, [
    [
      [4, 2],
      [2, 16],
    ],
    [
      [400, 200],
      [200, 1600],
    ],
  ]);
  assert.deepEqual(found.norms, [
    [2, 4],
    [20, 40],
  ]);
  const one = readStatistics({ present: [1, 3, 5], labeled: [3] }, request(), results([gram, []]));
  assert.deepEqual([one.grams, one.norms], [[[[9]]], [[3]]]);
});

test('the matrix keeps its rows and columns apart', () => {
  // No Gram matrix, so that a transposed one is seen.
  const { grams } = readStatistics({ present: [0, 1], labeled: [0, 1] }, request(), results([[1, 2, 3, 4], []]));
  assert.deepEqual(grams, [
    [
      [1, 2],
      [3, 4],
    ],
  ]);
});

test('norms alone: roots of squares, of which there is one a task', () => {
  const found = readStatistics(
    { present: [0, 2, 4], labeled: [2, 4] },
    request({ statistic: 'norms', segments: two }),
    results([[4, 9, 16], []], [[1, 25, 36], []]),
  );
  assert.deepEqual(found, {
    norms: [
      [3, 4],
      [5, 6],
    ],
    grams: [],
  });
});

test('what single precision lacks is added; a square just below 0 has the norm 0', () => {
  const [whole, rest] = [1, 2 ** -30];
  const found = readStatistics({ present: [0], labeled: [0] }, request(), results([[whole], [rest]]));
  assert.equal(found.grams[0]?.[0]?.[0], whole + rest);
  const below = readStatistics({ present: [0], labeled: [0] }, request(), results([[-1e-9], [0]]));
  assert.deepEqual(below.norms, [[0]]);
});

test('requests have the same key only where they ask for the same', () => {
  const usual = request();
  assert.equal(requestKey(usual), requestKey(usual));
  assert.equal(requestKey(request()), requestKey(usual));
  const [first] = usual.layout.variables;
  const others = [
    request({ statistic: 'rows' }),
    request({ statistic: 'norms' }),
    request({ segments: two }),
    request({ updateStatistics: false }),
    request({ layout: { variables: first ? [first] : [], size: 2 } }),
  ];
  assert.equal(new Set([usual, ...others].map(requestKey)).size, others.length + 1);
});
