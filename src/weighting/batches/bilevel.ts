/**
 * Bilevel strategies: task weights softmax(ξ) are learned on held-out halves of the training batches. With the lookahead
 * θ⁺ = θ − η Σ softmax(ξ)ᵢ ∇fᵢ(θ) on the inner half and the outer losses F at θ⁺, the chain rule gives
 * ∂F_t/∂ξ = −η J_softmaxᵀ (∇F_t · ∇fᵢ)ᵢ: inner products between outer and inner gradients are all that is needed.
 *
 * - Auto-λ (Liu et al., TMLR 2022): the gradient of Σ F_t. The inner products with Σ ∇F_t may be given as finite
 *   differences of the inner losses (the authors' code, ε = .01/‖d‖).
 * - MOML (Ye et al., NeurIPS 2021): the shortest vector of the hull of the unit gradients of all F_t by ξ.
 *
 * ξ starts at 1/T each and has its own Adam; the new softmax(ξ), times the spec's weights, weighs the update of the model.
 */
import { adamStep } from '../adam.ts';
import { multiplied, numeric, report, required, taskNumbers } from '../state.ts';
import { dot, gramOf, plus, scaled } from '../../numbers/linear.ts';
import { minNormPoint } from '../solvers/min-norm.ts';
import { softmax, softmaxBackward } from '../solvers/simplex.ts';
import type { Json, StepStatistics, StrategyContext, StrategyRow } from '../contract.ts';

export const key = 'logits';

export const logitsOf = (state: Json, tasks: readonly string[]): number[] =>
  taskNumbers(state, key, tasks, 1 / tasks.length);

interface Slope {
  readonly gradient: readonly number[];
  readonly problems: readonly string[];
}

/** Combines the gradients of the outer losses by ξ, one row each. */
type Rule = (statistics: StepStatistics, shares: readonly number[], parameters: StrategyContext['parameters']) => Slope;

function bilevel(name: string, rule: Rule): StrategyRow {
  return {
    name,
    create({ parameters }) {
      const learningRate = numeric(parameters, 'outerLearningRate', 0.01);
      return {
        needs: 'cross-gram',
        initialState: null,
        shares: (tasks, state) => softmax(logitsOf(state, tasks)),
        weigh(statistics, state) {
          const { tasks } = statistics;
          const { gradient, problems } = rule(statistics, softmax(logitsOf(state, tasks)), parameters);
          const next = adamStep(state, key, tasks, 1 / tasks.length, gradient, { learningRate });
          const weights = multiplied(softmax(logitsOf(next, tasks)), statistics, parameters);
          return { weights, state: next, gradient, problems };
        },
      };
    },
  };
}

export const autoLambda = bilevel('auto-lambda', ({ cross, differences }, shares, parameters) => {
  // Σ_t ∇F_t · ∇fᵢ, exactly or by differences.
  const along =
    differences ??
    required(cross, 'J₁ J₂ᵀ').reduce(
      (total, row) => plus(total, row),
      shares.map(() => 0),
    );
  const rate = numeric(parameters, 'innerLearningRate', 0.1);
  return { gradient: scaled(softmaxBackward(shares, along), -rate), problems: [] };
});

/** The unit gradients of the outer losses by ξ; a zero gradient stays zero. */
export function unitSlopes(cross: readonly (readonly number[])[], shares: readonly number[]): number[][] {
  return cross.map((row) => {
    const slope = scaled(softmaxBackward(shares, row), -1);
    const norm = Math.sqrt(dot(slope, slope));
    return norm > 0 ? scaled(slope, 1 / norm) : slope;
  });
}

export const moml = bilevel('moml', ({ cross }, shares) => {
  const rows = unitSlopes(required(cross, 'J₁ J₂ᵀ'), shares);
  const solution = minNormPoint(gramOf(rows));
  const gradient = rows.reduce(
    (total, row, i) => plus(total, row, solution.x[i] ?? 0),
    shares.map(() => 0),
  );
  return { gradient, problems: report('moml', solution) };
});
