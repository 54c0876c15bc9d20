/** Arithmetic on sizes that may be unknown (null), and lengths after a sliding window. */
import type { Dim, Shape } from '../plan.ts';
import type { ShapeMistake } from './contract.ts';

export type Padding = 'valid' | 'same';

/** Product of sizes; null when one is unknown. The product of nothing is 1. */
export function product(shape: Shape): Dim {
  let result = 1;
  for (const size of shape) {
    if (size === null) return null;
    result *= size;
  }
  return result;
}

/** Sum of sizes; null when one is unknown. */
export function sum(sizes: readonly Dim[]): Dim {
  let result = 0;
  for (const size of sizes) {
    if (size === null) return null;
    result += size;
  }
  return result;
}

export function scaled(size: Dim, factor: number): Dim {
  return size === null ? null : size * factor;
}

/** Length of the window with its holes: k + (k − 1)(d − 1). */
export function dilated(kernel: number, dilation: number): number {
  return kernel + (kernel - 1) * (dilation - 1);
}

/**
 * Number of positions of a window: ⌈n / s⌉ for `same`, ⌈(n − k_d + 1) / s⌉ for `valid`
 * (tfjs-layers utils/conv_utils convOutputLength).
 */
export function windowLength(length: Dim, kernel: number, padding: Padding, stride: number, dilation = 1): Dim {
  if (length === null) return null;
  const positions = padding === 'valid' ? length - dilated(kernel, dilation) + 1 : length;
  return Math.floor((positions + stride - 1) / stride);
}

/** Length after a transposed convolution (tfjs-layers deconvLength): n·s + max(k − s, 0) for `valid`, n·s for `same`. */
export function transposedLength(length: Dim, kernel: number, padding: Padding, stride: number): Dim {
  if (length === null) return null;
  return length * stride + (padding === 'valid' ? Math.max(kernel - stride, 0) : 0);
}

export function formatShape(shape: Shape): string {
  return `[${shape.map((size) => (size === null ? '?' : String(size))).join(', ')}]`;
}

/** The window does not fit into what it slides over: tf.layers would give a size of 0 or less. */
export function windowMistake(
  layerType: string,
  argument: string,
  window: readonly number[],
  input: Shape,
): ShapeMistake | null {
  const small = window.some((size, axis) => {
    const length = input[axis];
    return length !== undefined && length !== null && size > length;
  });
  if (!small) return null;
  const size = window.join('×');
  const room = input.slice(0, window.length).map((length) => length ?? '?');
  return {
    code: 'kernel-too-large',
    argument,
    message: {
      en: `The ${size} window of ${layerType} is larger than the ${room.join('×')} it slides over (input ${formatShape(input)}). Make ${argument} smaller, use "padding": "same", or remove a pooling layer before it.`,
      zh: `${layerType} 的 ${size} 窗口大于其输入的 ${room.join('×')}（输入形状 ${formatShape(input)}）。请减小 ${argument}，使用 "padding": "same"，或去掉之前的一个池化层。`,
    },
  };
}
