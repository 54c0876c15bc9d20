import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { problemsOf } from '../../../../src/experiment/designs/problems.ts';
import {
  frontierWeights,
  simplexCentroid,
  simplexLattice,
  weightFloor,
} from '../../../../src/experiment/designs/simplex.ts';
import { mostDimensions } from '../../../../src/experiment/designs/sobol.ts';
import { designs } from '../../../../src/experiment/designs/table.ts';
import { levels, request } from './factors.ts';

const sums = (points: readonly (readonly number[])[]) =>
  points.map((point) => point.reduce((total, share) => total + share, 0));

test('lattice and centroid of Scheffé', () => {
  assert.deepEqual(simplexLattice(3, 2), [
    [1, 0, 0],
    [0.5, 0.5, 0],
    [0.5, 0, 0.5],
    [0, 1, 0],
    [0, 0.5, 0.5],
    [0, 0, 1],
  ]);
  assert.equal(simplexLattice(4, 3).length, 20);
  assert.deepEqual(simplexLattice(1, 3), [[1]]);
  const third = 1 / 3;
  assert.deepEqual(simplexCentroid(3), [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0.5, 0.5, 0],
    [0.5, 0, 0.5],
    [0, 0.5, 0.5],
    [third, third, third],
  ]);
});

test('a frontier of two tasks is even and without its ends', () => {
  assert.deepEqual(frontierWeights(2, 3), [
    [0.25, 0.75],
    [0.5, 0.5],
    [0.75, 0.25],
  ]);
  assert.deepEqual(
    frontierWeights(2, 7).map(([first]) => first),
    [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875],
  );
  assert.deepEqual(frontierWeights(3, 3), [
    [0.25, 0.25, 0.5],
    [0.25, 0.5, 0.25],
    [0.5, 0.25, 0.25],
  ]);
  assert.throws(() => frontierWeights(1, 3), /two tasks or more, not 1/);
});

test('a frontier of more tasks: the points asked for, even shares first, positive, spread over the simplex', () => {
  for (const [tasks, points] of [
    [3, 7],
    [4, 7],
    [6, 40],
  ] as const) {
    const weights = frontierWeights(tasks, points);
    assert.equal(weights.length, points);
    for (const share of weights[0] ?? []) assert.equal(share, Number((1 / tasks).toPrecision(12)));
    for (const total of sums(weights)) assert.ok(Math.abs(total - 1) < 1e-11);
    for (const share of weights.flat()) assert.ok(share >= weightFloor(tasks));
    assert.equal(new Set(weights.map(String)).size, points);
    assert.deepEqual(frontierWeights(tasks, points), weights);
  }
  const shares = frontierWeights(3, 401).slice(1);
  // Uniform on the simplex: P(share > ½) = ¼ and the mean ⅓, here of shares lifted by the floor.
  for (const task of [0, 1, 2]) {
    const own = shares.map((point) => point[task] ?? 0);
    assert.ok(Math.abs(own.filter((share) => share > 0.5).length / 400 - 0.25) < 0.03);
    assert.ok(Math.abs(own.reduce((total, share) => total + share, 0) / 400 - 1 / 3) < 0.01);
  }
});

test('the method: a weight a task by its pointer; centroid, lattice or spread; floor; other factors named', () => {
  const { simplex } = designs;
  const tasks = ['a', 'b/c', 'd'];
  const centroid = simplex.settings(request([], { tasks }));
  assert.equal(centroid.settings.length, 7);
  assert.deepEqual(
    [...centroid.paths],
    [
      ['/weights/a', '/weights/a'],
      ['/weights/b~1c', '/weights/b~1c'],
      ['/weights/d', '/weights/d'],
    ],
  );
  const floor = 0.02 / 3;
  assert.ok(Math.abs(Number(centroid.settings[0]?.get('/weights/a')) - (1 - 2 * floor)) < 1e-11);
  assert.ok(Math.abs(Number(centroid.settings[0]?.get('/weights/d')) - floor) < 1e-11);
  assert.deepEqual(centroid.notes, []);
  const lattice = simplex.settings(request([], { tasks, runs: 10 }));
  const shares = lattice.settings.map((setting) => Number(setting.get('/weights/a')));
  assert.equal(new Set(shares).size, 4, 'multiples of a third');
  const spread = simplex.settings(request([levels('x', [1, 2])], { tasks, runs: 8 }));
  assert.equal(spread.settings.length, 8);
  assert.match(spread.notes[0]?.en ?? '', /weights of the tasks alone; "x" stays/);
  assert.notDeepEqual(simplex.settings(request([], { tasks, runs: 8, seed: 1 })).settings, spread.settings);
  const of = (...asked: Parameters<typeof request>) =>
    problemsOf('simplex', simplex, request(...asked)).map(({ en }) => en);
  assert.match(of([], { tasks: ['a'] })[0] ?? '', /needs two tasks or more/);
  assert.deepEqual(of([], { tasks }), []);
  const nine = Array.from('abcdefghi');
  assert.match(of([], { tasks: nine })[0] ?? '', /would have 2\^9 − 1 points/);
  assert.deepEqual(of([], { tasks: nine, runs: 20 }), []);
  assert.deepEqual(of([], { tasks: nine.slice(1) }), []);
  const many = Array.from({ length: mostDimensions + 2 }, (_, index) => `t${index}`);
  assert.match(of([], { tasks: many, runs: 20 })[0] ?? '', new RegExp(`at most ${mostDimensions + 1} tasks`));
  assert.deepEqual(of([], { tasks: many.slice(1), runs: 20 }), []);
});
