/**
 * Bilevel strategies: task weights softmax(ξ) are learned on held-out halves of the training batches. With the lookahead
 * θ⁺ = θ − η Σ softmax(ξ)ᵢ ∇fᵢ(θ) on the inner half and the outer losses F at θ⁺, the chain rule gives
 * ∂F_t/∂ξ = −η J_softmaxᵀ (∇F_t · ∇fᵢ)ᵢ: inner products between outer and inner gradients are all that is needed.
 *
 * ξ starts at 1/T each and has its own Adam; the new softmax(ξ), times the spec's weights, weighs the update of the model.
 */
import type { Text } from '../../common/text.ts';
import { adamStep } from './adam.ts';
import { multiplied, taskNumbers } from '../state.ts';
import { softmax } from '../solvers/simplex.ts';
import type { Json, Lookahead, StepStatistics, Strategy } from '../contract.ts';
import type { Normalize } from './normalize.ts';

/** Under which the logits ξ are kept. */
export const key = 'logits';

export const logitsOf = (state: Json, tasks: readonly string[]): number[] =>
  taskNumbers(state, key, tasks, 1 / tasks.length);

export interface Slope {
  readonly gradient: readonly number[];
  readonly problems: readonly Text[];
}

/**
 * A strategy whose logits follow a slope.
 *
 * @param slope combines the gradients of the outer losses by ξ; `rate` is that of the lookahead, where it has its own
 */
export function followingSlope(
  parameters: { readonly outerLearningRate: number; readonly normalize: Normalize },
  lookahead: Lookahead,
  slope: (statistics: StepStatistics, shares: readonly number[]) => Slope,
): Strategy {
  return {
    needs: 'cross-gram',
    initialState: null,
    lookahead,
    shares: (tasks, state) => softmax(logitsOf(state, tasks)),
    weigh(statistics, state) {
      const { tasks } = statistics;
      const { gradient, problems } = slope(statistics, softmax(logitsOf(state, tasks)));
      const { outerLearningRate: learningRate } = parameters;
      const next = adamStep(state, key, tasks, 1 / tasks.length, gradient, { learningRate });
      const weights = multiplied(softmax(logitsOf(next, tasks)), statistics, parameters);
      return { weights, state: next, gradient, problems };
    },
  };
}
