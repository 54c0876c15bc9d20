/** Graphs as they are written, read back by TensorFlow's own generated protocol buffers, and at work in TensorFlow. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import { floats, Graph, integers, typeOf } from '../../../../../src/engine/native/capture/graph.ts';
import { operationNames, operationOf } from '../../../../../src/engine/native/capture/operations.ts';
import { Message } from '../../../../../src/engine/native/capture/proto.ts';
import { encodeSavedModel } from '../../../../../src/engine/native/capture/saved-model.ts';
import { Session } from '../../../../../src/engine/native/capture/session.ts';
import { dataTypes } from '../../../../../src/engine/native/capture/graph-words.ts';
import { addVariable, afterAll } from '../../../../../src/engine/native/capture/variables.ts';
import { nodeBackend } from '../../../../../src/engine/native/kernels.ts';
import type { TFJSBinding } from '../../../../../src/engine/native/tfjs-node.ts';
import { openEngine } from '../../../../../src/engine/open.ts';
import type { Engine } from '../../../../../src/engine/contract.ts';
import { assetsDirectory } from '../../support.ts';
import { installedFolder, nativeSuite } from '../support.ts';

/** tfjs-node's generated messages: another implementation of the format. */
const messages = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js') as {
  SavedModel: { deserializeBinary(bytes: Uint8Array): { toObject(): Decoded } };
};

interface DecodedNode {
  readonly name: string;
  readonly op: string;
  readonly inputList: readonly string[];
  readonly attrMap: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
}

interface Decoded {
  readonly savedModelSchemaVersion: number;
  readonly metaGraphsList: readonly [
    {
      readonly metaInfoDef: { readonly tagsList: readonly string[] };
      readonly graphDef: { readonly nodeList: readonly DecodedNode[] };
    },
  ];
}

function attributesOf(node: DecodedNode | undefined): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(node?.attrMap ?? []);
}

function decode(graph: Graph): readonly DecodedNode[] {
  const model = messages.SavedModel.deserializeBinary(encodeSavedModel(graph.nodes)).toObject();
  assert.deepEqual(model.metaGraphsList[0].metaInfoDef.tagsList, ['serve']);
  return model.metaGraphsList[0].graphDef.nodeList;
}

test('varints, floats and texts are those of the encoding guide', () => {
  const hex = (message: Message): string => Buffer.from(message.finish()).toString('hex');
  // https://protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2, a nested message in field 3.
  assert.equal(hex(new Message().integer(1, 150)), '089601');
  assert.equal(hex(new Message().text(2, 'testing')), '120774657374696e67');
  assert.equal(hex(new Message().message(3, new Message().integer(1, 150))), '1a03089601');
  assert.equal(hex(new Message().integer(1, -2)), '08feffffffffffffffff01');
  assert.equal(hex(new Message().float(1, 1)), '0d0000803f');
  assert.equal(hex(new Message().integer(1, 2 ** 40)), '08808080808020');
});

test('any integer is written as BigInt arithmetic says', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const bytes = new Message().integer(1, value).finish().subarray(1);
      const read = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n);
      assert.equal(BigInt.asIntN(64, read), BigInt(value));
      assert.ok(bytes.every((byte, place) => byte >= 128 === place < bytes.length - 1));
    }),
    { numRuns: 200, seed: 3 },
  );
});

