/** What happens to gradients between the losses and the optimizer: penalties and clipping. */
import { tf } from '../../engine/tfjs.ts';

/** A variable and the penalty l1·Σ|w| + l2·Σw² that acts on it (training-wide and the layer's own together). */
export interface Regularized {
  readonly path: string;
  readonly variable: tf.Tensor;
  readonly l1: number;
  readonly l2: number;
}

/** What `regularizedVariables` needs to know. `ModelVariable` fits. */
export interface Regularizable {
  readonly path: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
  readonly kernel: boolean;
  readonly l1: number;
  readonly l2: number;
}

/** The variables a penalty acts on: kernels by the training's l1 and l2, any by its layer's own. */
export function regularizedVariables(
  variables: readonly Regularizable[],
  training: { readonly l1: number; readonly l2: number },
): readonly Regularized[] {
  return variables
    .filter(({ trainable }) => trainable)
    .map(({ path, variable, kernel, l1, l2 }) => ({
      path,
      variable,
      l1: l1 + (kernel ? training.l1 : 0),
      l2: l2 + (kernel ? training.l2 : 0),
    }))
    .filter(({ l1, l2 }) => l1 > 0 || l2 > 0);
}

/** Σ l1·Σ|w| + l2·Σw² over the variables. The caller owns the result. */
export function penalty(variables: readonly Regularized[]): tf.Scalar {
  return tf.tidy(() => {
    let total: tf.Tensor = tf.scalar(0);
    for (const { variable, l1, l2 } of variables) {
      if (l1 > 0) total = tf.add(total, tf.mul(tf.sum(tf.abs(variable)), l1));
      if (l2 > 0) total = tf.add(total, tf.mul(tf.sum(tf.square(variable)), l2));
    }
    return total as tf.Scalar;
  });
}

/** l1·sign(w) + 2·l2·w (conventions 1.9). The caller owns the result. */
export function penaltyGradient({ variable, l1, l2 }: Regularized): tf.Tensor {
  return tf.tidy(() => {
    const square = tf.mul(variable, 2 * l2);
    return l1 > 0 ? tf.add(square, tf.mul(tf.sign(variable), l1)) : square;
  });
}

/**
 * Adds the penalties' gradients in place of those in the map; the old tensors are disposed. Variables without a data
 * gradient in this step are left alone (conventions 1.2).
 */
export function addPenaltyGradients(gradients: Map<string, tf.Tensor>, variables: readonly Regularized[]): void {
  for (const regularized of variables) {
    const gradient = gradients.get(regularized.path);
    if (gradient === undefined) continue;
    gradients.set(
      regularized.path,
      tf.tidy(() => tf.add(gradient, penaltyGradient(regularized))),
    );
    gradient.dispose();
  }
}

/** √Σ‖g‖² over all gradients, read from the engine. Squares are summed in double precision across tensors. */
export function globalNorm(gradients: Iterable<tf.Tensor>): number {
  const squares = tf.tidy(() => Array.from(gradients, (gradient) => tf.sum(tf.square(gradient)).dataSync()[0] ?? 0));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

/**
 * Scales all gradients by clipNorm / norm when their global norm is larger (tf.clip_by_global_norm). Scaled tensors
 * replace those in the map, the old ones are disposed.
 *
 * @returns the norm before clipping, and the factor that was applied (1 when nothing was clipped)
 */
export function clipByGlobalNorm(
  gradients: Map<string, tf.Tensor>,
  clipNorm: number,
): { readonly norm: number; readonly factor: number } {
  const norm = globalNorm(gradients.values());
  if (!(norm > clipNorm)) return { norm, factor: 1 };
  const factor = clipNorm / norm;
  for (const [path, gradient] of gradients) {
    gradients.set(path, tf.mul(gradient, factor));
    gradient.dispose();
  }
  return { norm, factor };
}

/**
 * The same factor, min(1, clipNorm / norm), as a tensor: for a graph, which cannot look. 1 where the norm is no number. The
 * caller owns it.
 */
export function clipFactor(gradients: Iterable<tf.Tensor>, clipNorm: number): tf.Scalar {
  return tf.tidy(() => {
    const norm = tf.sqrt(tf.addN(Array.from(gradients, (gradient) => tf.sum(tf.square(gradient)))));
    return tf.where<tf.Scalar>(tf.greater(norm, clipNorm), tf.div(clipNorm, norm), 1);
  });
}
