/** The small optimizers that strategies keep for their own numbers. */
import { taskNumbers, withTasks } from '../state.ts';
import { at } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import type { Json } from '../contract.ts';

export interface AdamParameters {
  readonly learningRate: number;
  /** L2 decay, added to the gradient (not decoupled), as `torch.optim.Adam`'s `weight_decay`. */
  readonly weightDecay?: number;
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/**
 * One step of Adam (Kingma & Ba 2015; PyTorch's constants and place of ε) on one number a task. Each task counts its own
 * steps, so that an absent task is frozen.
 *
 * @param state holds the values under `key` and the moments beside it
 * @returns the new state
 */
export function adamStep(
  state: Json,
  key: string,
  tasks: readonly string[],
  start: number,
  gradient: Numbers,
  { learningRate, weightDecay = 0 }: AdamParameters,
): Json {
  const values = taskNumbers(state, key, tasks, start);
  const steps = taskNumbers(state, `${key}.steps`, tasks, 0).map((count) => count + 1);
  const slopes = gradient.map((slope, i) => slope + weightDecay * at(values, i));
  const first = taskNumbers(state, `${key}.first`, tasks, 0).map((m, i) => beta1 * m + (1 - beta1) * at(slopes, i));
  const second = taskNumbers(state, `${key}.second`, tasks, 0).map(
    (v, i) => beta2 * v + (1 - beta2) * at(slopes, i) ** 2,
  );
  const next = values.map((value, i) => {
    const [rate, root] = [1 - beta1 ** at(steps, i), Math.sqrt(1 - beta2 ** at(steps, i))];
    return value - ((learningRate / rate) * at(first, i)) / (Math.sqrt(at(second, i)) / root + epsilon);
  });
  let result = withTasks(state, key, tasks, next);
  for (const [name, list] of [
    ['steps', steps],
    ['first', first],
    ['second', second],
  ] as const) {
    result = withTasks(result, `${key}.${name}`, tasks, list);
  }
  return result;
}
