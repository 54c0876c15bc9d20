/**
 * GradNorm (Chen et al., ICML 2018): weights are learned so that Gᵢ = wᵢ‖∇Lᵢ‖ follows Ḡ rᵢ^α, with Ḡ the mean of G and
 * rᵢ = (Lᵢ/Lᵢ(0)) / mean: the gradient of Σ|Gᵢ − Ḡ rᵢ^α| with Ḡ and r held constant is sign(Gᵢ − Ḡ rᵢ^α) ‖∇Lᵢ‖.
 *
 * Paper: the weights take one Adam step of their own and are renormalized to sum T; L(0) is the first loss. LibMTL
 * (`convention: "libmtl"`): w = T softmax(v), v stepped by the main optimizer; L(0) is the mean of epoch 0, which has equal
 * weights.
 */
import { adamStep } from '../parts/adam.ts';
import { knows, multiplied, parameter, required, taskNumbers, withTasks } from '../state.ts';
import { at, filled, scaled, sum } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import { softmax, softmaxBackward } from '../solvers/simplex.ts';
import type { Json, Learned, ParametersOf, Strategy, StrategyRow } from '../contract.ts';

/** A weight that the learning rate pushed below 0 starts again from here. */
const least = 1e-6;

/** ∂/∂wᵢ Σ|Gᵢ − Ḡ rᵢ^α|. */
function slopes(weights: Numbers, norms: Numbers, progress: Numbers, alpha: number): number[] {
  const g = weights.map((weight, i) => weight * at(norms, i));
  const mean = sum(g) / g.length;
  const average = sum(progress) / progress.length;
  return g.map((value, i) => Math.sign(value - mean * (at(progress, i) / average) ** alpha) * at(norms, i));
}

function paper(parameters: ParametersOf<'gradnorm'>): Strategy {
  const { alpha } = parameters;
  const learningRate = parameter(parameters.learningRate, 'learningRate');
  const epochMean = parameters.initial === 'epoch-mean';
  return {
    needs: 'norms',
    ...measuredOn(parameters),
    initialState: null,
    weigh(statistics, state) {
      const { tasks, losses } = statistics;
      const started = epochMean ? state : rememberMeans(state, tasks, losses);
      const weights = taskNumbers(started, 'weights', tasks, 1);
      const effective = multiplied(weights, statistics, parameters);
      if (!knows(started, 'initial', tasks)) return { weights: effective, state: started };
      const progress = progressOf(started, tasks, losses);
      const gradient = slopes(weights, required(statistics.norms, 'gradient norms'), progress, alpha);
      const stepped = adamStep(started, 'weights', tasks, 1, gradient, { learningRate });
      const raw = taskNumbers(stepped, 'weights', tasks, 1).map((value) => Math.max(value, least));
      return { weights: effective, state: withTasks(stepped, 'weights', tasks, scaled(raw, raw.length / sum(raw))) };
    },
    afterEpoch: (tasks, means, state) => (epochMean ? rememberMeans(state, tasks, means) : state),
  };
}

/** L(0), once for each task. */
function rememberMeans(state: Json, tasks: readonly string[], means: Numbers): Json {
  const fresh = tasks.filter((task) => !knows(state, 'initial', [task]));
  return withTasks(
    state,
    'initial',
    fresh,
    fresh.map((task) => at(means, tasks.indexOf(task))),
  );
}

const progressOf = (state: Json, tasks: readonly string[], losses: Numbers): number[] => {
  const initial = taskNumbers(state, 'initial', tasks, 1);
  return losses.map((loss, i) => loss / Math.max(at(initial, i), Number.MIN_VALUE));
};

function libmtl(parameters: ParametersOf<'gradnorm'>): Strategy {
  const { alpha } = parameters;
  const learned: Learned = {
    values: (state, tasks) => taskNumbers(state, 'scale', tasks, 1),
    replace: (state, tasks, values) => withTasks(state, 'scale', tasks, values),
    learningRate: parameters.stateLearningRate,
  };
  return {
    needs: 'norms',
    ...measuredOn(parameters),
    initialState: null,
    learned,
    weigh(statistics, state) {
      const { tasks, losses } = statistics;
      const count = tasks.length;
      if (!knows(state, 'initial', tasks))
        return { weights: multiplied(filled(count, 1), statistics, parameters), state };
      const shares = softmax(learned.values(state, tasks));
      const weights = scaled(shares, count);
      const norms = required(statistics.norms, 'gradient norms');
      const gradient = scaled(
        softmaxBackward(shares, slopes(weights, norms, progressOf(state, tasks, losses), alpha)),
        count,
      );
      return { weights: multiplied(weights, statistics, parameters), state, gradient };
    },
    afterEpoch: (tasks, means, state) => rememberMeans(state, tasks, means),
  };
}

/** The layer whose norms are taken, unless they are those of all shared parameters. */
const measuredOn = ({ measured, layer }: ParametersOf<'gradnorm'>): Pick<Strategy, 'normsOf'> =>
  measured === 'layer' ? { normsOf: { block: layer } } : {};

export const gradnorm: StrategyRow<'gradnorm'> = (parameters) =>
  parameters.convention === 'libmtl' ? libmtl(parameters) : paper(parameters);
