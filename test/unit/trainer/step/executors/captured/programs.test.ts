/** Programs over variables in a graph that grows, computed by the meaning of the operations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataTypes } from '../../../../../../src/engine/native/capture/graph-words.ts';
import { addVariable, readVariable } from '../../../../../../src/engine/native/capture/variables.ts';
import type { Programs } from '../../../../../../src/trainer/step/executors/captured/programs.ts';
import { interpreted } from './interpreted.ts';

function made(): { programs: Programs; calls: readonly string[]; loads: () => number } {
  const { programs, calls } = interpreted();
  return { programs, calls, loads: () => calls.filter((call) => call.startsWith('load')).length };
}

const numbers = (lists: readonly ArrayLike<number>[]): number[][] => lists.map((list) => Array.from(list));

test('variables begin with their values, or zeros, and keep what they are set to', () => {
  const { programs } = made();
  const [first, second] = [programs.variable([2], () => Float32Array.of(1, 2)), programs.variable([3])];
  assert.equal(programs.loaded, false);
  assert.deepEqual(numbers(programs.get([second, first])), [
    [0, 0, 0],
    [1, 2],
  ]);
  assert.equal(programs.loaded, true);
  programs.set([second], [Float32Array.of(4, 5, 6)]);
  programs.set([first, second], [Float32Array.of(7, 8), Float32Array.of(9, 9, 9)]);
  assert.deepEqual(numbers(programs.get([first, second])), [
    [7, 8],
    [9, 9, 9],
  ]);
  assert.deepEqual([first.handle.node === second.handle.node, first.shape, second.type], [false, [2], dataTypes.float]);
});

test('nothing to get or set needs no session', () => {
  const { programs, calls } = made();
  assert.deepEqual(programs.get([]), []);
  programs.set([], []);
  assert.deepEqual(calls, []);
  assert.equal(programs.loaded, false);
});

test('a graph that has grown is loaded anew with the values that the variables had, once', () => {
  const { programs, calls, loads } = made();
  let asked = 0;
  const first = programs.variable([1], () => {
    asked++;
    return Float32Array.of(1);
  });
  programs.get([first]);
  programs.set([first], [Float32Array.of(5)]);
  programs.get([first]);
  assert.equal(loads(), 1);
  const second = programs.variable([1], () => Float32Array.of(3));
  assert.deepEqual(numbers(programs.get([first, second])), [[5], [3]]);
  assert.equal(asked, 1);
  const before = loads();
  const x = programs.graph.placeholder(dataTypes.float, [1]);
  const sum = programs.graph.output('Add', [readVariable(programs.graph, second), x]);
  const program = { feeds: [{ output: x, type: dataTypes.float, shape: [1] }], fetches: [sum] };
  assert.deepEqual(numbers(programs.run(program, [Float32Array.of(10)])), [[13]]);
  assert.deepEqual(numbers(programs.run(program, [Float32Array.of(20)])), [[23]]);
  assert.deepEqual(numbers(programs.get([first, second])), [[5], [3]]);
  assert.equal(loads(), before + 1);
  // Of all sessions only the last one is there.
  assert.equal(calls.filter((call) => call === 'unload').length, loads() - 1);
  programs.dispose();
  assert.equal(calls.filter((call) => call === 'unload').length, loads());
  assert.equal(programs.loaded, false);
});

test('values are moved variable by variable, however many there are', () => {
  const { programs } = made();
  const variables = Array.from({ length: 5 }, () => programs.variable([1]));
  const values = variables.map((_, place) => Float32Array.of(place + 1));
  programs.set(variables, values);
  programs.variable([2]);
  assert.deepEqual(numbers(programs.get(variables)), [[1], [2], [3], [4], [5]]);
});

test('a graph without variables runs, too, and is loaded anew when it grows', () => {
  const { programs } = made();
  const one = { feeds: [], fetches: [programs.graph.scalar(4)] };
  assert.deepEqual(numbers(programs.run(one, [])), [[4]]);
  const two = {
    feeds: [],
    fetches: [programs.graph.output('Add', [programs.graph.scalar(4), programs.graph.scalar(5)])],
  };
  assert.deepEqual(numbers(programs.run(two, [])), [[9]]);
  assert.deepEqual(numbers(programs.run(one, [])), [[4]]);
});

test('variables of a graph are told apart by their names, and keep copies of what is fed', () => {
  const { programs } = made();
  const { graph } = programs;
  const [one, two] = [addVariable(graph, 3, [2]), addVariable(graph, 4, [2], dataTypes.int32)];
  const attribute = (name: string) => [one, two].map(({ handle }) => handle.node.attributes.get(name));
  assert.deepEqual(attribute('shared_name'), [
    { kind: 'string', value: 'v3' },
    { kind: 'string', value: 'v4' },
  ]);
  assert.deepEqual(attribute('dtype'), [
    { kind: 'type', value: dataTypes.float },
    { kind: 'type', value: dataTypes.int32 },
  ]);
  assert.deepEqual(attribute('shape')[0], { kind: 'shape', value: [2] });
  assert.deepEqual([one.set.operation, one.set.inputs[0]], ['AssignVariableOp', one.handle]);
  const copy = one.set.inputs[1]?.node;
  assert.equal(copy?.operation, 'DeepCopy');
  assert.deepEqual(copy.inputs, [one.feed.output]);
  assert.deepEqual([one.feed.type, one.feed.shape, two.feed.type], [dataTypes.float, [2], dataTypes.int32]);
  assert.deepEqual(graph.shapeOf(one.value), [2]);
  assert.deepEqual(two.value.node.types, [dataTypes.int32]);
  assert.notEqual(readVariable(graph, one).node, one.value.node);
});
