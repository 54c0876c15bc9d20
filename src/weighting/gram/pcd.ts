/**
 * Primary-constrained descent, as published in TorchJD (PCD): the direction nearest to the primary task's gradient that
 * makes every other task fall, gᵢ·d ≥ τ‖gᵢ‖², with all gradients first divided by the root of the running mean of their
 * squared norms (bias corrected, + ε), and the result given the norm of the primary gradient. In the dual:
 * min ½ μᵀ G μ − bᵀ μ, μ ≥ 0, bᵢ = τ Gᵢᵢ − Gᵢ₀. Contradictory constraints leave the primary gradient alone.
 */
import { text, type Text } from '../../common/text.ts';
import { gramFrom, taskNumbers, withTasks } from '../state.ts';
import { at, diagonal, entry, epsilon, filled, form, part, unit } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import { nonNegativeQuadratic } from '../solvers/quadratic.ts';
import type { Json, ParametersOf, StepStatistics, StrategyRow } from '../contract.ts';

/** 1/√(running mean + ε) of the tasks present, and the state with that mean moved on. */
function scales(
  statistics: StepStatistics,
  state: Json,
  parameters: ParametersOf<'pcd'>,
): { readonly scale: number[]; readonly state: Json } {
  const { tasks } = statistics;
  const beta = parameters.beta;
  const guard = parameters.epsilon;
  const squares = diagonal(gramFrom(statistics));
  const means = taskNumbers(state, 'squares', tasks, 0).map((mean, i) => beta * mean + (1 - beta) * at(squares, i));
  const counts = taskNumbers(state, 'counts', tasks, 0).map((count) => count + 1);
  const scale = means.map((mean, i) => {
    const size = Math.sqrt(mean / (1 - beta ** at(counts, i)) + guard);
    return size > 0 ? 1 / size : 0;
  });
  return { scale, state: withTasks(withTasks(state, 'squares', tasks, means), 'counts', tasks, counts) };
}

const contradicting = text(
  'pcd: the tasks contradict each other; the primary gradient is taken alone.',
  'pcd：各任务互相矛盾，仅采用主任务的梯度。',
);

const notConverged = text(
  'pcd: the quadratic program did not converge; the primary gradient is taken alone.',
  'pcd：二次规划未收敛，仅采用主任务的梯度。',
);

const unlabeled = (primary: string): Text =>
  text(
    `pcd: the primary task "${primary}" has no label in this batch; nothing is learned from it.`,
    `pcd：主任务“${primary}”在此批中没有标签，不从此批学习。`,
  );

/** Weights of the scaled gradients with the primary one first. */
function constrained(gram: Matrix, tau: number, problems: Text[]): number[] {
  const others = Array.from({ length: gram.length - 1 }, (_, index) => index + 1);
  const b = others.map((i) => tau * entry(gram, i, i) - entry(gram, i, 0));
  const solution = nonNegativeQuadratic(part(gram, others), b, 1e-9);
  if (solution.unbounded) problems.push(contradicting);
  else if (!solution.converged) problems.push(notConverged);
  return solution.converged ? [1, ...solution.x] : unit(gram.length, 0);
}

export const pcd: StrategyRow<'pcd'> = (parameters) => {
  const { primary, tau } = parameters;
  return {
    needs: 'gram',
    initialState: null,
    weigh(statistics, state) {
      const { tasks } = statistics;
      const gram = gramFrom(statistics);
      const next = scales(statistics, state, parameters);
      const first = tasks.indexOf(primary);
      if (first === -1) {
        return { weights: filled(tasks.length, 0), state: next.state, problems: [unlabeled(primary)] };
      }
      const problems: Text[] = [];
      const order = [first, ...tasks.keys()].filter((index, position) => position === 0 || index !== first);
      const weights = filled(tasks.length, 0);
      for (const [position, weight] of weightsOf(gram, order, next.scale, tau, problems).entries()) {
        weights[at(order, position)] = weight;
      }
      return { weights, state: next.state, problems };
    },
  };
};

function weightsOf(gram: Matrix, order: Numbers, scale: Numbers, tau: number, problems: Text[]): number[] {
  const square = entry(gram, at(order, 0), at(order, 0));
  if (!(square > 0)) return filled(order.length, 0);
  const inner = part(gram, order).map((values, i) =>
    values.map((value, j) => value * at(scale, at(order, i)) * at(scale, at(order, j))),
  );
  const w = constrained(inner, tau, problems);
  const length = form(inner, w);
  const magnitude = w.reduce((total, weight, i) => total + Math.abs(weight) * Math.sqrt(entry(inner, i, i)), 0) ** 2;
  if (!(length > 10 * epsilon * magnitude)) return filled(order.length, 0);
  return w.map((weight, i) => weight * at(scale, at(order, i)) * Math.sqrt(square / length));
}
