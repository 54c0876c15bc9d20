/**
 * What every strategy takes besides its own parameters: `prescale` before it, `scale` and `normalize` after it. Applied
 * here once, so that the strategies' files hold their formulas alone. `normalize` has the last word.
 */
import { textual } from './state.ts';
import { normalizeWeights } from './normalize.ts';
import { at, scaled, sum } from '../numbers/linear.ts';
import type { Matrix, Numbers } from '../numbers/linear.ts';
import type {
  EntryStrategy,
  EntryStrategyRow,
  StepStatistics,
  Strategy,
  StrategyContext,
  StrategyRow,
} from './contract.ts';

type Parameters = StrategyContext['parameters'];

const times = (factor: (count: number, parameters: Parameters) => number) => factor;
const sums = times((count) => count);
const means = times(() => 1);

/**
 * The factor c with which T equal tasks of weight 1 and gradient g give c g (conventions 7, H2), where it is a number
 * that does not depend on losses, gradients or state.
 */
const equalTasks: Readonly<Record<string, (count: number, parameters: Parameters) => number>> = {
  ...{ static: sums, sum: sums, unitary: sums, mean: means, 'uncertainty-softmax': means, dwa: sums, random: means },
  ...{ famo: means, cosmos: means, complexity: sums, 'data-size': sums, 'initial-loss': sums, gradnorm: sums },
  ...{ 'imtl-g': means, imtl: means, pcgrad: sums, gradvac: sums, upgrad: means, dualproj: means, config: sums },
  ...{ krum: means, pcd: means, modo: means, sdmgrad: means, moml: means, 'auto-lambda': means },
  ...{ graddrop: sums, 'trimmed-mean': means, moco: means, 'db-mtl': sums, adatask: sums, 'm-config': means },
  stch: (count, parameters) => (textual(parameters, 'form', 'raw') === 'raw' ? 1 / count : NaN),
  pbi: (count) => Math.sqrt(count),
  mgda: (_, parameters) => (textual(parameters, 'gradientNormalization', 'none') === 'none' ? 1 : NaN),
  'aligned-mtl': (count, parameters) => (parameters['convention'] === 'sum' ? count : 1),
  'excess-mtl': (count, parameters) => (parameters['convention'] === 'torchjd' ? 1 : count),
  cagrad(_, parameters) {
    const c = typeof parameters['c'] === 'number' ? parameters['c'] : 0.4;
    const rescale = parameters['rescale'] ?? 1;
    return (1 + c) / (rescale === 1 ? 1 + c * c : rescale === 2 ? 1 + c : 1);
  },
};

/** Strategies whose weights multiply the spec's: without a constant factor theirs sum to the spec's. */
const multiplying: ReadonlySet<string> = new Set([
  ...['uncertainty', 'uncertainty-optimal', 'log', 'imtl-l', 'performance'],
]);

/** What weights (or a direction) are multiplied by for `scale`. */
function scaleFactor(
  name: string,
  parameters: Parameters,
  statistics: StepStatistics,
  weights: Numbers | null,
): number {
  const rule = textual(parameters, 'scale', 'paper');
  if (rule === 'paper') return 1;
  const count = statistics.tasks.length;
  const target = rule === 'sum' ? count : 1;
  const usual = equalTasks[name]?.(count, parameters) ?? NaN;
  if (Number.isFinite(usual)) return target / usual;
  const total = sum(weights ?? []);
  const share = multiplying.has(name) ? sum(statistics.weights) / count : 1;
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

function rescaling(inner: Strategy, name: string, parameters: Parameters): Strategy {
  return {
    ...inner,
    weigh(statistics, state) {
      const found = inner.weigh(statistics, state);
      const before = found.weights;
      const factor = scaleFactor(name, parameters, statistics, before);
      const weights = normalizeWeights(factor === 1 ? before : scaled(before, factor), parameters['normalize']);
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

const asks = (parameters: Parameters): boolean =>
  ['normalize', 'scale'].some((key) => !['none', 'paper', undefined].includes(parameters[key] as string | undefined));

/** The row with the parameters that all strategies take carried out. */
export function adjusted(row: StrategyRow): StrategyRow {
  return {
    name: row.name,
    create(context) {
      const { parameters } = context;
      const plain = row.create(context);
      const inner = parameters['prescale'] === true ? prescaling(plain) : plain;
      return asks(parameters) ? rescaling(inner, row.name, parameters) : inner;
    },
  };
}

/** The same for strategies that work entry by entry. */
export function adjustedEntries(row: EntryStrategyRow): EntryStrategyRow {
  return {
    name: row.name,
    create(context) {
      const { parameters } = context;
      const inner = row.create(context);
      const pre = parameters['prescale'] === true;
      const combine: EntryStrategy['combine'] = (statistics, state) => {
        const { space, rows, weights: w } = statistics;
        const seen = pre
          ? { ...statistics, ...prescaled(statistics), rows: rows.map((row, i) => space.combine([at(w, i)], [row])) }
          : statistics;
        const found = inner.combine(seen, state);
        const own = found.weights && pre ? product(found.weights, w) : found.weights;
        const factor = scaleFactor(row.name, parameters, statistics, own);
        const weights = own && normalizeWeights(scaled(own, factor), parameters['normalize']);
        const total = sum(own ?? []);
        const whole = weights && total > 0 ? sum(weights) / total : factor;
        const heads = found.heads ?? w.map(() => 1);
        return {
          ...found,
          ...(pre && { heads: product(heads, w) }),
          weights,
          direction: whole === 1 ? found.direction : space.combine([whole], [found.direction]),
        };
      };
      return { ...inner, combine };
    },
  };
}
