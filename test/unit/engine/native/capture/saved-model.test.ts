/** Every field of a written model, read back by TensorFlow's own generated protocol buffers. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { floats } from '../../../../../src/engine/native/capture/graph.ts';
import { Message } from '../../../../../src/engine/native/capture/proto.ts';
import { encodeSavedModel, servingTag } from '../../../../../src/engine/native/capture/saved-model.ts';
import { dataTypes, type AttributeValue, type Node } from '../../../../../src/engine/native/capture/graph-words.ts';

interface Attribute {
  getS_asU8(): Uint8Array;
  getI(): number;
  getF(): number;
  getB(): boolean;
  getType(): number;
  getValueCase(): number;
  getShape(): { getDimList(): { getSize(): number }[] };
  getTensor(): {
    getDtype(): number;
    getTensorContent_asU8(): Uint8Array;
    getTensorShape(): { getDimList(): { getSize(): number }[] };
  };
  getList(): { getIList(): number[]; getFList(): number[]; getBList(): boolean[]; getTypeList(): number[] };
}

interface ReadNode {
  getName(): string;
  getOp(): string;
  getInputList(): string[];
  getAttrMap(): { get(name: string): Attribute | undefined; getLength(): number };
}

interface ReadModel {
  getSavedModelSchemaVersion(): number;
  getMetaGraphsList(): {
    getMetaInfoDef(): { getTagsList(): string[] };
    getGraphDef(): { getNodeList(): ReadNode[]; getVersions(): { getProducer(): number; getMinConsumer(): number } };
  }[];
}

const { SavedModel } = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js') as {
  SavedModel: { deserializeBinary(bytes: Uint8Array): ReadModel };
};

const bare = { inputs: [], after: [], attributes: new Map<string, AttributeValue>(), types: [dataTypes.float] };

function readBack(nodes: readonly Node[]): { nodes: ReadNode[]; model: ReadModel } {
  const model = SavedModel.deserializeBinary(encodeSavedModel(nodes));
  return { model, nodes: model.getMetaGraphsList()[0]?.getGraphDef().getNodeList() ?? [] };
}

/** A single attribute, written and read. */
function attribute(value: AttributeValue): Attribute {
  const [node] = readBack([{ ...bare, name: 'n', operation: 'Op', attributes: new Map([['key', value]]) }]).nodes;
  const found = node?.getAttrMap().get('key');
  assert.ok(found);
  return found;
}

test('one graph with the tag that is asked for, of a version that every TensorFlow 2 reads', () => {
  const { model } = readBack([]);
  assert.equal(model.getSavedModelSchemaVersion(), 1);
  const metas = model.getMetaGraphsList();
  assert.equal(metas.length, 1);
  assert.deepEqual(metas[0]?.getMetaInfoDef().getTagsList(), [servingTag]);
  assert.equal(servingTag, 'serve');
  const versions = metas[0].getGraphDef().getVersions();
  // TensorFlow 2.18 of 2024 is version 1882 or later; consumers from 12 on know all that is used.
  assert.equal(versions.getProducer(), 1882);
  assert.equal(versions.getMinConsumer(), 12);
});

test('nodes in their order; later outputs and what must run before are written into the names of inputs', () => {
  const one: Node = { ...bare, name: 'a', operation: 'Switch' };
  const two: Node = {
    ...bare,
    name: 'b',
    operation: 'Merge',
    inputs: [
      { node: one, index: 0 },
      { node: one, index: 1 },
      { node: one, index: 12 },
    ],
    after: [one],
  };
  const { nodes } = readBack([one, two]);
  assert.deepEqual(
    nodes.map((node) => [node.getName(), node.getOp(), node.getInputList()]),
    [
      ['a', 'Switch', []],
      ['b', 'Merge', ['a', 'a:1', 'a:12', '^a']],
    ],
  );
});

