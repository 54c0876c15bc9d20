/** Runs an optimizer's rule over the model's variables, and keeps what it remembers between steps. */
import { CheckpointError } from '../errors.ts';
import { text } from '../../common/text.ts';
import { tf } from '../../engine/tfjs.ts';
import type { Conventions, OptimizerSpec } from '../../spec/resolved.ts';
import type { UpdateRule } from './contract.ts';
import { ruleOf } from './table.ts';

/** What an optimizer needs to know of a variable. `ModelVariable` fits. */
export interface OptimizedVariable {
  readonly path: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
  readonly decays: boolean;
  /** Factor on the step's learning rate. */
  readonly learningRate: number;
}

export interface OptimizerOptions {
  /** In the long form of the spec. */
  readonly optimizer: OptimizerSpec;
  readonly conventions: Conventions;
}

/** One slot of one variable. The tensor belongs to the optimizer. */
export interface OptimizerSlot {
  readonly path: string;
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** All that an optimizer remembers, in the order of the variables. */
export interface OptimizerState {
  /** Updates each trainable variable has had. */
  readonly counts: readonly number[];
  /** In the order of `slots()`. */
  readonly slots: readonly Float32Array[];
}

export interface Optimizer {
  readonly rule: UpdateRule;
  /**
   * Updates the variables that have a gradient; the others keep value, slots and count. The gradients stay the caller's.
   *
   * @param gradients by path of the variable
   */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number): void;
  slots(): readonly OptimizerSlot[];
  counts(): readonly number[];
  /** @throws Error when the state is not of the same rule over the same variables */
  restore(state: OptimizerState): void;
  dispose(): void;
}

interface Entry {
  readonly target: OptimizedVariable;
  readonly slots: readonly tf.Variable[];
  count: number;
}

/** Slots start at the rule's values; nothing is updated yet. Variables that are not trainable are left out. */
export function createOptimizer(
  variables: readonly OptimizedVariable[],
  { optimizer, conventions }: OptimizerOptions,
): Optimizer {
  const rule = ruleOf(optimizer, conventions);
  const entries: Entry[] = variables
    .filter(({ trainable }) => trainable)
    .map((target) => ({ target, slots: newSlots(rule, target.variable), count: 0 }));
  return {
    rule,
    apply: (gradients, learningRate) => {
      for (const entry of entries) {
        const gradient = gradients.get(entry.target.path);
        if (gradient !== undefined) update(rule, entry, gradient, learningRate);
      }
    },
    slots: () =>
      entries.flatMap(({ target, slots }) =>
        slots.map((tensor, index) => ({ path: target.path, name: rule.slots[index]?.name ?? '', tensor })),
      ),
    counts: () => entries.map(({ count }) => count),
    restore: (state) => {
      restore(entries, state);
    },
    dispose: () => {
      for (const { slots } of entries) for (const slot of slots) slot.dispose();
    },
  };
}

function newSlots(rule: UpdateRule, variable: tf.Variable): readonly tf.Variable[] {
  return tf.tidy(() => rule.slots.map(({ start }) => tf.variable(tf.fill(variable.shape, start), false)));
}

function update(rule: UpdateRule, entry: Entry, gradient: tf.Tensor, learningRate: number): void {
  const { target, slots } = entry;
  entry.count++;
  tf.tidy(() => {
    const context = {
      learningRate: learningRate * target.learningRate,
      count: entry.count,
      decays: target.decays,
    };
    const updated = rule.update(target.variable, gradient, slots, rule.coefficients(context));
    target.variable.assign(updated.value);
    for (const [index, slot] of slots.entries()) slot.assign(updated.slots[index] as tf.Tensor);
  });
}

function restore(entries: readonly Entry[], { counts, slots }: OptimizerState): void {
  const expected = entries.reduce((sum, entry) => sum + entry.slots.length, 0);
  if (counts.length !== entries.length || slots.length !== expected) {
    throw new CheckpointError(
      text(
        `The saved optimizer has ${String(slots.length)} slots of ${String(counts.length)} variables, but this one has ${String(expected)} of ${String(entries.length)}: the checkpoint belongs to another model or optimizer.`,
        `保存的优化器有 ${String(counts.length)} 个变量的 ${String(slots.length)} 个槽，而此优化器有 ${String(entries.length)} 个变量的 ${String(expected)} 个槽：该检查点属于其他模型或优化器。`,
      ),
    );
  }
  let next = 0;
  for (const [index, entry] of entries.entries()) {
    entry.count = counts[index] ?? 0;
    for (const slot of entry.slots) {
      const values = slots[next++];
      if (values?.length !== slot.size) {
        throw new CheckpointError(
          text(
            `A saved slot of "${entry.target.path}" has ${String(values?.length)} values instead of ${String(slot.size)}.`,
            `“${entry.target.path}”保存的槽有 ${String(values?.length)} 个值，应为 ${String(slot.size)} 个。`,
          ),
        );
      }
      tf.tidy(() => {
        slot.assign(tf.tensor(values, slot.shape));
      });
    }
  }
}
