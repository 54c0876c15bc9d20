/** What is written down at the boundary to TensorFlow, with a binding that only counts; and traces compared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import { floats, integers } from '../../../../../src/engine/native/capture/graph.ts';
import {
  difference,
  idOf,
  record,
  type Trace,
  type TraceEntry,
} from '../../../../../src/engine/native/capture/recorder.ts';
import type { NodeJSKernelBackend, TFJSBinding } from '../../../../../src/engine/native/tfjs-node.ts';

type Given = Parameters<TFJSBinding['executeOp']>[1];

/** A binding that gives ids from 100 on, and whose operations have two results of other shapes. */
function counting(): { backend: NodeJSKernelBackend; binding: TFJSBinding; calls: unknown[][] } {
  let next = 100;
  const calls: unknown[][] = [];
  const binding = {
    ...{ TF_ATTR_STRING: 0, TF_ATTR_INT: 1, TF_ATTR_FLOAT: 2, TF_ATTR_BOOL: 3, TF_ATTR_TYPE: 4, TF_ATTR_SHAPE: 5 },
    createTensor: (...given: unknown[]) => {
      calls.push(['createTensor', ...given]);
      return next++;
    },
    executeOp: (...given: unknown[]) => {
      calls.push(['executeOp', ...given]);
      return [
        { id: next++, shape: [2], dtype: 1 },
        { id: next++, shape: [], dtype: 3 },
      ];
    },
    tensorDataSync: () => Float32Array.of(1),
    deleteTensor: (id: number) => void calls.push(['deleteTensor', id]),
  } as unknown as TFJSBinding;
  return { backend: { binding } as unknown as NodeJSKernelBackend, binding, calls };
}

test('operations are written down with all they are given, and really run', () => {
  const { backend, binding, calls } = counting();
  const attributes = [
    { name: 's', type: 0, value: 'VALID' },
    { name: 'i', type: 1, value: 3 },
    { name: 'f', type: 2, value: 0.5 },
    { name: 'b', type: 3, value: true },
    { name: 't', type: 4, value: 1 },
    { name: 'shape', type: 5, value: [2, 3] },
    { name: 'list', type: 1, value: [1, 2] },
    { name: 'flags', type: 3, value: [true, false] },
  ] as unknown as Given;
  const inputs = [7, 8];
  const trace = record(backend, () => {
    assert.notEqual(backend.binding, binding, 'listens');
    const id = backend.binding.createTensor([2], 1, Float32Array.of(1, 2));
    assert.equal(id, 100);
    const made = backend.binding.executeOp('First', attributes, inputs, 2);
    assert.deepEqual(
      made.map(({ id: each }) => each),
      [101, 102],
    );
    // What is changed afterwards is not what was given.
    inputs.push(9);
    backend.binding.executeOp('Second', [], [102], 2);
    backend.binding.deleteTensor(100);
  });
  assert.equal(backend.binding, binding, 'no longer listens');
  assert.deepEqual(
    calls.map(([name, first]) => [name, first]),
    [
      ['createTensor', [2]],
      ['executeOp', 'First'],
      ['executeOp', 'Second'],
      ['deleteTensor', 100],
    ],
  );
  assert.deepEqual(calls[0], ['createTensor', [2], 1, Float32Array.of(1, 2)]);
  assert.deepEqual(calls[2], ['executeOp', 'Second', [], [102], 2]);
  const [first, second] = trace.entries;
  assert.equal(trace.entries.length, 2);
  assert.deepEqual(first, {
    operation: 'First',
    inputs: [7, 8],
    outputs: [
      { id: 101, shape: [2], type: 1 },
      { id: 102, shape: [], type: 3 },
    ],
    attributes: {
      s: { kind: 'string', value: 'VALID' },
      i: { kind: 'int', value: 3 },
      f: { kind: 'float', value: 0.5 },
      b: { kind: 'bool', value: true },
      t: { kind: 'type', value: 1 },
      shape: { kind: 'shape', value: [2, 3] },
      list: { kind: 'list(int)', value: [1, 2] },
      flags: { kind: 'list(bool)', value: [true, false] },
    },
  });
  assert.deepEqual([second?.operation, second?.inputs], ['Second', [102]]);
});

test('numbers of the work’s own are kept by their bytes, as they were when they were given', () => {
  const { backend } = counting();
  const long = Float32Array.of(9, 1, 2, 9);
  const { constants } = record(backend, () => {
    backend.binding.createTensor([2], 1, long.subarray(1, 3));
    long.fill(0);
  });
  assert.deepEqual(constants, new Map([[100, floats([1, 2], [2])]]));
  const texts = (): Trace => record(backend, () => void backend.binding.createTensor([1], 7, ['a'] as never));
  assert.throws(texts, (error) => error instanceof CaptureError && /texts cannot be part/.test(error.message));
});

