/** Layers of our own that tf.layers does not have. */
import type { LayerSpec } from '../../spec/index.ts';
import type { Dim, Shape } from '../plan.ts';
import { numberOf, textOf, valueOf } from './arguments.ts';
import { formatShape } from './sizes.ts';
import { phrase } from './summary.ts';
import { isMistake, type Flow, type LayerRule, type ShapeMistake, type WeightShape } from './contract.ts';

/**
 * Self-attention (Vaswani et al. 2017): per head projections of queries, keys and values to `keyDim`, and one output
 * projection back to the features, all with biases.
 */
export const multiHeadAttention: LayerRule = {
  axes: 2,
  apply: (layer, input) => {
    const heads = numberOf(layer, 'heads', 1);
    const features = input.shape[1] ?? null;
    const keyDim = valueOf(layer, 'keyDim');
    const width: Dim = typeof keyDim === 'number' ? heads * keyDim : features;
    const projections = ['query', 'key', 'value'].flatMap((name): readonly WeightShape[] => [
      { name: `${name}_kernel`, shape: [features, width], trainable: true },
      { name: `${name}_bias`, shape: [width], trainable: true },
    ]);
    const output: readonly WeightShape[] = [
      { name: 'output_kernel', shape: [width, features], trainable: true },
      { name: 'output_bias', shape: [features], trainable: true },
    ];
    return { output: { shape: input.shape }, weights: [...projections, ...output] };
  },
  summary: (layer) => phrase(layer, numberOf(layer, 'heads', 1)),
};

/** Adds sines and cosines of the position (Vaswani et al. 2017, 3.5), which have no weights, or a learned table. */
export const positionalEncoding: LayerRule = {
  axes: 2,
  apply: (layer, input) => {
    const learned = textOf(layer, 'kind', 'sinusoidal') === 'learned';
    const table = { name: 'positions', shape: input.shape, trainable: true };
    return { output: { shape: input.shape }, weights: learned ? [table] : [] };
  },
  summary: (layer) => phrase(layer),
};

/**
 * y = x + f(x); where only the last axis differs, x passes through a linear map without bias (a 1×1 convolution,
 * He et al. 2016, option B).
 */
export const residual: LayerRule = {
  apply: (layer, input, nested) => {
    const weights: WeightShape[] = [];
    let flow: Flow = input;
    for (const [index, inner] of innerLayers(layer).entries()) {
      const outcome = nested(inner, flow);
      if (isMistake(outcome)) return outcome;
      weights.push(...outcome.weights.map((weight) => ({ ...weight, name: `${String(index)}_${weight.name}` })));
      flow = outcome.output;
    }
    const output = flow.shape;
    if (!sameShape(output.slice(0, -1), input.shape.slice(0, -1))) return residualMistake(input.shape, output);
    const [width = null, there = null] = [input.shape.at(-1), output.at(-1)];
    if (width !== there) weights.push({ name: 'projection', shape: [width, there], trainable: true });
    return { output: { shape: output }, weights };
  },
  summary: (layer) =>
    phrase(
      layer,
      innerLayers(layer)
        .map((inner) => inner.type)
        .join(' → '),
    ),
};

function innerLayers(layer: LayerSpec): readonly LayerSpec[] {
  const inner = valueOf(layer, 'layers');
  return Array.isArray(inner) ? (inner as readonly LayerSpec[]) : [];
}

function sameShape(left: Shape, right: Shape): boolean {
  return (
    left.length === right.length &&
    left.every((size, axis) => size === null || right[axis] === null || size === right[axis])
  );
}

function residualMistake(input: Shape, output: Shape): ShapeMistake {
  return {
    code: 'shape-mismatch',
    argument: 'layers',
    message: {
      en: `residual adds its input ${formatShape(input)} to what its layers give, ${formatShape(output)}: all but the last axis must be equal. Use "padding": "same" and strides of 1.`,
      zh: `residual 将其输入 ${formatShape(input)} 与内部各层的输出 ${formatShape(output)} 相加：除最后一轴外形状必须相同。请使用 "padding": "same" 和步幅 1。`,
    },
  };
}