test('a graph is read back as it was built: names, inputs, control inputs, attributes', () => {
  const graph = new Graph();
  const x = graph.placeholder(dataTypes.float, [2, 3]);
  const y = graph.constant(floats([1, 2, 3, 4, 5, 6], [3, 2]));
  const product = graph.output('MatMul', [x, y], { attributes: { transpose_a: { kind: 'bool', value: false } } });
  const done = graph.output('Identity', [product], { after: [y.node] });
  const nodes = decode(graph);
  assert.deepEqual(
    nodes.map(({ op }) => op),
    ['Placeholder', 'Const', 'MatMul', 'Identity'],
  );
  assert.deepEqual(nodes[2]?.inputList, [x.node.name, y.node.name]);
  assert.deepEqual(nodes[3]?.inputList, [product.node.name, `^${y.node.name}`]);
  assert.equal(done.node.name, nodes.at(3)?.name);
  const attributes = attributesOf(nodes[2]);
  assert.equal(attributes.get('T')?.['type'], dataTypes.float, 'an attribute that the inputs imply');
  const shape = attributesOf(nodes[0]).get('shape')?.['shape'] as { dimList: { size: number }[] };
  assert.deepEqual(
    shape.dimList.map(({ size }) => size),
    [2, 3],
  );
});

test('equal nodes are one, and those with state are not', () => {
  const graph = new Graph();
  const x = graph.placeholder(dataTypes.float, [2]);
  const add = (): unknown => graph.output('Add', [x, graph.scalar(1)]).node;
  assert.equal(add(), add());
  assert.notEqual(graph.output('Add', [x, graph.scalar(2)]).node, add());
  assert.notEqual(graph.placeholder(dataTypes.float, [2]).node, x.node);
  const variable = addVariable(graph, 0, [2]);
  const read = (): unknown =>
    graph.add('ReadVariableOp', [variable.handle], { attributes: { dtype: { kind: 'type', value: 1 } } });
  assert.notEqual(read(), read());
});

test('lists of inputs give their number and types; what is missing is named', () => {
  const graph = new Graph();
  const x = graph.placeholder(dataTypes.float, [2]);
  const packed = graph.add('Pack', [x, x, x]);
  assert.deepEqual(packed.attributes.get('N'), { kind: 'int', value: 3 });
  const parts = graph.add(
    'Unpack',
    [packed].map((node) => ({ node, index: 0 })),
    {
      attributes: { num: { kind: 'int', value: 3 }, axis: { kind: 'int', value: 0 } },
    },
  );
  assert.deepEqual(parts.types, [1, 1, 1]);
  assert.throws(() => graph.add('Cast', [x]), /Cast lacks its attribute DstT/);
  assert.throws(() => graph.add('Relu', [x, x]), CaptureError);
  assert.throws(() => graph.add('NoSuchOperation', []), /NoSuchOperation is not in the table/);
});

test('nodes are equal only with equal operations, inputs, outputs of these, waits and attributes', () => {
  const graph = new Graph();
  const [x, y] = [graph.placeholder(dataTypes.float, [2]), graph.placeholder(dataTypes.float, [2])];
  const num = (value: number) => ({ attributes: { num: { kind: 'int', value } } }) as const;
  const parts = graph.add('Unpack', [x], num(2));
  const transposed = (value: boolean) => ({ attributes: { transpose_a: { kind: 'bool', value } } }) as const;
  const make = [
    () => graph.add('Sub', [x, y]),
    () => graph.add('Sub', [y, x]),
    () => graph.add('Mul', [x, y]),
    () => graph.add('Relu', [{ node: parts, index: 0 }]),
    () => graph.add('Relu', [{ node: parts, index: 1 }]),
    () => graph.add('Relu', [x]),
    () => graph.add('Relu', [x], { after: [y.node] }),
    () => graph.add('Relu', [x], { after: [parts] }),
    () => graph.add('MatMul', [x, y], transposed(true)),
    () => graph.add('MatMul', [x, y], transposed(false)),
    () => graph.constant(floats([1, 2], [2])).node,
    () => graph.constant(floats([1, 2], [1, 2])).node,
    () => graph.constant(floats([1, 3], [2])).node,
    () => graph.constant({ ...floats([1, 2], [2]), type: dataTypes.int32 }).node,
  ];
  const first = make.map((each) => each());
  assert.equal(new Set(first).size, make.length);
  const nodes = graph.nodes.length;
  make.forEach((each, place) => assert.equal(each(), first[place], String(place)));
  assert.equal(graph.nodes.length, nodes);
  // One that is to be a node of its own, and is found by no later one.
  const own = graph.add('Relu', [x], { own: true });
  assert.ok(!first.includes(own));
  assert.equal(make[5]?.(), first[5]);
});

