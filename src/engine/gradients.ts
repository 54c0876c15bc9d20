/**
 * Gradients that tfjs lacks or writes at length, for every backend: they use the short kernel where the active backend
 * has one and tfjs's own operations elsewhere.
 */
import type {
  Conv2DAttrs,
  DepthwiseConv2dNativeAttrs,
  EinsumAttrs,
  GradConfig,
  MaxAttrs,
  MinAttrs,
  NamedAttrMap,
  NamedTensorMap,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { filterGradient, inputGradient, type Dilated, type PlainGradients } from './dilation.ts';
import { findGradient, findKernel } from './registry.ts';
import { tf } from './tfjs.ts';

/** relu: dx = dy where y > 0. Needs the output only, so the input can be freed earlier. */
const reluGradient: GradConfig = {
  kernelName: 'Relu',
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({
    x: () => {
      if (Array.isArray(dy) || y === undefined) throw new Error('relu has one output');
      if (findKernel('ReluGrad', tf.getBackend()) === undefined) return tf.mul(dy, tf.step(y));
      return tf.engine().runKernel('ReluGrad', { dy, y });
    },
  }),
};

/** Σ over the missing indices of `indices` was taken forwards: backwards the value is repeated along them. */
function repeatAlong(value: Tensor, kept: string, indices: string, shape: readonly number[]): Tensor {
  if (kept === indices) return value;
  const extents = Array.from(indices).map((index, axis) => (kept.includes(index) ? (shape[axis] ?? 1) : 1));
  return tf.broadcastTo(tf.reshape(value, extents), [...shape] as [number]);
}

/** d/dA of einsum('A,B->Y') = einsum('Y,B->A') with the indices that only A has repeated. */
const einsumGradient: GradConfig = {
  kernelName: 'Einsum',
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const equation = (attrs as unknown as EinsumAttrs).equation.replace(/\s/g, '');
    const [operands = '', result = ''] = equation.split('->');
    const terms = operands.split(',');
    const gradients = saved.map((x, i) => (): Tensor => {
      if (Array.isArray(dy)) throw new Error('einsum has one output');
      const indices = terms[i] ?? '';
      const others = terms.filter((_, at) => at !== i);
      const kept = Array.from(indices)
        .filter((index) => [result, ...others].some((term) => term.includes(index)))
        .join('');
      const back = tf.einsum([result, ...others].join(',') + '->' + kept, dy, ...saved.filter((_, at) => at !== i));
      return repeatAlong(back, kept, indices, x.shape);
    });
    return Object.fromEntries(gradients.map((gradient, i) => [String(i), gradient]));
  },
};

/**
 * The largest (least) along axes: dx = dy where x is it, in equal parts where several are. tfjs gives each of them the
 * whole dy, so that a plateau of n elements has n times its gradient.
 */
const extremeGradient = (kernelName: 'Max' | 'Min'): GradConfig => ({
  kernelName,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, y], attrs) => ({
    x: () => {
      if (Array.isArray(dy) || x === undefined || y === undefined) throw new Error(`${kernelName} has one output`);
      const { reductionIndices, axis } = attrs as unknown as Partial<MaxAttrs & MinAttrs>;
      // The two have other words for the same.
      const axes = tf.util.parseAxisParam(reductionIndices ?? axis ?? [...x.shape.keys()], x.shape);
      const shape = x.shape.map((extent, at) => (axes.includes(at) ? 1 : extent));
      const chosen = tf.cast(tf.equal(x, tf.reshape(y, shape)), 'float32');
      return tf.mul(chosen, tf.div(tf.reshape(dy, shape), tf.sum(chosen, axes, true)));
    },
  }),
});

const run = (name: string, inputs: NamedTensorMap, attrs: object): Tensor4D =>
  tf.engine().runKernel<Tensor4D>(name, inputs, attrs as NamedAttrMap);

const unpadded = { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] };

/** Gradients of convolutions without dilation and padding, by the name of the forward kernel. */
const plainGradients: Readonly<Record<string, PlainGradients>> = {
  Conv2D: {
    input: (inputShape, dy, filter) => run('Conv2DBackpropInput', { dy, filter }, { ...unpadded, inputShape }),
    filter: (x, dy, filterShape) => run('Conv2DBackpropFilter', { x, dy }, { ...unpadded, filterShape }),
  },
  DepthwiseConv2dNative: {
    input: (inputShape, dy, filter) =>
      run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...unpadded, inputShape }),
    filter: (x, dy, filterShape) => run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...unpadded, filterShape }),
  },
};

/** tfjs's own gradient of a convolution, and ours where its taps stand apart. */
function dilatedGradient(kernelName: string, plain: PlainGradients): GradConfig | undefined {
  const own = findGradient(kernelName);
  if (own === undefined) return undefined;
  return {
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => {
      const { dilations, pad, dataFormat } = attrs as unknown as Conv2DAttrs | DepthwiseConv2dNativeAttrs;
      const [rows, columns] = pairOf(dilations);
      if ((rows === 1 && columns === 1) || dataFormat === 'NCHW') return own.gradFunc(dy, saved, attrs);
      const [x, filter] = saved as [Tensor4D, Tensor4D];
      const convolution: Dilated = { x, filter, dilations: [rows, columns], pad };
      return {
        x: () => inputGradient(convolution, dy as Tensor4D, plain),
        filter: () => filterGradient(convolution, dy as Tensor4D, plain),
      };
    },
  };
}

function pairOf(dilations: readonly [number, number] | number | null | undefined): readonly [number, number] {
  return typeof dilations === 'object' && dilations !== null ? dilations : [dilations ?? 1, dilations ?? 1];
}

// Made once: what is wrapped is tfjs's gradient, never ours.
const dilatedGradients = Object.entries(plainGradients).flatMap(([name, plain]) => dilatedGradient(name, plain) ?? []);

/** Idempotent. */
export function installGradients(): void {
  const ours = [reluGradient, einsumGradient, extremeGradient('Max'), extremeGradient('Min'), ...dilatedGradients];
  for (const gradient of ours) {
    if (findGradient(gradient.kernelName) !== undefined) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}
