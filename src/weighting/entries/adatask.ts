/**
 * AdaTask (Yang et al., AAAI 2023): every task has its own Adam moments over the shared parameters, so that no task's
 * gradients rule the second moment of another: Δθ = −η Σ wᵢ m̂ᵢ/(√v̂ᵢ + ε). What comes out is already an optimizer's step:
 * the learning rate alone multiplies it. An absent task keeps its moments and its count. The spec's weights multiply the
 * steps: on the losses they would cancel.
 */
import { taskNumbers, withTasks } from '../state.ts';
import { remembered, withVectors } from '../parts/memory.ts';
import { at } from '../../numbers/linear.ts';
import type { EntryStrategy, StrategyRow } from '../contract.ts';

export const adatask: StrategyRow<'adatask', EntryStrategy> = ({ beta1, beta2, epsilon }) => {
  return {
    needs: 'entries',
    steps: true,
    initialState: null,
    combine(statistics, state) {
      const { space, rows, tasks, memory } = statistics;
      const counts = taskNumbers(state, 'counts', tasks, 0).map((count) => count + 1);
      const [olderFirst, olderSecond] = [remembered(statistics, 'first'), remembered(statistics, 'second')];
      const first = rows.map((row, i) => space.map((g, m) => beta1 * m + (1 - beta1) * g, row, olderFirst[i] ?? row));
      const second = rows.map((row, i) =>
        space.map((g, v) => beta2 * v + (1 - beta2) * g * g, row, olderSecond[i] ?? row),
      );
      const steps = first.map((values, i) => {
        const [rate, root] = [1 - beta1 ** at(counts, i), 1 - beta2 ** at(counts, i)];
        return space.map((m, v) => m / rate / (Math.sqrt(v / root) + epsilon), values, second[i] ?? values);
      });
      return {
        direction: space.combine(statistics.weights, steps),
        weights: null,
        state: withTasks(state, 'counts', tasks, counts),
        memory: withVectors(withVectors(memory, 'first', tasks, first), 'second', tasks, second),
      };
    },
  };
};
