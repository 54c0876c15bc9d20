/**
 * Kernels of tfjs-node that are better written another way, and one that it lacks. Each is checked against the plain cpu
 * backend.
 */
import type {
  BatchMatMulAttrs,
  GatherV2Attrs,
  KernelConfig,
  MaxPoolAttrs,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { tf } from '../tfjs.ts';
import { NodeJSKernelBackend, type Attribute } from './tfjs-node.ts';

export const backendName = 'tensorflow';

export function nodeBackend(backend: unknown): NodeJSKernelBackend {
  if (backend instanceof NodeJSKernelBackend) return backend;
  throw new Error('A kernel of the native engine was called on another one.');
}

function input(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const found = inputs[name];
  if (found === undefined) throw new Error(`the operation has no input ${name}`);
  return found;
}

function typeOf(backend: NodeJSKernelBackend, name: string, { dtype }: TensorInfo): Attribute {
  return { name, type: backend.binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(dtype) };
}

/**
 * Two matrices, and stacks of one matrix, as tfjs makes them of a layer with a bias, are MatMul's, which is faster than
 * BatchMatMulV2; all others are the latter's.
 */
const batchMatMul: KernelConfig = {
  kernelName: 'BatchMatMul',
  backendName,
  kernelFunc: ({ inputs, backend: given, attrs }) => {
    const backend = nodeBackend(given);
    const [a, b] = [input(inputs, 'a'), input(inputs, 'b')];
    const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
    const flag = (name: string, value: boolean): Attribute => ({ name, type: backend.binding.TF_ATTR_BOOL, value });
    const flat = (x: TensorInfo, y: TensorInfo): TensorInfo => {
      const opAttrs = [typeOf(backend, 'T', x), flag('transpose_a', transposeA), flag('transpose_b', transposeB)];
      return backend.executeSingleOutput('MatMul', opAttrs, [x, y]);
    };
    if (a.shape.length === 2 && b.shape.length === 2) return flat(a, b);
    if (isOneMatrix(a) && isOneMatrix(b)) {
      const [left, right] = [matrixOf(backend, a), matrixOf(backend, b)];
      const product = flat(left, right);
      const result = reshaped(backend, product, [1, ...product.shape]);
      for (const { dataId } of [left, right, product]) backend.disposeData(dataId);
      return result;
    }
    const opAttrs = [typeOf(backend, 'T', a), flag('adj_x', transposeA), flag('adj_y', transposeB)];
    return backend.executeSingleOutput('BatchMatMulV2', opAttrs, [a, b]);
  },
};

const isOneMatrix = ({ shape }: TensorInfo): boolean => shape.length === 3 && shape[0] === 1;

/** [1, rows, columns] → [rows, columns]. */
const matrixOf = (backend: NodeJSKernelBackend, x: TensorInfo): TensorInfo => reshaped(backend, x, x.shape.slice(1));

/** A result that belongs to who asks, as all of `executeSingleOutput`. */
function reshaped(backend: NodeJSKernelBackend, x: TensorInfo, shape: number[]): TensorInfo {
  const to = tf.tensor1d(shape, 'int32');
  const result = backend.executeSingleOutput(
    'Reshape',
    [typeOf(backend, 'T', x), typeOf(backend, 'Tshape', to)],
    [x, to],
  );
  to.dispose();
  return result;
}

/**
 * TensorFlow's own bounds check on the CPU refuses a wrong index; tfjs-node reads all indices back to check them a second
 * time, which costs a round trip and cannot be part of a graph.
 */
const gather: KernelConfig = {
  kernelName: 'GatherV2',
  backendName,
  kernelFunc: ({ inputs, backend: given, attrs }) => {
    const backend = nodeBackend(given);
    const [x, indices] = [input(inputs, 'x'), input(inputs, 'indices')];
    const { axis, batchDims } = attrs as unknown as GatherV2Attrs;
    tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
    const at = tf.scalar(axis, 'int32');
    const opAttrs = [
      { name: 'batch_dims', type: backend.binding.TF_ATTR_INT, value: batchDims },
      typeOf(backend, 'Tparams', x),
      typeOf(backend, 'Tindices', indices),
      typeOf(backend, 'Taxis', at),
    ];
    const result = backend.executeSingleOutput('GatherV2', opAttrs, [x, indices, at]);
    at.dispose();
    return result;
  },
};

/**
 * TensorFlow's largest of a window passes over not-a-number, and is the least number there is where a window holds nothing
 * else. Its average keeps it, and is on the smaller side of the pooling: not-a-number there (or of +∞ with −∞) is
 * not-a-number here.
 */
const maxPool: KernelConfig = {
  kernelName: 'MaxPool',
  backendName,
  kernelFunc: ({ inputs, backend: given, attrs }) => {
    const backend = nodeBackend(given);
    const x = input(inputs, 'x');
    const { filterSize, strides, pad } = attrs as unknown as MaxPoolAttrs;
    const shape = x.shape as [number, number, number, number];
    const conv = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
    const { TF_ATTR_INT: int, TF_ATTR_STRING: string } = backend.binding;
    const window: Attribute[] = [
      typeOf(backend, 'T', x),
      { name: 'ksize', type: int, value: [1, conv.filterHeight, conv.filterWidth, 1] },
      { name: 'strides', type: int, value: [1, conv.strideHeight, conv.strideWidth, 1] },
      { name: 'padding', type: string, value: conv.padInfo.type },
      { name: 'data_format', type: string, value: 'NHWC' },
    ];
    const largest = backend.executeSingleOutput('MaxPool', window, [x]);
    if (x.dtype !== 'float32') return largest;
    const mean = backend.executeSingleOutput('AvgPool', window, [x]);
    const hidden = backend.executeSingleOutput('IsNan', [typeOf(backend, 'T', x)], [mean]);
    const none = tf.scalar(Number.NaN);
    const result = backend.executeSingleOutput('SelectV2', [typeOf(backend, 'T', x)], [hidden, none, largest]);
    none.dispose();
    for (const { dataId } of [largest, mean, hidden]) backend.disposeData(dataId);
    return result;
  },
};

/** dx = dy where y > 0: one operation instead of the seven that tfjs's gradient of relu takes. */
const reluGradient: KernelConfig = {
  kernelName: 'ReluGrad',
  backendName,
  kernelFunc: ({ inputs, backend: given }) => {
    const backend = nodeBackend(given);
    const [dy, y] = [input(inputs, 'dy'), input(inputs, 'y')];
    return backend.executeSingleOutput('ReluGrad', [typeOf(backend, 'T', dy)], [dy, y]);
  },
};

export const nativeKernels: readonly KernelConfig[] = [batchMatMul, gather, maxPool, reluGradient];
