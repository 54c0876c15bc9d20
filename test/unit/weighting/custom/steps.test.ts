// The made-up steps on which a user's strategy is examined: what kind each is, and what is done with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, dot } from '../../../../src/numbers/linear.ts';
import {
  multiplied,
  permuted,
  taskNames,
  trials,
  trying,
  withAbsent,
  type Trial,
} from '../../../../src/weighting/custom/steps.ts';

const all = trials(0);
const mine = { en: 'mine', zh: '我的' };
const of = (kind: string): readonly Trial[] => all.filter(({ what }) => what.en.startsWith(kind));
const rowsOf = (trial: Trial): readonly (readonly (readonly number[])[])[] => trial.steps.map(({ rows }) => rows);
const norm = (row: readonly number[]): number => Math.sqrt(dot(row, row));

test('every kind of gradients comes with two, three and seven tasks, in four steps of twelve parameters', () => {
  const kinds = ['independent', 'conflicting', 'identical', 'opposite', 'of sizes from 1e-10 to 1e15'];
  assert.deepEqual(
    all.map(({ what }) => what.en),
    [2, 3, 7].flatMap((count) => kinds.map((kind) => `${kind} gradients of ${String(count)} tasks`)),
  );
  const chinese = ['独立', '相互冲突', '相同', '方向相反', '大小从 1e-10 到 1e15'];
  assert.deepEqual(
    all.map(({ what }) => what.zh),
    [2, 3, 7].flatMap((count) => chinese.map((kind) => `${String(count)} 个任务的梯度（${kind}）`)),
  );
  for (const { what, steps } of all) {
    const count = Number(/(\d) tasks/.exec(what.en)?.[1]);
    assert.deepEqual(
      steps.map(({ statistics: { step, epoch } }) => [step, epoch]),
      [0, 1, 2, 3].map((step) => [step, 0]),
    );
    for (const { rows, statistics } of steps) {
      assert.deepEqual(statistics.tasks, taskNames(count));
      assert.deepEqual(
        rows.map((row) => row.length),
        taskNames(count).map(() => 12),
      );
    }
  }
  assert.deepEqual(taskNames(3), ['task 1', 'task 2', 'task 3']);
});

test('a step has the norms and inner products of its gradients, and equal weights unless it is given others', () => {
  // prettier-ignore
  const rows = [[3, 4], [1, -1]];
  const { statistics, rows: kept } = trying(5, ['a', 'b'], [0.5, 2], rows);
  assert.deepEqual(kept, rows);
  const gram = [[25, -1], [-1, 2]]; // prettier-ignore
  const norms = [5, Math.SQRT2];
  assert.deepEqual(statistics, {
    step: 5,
    epoch: 0,
    tasks: ['a', 'b'],
    losses: [0.5, 2],
    weights: [1, 1],
    norms,
    gram,
  });
  assert.deepEqual(trying(0, ['a', 'b'], [1, 1], rows, [2, 3]).statistics.weights, [2, 3]);
});

test('each kind of gradients is what it is called', () => {
  // A normal row of twelve numbers has a squared norm of 12.
  const lengths = of('independent').flatMap((trial) =>
    rowsOf(trial)
      .flat()
      .map((row) => dot(row, row)),
  );
  const mean = lengths.reduce((total, value) => total + value, 0) / lengths.length;
  assert.ok(Math.abs(mean - 12) < 3, String(mean));

  // gᵢ = hᵢ − 1.5 g₀ with an independent hᵢ: the part along g₀ is −1.5 on average.
  const parts = of('conflicting').flatMap((trial) =>
    rowsOf(trial).flatMap(([first = [], ...rest]) => rest.map((row) => dot(row, first) / dot(first, first))),
  );
  assert.ok(parts.every((value) => value < 0));
  assert.ok(Math.abs(parts.reduce((total, value) => total + value, 0) / parts.length + 1.5) < 0.2);
  const firsts = of('conflicting').flatMap((trial) => rowsOf(trial).map(([first = []]) => dot(first, first)));
  assert.ok(Math.abs(firsts.reduce((total, value) => total + value, 0) / firsts.length - 12) < 5);

  for (const rows of of('identical').flatMap(rowsOf)) {
    assert.ok(norm(rows[0] ?? []) > 1);
    for (const row of rows) assert.deepEqual(row, rows[0]);
  }
  for (const rows of of('opposite').flatMap(rowsOf)) {
    for (const [i, row] of rows.entries()) {
      if (i % 2 === 1)
        assert.deepEqual(row, (rows[i - 1] ?? []).map((value) => -value)); // prettier-ignore
      else if (i > 0) assert.notDeepEqual(row, rows[i - 2]);
    }
  }
  // Powers of ten, evenly from −10 to 15.
  const powers = of('of sizes').flatMap((trial) => rowsOf(trial).flat().map((row) => Math.log10(norm(row)))); // prettier-ignore
  assert.ok(Math.min(...powers) > -10.5 && Math.min(...powers) < -7, String(Math.min(...powers)));
  assert.ok(Math.max(...powers) < 16 && Math.max(...powers) > 13, String(Math.max(...powers)));
});

