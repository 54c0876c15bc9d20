import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { consumersOf, keyOf, orderOf, readersOf, tasksReaching, type Vertex } from '../../../src/plan/graph.ts';
import type { PlanSource } from '../../../src/plan/plan.ts';

const input = (name: string): PlanSource => ({ kind: 'input', name });
const block = (name: string): PlanSource => ({ kind: 'block', name });
const task = (name: string, stopGradient = false): PlanSource => ({ kind: 'task', name, stopGradient });
const vertex = (kind: 'block' | 'task', name: string, ...sources: PlanSource[]): Vertex => ({ kind, name, sources });

test('everything stands after what it reads, in source order where that is free', () => {
  const { order, cycles } = orderOf([
    vertex('block', 'top', block('trunk')),
    vertex('block', 'trunk', input('x')),
    vertex('block', 'side', input('x')),
    vertex('task', 'a', block('top'), task('b')),
    vertex('task', 'b', block('side')),
  ]);
  assert.deepEqual(order.map(keyOf), ['block:trunk', 'block:top', 'block:side', 'task:b', 'task:a']);
  assert.equal(cycles.length, 0);
});

test('a cycle is named once, as a whole path', () => {
  const { order, cycles } = orderOf([
    vertex('block', 'a', block('c')),
    vertex('block', 'b', block('a')),
    vertex('block', 'c', block('b'), input('x')),
  ]);
  assert.deepEqual(
    cycles.map((cycle) => cycle.map((step) => step.name)),
    [['a', 'c', 'b']],
  );
  assert.equal(order.length, 3);
});

test('a block that reads itself is a cycle of one', () => {
  const { cycles } = orderOf([vertex('block', 'a', block('a'))]);
  assert.deepEqual(
    cycles.map((cycle) => cycle.map((step) => step.name)),
    [['a']],
  );
});

test('ten thousand blocks in a row do not overflow the stack', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    vertex('block', String(index), index === 9999 ? input('x') : block(String(index + 1))),
  );
  assert.equal(orderOf(chain).order[0]?.name, '9999');
});

test('random graphs without cycles: every source precedes its readers', () => {
  const graph = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(graph, (sources) => {
      const vertices = sources.map((list, index) =>
        vertex('block', String(index), ...list.filter((other) => other < index).map((other) => block(String(other)))),
      );
      const shuffled = [...vertices].reverse();
      const { order, cycles } = orderOf(shuffled);
      assert.equal(cycles.length, 0);
      assert.equal(order.length, vertices.length);
      const position = new Map(order.map((entry, index) => [keyOf(entry), index] as const));
      for (const entry of order) {
        for (const source of entry.sources) {
          assert.ok((position.get(keyOf(source)) ?? Infinity) < (position.get(keyOf(entry)) ?? -1));
        }
      }
    }),
  );
});

test('losses reach everything their task reads, but not through a cut edge', () => {
  const vertices = [
    vertex('block', 'trunk', input('x')),
    vertex('block', 'side', block('trunk')),
    vertex('task', 'a', block('side')),
    vertex('task', 'b', block('trunk'), task('a', true)),
    vertex('task', 'c', block('trunk'), task('a')),
  ];
  const gradients = tasksReaching(vertices, true);
  assert.deepEqual(gradients.get('block:side'), ['a', 'c']);
  assert.deepEqual(gradients.get('block:trunk'), ['a', 'b', 'c']);
  assert.deepEqual(gradients.get('task:a'), ['a', 'c']);
  assert.deepEqual(gradients.get('input:x'), ['a', 'b', 'c']);
  assert.deepEqual(tasksReaching(vertices, false).get('task:a'), ['a', 'b', 'c']);
  // What is read beside the cut edge is reached, wherever it is named.
  const first = [
    vertex('block', 'trunk', input('x')),
    vertex('task', 'a', input('x')),
    vertex('task', 'b', task('a', true), block('trunk')),
  ];
  assert.deepEqual(tasksReaching(first, true).get('block:trunk'), ['b']);
});

test('consumers are listed once, in source order', () => {
  const consumers = consumersOf([
    vertex('block', 'trunk', input('x'), input('x')),
    vertex('task', 'a', block('trunk'), input('x')),
  ]);
  assert.deepEqual(consumers.get('input:x'), ['trunk', 'a']);
  assert.deepEqual(consumers.get('block:trunk'), ['a']);
});

test('who reads what: each reader once, in source order, names of a block and a task alike once', () => {
  const vertices = [
    vertex('block', 'trunk', input('x'), input('x')),
    vertex('task', 'b', block('trunk'), input('x')),
    vertex('block', 'b', block('trunk')),
    vertex('task', 'c', task('b'), block('trunk')),
  ];
  const readers = readersOf(vertices);
  assert.deepEqual(readers.get('input:x')?.map(keyOf), ['block:trunk', 'task:b']);
  assert.deepEqual(readers.get('block:trunk')?.map(keyOf), ['task:b', 'block:b', 'task:c']);
  assert.deepEqual(readers.get('task:b')?.map(keyOf), ['task:c']);
  assert.equal(readers.get('task:c'), undefined);
  assert.deepEqual(consumersOf(vertices).get('block:trunk'), ['b', 'c']);
});

test('without gradients a cut edge counts like any other; the rank decides the order of tasks', () => {
  const vertices = [
    vertex('block', 'trunk', input('x')),
    vertex('task', 'a', block('trunk')),
    vertex('task', 'b', task('a', true)),
    vertex('block', 'idle', input('y')),
  ];
  assert.deepEqual(tasksReaching(vertices, true).get('block:trunk'), ['a']);
  const all = tasksReaching(vertices, false);
  assert.deepEqual([all.get('block:trunk'), all.get('task:a'), all.get('task:b')], [['a', 'b'], ['a', 'b'], ['b']]);
  assert.deepEqual([all.get('block:idle'), all.get('input:y')], [[], undefined]);
  const rank = new Map([['b', 0], ['a', 1]]); // prettier-ignore
  assert.deepEqual(tasksReaching(vertices, false, rank).get('input:x'), ['b', 'a']);
});

test('a cycle through others is the path from its first vertex; an input of an unknown name is none', () => {
  const vertices = [
    vertex('task', 'z', block('a')),
    vertex('block', 'a', input('nowhere'), block('b')),
    vertex('block', 'b', block('a'), block('c')),
    vertex('block', 'c', block('b')),
  ];
  const { order, cycles } = orderOf(vertices);
  assert.deepEqual(cycles.map((cycle) => cycle.map(({ name }) => name)), [['a', 'b'], ['b', 'c']]); // prettier-ignore
  assert.deepEqual(order.map(keyOf), ['block:c', 'block:b', 'block:a', 'task:z']);
  // Around the cycle everything is still reached once.
  const reached = tasksReaching(order, true);
  assert.deepEqual(
    ['a', 'b', 'c'].map((name) => reached.get(`block:${name}`)),
    [['z'], ['z'], ['z']],
  );
});
