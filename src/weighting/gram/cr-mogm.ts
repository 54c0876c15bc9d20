/**
 * CR-MOGM (Zhou et al., NeurIPS 2022): a running mean of the weights of another strategy, λ ← α λ + (1 − α) λ̂. It starts
 * at 1/T each (`start: "equal"`), at the preferences (`"weights"`) or at the first λ̂ (`"first"`, TorchJD's default).
 */
import { member, numeric, perTask, preferenceOf, taskNumbers, withMember, withTasks } from '../state.ts';
import { filled, plus, scaled } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import type { Json, StepStatistics, Strategy, StrategyContext, StrategyRow } from '../contract.ts';

/** Wraps a strategy; the result asks for the same statistics. */
function smoothed(inner: Strategy, context: StrategyContext): Strategy {
  const { parameters } = context;
  const alpha = numeric(parameters, 'alpha', 0.9);
  const start = parameters['start'];
  const startOf = (statistics: StepStatistics, first: Numbers): Numbers => {
    const count = statistics.tasks.length;
    if (parameters['initial'] !== undefined) return perTask(context, 'initial', statistics.tasks, 1 / count);
    if (start === 'weights') return preferenceOf(statistics, parameters);
    return start === 'first' ? first : filled(count, 1 / count);
  };
  const within = (state: Json, next: Json): Json => withMember(state, 'inner', next);
  const { learned, afterStep, afterEpoch } = inner;
  return {
    needs: inner.needs,
    ...(inner.readsLosses === false && { readsLosses: false }),
    ...(learned && {
      learned: {
        values: (state, tasks) => learned.values(member(state, 'inner'), tasks),
        replace: (state, tasks, values) => within(state, learned.replace(member(state, 'inner'), tasks, values)),
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

/** The wrapper's row, over the strategies it may wrap. */
export function wrapperRow(rows: readonly StrategyRow[]): StrategyRow {
  return {
    name: 'cr-mogm',
    create(context) {
      const of = context.parameters['of'];
      const parameters = typeof of === 'string' ? { name: of } : (of as StrategyContext['parameters'] | undefined);
      const name = parameters?.['name'];
      const inner = rows.find((candidate) => candidate.name === name);
      if (!parameters || !inner) throw new RangeError(`cr-mogm cannot smooth the strategy "${String(name)}".`);
      return smoothed(inner.create({ ...context, parameters }), context);
    },
  };
}
