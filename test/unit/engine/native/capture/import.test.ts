/** Traces that are written by hand become parts of graphs: no engine is needed for that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conditions } from '../../../../../src/engine/native/capture/conditions.ts';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import { floats, Graph, integers } from '../../../../../src/engine/native/capture/graph.ts';
import { importTrace } from '../../../../../src/engine/native/capture/import.ts';
import type { Trace, TraceEntry } from '../../../../../src/engine/native/capture/recorder.ts';
import { dataTypes, type Constant, type Output } from '../../../../../src/engine/native/capture/graph-words.ts';

const out = (id: number, shape: readonly number[], type: number = dataTypes.float) => ({ id, shape, type });

/** One operation with one result. */
function entry(
  operation: string,
  inputs: readonly number[],
  output: ReturnType<typeof out>,
  attributes: TraceEntry['attributes'] = {},
): TraceEntry {
  return { operation, attributes, inputs, outputs: [output] };
}

const trace = (entries: readonly TraceEntry[], constants: readonly (readonly [number, Constant])[] = []): Trace => ({
  entries,
  constants: new Map(constants),
});

/** A graph with an input of the shape [2, 3], which tensor 1 stands for. */
function withInput(): { graph: Graph; x: Output; bind: (id: number) => Output | undefined; asked: number[] } {
  const graph = new Graph();
  const x = graph.placeholder(dataTypes.float, [2, 3]);
  const asked: number[] = [];
  const bind = (id: number): Output | undefined => {
    asked.push(id);
    return id === 1 ? x : undefined;
  };
  return { graph, x, bind, asked };
}

const operations = (graph: Graph): string[] => graph.nodes.map(({ operation }) => operation);

test('only what the wanted results need becomes nodes, with inputs in their order', () => {
  const { graph, x, bind, asked } = withInput();
  const work = trace([
    entry('Relu', [1], out(2, [2, 3])),
    entry('Neg', [1], out(3, [2, 3])),
    entry('Sub', [3, 2], out(4, [2, 3])),
    entry('Exp', [2], out(5, [2, 3])),
    entry('Tanh', [5], out(6, [2, 3])),
  ]);
  const found = importTrace(graph, work, bind, [4]);
  assert.deepEqual(operations(graph), ['Placeholder', 'Relu', 'Neg', 'Sub']);
  const difference = found.get(4);
  assert.deepEqual(
    difference?.node.inputs.map(({ node, index }) => [node.operation, index]),
    [
      ['Neg', 0],
      ['Relu', 0],
    ],
  );
  assert.deepEqual(found.get(2)?.node.inputs, [x]);
  assert.equal(found.has(5), false);
  assert.ok(difference);
  assert.deepEqual(graph.shapeOf(difference), [2, 3]);
  assert.deepEqual(asked, [1], 'asked once');
});

test('a result that is bound is its own result; several results of one operation keep their places', () => {
  const { graph, x, bind } = withInput();
  const unpack: TraceEntry = {
    operation: 'Unpack',
    attributes: { num: { kind: 'int', value: 2 }, axis: { kind: 'int', value: 0 } },
    inputs: [1],
    outputs: [out(2, [3]), out(3, [3])],
  };
  const found = importTrace(graph, trace([unpack]), bind, [1, 3]);
  assert.equal(found.get(1), x);
  assert.equal(found.get(3)?.index, 1);
  assert.equal(found.get(2)?.index, 0);
  assert.equal(found.get(3)?.node, found.get(2)?.node);
  const node = found.get(3)?.node;
  assert.ok(node);
  assert.deepEqual(node.attributes.get('num'), { kind: 'int', value: 2 });
  for (const index of [0, 1]) assert.deepEqual(graph.shapeOf({ node, index }), [3]);
});

test('numbers that the work made itself are constants; what is neither bound nor made is refused by its reader', () => {
  const { graph, bind } = withInput();
  const two = floats([2], []);
  const found = importTrace(graph, trace([entry('Mul', [1, 7], out(2, [2, 3]))], [[7, two]]), bind, [2]);
  const constant = found.get(2)?.node.inputs[1]?.node;
  assert.deepEqual(constant?.attributes.get('value'), { kind: 'tensor', value: two });
  assert.throws(
    () => importTrace(graph, trace([entry('Mul', [1, 8], out(2, [2, 3]))], [[7, two]]), bind, [2]),
    (error) => error instanceof CaptureError && error.message === 'Mul reads a tensor that is not part of the step',
  );
  assert.throws(() => importTrace(graph, trace([]), bind, [9]), /^CaptureError: the result reads a tensor that is not/);
});

