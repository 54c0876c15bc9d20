/**
 * M-ConFIG (Liu, Chu & Thuerey, ICLR 2025, algorithm 2): ConFIG on running gradients m̂ᵢ, of which one task a step is
 * renewed, so that a step costs one backward pass. The second moment is that of a pseudo gradient made of the change of
 * ConFIG's direction g: f_t = (1 − β₁^t) g, (f_t − β₁ f_{t−1})/(1 − β₁). What comes out is already an optimizer's step,
 * g/(√ŝ + 1e-8); it is 0 until every task has been renewed once.
 *
 * The task that was renewed least often is next; of equal ones the first. Tasks that never had a label do not count.
 */
import { configWeights } from './conflict-free.ts';
import { knows, member, numberIn, parameter, taskNumbers, withMember, withTasks } from '../state.ts';
import { at } from '../../numbers/linear.ts';
import type { EntryStatistics, EntryStrategy, Json, Memory } from '../contract.ts';

const guard = 1e-8;
/** Key of vectors that belong to no task. */
const whole = '';

const kept = <V>(memory: Memory<V>, name: string, task: string, vector: V): Memory<V> => ({
  ...memory,
  [name]: { ...memory[name], [task]: vector },
});

/** Position among the tasks present of the one that is renewed. */
export function renewed(state: Json, tasks: readonly string[]): number {
  const counts = taskNumbers(state, 'counts', tasks, 0);
  return counts.indexOf(Math.min(...counts));
}

/** Tasks that were ever present, in the order in which they were met. */
const known = (state: Json): string[] =>
  Object.keys((member(state, 'preference') ?? {}) as Readonly<Record<string, Json>>);

/** ConFIG's direction on the bias-corrected running gradients of all tasks met so far. */
function conflictFree<V>({ space, rows }: EntryStatistics<V>, memory: Memory<V>, state: Json, beta1: number): V | null {
  const all = known(state);
  const counts = taskNumbers(state, 'counts', all, 0);
  const tracked = all.flatMap((task, i) => {
    const vector = memory['tracked']?.[task];
    return vector === undefined ? [] : [space.combine([1 / (1 - beta1 ** at(counts, i))], [vector])];
  });
  if (tracked.length < all.length || rows.length === 0) return null;
  const gram = tracked.map((left) => tracked.map((right) => space.dot(left, right)));
  return space.combine(configWeights(gram, taskNumbers(state, 'preference', all, 1)), tracked);
}

/** @param rates β of the running gradients and of their squares */
export function mConfig(rates: { readonly beta1?: number; readonly beta2?: number }): EntryStrategy {
  const beta1 = parameter(rates.beta1, 'beta1');
  const beta2 = parameter(rates.beta2, 'beta2');
  return {
    needs: 'entries',
    steps: true,
    renews: (tasks, state) => [renewed(state, tasks)],
    initialState: null,
    combine(statistics, before) {
      const { space, rows, tasks, weights } = statistics;
      const due = renewed(before, tasks);
      const [task, row] = [tasks[due], rows[due]];
      if (task === undefined || row === undefined) throw new RangeError('M-ConFIG needs a task with a gradient.');
      let state = withTasks(before, 'preference', tasks, weights);
      const count = at(taskNumbers(state, 'counts', [task], 0), 0) + 1;
      state = withTasks(state, 'counts', [task], [count]);
      const old = statistics.memory['tracked']?.[task] ?? space.zeros(row);
      const fresh = space.map((g, m) => beta1 * m + (1 - beta1) * g, row, old);
      let memory = kept(statistics.memory, 'tracked', task, fresh);
      const direction = conflictFree(statistics, memory, state, beta1);
      if (direction === null || !knows(state, 'counts', known(state))) {
        return { direction: space.zeros(row), weights: null, state, memory };
      }
      const step = numberIn(state, 'step', 0) + 1;
      const [rate, root] = [1 - beta1 ** step, 1 - beta2 ** step];
      const pseudo = space.combine([rate], [direction]);
      const earlier = memory['pseudo']?.[whole] ?? space.zeros(row);
      const square = space.map(
        (f, g, s) => beta2 * s + (1 - beta2) * ((f - beta1 * g) / (1 - beta1)) ** 2,
        pseudo,
        earlier,
        memory['square']?.[whole] ?? space.zeros(row),
      );
      memory = kept(kept(memory, 'pseudo', whole, pseudo), 'square', whole, square);
      return {
        direction: space.map((g, s) => g / (Math.sqrt(s / root) + guard), direction, square),
        weights: null,
        state: withMember(state, 'step', step),
        memory,
      };
    },
  };
}