test('work that looks at values is refused and named, and nothing listens afterwards', () => {
  const { backend, binding } = counting();
  const refused = (work: () => void, words: RegExp): void => {
    assert.throws(() => record(backend, work), words);
    assert.equal(backend.binding, binding);
  };
  refused(() => {
    backend.binding.executeOp('Before', [], [], 2);
    const [, second] = backend.binding.executeOp('Sum', [], [], 2);
    backend.binding.executeOp('After', [], [], 2);
    backend.binding.tensorDataSync(second?.id ?? 0);
  }, /^CaptureError: the result of Sum is read in the middle of the step$/);
  refused(() => {
    backend.binding.executeOp('Sum', [], [], 2);
    backend.binding.tensorDataSync(7);
  }, /^CaptureError: values are read in the middle of the step$/);
  const odd = [{ name: 'way', type: 99, value: 1 }] as unknown as Given;
  refused(
    () => backend.binding.executeOp('Odd', odd, [], 2),
    /^CaptureError: the attribute way of Odd is of an unknown kind$/,
  );
});

test('the id of a tensor is what the backend has uploaded it as', () => {
  const tensor = { name: 'x' } as unknown as Tensor;
  const asked: unknown[] = [];
  const giving = (ids: readonly number[]): NodeJSKernelBackend =>
    ({
      getInputTensorIds: (tensors: readonly Tensor[]) => {
        asked.push(...tensors);
        return ids;
      },
    }) as unknown as NodeJSKernelBackend;
  assert.equal(idOf(giving([0]), tensor), 0);
  assert.deepEqual(asked, [tensor]);
  assert.throws(() => idOf(giving([]), tensor), /^CaptureError: a tensor has no id$/);
});

const relu: TraceEntry = {
  operation: 'Relu',
  attributes: {},
  inputs: [1],
  outputs: [{ id: 2, shape: [2], type: 1 }],
};
const scale: TraceEntry = {
  operation: 'Mul',
  attributes: { T: { kind: 'type', value: 1 } },
  inputs: [2, 50],
  outputs: [{ id: 3, shape: [2], type: 1 }],
};
const one: Trace = { entries: [relu, scale], constants: new Map([[50, floats([2], [])]]) };

/** The same work with other ids (by 100), changed. */
function again(change: { relu?: object; scale?: object; constant?: Trace['constants'] } = {}): Trace {
  return {
    entries: [
      { ...relu, inputs: [101], outputs: [{ id: 102, shape: [2], type: 1 }], ...change.relu },
      { ...scale, inputs: [102, 150], outputs: [{ id: 103, shape: [2], type: 1 }], ...change.scale },
    ],
    constants: change.constant ?? new Map([[150, floats([2], [])]]),
  };
}

test('traces of the same work differ in ids alone', () => {
  const outside = new Map([[1, 101]]);
  assert.equal(difference(one, again(), outside), undefined);
  assert.deepEqual([...outside], [[1, 101]], 'what is given stays');
  // A tensor from outside that nobody named is the same only if it is the same one.
  assert.equal(difference(one, again({ relu: { inputs: [1] } }), new Map()), undefined);
  assert.match(difference(one, again(), new Map())?.en ?? '', /^an input of Relu is another one in another step$/);
});

test('what differs between two traces is named', () => {
  const outside = new Map([[1, 101]]);
  const why = (change: Parameters<typeof again>[0]): string | undefined => difference(one, again(change), outside)?.en;
  const other = 'the step takes other operations in another step';
  assert.equal(difference(one, { ...again(), entries: again().entries.slice(0, 1) }, outside)?.en, other);
  assert.equal(difference({ ...one, entries: [relu] }, again(), outside)?.en, other);
  assert.equal(why({ relu: { operation: 'Elu' } }), 'Relu is another operation in another step');
  assert.equal(why({ scale: { inputs: [102] } }), 'Mul is another operation in another step');
  assert.equal(why({ scale: { inputs: [102, 150, 150] } }), 'Mul is another operation in another step');
  assert.equal(
    why({ scale: { attributes: { T: { kind: 'type', value: 3 } } } }),
    'Mul has other attributes in another step',
  );
  const input = 'an input of Mul is another one in another step';
  assert.equal(why({ scale: { inputs: [101, 150] } }), input);
  assert.equal(why({ scale: { inputs: [102, 102] } }), input);
  // A number of its own that is another number, another shape, another type.
  assert.equal(why({ constant: new Map([[150, floats([3], [])]]) }), input);
  assert.equal(why({ constant: new Map([[150, floats([2], [1])]]) }), input);
  assert.equal(why({ constant: new Map([[150, { ...floats([2], []), type: 3 }]]) }), input);
  assert.equal(why({ constant: new Map() }), input);
});

test('a constant that is read twice must be read twice in both traces', () => {
  const twice = (second: number, base: number): Trace => ({
    entries: [{ ...scale, inputs: [base, second] }],
    constants: new Map([
      [base, integers([4], [1])],
      [base + 1, integers([4], [1])],
    ]),
  });
  assert.equal(difference(twice(50, 50), twice(150, 150), new Map()), undefined);
  assert.match(difference(twice(50, 50), twice(151, 150), new Map())?.en ?? '', /^an input of Mul/);
});