test('attributes of every kind', () => {
  assert.equal(Buffer.from(attribute({ kind: 'string', value: 'größe' }).getS_asU8()).toString('utf8'), 'größe');
  assert.equal(attribute({ kind: 'int', value: -3 }).getI(), -3);
  assert.equal(attribute({ kind: 'float', value: 0.25 }).getF(), 0.25);
  assert.equal(attribute({ kind: 'bool', value: true }).getB(), true);
  assert.equal(attribute({ kind: 'type', value: 20 }).getType(), 20);
  const sizes = attribute({ kind: 'shape', value: [2, -1, 300] })
    .getShape()
    .getDimList()
    .map((size) => size.getSize());
  assert.deepEqual(sizes, [2, -1, 300]);
  // Cases of AttrValue's oneof: s 2, i 3, f 4, b 5, type 6, shape 7, tensor 8, list 1.
  const cases: readonly (readonly [AttributeValue, number])[] = [
    [{ kind: 'string', value: 'x' }, 2],
    [{ kind: 'int', value: 0 }, 3],
    [{ kind: 'float', value: 0 }, 4],
    [{ kind: 'bool', value: false }, 5],
    [{ kind: 'type', value: 1 }, 6],
    [{ kind: 'shape', value: [] }, 7],
    [{ kind: 'tensor', value: floats([1], []) }, 8],
    [{ kind: 'list(int)', value: [] }, 1],
  ];
  for (const [value, number] of cases) assert.equal(attribute(value).getValueCase(), number, value.kind);
});

test('lists of each kind of number stand in fields of their own', () => {
  const ints = attribute({ kind: 'list(int)', value: [1, -2, 1000] }).getList();
  assert.deepEqual([ints.getIList(), ints.getFList(), ints.getTypeList()], [[1, -2, 1000], [], []]);
  const reals = attribute({ kind: 'list(float)', value: [0.5, -2] }).getList();
  assert.deepEqual([reals.getIList(), reals.getFList(), reals.getTypeList()], [[], [0.5, -2], []]);
  const types = attribute({ kind: 'list(type)', value: [1, 3] }).getList();
  assert.deepEqual([types.getIList(), types.getFList(), types.getTypeList()], [[], [], [1, 3]]);
  const flags = attribute({ kind: 'list(bool)', value: [true, false] }).getList();
  assert.deepEqual([flags.getBList(), flags.getIList(), flags.getTypeList()], [[true, false], [], []]);
});

test('tensors carry type, shape and bytes, also such as are longer than what is set aside for a message', () => {
  const values = Array.from({ length: 1000 }, (_, place) => Math.sin(place));
  const tensor = attribute({ kind: 'tensor', value: floats(values, [20, 50]) }).getTensor();
  assert.equal(tensor.getDtype(), dataTypes.float);
  const sizes = tensor.getTensorShape().getDimList();
  assert.deepEqual(
    sizes.map((size) => size.getSize()),
    [20, 50],
  );
  const bytes = tensor.getTensorContent_asU8().slice();
  assert.deepEqual(new Float32Array(bytes.buffer), Float32Array.from(values));
});

test('a message of any length holds what was written, field after field', () => {
  for (const length of [0, 1, 60, 61, 62, 63, 64, 65, 127, 128, 129, 500]) {
    const message = new Message().bytes(1, new Uint8Array(length).fill(7)).integer(2, 5).bytes(3, Uint8Array.of(9));
    const head = length < 128 ? [10, length] : [10, (length % 128) + 128, Math.floor(length / 128)];
    assert.deepEqual([...message.finish()], [...head, ...new Array<number>(length).fill(7), 16, 5, 26, 1, 9]);
  }
});

test('varints change their length at 128, and fields from 16 on have two bytes', () => {
  const written = (field: number, value: number | boolean): number[] => [
    ...new Message().integer(field, value).finish(),
  ];
  assert.deepEqual(written(1, 0), [8, 0]);
  assert.deepEqual(written(1, 127), [8, 127]);
  assert.deepEqual(written(1, 128), [8, 128, 1]);
  assert.deepEqual(written(1, 16384), [8, 128, 128, 1]);
  assert.deepEqual(written(16, 1), [128, 1, 1]);
  assert.deepEqual(written(1, true), [8, 1]);
  assert.deepEqual(written(1, false), [8, 0]);
  assert.deepEqual(written(1, -1), [8, ...new Array<number>(9).fill(255), 1]);
  assert.deepEqual(written(1, -128), [8, 128, ...new Array<number>(8).fill(255), 1]);
});
