/**
 * What the native engine's own kernels ask of TensorFlow, and make of its answers: a stand-in carries out the operations as
 * TensorFlow documents them (https://www.tensorflow.org/api_docs/python/tf/raw_ops), on the cpu backend.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { DataType, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName, nativeKernels, nodeBackend } from '../../../../src/engine/native/kernels.ts';
import { NodeJSKernelBackend, type Attribute } from '../../../../src/engine/native/tfjs-node.ts';
import { tf } from '../../../../src/engine/tfjs.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const kinds = { TF_ATTR_STRING: 10, TF_ATTR_INT: 11, TF_ATTR_FLOAT: 12, TF_ATTR_BOOL: 13, TF_ATTR_TYPE: 14 };
const dtypes: readonly DataType[] = ['float32', 'int32', 'bool'];
const kindOf = (value: unknown): number =>
  typeof value === 'string'
    ? kinds.TF_ATTR_STRING
    : typeof value === 'boolean'
      ? kinds.TF_ATTR_BOOL
      : kinds.TF_ATTR_INT;

interface Asked {
  readonly operation: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}
type Operation = (inputs: readonly Tensor[], attributes: Asked['attributes']) => Tensor;

/** TensorFlow's largest of a window: not-a-number is passed over. */
function largest(x: Tensor, { ksize, strides, padding }: Asked['attributes']): Tensor {
  const seen = tf.where(tf.isNaN(x), tf.fill(x.shape, -3.4e38), x);
  const [, ...size] = (ksize as number[]).slice(0, 3);
  const [, ...step] = (strides as number[]).slice(0, 3);
  const pad = padding === 'SAME' ? 'same' : 'valid';
  return tf.maxPool(seen as Tensor4D, size as [number, number], step as [number, number], pad);
}

const operations: Readonly<Record<string, Operation>> = {
  MatMul: ([a, b], { transpose_a: left, transpose_b: right }) => {
    assert.deepEqual([a?.rank, b?.rank], [2, 2]);
    return tf.matMul(a as Tensor, b as Tensor, left as boolean, right as boolean);
  },
  BatchMatMulV2: ([a, b], { adj_x: left, adj_y: right }) =>
    tf.matMul(a as Tensor, b as Tensor, left as boolean, right as boolean),
  Reshape: ([x, to]) => tf.reshape(x as Tensor, Array.from((to as Tensor).dataSync())),
  GatherV2: ([x, indices, axis], { batch_dims: batch }) =>
    tf.gather(x as Tensor, indices as Tensor, (axis as Tensor).dataSync()[0], batch as number),
  MaxPool: ([x], attributes) => largest(x as Tensor, attributes),
  AvgPool: ([x], { ksize, strides, padding }) => {
    const [, ...size] = (ksize as number[]).slice(0, 3);
    const [, ...step] = (strides as number[]).slice(0, 3);
    const pad = padding === 'SAME' ? 'same' : 'valid';
    return tf.avgPool(x as Tensor4D, size as [number, number], step as [number, number], pad);
  },
  IsNan: ([x]) => tf.isNaN(x as Tensor),
  SelectV2: ([condition, yes, no]) =>
    tf.where(condition as Tensor, tf.broadcastTo(yes as Tensor, (no as Tensor).shape as [number]), no as Tensor),
  ReluGrad: ([dy, y]) => tf.mul(dy as Tensor, tf.cast(tf.greater(y as Tensor, 0), 'float32')),
};

/** Which input each attribute of a type tells of. */
const typed: Readonly<Record<string, number>> = { T: 0, Tshape: 1, Tparams: 0, Tindices: 1, Taxis: 2 };

/** A backend that remembers what it was asked for, and whose results must be given back but for the last. */
function standIn(given: readonly TensorInfo[]): { backend: NodeJSKernelBackend; asked: Asked[]; check: () => void } {
  const asked: Asked[] = [];
  const made = new Set<object>();
  const known = new Set<TensorInfo>(given);
  /** Tensors that the kernel made for TensorFlow. */
  const own = new Set<Tensor>();
  const backend = Object.assign(Object.create(NodeJSKernelBackend.prototype) as NodeJSKernelBackend, {
    binding: kinds,
    getDTypeInteger: (dtype: DataType): number => dtypes.indexOf(dtype),
    disposeData: (id: object): boolean => {
      assert.ok(made.delete(id), 'only what it made is given back, and once');
      return true;
    },
    executeSingleOutput: (operation: string, attributes: readonly Attribute[], inputs: readonly TensorInfo[]) => {
      for (const info of inputs) if (!known.has(info) && info instanceof tf.Tensor) own.add(info as Tensor);
      const types = operation === 'SelectV2' ? { T: 1 } : typed;
      for (const { name, type, value } of attributes) {
        const place = types[name as 'T'];
        const whole: unknown = value;
        assert.equal(type, place === undefined ? kindOf(whole) : kinds.TF_ATTR_TYPE, `${operation}: ${name}`);
        if (place !== undefined) assert.equal(whole, dtypes.indexOf(inputs[place]?.dtype ?? 'string'), name);
      }
      const written = Object.fromEntries(attributes.map(({ name, value }) => [name, value as unknown]));
      asked.push({ operation, attributes: written });
      const run = operations[operation] ?? assert.fail(operation);
      const result = run(
        inputs.map((info) => tf.engine().makeTensorFromTensorInfo(info)),
        written,
      );
      const { shape, dtype } = result;
      const copy = tf.tensor(result.dataSync().slice(), shape, dtype);
      made.add(copy.dataId);
      known.add(copy);
      return copy;
    },
  });
  const check = (): void => {
    assert.equal(made.size, 1, 'what lay between is given back');
    for (const each of own) assert.ok(each.isDisposed, 'and what was made for it');
  };
  return { backend, asked, check };
}

