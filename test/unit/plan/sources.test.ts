// Names in "input": what each means to its reader, and what becomes of one that means nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveSources } from '../../../src/plan/sources.ts';
import { readSpec, type Spec } from '../../../src/spec/index.ts';
import { specText } from './helpers.ts';

const task = (input: unknown, more: object = {}): object => ({ type: 'regression', target: 'mass', input, ...more });
function specWith(network: object, tasks: object): Spec {
  const { spec } = readSpec(specText({ network, tasks, weights: {} }));
  return spec ?? assert.fail();
}
const trunk = { input: 'measures', layers: [] };
const none = (): undefined => undefined;

test('blocks come before inputs of the same name, "task:" is a prediction', () => {
  const spec = specWith(
    { trunk, measures: { input: 'trunk', layers: [] } },
    { a: task(['trunk', 'measures']), b: task(['task:a']), c: task(['task:a'], { stopGradient: true }) },
  );
  const { vertices, unknown, taskInBlock } = resolveSources(spec, none);
  assert.deepEqual(vertices, [
    { kind: 'block', name: 'trunk', sources: [{ kind: 'block', name: 'measures' }] },
    { kind: 'block', name: 'measures', sources: [{ kind: 'block', name: 'trunk' }] },
    { kind: 'task', name: 'a', sources: [{ kind: 'block', name: 'trunk' }, { kind: 'block', name: 'measures' }] },
    { kind: 'task', name: 'b', sources: [{ kind: 'task', name: 'a', stopGradient: false }] },
    { kind: 'task', name: 'c', sources: [{ kind: 'task', name: 'a', stopGradient: true }] },
  ]); // prettier-ignore
  assert.deepEqual([unknown, taskInBlock], [[], []]);
  assert.deepEqual(resolveSources(specWith({ trunk }, { a: task('trunk') }), none).vertices.slice(0, 1), [
    { kind: 'block', name: 'trunk', sources: [{ kind: 'input', name: 'measures' }] },
  ]);
});

test('a block may read no prediction: that is told apart, and the block goes on without it', () => {
  const spec = specWith({ trunk: { ...trunk, input: ['measures', 'task:a'] } }, { a: task('trunk') });
  const { vertices, unknown, taskInBlock } = resolveSources(spec, none);
  assert.deepEqual(taskInBlock, [
    {
      written: 'task:a',
      reader: { kind: 'block', name: 'trunk' },
      pointer: '/network/trunk/input/1',
      nearest: undefined,
    },
  ]);
  assert.deepEqual(unknown, []);
  assert.deepEqual(vertices[0]?.sources, [{ kind: 'input', name: 'measures' }]);
});

test('an unknown name stands for its nearest; a task is offered predictions but its own, a block none', () => {
  const asked: (readonly [string, readonly string[]])[] = [];
  const spec = specWith(
    { trunk: { ...trunk, input: ['measures', 'nope'] } },
    { a: task(['wrong', 'task:z']), b: task('trunk') },
  );
  const { vertices, unknown } = resolveSources(spec, (name, candidates) => {
    asked.push([name, candidates]);
    return name === 'wrong' ? 'task:b' : name === 'nope' ? 'trunk' : undefined;
  });
  assert.deepEqual(asked, [
    ['nope', ['trunk', 'measures']],
    ['wrong', ['trunk', 'measures', 'task:b']],
    ['task:z', ['trunk', 'measures', 'task:b']],
  ]);
  assert.deepEqual(
    unknown.map(({ written, reader, pointer, nearest }) => [
      written,
      `${reader.kind} ${reader.name}`,
      pointer,
      nearest,
    ]),
    [
      ['nope', 'block trunk', '/network/trunk/input/1', 'trunk'],
      ['wrong', 'task a', '/tasks/a/input/0', 'task:b'],
      ['task:z', 'task a', '/tasks/a/input/1', undefined],
    ],
  );
  assert.deepEqual(vertices[0]?.sources.map(({ name }) => name), ['measures', 'trunk']); // prettier-ignore
  assert.deepEqual(vertices[1]?.sources, [{ kind: 'task', name: 'b', stopGradient: false }]);
});
