/**
 * What every strategy takes besides its own parameters: `prescale` before it, `scale` and `normalize` after it. Applied
 * here once, so that the strategies' files hold their formulas alone. `normalize` has the last word.
 */
import { traitsOf, type StrategySpec } from '../spec/index.ts';
import { normalizeWeights, type Normalize } from './parts/normalize.ts';
import { at, scaled, sum } from '../numbers/linear.ts';
import type { Matrix, Numbers } from '../numbers/linear.ts';
import type { AnyStrategy, EntryStrategy, StepStatistics, Strategy } from './contract.ts';

interface Adjustments {
  readonly prescale: boolean;
  readonly scale: 'paper' | 'sum' | 'mean';
  readonly normalize: Normalize;
}

/** What is asked for; a strategy without one of these keys is left as it is there. */
const adjustmentsOf = (strategy: StrategySpec): Adjustments => ({
  prescale: 'prescale' in strategy && strategy.prescale,
  scale: 'scale' in strategy ? strategy.scale : 'paper',
  normalize: 'normalize' in strategy ? strategy.normalize : 'none',
});

/**
 * What the weights (or a direction) of a step are multiplied by for `scale`: from the factor that the strategy's word
 * gives for equal tasks, else from the sum of the weights.
 */
function scaleFactor(strategy: StrategySpec, statistics: StepStatistics, weights: Numbers | null): number {
  const { scale } = adjustmentsOf(strategy);
  if (scale === 'paper') return 1;
  const count = statistics.tasks.length;
  const target = scale === 'sum' ? count : 1;
  const { equalTasks } = traitsOf(strategy);
  if (equalTasks === 'sum') return target / count;
  if (equalTasks === 'mean') return target;
  if (typeof equalTasks === 'function') return target / equalTasks(count);
  const total = sum(weights ?? []);
  const share = equalTasks === 'multiplied' ? sum(statistics.weights) / count : 1;
  return total > 0 && Number.isFinite(total) ? (target * share) / total : 1;
}

const outer = (matrix: Matrix, w: Numbers): number[][] =>
  matrix.map((values, i) => values.map((value, j) => at(w, i) * value * at(w, j)));

/** The step as it looks with every loss multiplied by its weight. */
function prescaled(statistics: StepStatistics): StepStatistics {
  const { weights: w, losses, norms, gram, cross, tasks } = statistics;
  return {
    ...statistics,
    weights: tasks.map(() => 1),
    losses: losses.map((loss, i) => loss * at(w, i)),
    ...(norms && { norms: norms.map((norm, i) => norm * at(w, i)) }),
    ...(gram && { gram: outer(gram, w) }),
    ...(cross && { cross: outer(cross, w) }),
  };
}

const product = (a: Numbers, b: Numbers): number[] => a.map((value, i) => value * at(b, i));

function prescaling(inner: Strategy): Strategy {
  const { afterStep } = inner;
  return {
    ...inner,
    weigh(statistics, state) {
      const found = inner.weigh(prescaled(statistics), state);
      const heads = found.heads ?? statistics.tasks.map(() => 1);
      const { weights: w } = statistics;
      return { ...found, weights: product(found.weights, w), heads: product(heads, w) };
    },
    ...(afterStep && {
      afterStep: (statistics, after, state) =>
        afterStep(prescaled(statistics), product(after, statistics.weights), state),
    }),
  };
}

function rescaling(inner: Strategy, strategy: StrategySpec): Strategy {
  const { normalize } = adjustmentsOf(strategy);
  return {
    ...inner,
    weigh(statistics, state) {
      const found = inner.weigh(statistics, state);
      const before = found.weights;
      const factor = scaleFactor(strategy, statistics, before);
      const weights = normalizeWeights(factor === 1 ? before : scaled(before, factor), normalize);
      const total = sum(before);
      const ratio = total === 0 ? 1 : sum(weights) / total;
      return {
        ...found,
        weights,
        ...(found.inner && { inner: scaled(found.inner, ratio) }),
        ...(found.value !== undefined && { value: found.value * ratio }),
      };
    },
  };
}

function adjustedEntries(inner: EntryStrategy, strategy: StrategySpec): EntryStrategy {
  const { prescale, normalize } = adjustmentsOf(strategy);
  const combine: EntryStrategy['combine'] = (statistics, state) => {
    const { space, rows, weights: w } = statistics;
    const seen = prescale
      ? { ...statistics, ...prescaled(statistics), rows: rows.map((row, i) => space.combine([at(w, i)], [row])) }
      : statistics;
    const found = inner.combine(seen, state);
    const before = found.weights && prescale ? product(found.weights, w) : found.weights;
    const factor = scaleFactor(strategy, statistics, before);
    const weights = before && normalizeWeights(scaled(before, factor), normalize);
    const total = sum(before ?? []);
    const whole = weights && total > 0 ? sum(weights) / total : factor;
    const heads = found.heads ?? w.map(() => 1);
    return {
      ...found,
      ...(prescale && { heads: product(heads, w) }),
      weights,
      direction: whole === 1 ? found.direction : space.combine([whole], [found.direction]),
    };
  };
  return { ...inner, combine };
}

/** The strategy with the parameters that all strategies take carried out. */
export function adjusted(made: AnyStrategy, strategy: StrategySpec): AnyStrategy {
  if (made.needs === 'entries') return adjustedEntries(made, strategy);
  const { prescale, scale, normalize } = adjustmentsOf(strategy);
  const inner = prescale ? prescaling(made) : made;
  return scale === 'paper' && normalize === 'none' ? inner : rescaling(inner, strategy);
}
