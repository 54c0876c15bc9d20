/**
 * CR-MOGM (Zhou et al., NeurIPS 2022): a running mean of the weights of another strategy, λ ← α λ + (1 − α) λ̂. It starts
 * at 1/T each (`start: "equal"`), at the preferences (`"weights"`) or at the first λ̂ (`"first"`, TorchJD's default).
 */
import { member, perTask, preferenceOf, taskNumbers, withMember, withTasks } from '../state.ts';
import { filled, plus, scaled } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import type {
  AnyStrategy,
  Json,
  ParametersOf,
  StepStatistics,
  Strategy,
  StrategyContext,
  StrategyRow,
} from '../contract.ts';

type Parameters = ParametersOf<'cr-mogm'>;

/** Wraps a strategy; the result asks for the same statistics. */
function smoothed(inner: Strategy, { alpha, start, initial }: Parameters, { tasks: all }: StrategyContext): Strategy {
  const startOf = (statistics: StepStatistics, first: Numbers): Numbers => {
    const count = statistics.tasks.length;
    if (initial !== undefined) return perTask(initial, all, statistics.tasks, 1 / count);
    if (start === 'weights') return preferenceOf(statistics);
    return start === 'first' ? first : filled(count, 1 / count);
  };
  const within = (state: Json, next: Json): Json => withMember(state, 'inner', next);
  const { learned, shares, afterStep, afterEpoch } = inner;
  return {
    needs: inner.needs,
    ...(inner.readsLosses === false && { readsLosses: false }),
    ...(inner.normsOf && { normsOf: inner.normsOf }),
    ...(inner.lookahead && { lookahead: inner.lookahead }),
    ...(shares && { shares: (tasks, state) => shares(tasks, member(state, 'inner')) }),
    ...(learned && {
      learned: {
        values: (state, tasks) => learned.values(member(state, 'inner'), tasks),
        replace: (state, tasks, values) => within(state, learned.replace(member(state, 'inner'), tasks, values)),
        learningRate: learned.learningRate,
      },
    }),
    ...(afterStep && {
      afterStep: (statistics, after, state) => within(state, afterStep(statistics, after, member(state, 'inner'))),
    }),
    ...(afterEpoch && {
      afterEpoch: (tasks, means, state) => within(state, afterEpoch(tasks, means, member(state, 'inner'))),
    }),
    initialState: { inner: inner.initialState },
    weigh(statistics, state) {
      const { tasks } = statistics;
      const found = inner.weigh(statistics, member(state, 'inner'));
      const before = taskNumbers(state, 'lambda', tasks, startOf(statistics, found.weights));
      const weights = plus(scaled(before, alpha), found.weights, 1 - alpha);
      return { ...found, weights, state: withTasks(within(state, found.state), 'lambda', tasks, weights) };
    },
  };
}

/**
 * The wrapper's row.
 *
 * @param create makes the strategy that is wrapped
 */
export const crMogm =
  (create: (strategy: Parameters['of'], context: StrategyContext) => AnyStrategy): StrategyRow<'cr-mogm'> =>
  (parameters, context) => {
    const inner = create(parameters.of, context);
    if (inner.needs === 'entries') throw new RangeError(`cr-mogm cannot smooth the strategy "${parameters.of.name}".`);
    return smoothed(inner, parameters, context);
  };