function run(name: string, inputs: Record<string, TensorInfo>, attrs: object = {}) {
  const kernel = nativeKernels.find(({ kernelName }) => kernelName === name) ?? assert.fail(name);
  assert.equal(kernel.backendName, backendName);
  const { backend, asked, check } = standIn(Object.values(inputs));
  const info = kernel.kernelFunc({ inputs, backend, attrs: attrs as never }) as TensorInfo;
  check();
  const tensor = tf.engine().makeTensorFromTensorInfo(info);
  return { shape: tensor.shape, dtype: tensor.dtype, values: [...tensor.dataSync()], asked };
}
const names = (asked: readonly Asked[]): readonly string[] => asked.map(({ operation }) => operation);
const tensor = (values: readonly number[], shape: readonly number[]): Tensor => tf.tensor([...values], [...shape]);
const counted = (...shape: readonly number[]): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => (at % 7) - 2),
    shape,
  );

test('products of matrices: stacks of one as matrices, others as stacks, turned where asked', () => {
  for (const [first, second, operation] of [
    [[2, 3], [3, 4], 'MatMul'],
    [[1, 2, 3], [1, 3, 4], 'MatMul'],
    [[5, 2, 3], [5, 3, 4], 'BatchMatMulV2'],
    [[1, 2, 3], [5, 3, 4], 'BatchMatMulV2'],
    [[5, 2, 3], [1, 3, 4], 'BatchMatMulV2'],
    [[1, 1, 2, 3], [1, 1, 3, 4], 'BatchMatMulV2'],
  ] as const) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const turned = (shape: readonly number[], is: boolean): readonly number[] =>
        is ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape;
      const a = counted(...turned(first, transposeA));
      const b = counted(...turned(second, transposeB));
      const found = run('BatchMatMul', { a, b }, { transposeA, transposeB });
      const wanted = tf.matMul(a, b, transposeA, transposeB);
      assert.deepEqual([found.shape, found.values], [wanted.shape, [...wanted.dataSync()]]);
      assert.deepEqual(
        names(found.asked).filter((name) => name !== 'Reshape'),
        [operation],
      );
    }
  }
});

test('rows are gathered along any axis, batch by batch where asked', () => {
  for (const [shape, indices, axis, batchDims] of [
    [[4, 3], tf.tensor1d([2, 0, 3], 'int32'), 0, 0],
    [[4, 3], tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32'), 1, 0],
    [[2, 3, 2], tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32'), 1, 1],
  ] as const) {
    const x = counted(...shape);
    const found = run('GatherV2', { x, indices }, { axis, batchDims });
    const wanted = tf.gather(x, indices, axis, batchDims);
    assert.deepEqual([found.shape, found.values], [wanted.shape, [...wanted.dataSync()]]);
    assert.deepEqual(names(found.asked), ['GatherV2']);
  }
  // What cannot be is refused before TensorFlow is asked.
  const wrong = { x: counted(2, 3), indices: tf.tensor1d([0, 1], 'int32') };
  assert.throws(() => run('GatherV2', wrong, { axis: 0, batchDims: 2 }), /batchDims/);
});

test('the largest of a window is not-a-number where the window holds one', () => {
  for (const pad of ['valid', 'same'] as const) {
    const rows = [[1, -2, 3, NaN, 4], [0, 5, 6, -7, 2], [9, 8, 3, 1, 0], [2, 2, 1, 4, 3]]; // prettier-ignore
    const x = tensor(rows.flat(), [1, 4, 5, 1]);
    const found = run('MaxPool', { x }, { filterSize: [2, 3], strides: [2, 1], pad });
    assert.deepEqual(names(found.asked), ['MaxPool', 'AvgPool', 'IsNan', 'SelectV2']);
    const [{ attributes } = assert.fail()] = found.asked;
    assert.deepEqual(
      [attributes['ksize'], attributes['strides'], attributes['padding'], attributes['data_format']],
      [[1, 2, 3, 1], [1, 2, 1, 1], pad.toUpperCase(), 'NHWC'],
    );
    assert.deepEqual(found.asked[1]?.attributes, attributes);
    const wanted = pad === 'valid' ? [6, NaN, NaN, 9, 8, 4] : [5, 6, NaN, NaN, NaN, 9, 9, 8, 4, 4];
    assert.deepEqual([found.shape, found.values], [[1, 2, wanted.length / 2, 1], wanted]);
  }
  const whole = tf.tensor4d([1, 5, 2, 4], [1, 2, 2, 1], 'int32');
  const found = run('MaxPool', { x: whole }, { filterSize: 2, strides: 2, pad: 'valid' });
  assert.deepEqual([found.values, names(found.asked)], [[5], ['MaxPool']]);
});

test('the slope of relu is that above 0, and none at or below', () => {
  const found = run('ReluGrad', { dy: tf.tensor1d([1, 2, 3, 4]), y: tf.tensor1d([-1, 0, 0.5, 2]) });
  assert.deepEqual([found.values, names(found.asked)], [[0, 0, 3, 4], ['ReluGrad']]);
});

test('a kernel on another backend, or without its input, says so', () => {
  assert.throws(() => nodeBackend(tf.backend()), /A kernel of the native engine was called on another one/);
  assert.throws(() => run('ReluGrad', { dy: tf.scalar(1) }), /the operation has no input y/);
});