test('names are the shortest there are, begin with a letter and are never given twice', () => {
  const graph = new Graph();
  for (let place = 0; place < 1300; place++) graph.scalar(place);
  const names = graph.nodes.map(({ name }) => name);
  assert.equal(new Set(names).size, 1300);
  assert.deepEqual([names[0], names[35], names[36], names[1296]], ['n0', 'nz', 'n10', 'n100']);
});

test('shapes are known output by output', () => {
  const graph = new Graph();
  const x = graph.placeholder(dataTypes.float, [2, 3]);
  assert.deepEqual(graph.shapeOf(x), [2, 3]);
  const node = graph.add('Switch', [x, graph.placeholder(dataTypes.bool, [])]);
  assert.equal(graph.shapeOf({ node, index: 0 }), undefined);
  graph.tellShape({ node, index: 1 }, [5]);
  graph.tellShape({ node, index: 0 }, [4]);
  assert.deepEqual([0, 1, 2].map((index) => graph.shapeOf({ node, index })), [[4], [5], undefined]); // prettier-ignore
});

test('types of outputs: fixed, that of an attribute, as many as an attribute says, float where it is left out', () => {
  const graph = new Graph();
  const whole = graph.constant(integers([1, 2], [2]));
  const x = graph.placeholder(dataTypes.float, [2]);
  const flag = graph.placeholder(dataTypes.bool, []);
  assert.deepEqual([typeOf(whole), typeOf(x), typeOf(flag)], [3, 1, 10]);
  assert.deepEqual(graph.add('Switch', [whole, flag]).types, [3, 3]);
  assert.deepEqual(graph.add('Merge', [x, x]).types, [1, 3]);
  assert.deepEqual(graph.add('Cast', [x], { attributes: { DstT: { kind: 'type', value: 10 } } }).types, [10]);
  assert.deepEqual(
    graph.add('Unpack', [whole], { attributes: { num: { kind: 'int', value: 4 } } }).types,
    [3, 3, 3, 3],
  );
  assert.deepEqual(graph.add('ArgMax', [x, graph.integers([0])]).types, [1]);
  const told = { attributes: { output_type: { kind: 'type', value: 9 } } } as const;
  assert.deepEqual(graph.add('ArgMax', [x, graph.integers([0])], told).types, [9]);
  assert.throws(() => typeOf({ node: x.node, index: 1 }), /^CaptureError: Placeholder has no output 1$/);
});

test('what the inputs imply goes before what is given, and what an operation does not have is left away', () => {
  const graph = new Graph();
  const x = graph.placeholder(dataTypes.float, [2]);
  const attributes = {
    T: { kind: 'type', value: 3 },
    N: { kind: 'int', value: 9 },
    odd: { kind: 'int', value: 1 },
  } as const;
  const sum = graph.add('AddN', [x, x], { attributes });
  assert.deepEqual([...sum.attributes].toSorted(), [['N', { kind: 'int', value: 2 }], ['T', { kind: 'type', value: 1 }]]); // prettier-ignore
  // A list of inputs before another one: the axis comes last.
  const joined = graph.add('ConcatV2', [x, x, x, graph.integers([0])]);
  assert.deepEqual([joined.attributes.get('N'), joined.attributes.get('Tidx')], [{ kind: 'int', value: 3 }, { kind: 'type', value: 3 }]); // prettier-ignore
  assert.throws(() => graph.add('Mul', [x]), /^CaptureError: Mul lacks its input y$/);
  assert.throws(() => graph.add('Relu', [x, x]), /^CaptureError: Relu takes 1 inputs$/);
  assert.throws(() => graph.add('AddN', []), /^CaptureError: AddN lacks its input inputs$/);
});

