/** One number a task, s, that an optimizer steps. */
import { taskNumbers, withTasks } from '../state.ts';
import type { Learned } from '../contract.ts';

const key = 's';

/** Numbers that begin at `init`, stepped with `stateLearningRate` or by the main optimizer. */
export function learnedNumbers({
  init,
  stateLearningRate: learningRate,
}: {
  readonly init: number;
  readonly stateLearningRate?: number;
}): Learned {
  return {
    values: (state, tasks) => taskNumbers(state, key, tasks, init),
    replace: (state, tasks, values) => withTasks(state, key, tasks, values),
    learningRate,
  };
}
