/**
 * FORUM (Ye et al., ECAI 2024): the bilevel problem as a constrained one. With inner losses f weighed by σ = softmax(ξ),
 * q(ξ, θ) = Σ σᵢ fᵢ(θ) − Σ σᵢ fᵢ(θ*), where θ* is `innerSteps` steps of SGD away, must not rise: the direction is
 * Σ λ_t ∇F_t/‖∇F_t‖ + ν ∇q with the λ on the simplex and ν ≥ 0 of
 *
 *     min ‖Σ λ_t ĝ_t + ν ∇q‖² − ν φ (‖∇q‖² + 1e-8),   ν ≥ Σ λ_t π_t,   π_t = φ − ĝ_t·∇q/(‖∇q‖² + 1e-8).
 *
 * λ is a running mean over epochs, λ ← λ + (λ̂ − λ)/(epoch + 1)^¾ (starting at the first λ̂), and ν follows from it. ξ takes
 * its own Adam step on ν ∂q/∂ξ, the model takes Σ (λ_t/‖∇F_t‖) ∇F_t + ν Σ σᵢ ∇fᵢ, all times the spec's weights.
 */
import { adamStep } from '../parts/adam.ts';
import { key, logitsOf } from '../parts/task-logits.ts';
import { report, required, taskNumbers, withTasks } from '../state.ts';
import { at, diagonal, dot, form, multiply, plus, scaled } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import { convexProgram } from '../solvers/program.ts';
import { softmax, softmaxBackward } from '../solvers/simplex.ts';
import type { Solution } from '../solvers/contract.ts';
import type { StrategyRow } from '../contract.ts';

const guard = 1e-8;

/** λ and ν as one vector. */
function multipliers(unit: Matrix, along: Numbers, square: number, phi: number): { solution: Solution; pi: number[] } {
  const count = unit.length;
  const pi = along.map((value) => phi - value / (square + guard));
  const h = [...unit.map((values, i) => scaled([...values, at(along, i)], 2)), scaled([...along, square], 2)];
  const inequalities = [
    ...[...along, 0].map((_, k) => ({ row: [...along, 0].map((_, j) => (j === k ? -1 : 0)), bound: 0 })),
    { row: [...pi, -1], bound: 0 },
  ];
  const solution = convexProgram({
    ...{ h, inequalities },
    c: [...pi.map(() => 0), -phi * (square + guard)],
    equality: { row: [...pi.map(() => 1), 0], value: 1 },
  });
  return { solution: { ...solution, x: solution.x.slice(0, count).map((value) => Math.max(value, 0)) }, pi };
}

export const forum: StrategyRow<'forum'> = (parameters) => {
  const { outerLearningRate: learningRate, innerLearningRate, innerSteps, phi } = parameters;
  return {
    needs: 'bilevel-gram',
    initialState: null,
    lookahead: { learningRate: innerLearningRate, steps: innerSteps, differences: false },
    shares: (tasks, state) => softmax(logitsOf(state, tasks)),
    weigh(statistics, state) {
      const { tasks, losses } = statistics;
      const { outer, inner, cross, after } = required(statistics.bilevel, 'gradients on both halves of a batch');
      const shares = softmax(logitsOf(state, tasks));
      // ∂q/∂ξ, and the rest of ∇q: Σ σᵢ ∇fᵢ.
      const byLogits = softmaxBackward(shares, plus(losses, after, -1));
      const square = dot(byLogits, byLogits) + Math.max(form(inner, shares), 0);
      const norms = diagonal(outer).map((value) => (value > 0 ? Math.sqrt(value) : 1));
      const unit = outer.map((values, i) => values.map((value, j) => value / at(norms, i) / at(norms, j)));
      const along = multiply(cross, shares).map((value, i) => value / at(norms, i));
      const { solution, pi } = multipliers(unit, along, square, phi);
      const pace = ((statistics.epoch ?? 0) + 1) ** -0.75;
      const before = taskNumbers(state, 'lambda', tasks, solution.x);
      const lambda = plus(before, plus(solution.x, before, -1), pace);
      const nu = Math.max(dot(lambda, pi), 0);
      const gradient = scaled(byLogits, nu);
      const kept = withTasks(state, 'lambda', tasks, lambda);
      return {
        weights: lambda.map((value, i) => (value / at(norms, i)) * at(statistics.weights, i)),
        inner: shares.map((share, i) => nu * share * at(statistics.weights, i)),
        state: adamStep(kept, key, tasks, 1 / tasks.length, gradient, { learningRate }),
        gradient,
        problems: report('forum', solution),
      };
    },
  };
};