test('the table of operations knows arguments and state', () => {
  assert.ok(operationNames.length > 150);
  assert.equal(operationOf('ResourceApplyAdam').inputs.length, 10);
  assert.equal(operationOf('ReadVariableOp').stateful, true);
  assert.equal(operationOf('MatMul').stateful, false);
  assert.equal(operationOf('ConcatV2').inputs[0]?.numberAttribute, 'N');
  for (const name of operationNames) assert.equal(operationOf(name).name, name);
});

nativeSuite('sessions', () => {
  let engine: Engine;
  let binding: TFJSBinding;
  before(async () => {
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
    binding = nodeBackend(engine.backend).binding;
  });
  after(() => engine.dispose());

  /** v += x·scale, and the value before. */
  function counter(): {
    session: Session;
    add: (x: readonly number[]) => number[];
    get: () => number[];
    set: (x: Float32Array) => void;
  } {
    const graph = new Graph();
    const variable = addVariable(graph, 0, [2]);
    const x = graph.placeholder(dataTypes.float, [2]);
    const read = graph.output('ReadVariableOp', [variable.handle], {
      attributes: { dtype: { kind: 'type', value: 1 } },
    });
    const sum = graph.output('Add', [read, x]);
    const write = graph.add('AssignVariableOp', [variable.handle, sum], { after: [read.node] });
    const add = { feeds: [{ output: x, type: 1, shape: [2] }], fetches: [afterAll(graph, read, [write])] };
    const set = { feeds: [variable.feed], fetches: [afterAll(graph, graph.scalar(0), [variable.set])] };
    const session = Session.load(binding, graph.nodes);
    return {
      session,
      add: (values) => [...(session.runner(add).run([Float32Array.from(values)])[0] ?? [])],
      get: () => [...(session.runner({ feeds: [], fetches: [variable.value] }).run([])[0] ?? [])],
      set: (values) => void session.runner(set).run([values]),
    };
  }

  test('variables keep their values between runs; two sessions do not share them', () => {
    const [one, two] = [counter(), counter()];
    one.set(Float32Array.of(1, 2));
    two.set(Float32Array.of(10, 20));
    assert.deepEqual(one.add([1, 1]), [1, 2]);
    assert.deepEqual(one.add([1, 1]), [2, 3]);
    assert.deepEqual(one.get(), [3, 4]);
    assert.deepEqual(two.get(), [10, 20]);
    one.session.dispose();
    two.session.dispose();
    assert.throws(() => one.get(), /the session has ended/);
  });

  test('what is fed may change afterwards: a variable does not keep it', () => {
    const one = counter();
    const values = Float32Array.of(5, 6);
    one.set(values);
    values[0] = 0;
    assert.deepEqual(one.get(), [5, 6]);
    one.session.dispose();
  });

  test('a feed of another shape or type is refused, which TensorFlow would not do', () => {
    const one = counter();
    one.set(Float32Array.of(0, 0));
    assert.throws(() => one.add([1, 2, 3]), /feed 0 does not have the shape \[2\]/);
    assert.deepEqual(one.get(), [0, 0]);
    one.session.dispose();
  });

  test('a graph that TensorFlow does not take is refused with its words', () => {
    const graph = new Graph();
    const x = graph.placeholder(dataTypes.float, [2, 3]);
    graph.add('Reshape', [x, graph.constant(integers([7, 7], [2]))]);
    assert.throws(
      () => Session.load(binding, [...graph.nodes, { ...x.node, name: x.node.name }]),
      /TensorFlow does not take the graph/,
    );
  });

  test('runs leave no tensors behind', () => {
    const one = counter();
    one.set(Float32Array.of(0, 0));
    one.add([1, 1]);
    const tensors = binding.getNumOfTensors();
    const models = binding.getNumOfSavedModels();
    for (let run = 0; run < 50; run++) one.add([1, 1]);
    assert.equal(binding.getNumOfTensors(), tensors);
    one.session.dispose();
    assert.equal(binding.getNumOfSavedModels(), models - 1);
  });
});
