/** Soft sharing's penalty λ Σ_{i<j} ‖θ_i − θ_j‖² = λ n Σ_i ‖θ_i − θ̄‖², which acts after the tasks' gradients (conventions 1.1). */
import type { Plan } from '../../../plan/plan.ts';
import { tf } from '../../../engine/tfjs.ts';

/** One parameter of a layer in all its copies. */
export interface Tie {
  readonly strength: number;
  readonly copies: readonly { readonly path: string; readonly variable: tf.Variable }[];
}

interface Tied {
  readonly path: string;
  readonly parameter: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
}

/** The trainable parameters of the plan's tied layers; moving statistics are not drawn together. */
export function tiesOf(plan: Plan, variables: readonly Tied[]): readonly Tie[] {
  const ties: Tie[] = [];
  const byPath = new Map(variables.map((variable) => [variable.path, variable] as const));
  for (const { sharing } of plan.blocks.values()) {
    if (!sharing?.ties || sharing.ties.strength === 0) continue;
    for (const layers of sharing.ties.layers) {
      const names = new Set(
        variables
          .filter(
            ({ path, parameter, trainable }) => trainable && layers.includes(path.slice(0, -parameter.length - 1)),
          )
          .map(({ parameter }) => parameter),
      );
      for (const name of names) {
        const copies = layers.flatMap((layer) => byPath.get(`${layer}/${name}`) ?? []);
        if (copies.length > 1) ties.push({ strength: sharing.ties.strength, copies });
      }
    }
  }
  return ties;
}

/** Value of the penalty over the ties, at least one. The caller owns it. */
export function tieValue(ties: readonly Tie[]): tf.Scalar {
  return tf.tidy(() =>
    tf.addN<tf.Scalar>(
      ties.map(({ strength, copies }) => {
        const squares = tf.sum(tf.square(tf.stack(deviations(copies))));
        return tf.mul(squares, strength * copies.length);
      }),
    ),
  );
}

/** The same as a number, 0 without ties. */
export function tiePenalty(ties: readonly Tie[]): number {
  if (ties.length === 0) return 0;
  const value = tieValue(ties);
  const number = value.dataSync()[0] ?? NaN;
  value.dispose();
  return number;
}

/**
 * Adds 2 λ n (θ_i − θ̄) in place of the gradients in the map; the old tensors are disposed. A copy without a data gradient
 * in this step is left alone (conventions 1.2).
 */
export function addTieGradients(gradients: Map<string, tf.Tensor>, ties: readonly Tie[]): void {
  for (const { strength, copies } of ties) {
    if (!copies.some(({ path }) => gradients.has(path))) continue;
    const pulls = tf.tidy(() => deviations(copies).map((one) => tf.mul(one, 2 * strength * copies.length)));
    copies.forEach(({ path }, index) => {
      const gradient = gradients.get(path);
      const pull = pulls[index];
      if (!gradient || !pull) return;
      gradients.set(path, tf.add(gradient, pull));
      gradient.dispose();
    });
    tf.dispose(pulls);
  }
}

/** θ_i − θ̄. */
function deviations(copies: Tie['copies']): tf.Tensor[] {
  const mean = tf.div(tf.addN(copies.map(({ variable }) => variable)), copies.length);
  return copies.map(({ variable }) => tf.sub(variable, mean));
}
