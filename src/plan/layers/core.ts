/** Dense, embedding, and the layers that only rearrange or filter numbers. */
import type { Dim, Shape } from '../plan.ts';
import { booleanOf, numberOf, textOf, valueOf } from './arguments.ts';
import { formatShape, product } from './sizes.ts';
import { phrase, words } from './summary.ts';
import type { LayerRule, ShapeMistake } from './contract.ts';

/** y = xW + b on the last axis, as tf.layers: a map keeps its other axes. */
export const dense: LayerRule = {
  affine: true,
  threads: { argument: 'units', least: 1024 },
  apply: (layer, input) => {
    const units = numberOf(layer, 'units', 1);
    const width = input.shape.at(-1) ?? null;
    const kernel = { name: 'kernel', shape: [width, units], trainable: true };
    const bias = { name: 'bias', shape: [units], trainable: true };
    return {
      output: { shape: [...input.shape.slice(0, -1), units] },
      weights: booleanOf(layer, 'useBias', true) ? [kernel, bias] : [kernel],
    };
  },
  summary: (layer) => phrase(layer, numberOf(layer, 'units', 1)),
};

/** tf.layers refuses to flatten what is flat already. */
export const flatten: LayerRule = {
  axes: '2+',
  rearranges: true,
  takesIndices: true,
  apply: (_layer, input) => ({ output: { ...input, shape: [product(input.shape)] }, weights: [] }),
  summary: (layer) => phrase(layer),
};

/** Same shape, no weights. */
export const dropout: LayerRule = {
  apply: (_layer, input) => ({ output: { shape: input.shape }, weights: [] }),
  summary: (layer) => phrase(layer, numberOf(layer, 'rate', 0)),
};

export const spatialDropout1d: LayerRule = { ...dropout, axes: 2 };

export const activation: LayerRule = {
  apply: (_layer, input) => ({ output: { shape: input.shape }, weights: [] }),
  summary: (layer) => words(layer, textOf(layer, 'activation', 'linear')),
};

/** A row of a table per index: [n] → [n, outputDim]. `inputDim` is the vocabulary's size unless it is given. */
export const embedding: LayerRule = {
  takesIndices: true,
  apply: (layer, input) => {
    if (input.indices === undefined) return notIndex(input.shape);
    const inputDim = valueOf(layer, 'inputDim');
    const rows: Dim = typeof inputDim === 'number' ? inputDim : input.indices.vocabulary;
    const columns = numberOf(layer, 'outputDim', 1);
    return {
      output: { shape: [...input.shape, columns] },
      weights: [{ name: 'embeddings', shape: [rows, columns], trainable: true }],
    };
  },
  summary: (layer) => phrase(layer, numberOf(layer, 'outputDim', 1)),
};

function notIndex(shape: Shape): ShapeMistake {
  return {
    code: 'not-index',
    message: {
      en: `embedding looks up rows by index, but its input ${formatShape(shape)} holds quantities. Feed it a "category" input with "encoding": "index", as the first layer of a block, or use dense.`,
      zh: `embedding 按索引查表，但它的输入 ${formatShape(shape)} 是数值。请把 "encoding": "index" 的 "category" 输入接到该块的第一层，或改用 dense。`,
    },
  };
}

/** The same numbers in another shape; one entry may be −1 (what is left). */
export const reshape: LayerRule = {
  rearranges: true,
  takesIndices: true,
  apply: (layer, input) => {
    const value = valueOf(layer, 'targetShape');
    const target = Array.isArray(value)
      ? value.map((size) => (typeof size === 'number' && size > 0 ? size : null))
      : [];
    const shape = fill(target, product(input.shape));
    return shape === null ? reshapeMistake(target, input.shape) : { output: { ...input, shape }, weights: [] };
  },
  summary: (layer) => {
    const value = valueOf(layer, 'targetShape');
    return phrase(layer, Array.isArray(value) ? value.join('×') : '');
  },
};

/** Puts what is left into the free entry; null when the sizes cannot agree. */
function fill(target: Shape, total: Dim): Shape | null {
  if (total === null) return target;
  const free = target.filter((size) => size === null).length;
  const known = product(target.filter((size) => size !== null)) ?? 1;
  if (free === 0) return known === total ? target : null;
  if (free > 1 || total % known !== 0) return null;
  return target.map((size) => size ?? total / known);
}

function reshapeMistake(target: Shape, input: Shape): ShapeMistake {
  const wanted = formatShape(target);
  const there = `${formatShape(input)} = ${String(product(input))}`;
  return {
    code: 'shape-mismatch',
    argument: 'targetShape',
    message: {
      en: `reshape cannot put ${there} numbers into ${wanted}: the number of values must stay the same, and at most one entry may be -1.`,
      zh: `reshape 无法把 ${there} 个数放进 ${wanted}：数值个数必须不变，且最多一个维度可写 -1。`,
    },
  };
}
