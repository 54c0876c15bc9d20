/** Truths and guesses are counted by their pairs; a saved state takes the place of everything that was counted before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Confusion } from '../../../../../src/trainer/tasks/metrics/confusion.ts';

function counted(classes: number, pairs: readonly (readonly [number, number, number?])[]): Confusion {
  const confusion = new Confusion(classes);
  for (const [truth, guess, count] of pairs) confusion.add(truth, guess, ...(count === undefined ? [] : [count]));
  return confusion;
}
const seen = (confusion: Confusion): unknown => ({
  total: confusion.total,
  hits: confusion.hits,
  matrix: confusion.matrix(),
  of: [0, 1, 2].map((k) => confusion.of(k)),
});

test('pairs by hand: rows are truths, columns guesses', () => {
  const confusion = counted(3, [[0, 0], [0, 2], [2, 0], [2, 0], [1, 1, 4], [0, 0, 2]]); // prettier-ignore
  assert.deepEqual(seen(confusion), {
    total: 10,
    hits: 7,
    matrix: [
      [3, 0, 1],
      [0, 4, 0],
      [2, 0, 0],
    ],
    of: [
      { truths: 4, guesses: 5, hits: 3 },
      { truths: 4, guesses: 4, hits: 4 },
      { truths: 2, guesses: 1, hits: 0 },
    ],
  });
  assert.deepEqual(confusion.state(), {
    classes: 3,
    pairs: [
      [0, 0, 3],
      [0, 2, 1],
      [1, 1, 4],
      [2, 0, 2],
    ],
  });
});

test('a state that is read takes the place of what was counted', () => {
  const other = counted(3, [[2, 2, 5], [1, 0, 7]]); // prettier-ignore
  const saved = counted(3, [[0, 0, 2], [2, 1]]); // prettier-ignore
  other.restore(JSON.parse(JSON.stringify(saved.state())) as never);
  assert.deepEqual(seen(other), seen(saved));
  assert.deepEqual(other.state(), saved.state());
  other.restore({ classes: 3, pairs: [] });
  assert.deepEqual(seen(other), seen(new Confusion(3)));
  // It goes on counting from there.
  other.add(1, 1);
  assert.deepEqual([other.total, other.hits], [1, 1]);
});

test('a state of another number of classes, or of none, is refused', () => {
  const confusion = new Confusion(3);
  for (const state of [{ classes: 2, pairs: [] }, { classes: 3 }, { pairs: [] }, { classes: 3, pairs: [[0, 3, 1]] }, { classes: 3, pairs: [[3, 0, 1]] }]) // prettier-ignore
    assert.throws(() => confusion.restore(state), /"confusion" do not fit this task: the checkpoint belongs to another model/, JSON.stringify(state)); // prettier-ignore
  assert.throws(() => confusion.restore(undefined), /damaged/);
});