test('losses differ by up to a hundred times, fall by a tenth a step and vary by up to twice', () => {
  const levels = all.map(({ steps }) =>
    steps.map(({ statistics: { step, losses } }) => losses.map((loss) => loss / 0.9 ** step)),
  );
  for (const steps of levels) {
    for (const task of (steps[0] ?? []).keys()) {
      const course = steps.map((losses) => at(losses, task));
      assert.ok(Math.max(...course) / Math.min(...course) <= 2 && new Set(course).size === 4);
    }
  }
  const flat = levels.flat(2);
  assert.ok(Math.min(...flat) >= 0.1 && Math.min(...flat) < 0.2);
  assert.ok(Math.max(...flat) <= 20 && Math.max(...flat) > 12);
});

test('a seed gives the same trials again, another gives others; no two trials share their draws', () => {
  assert.deepEqual(trials(0), all);
  assert.notDeepEqual(trials(1)[0], all[0]);
  const firstLosses = all.map(({ steps }) => steps[0]?.statistics.losses[0]);
  assert.equal(new Set(firstLosses).size, all.length);
});

// prettier-ignore
const trial: Trial = {
  what: mine,
  steps: [
    trying(0, ['a', 'b', 'c'], [1, 2, 3], [[1, 0], [0, 2], [3, 3]], [1, 5, 7]),
    trying(1, ['a', 'b', 'c'], [4, 5, 6], [[2, 0], [0, 4], [6, 6]]),
  ],
};

test('in another order of the tasks everything goes with its task', () => {
  // prettier-ignore
  assert.deepEqual(permuted(trial, [2, 0, 1]), {
    what: mine,
    steps: [
      trying(0, ['c', 'a', 'b'], [3, 1, 2], [[3, 3], [1, 0], [0, 2]], [7, 1, 5]),
      trying(1, ['c', 'a', 'b'], [6, 4, 5], [[6, 6], [2, 0], [0, 4]]),
    ],
  });
});

test('losses and gradients are multiplied together', () => {
  const [first] = multiplied(trial, 10).steps;
  // prettier-ignore
  assert.deepEqual(first, trying(0, ['a', 'b', 'c'], [10, 20, 30], [[10, 0], [0, 20], [30, 30]]));
  assert.equal(multiplied(trial, 10).what, mine);
  assert.deepEqual(multiplied(trial, 10).steps[1]?.statistics.losses, [40, 50, 60]);
});

test('in each step another task is absent, with all that is its own', () => {
  const steps = [...trial.steps, ...trial.steps];
  // prettier-ignore
  assert.deepEqual(withAbsent({ what: mine, steps }), {
    what: mine,
    steps: [
      trying(0, ['b', 'c'], [2, 3], [[0, 2], [3, 3]]),
      trying(1, ['a', 'c'], [4, 6], [[2, 0], [6, 6]]),
      trying(0, ['a', 'b'], [1, 2], [[1, 0], [0, 2]]),
      trying(1, ['b', 'c'], [5, 6], [[0, 4], [6, 6]]),
    ],
  });
});
