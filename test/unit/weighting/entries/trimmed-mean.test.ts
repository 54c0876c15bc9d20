/** Trimmed mean: in every entry the largest and smallest values are left out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '../said.ts';
import { course, namesOf, near } from '../worked.ts';

test('trimmed-mean: each entry by itself, in any order of its values', () => {
  const rows = [
    [5, -1],
    [1, 0],
    [3, -7],
    [2, 4],
  ];
  near(course('trimmed-mean', { trim: 1 }, [{ rows }], namesOf(4))[0]?.direction, [2.5, -0.5]);
});

test('trimmed-mean needs 2 · trim + 1 tasks; with fewer their mean is taken and told', () => {
  const of = (count: number, trim: number) => {
    const rows = Array.from({ length: count }, (_, i) => [(i + 1) ** 2, -i]);
    const [found] = course('trimmed-mean', { trim }, [{ rows }], namesOf(count));
    assert.ok(found);
    assert.equal(found.weights, null);
    return found;
  };
  const enough = of(5, 2);
  assert.deepEqual([enough.direction, said(enough)], [[9, -2], []]);
  const few = of(4, 2);
  assert.deepEqual(few.direction, [30 / 4, -6 / 4]);
  assert.deepEqual(said(few), ['trimmed-mean: 4 of the 5 tasks that are needed are present; their mean is taken.']);
  assert.deepEqual(of(4, 1).direction, [13 / 2, -3 / 2]);
  assert.deepEqual(of(3, 0).direction, [14 / 3, -1]);
});
