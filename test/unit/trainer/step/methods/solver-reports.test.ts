/** What a solver has to say is told the first, the tenth, the hundredth … time of its kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text, type Text } from '../../../../../src/common/text.ts';
import { countProblem, reportsOf, type ProblemCounts } from '../../../../../src/trainer/step/methods/solver-reports.ts';

const stopped = (residual: string): Text => text(`Stopped at ${residual} after 40 rounds.`, `在 ${residual} 处停止。`);

test('a kind is known by its words, whatever its numbers are', () => {
  let counts: ProblemCounts = {};
  for (const residual of ['1', '0.5', '1e-7', '2.5e+12', '3.e9']) {
    ({ counts } = countProblem(counts, stopped(residual)));
  }
  assert.deepEqual(counts, { 'Stopped at # after # rounds#': 5 });
  ({ counts } = countProblem(counts, text('Another one', '另一种')));
  assert.deepEqual(counts, { 'Stopped at # after # rounds#': 5, 'Another one': 1 });
  // A kind of a name that every object has comes for the first time, too.
  assert.equal(countProblem({}, text('constructor', '构造')).told?.en, 'constructor');
});

test('told at 1, 10, 100, 1000; from the second time on with how often', () => {
  let counts: ProblemCounts = {};
  const told: (readonly [number, Text])[] = [];
  for (let time = 1; time <= 1001; time++) {
    const before = counts;
    const next = countProblem(counts, stopped(String(time)));
    assert.notEqual(next.counts, before);
    counts = next.counts;
    if (next.told !== null) told.push([time, next.told]);
  }
  assert.deepEqual(
    told,
    [1, 10, 100, 1000].map((time) => [
      time,
      time === 1
        ? stopped('1')
        : {
            en: `Stopped at ${String(time)} after 40 rounds. (${String(time)} times so far)`,
            zh: `在 ${String(time)} 处停止。（至今 ${String(time)} 次）`,
          },
    ]),
  );
});

test('the problems of all weighings of a step, in their order', () => {
  const [a, b, c] = [text('a', '甲'), text('b', '乙'), text('c', '丙')];
  assert.deepEqual(reportsOf([{ problems: [a, b] }, {}, { problems: [] }, { problems: [c] }]), [a, b, c]);
});
