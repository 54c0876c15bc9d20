/**
 * Kernels of tfjs-node that are better written another way, and one that it lacks. Each is checked against the plain cpu
 * backend.
 */
import type {
  BatchMatMulAttrs,
  GatherV2Attrs,
  KernelConfig,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import { tf } from '../tfjs.ts';
import { NodeJSKernelBackend, type Attribute } from './tfjs-node.ts';

export const backendName = 'tensorflow';

export function nodeBackend(backend: unknown): NodeJSKernelBackend {
  if (backend instanceof NodeJSKernelBackend) return backend;
  throw new EngineError('engine-unavailable', 'A kernel of the native engine was called on another one.');
}

function input(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const found = inputs[name];
  if (found === undefined) throw new Error(`the operation has no input ${name}`);
  return found;
}

function typeOf(backend: NodeJSKernelBackend, name: string, { dtype }: TensorInfo): Attribute {
  return { name, type: backend.binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(dtype) };
}

/** Two matrices are MatMul's, which is faster than BatchMatMulV2; more axes are the latter's. */
const batchMatMul: KernelConfig = {
  kernelName: 'BatchMatMul',
  backendName,
  kernelFunc: ({ inputs, backend: given, attrs }) => {
    const backend = nodeBackend(given);
    const [a, b] = [input(inputs, 'a'), input(inputs, 'b')];
    const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
    const flat = a.shape.length === 2 && b.shape.length === 2;
    const flag = (name: string, value: boolean): Attribute => ({ name, type: backend.binding.TF_ATTR_BOOL, value });
    const names = flat ? (['transpose_a', 'transpose_b'] as const) : (['adj_x', 'adj_y'] as const);
    const opAttrs = [typeOf(backend, 'T', a), flag(names[0], transposeA), flag(names[1], transposeB)];
    return backend.executeSingleOutput(flat ? 'MatMul' : 'BatchMatMulV2', opAttrs, [a, b]);
  },
};

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

export const nativeKernels: readonly KernelConfig[] = [batchMatMul, gather, reluGradient];
