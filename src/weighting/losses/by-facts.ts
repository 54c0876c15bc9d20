/**
 * Weights from what is known of the tasks (conventions 5), scaled so that they sum to T over all tasks of the spec and
 * multiplied by the spec's weights:
 *
 * - `complexity`: w ∝ d/L⁰, d = clip(L^lin/L⁰, .05, 1) (Ho & Basu 2002; Lorena et al. 2018)
 * - `data-size`: w ∝ n^p (Arivazhagan et al. 2019)
 * - `initial-loss`: w ∝ 1/L⁰, or 1/(mean loss of the first batches)
 *
 * `inverse` turns the order round: w ∝ 1/w.
 */
import { multiplied, numeric, required, taskNumbers, weightedSum, withTasks } from '../state.ts';
import { at, plus, sum } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import type { Strategy, StrategyContext, StrategyRow, TaskFacts } from '../contract.ts';

/** Weights in proportion to `shares`, turned round where asked, with mean 1. */
export function balanced(shares: Numbers, inverse: boolean): number[] {
  const values = inverse ? shares.map((share) => 1 / share) : shares;
  const total = sum(values);
  return values.map((value) => (value * values.length) / total);
}

function fact(facts: StrategyContext['facts'], task: string, key: Exclude<keyof TaskFacts, 'assumed'>): number {
  const value = required(facts?.[task]?.[key], `"${key}" of the task "${task}"`);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new RangeError(`"${key}" of the task "${task}" is ${value}; weights by it need a positive number.`);
  }
  return value;
}

/** A strategy with constant weights from the facts. */
function constant(context: StrategyContext, share: (task: string) => number): Strategy {
  const { parameters, tasks: all } = context;
  const weights = balanced(all.map(share), parameters['inverse'] === true);
  return {
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    weigh(statistics, state) {
      const present = statistics.tasks.map((task) => at(weights, all.indexOf(task)));
      const effective = multiplied(present, statistics, parameters);
      return { weights: effective, state, value: weightedSum(effective, statistics.losses) };
    },
  };
}

export const complexity: StrategyRow = {
  name: 'complexity',
  create(context) {
    return constant(context, (task) => {
      const chance = fact(context.facts, task, 'constantLoss');
      return Math.min(Math.max(fact(context.facts, task, 'linearLoss') / chance, 0.05), 1) / chance;
    });
  },
};

export const dataSize: StrategyRow = {
  name: 'data-size',
  create(context) {
    const power = numeric(context.parameters, 'power', 1);
    return constant(context, (task) => fact(context.facts, task, 'samples') ** power);
  },
};

export const initialLoss: StrategyRow = {
  name: 'initial-loss',
  create(context) {
    const { parameters } = context;
    const batches = numeric(parameters, 'batches', 0);
    if (batches === 0) return constant(context, (task) => 1 / fact(context.facts, task, 'constantLoss'));
    return {
      needs: 'losses',
      initialState: null,
      weigh(statistics, state) {
        const { tasks, losses } = statistics;
        // Until the batches are through, the mean so far stands for their mean.
        let next = state;
        for (const [i, task] of tasks.entries()) {
          const count = at(taskNumbers(next, 'counts', [task], 0), 0);
          if (count >= batches) continue;
          const total = taskNumbers(next, 'sums', [task], 0);
          next = withTasks(next, 'sums', [task], plus(total, [at(losses, i)]));
          next = withTasks(next, 'counts', [task], [count + 1]);
        }
        const [sums, counts] = [taskNumbers(next, 'sums', tasks, 1), taskNumbers(next, 'counts', tasks, 1)];
        const shares = sums.map((total, i) => at(counts, i) / Math.max(total, 1e-30));
        const weights = multiplied(balanced(shares, parameters['inverse'] === true), statistics, parameters);
        return { weights, state: next, value: weightedSum(weights, losses) };
      },
    };
  },
};
