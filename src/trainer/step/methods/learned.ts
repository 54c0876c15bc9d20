/**
 * The numbers of a strategy that an optimizer steps (conventions 1.1): by the rule of the main optimizer, unclipped and without
 * decay, or with `stateLearningRate` by an Adam of their own. Each task counts its own steps.
 */
import { tf } from '../../../engine/tfjs.ts';
import { at } from '../../../numbers/linear.ts';
import type { UpdateRule } from '../../optimizers/contract.ts';
import { element } from '../by-task.ts';
import { adamStep } from '../../../weighting/parts/adam.ts';
import { member, taskNumbers, withTasks } from '../../../weighting/state.ts';
import type { Json } from '../../../weighting/contract.ts';

/** Takes one step: values → new values, and what is to be remembered of it. */
export type LearnedStep = (
  tasks: readonly string[],
  values: readonly number[],
  gradient: readonly number[],
  memory: Json,
  learningRate: number,
) => { readonly values: readonly number[]; readonly memory: Json };

/** Adam with a learning rate of its own. */
export function ownAdam(stateLearningRate: number): LearnedStep {
  return (tasks, values, gradient, memory) => {
    const before = withTasks(memory, 'values', tasks, values);
    const after = adamStep(before, 'values', tasks, 0, gradient, { learningRate: stateLearningRate });
    return { values: taskNumbers(after, 'values', tasks, 0), memory: after };
  };
}

/** The main optimizer's rule at the step's learning rate. Numbers are float32, as the model's parameters are. */
export function mainOptimizer(rule: UpdateRule): LearnedStep {
  return (tasks, values, gradient, memory, learningRate) => {
    const counts = taskNumbers(memory, 'counts', tasks, 0).map((count) => count + 1);
    const next = [...values];
    let remembered = withTasks(memory, 'counts', tasks, counts);
    for (const count of new Set(counts)) {
      const places = counts.flatMap((other, place) => (other === count ? [place] : []));
      const names = places.map((place) => element(tasks, place));
      const slots = rule.slots.map(({ name, start }) => taskNumbers(member(memory, 'slots'), name, names, start));
      const pick = (list: readonly number[]): number[] => places.map((place) => at(list, place));
      const updated = updateOf(rule, pick(values), pick(gradient), slots, { learningRate, count, decays: false });
      places.forEach((place, i) => (next[place] = at(updated.value, i)));
      let kept = member(remembered, 'slots');
      rule.slots.forEach(({ name }, slot) => (kept = withTasks(kept, name, names, element(updated.slots, slot))));
      remembered = { ...(remembered as Readonly<Record<string, Json>>), slots: kept };
    }
    return { values: next, memory: remembered };
  };
}

function updateOf(
  rule: UpdateRule,
  value: number[],
  gradient: number[],
  slots: readonly number[][],
  context: Parameters<UpdateRule['coefficients']>[0],
): { readonly value: number[]; readonly slots: number[][] } {
  const tensors = tf.tidy(() => {
    const updated = rule.update(
      tf.tensor1d(value),
      tf.tensor1d(gradient),
      slots.map((slot) => tf.tensor1d(slot)),
      rule.coefficients(context),
    );
    return [updated.value, ...updated.slots];
  });
  const numbers = tensors.map((tensor) => [...tensor.dataSync()]);
  tf.dispose(tensors);
  return { value: element(numbers, 0), slots: numbers.slice(1) };
}