const shape = (...sizes: number[]): Constant => integers(sizes, [sizes.length]);

test('reshapes and casts that change nothing are left out, and identities always', () => {
  const { graph, x, bind } = withInput();
  const bool = { kind: 'type', value: dataTypes.bool } as const;
  const float = { kind: 'type', value: dataTypes.float } as const;
  const work = trace(
    [
      entry('Reshape', [1, 50], out(2, [2, 3])),
      entry('Identity', [2], out(3, [2, 3])),
      entry('Cast', [3], out(4, [2, 3]), { DstT: float }),
      entry('Cast', [4], out(5, [2, 3], dataTypes.bool), { DstT: bool }),
    ],
    [[50, shape(2, 3)]],
  );
  const found = importTrace(graph, work, bind, [4, 5]);
  for (const id of [2, 3, 4]) assert.equal(found.get(id), x, String(id));
  assert.equal(found.get(5)?.node.operation, 'Cast');
  assert.deepEqual(found.get(5)?.node.types, [dataTypes.bool]);
  assert.deepEqual(found.get(5)?.node.inputs, [x]);
});

test('a chain of reshapes is one, from the value before them; back at its first shape it is none', () => {
  const { graph, x, bind } = withInput();
  const work = trace(
    [
      entry('Reshape', [1, 50], out(2, [6])),
      entry('Reshape', [2, 51], out(3, [3, 2])),
      entry('Reshape', [3, 52], out(4, [2, 3])),
      entry('Reshape', [3, 53], out(5, [3, 2])),
      entry('Relu', [3], out(6, [3, 2])),
      entry('Reshape', [6, 50], out(7, [6])),
    ],
    [
      [50, shape(6)],
      [51, shape(3, 2)],
      [52, shape(2, 3)],
      [53, shape(-1, 2)],
    ],
  );
  const found = importTrace(graph, work, bind, [4, 5, 7]);
  assert.equal(found.get(4), x, 'the shape of the beginning');
  assert.equal(found.get(5), found.get(3), 'the same shape, written in another way');
  const twice = found.get(3)?.node;
  assert.equal(twice?.operation, 'Reshape');
  assert.equal(twice.inputs[0], x);
  assert.deepEqual(twice.inputs[1]?.node.attributes.get('value'), { kind: 'tensor', value: shape(3, 2) });
  // What stands between two reshapes is not jumped over, and other operations read what they are given.
  assert.equal(found.get(7)?.node.inputs[0]?.node.operation, 'Relu');
  assert.equal(found.get(6)?.node.inputs[0]?.node, twice);
});

test('under conditions, what reads a missing value is missing, and a sum reads zeros in its place', () => {
  const graph = new Graph();
  const conditions = new Conditions(graph, graph.placeholder(dataTypes.bool, [2]), 2);
  const x = graph.placeholder(dataTypes.float, [3]);
  const [a, b] = [0, 1].map((part) => conditions.gate(x, [part]));
  const bound = new Map([
    [1, a],
    [2, b],
    [3, x],
  ]);
  const work = trace([
    entry('Relu', [1], out(4, [3])),
    entry('AddV2', [4, 2], out(5, [3])),
    entry('AddV2', [4, 3], out(6, [3])),
    entry('Relu', [3], out(7, [3])),
  ]);
  const found = importTrace(graph, work, (id) => bound.get(id), [5, 6, 7], conditions);
  const conditionOf = (id: number): readonly number[] | undefined => {
    const output = found.get(id);
    assert.ok(output);
    return conditions.of(output);
  };
  assert.deepEqual(conditionOf(4), [0]);
  assert.deepEqual(conditionOf(5), [0, 1]);
  assert.deepEqual(conditionOf(6), [0]);
  assert.equal(conditionOf(7), undefined);
  assert.deepEqual(
    found.get(5)?.node.inputs.map(({ node }) => node.operation),
    ['Merge', 'Merge'],
  );
});
