// Parts of a row of shared parameters: which entries a problem measures, which it weighs, and sums over them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addGrams,
  blockNamer,
  foundBySegment,
  layerProblem,
  meanWeights,
  problemsOf,
  segmentsBy,
} from '../../../../../src/trainer/step/methods/segments.ts';
import type { SharedLayout } from '../../../../../src/trainer/step/contract.ts';

/** Sizes 1, 2, 4, 8 …, so that every sum tells what is in it. */
function layoutOf(paths: readonly string[]): SharedLayout {
  let offset = 0;
  const variables = paths.map((path, at) => {
    const variable = { path, offset, size: 2 ** at, shape: [2 ** at] };
    offset += variable.size;
    return variable;
  });
  return { variables, size: offset };
}

const layout = layoutOf(['trunk/0/kernel', 'trunk/0/bias', 'trunk/1/kernel', 'deep/0/kernel', 'trunk/2/kernel']);

test('neighbors of one name are one segment; a name that comes back is another, of the same problem', () => {
  const segments = segmentsBy(layout, (path) => path.slice(0, path.indexOf('/')));
  assert.deepEqual(segments, [
    { name: 'trunk', offset: 0, size: 7 },
    { name: 'deep', offset: 7, size: 8 },
    { name: 'trunk', offset: 15, size: 16 },
  ]);
  assert.deepEqual(problemsOf(segments), [
    { name: 'trunk', measured: [0, 2], weighed: [0, 2] },
    { name: 'deep', measured: [1], weighed: [1] },
  ]);
});

test('a variable lies in the block with the longest name that its path begins with, or in its task’s part', () => {
  const plan = { blocks: new Map([['a', {}], ['a/b', {}], ['ab', {}]]), tasks: new Map([['t', {}]]) }; // prettier-ignore
  const name = blockNamer(plan as unknown as Parameters<typeof blockNamer>[0]);
  assert.deepEqual(['a/0/kernel', 'a/b/0/kernel', 'ab/0/kernel', 'tasks/t/head/kernel', 'else/0/kernel'].map(name), [
    'a',
    'a/b',
    'ab',
    'tasks/t',
    '',
  ]);
});

test('GradNorm measures the named layers alone, and weighs everything', () => {
  const { segments, problems } = layerProblem(layout, new Set(['trunk/1', 'trunk/2']));
  assert.deepEqual(segments, [
    { name: 'other', offset: 0, size: 3 },
    { name: 'layer', offset: 3, size: 4 },
    { name: 'other', offset: 7, size: 8 },
    { name: 'layer', offset: 15, size: 16 },
  ]);
  assert.deepEqual(problems, [{ name: '', measured: [1, 3], weighed: [0, 1, 2, 3] }]);
  assert.throws(() => layerProblem(layout, new Set(['tail/0'])), RangeError, 'norms of nothing are no norms of 0');
});

test('each segment gets what was found for the problem that weighs it', () => {
  const segments = ['a', 'b', 'a'].map((name, offset) => ({ name, offset, size: 1 }));
  const solved = problemsOf(segments).map((problem) => ({ problem, weighing: `of ${problem.name}` }));
  assert.deepEqual(foundBySegment(segments, solved), ['of a', 'of b', 'of a']);
  assert.throws(() => foundBySegment(segments, solved.slice(0, 1)), /segment "b"/u);
});

test('Gram matrices add up, weights are averaged over the problems', () => {
  assert.throws(() => addGrams([]), RangeError);
  assert.throws(() => addGrams([[[1]], []]), RangeError, 'a product that is missing is not 0');
  assert.deepEqual(addGrams([[[1, 2], [3, 4]], [[10, 20], [30, 40]]]), [[11, 22], [33, 44]]); // prettier-ignore
  assert.deepEqual(meanWeights([[1, 3]]), [1, 3]);
  assert.deepEqual(meanWeights([[1, 3], [2, 0], [3, 3]]), [2, 2]); // prettier-ignore
  assert.throws(() => meanWeights([]), RangeError);
  assert.throws(() => meanWeights([[1, 3], [2]]), RangeError); // prettier-ignore
});
