/**
 * Gradient vaccine (Wang et al., ICLR 2021): each gradient visits the others in random order; where its cosine φ to gⱼ is
 * below the running target φ̂ᵢⱼ it is turned towards gⱼ until it reaches it,
 *
 *     gᵢ ← gᵢ + ‖gᵢ‖(φ̂√(1−φ²) − φ√(1−φ̂²)) / (‖gⱼ‖√(1−φ̂²)) gⱼ,   φ̂ᵢⱼ ← (1−β) φ̂ᵢⱼ + β φ.
 *
 * Targets start at 0, are not symmetric, and move at every visit. Only inner products are needed.
 */
import { gramFrom, numberIn, member, required, withTasks } from '../state.ts';
import { at, dot, entry, filled, plus, row, unit } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';

/** √(1 − φ²), 0 where rounding makes φ exceed 1. */
const sine = (cosine: number): number => Math.sqrt(Math.max(1 - cosine * cosine, 0));

interface Visit {
  readonly gram: Matrix;
  readonly beta: number;
  readonly epsilon: number;
  /** Targets φ̂ of this task, changed in place. */
  readonly targets: number[];
}

/** Coefficients of gradient `i` after its visits. */
function vaccinated(i: number, order: Numbers, { gram, beta, epsilon, targets }: Visit): number[] {
  const own = unit(gram.length, i);
  // G own, kept up with every change.
  let products: Numbers = row(gram, i);
  for (const j of order) {
    if (j === i) continue;
    const norm = Math.sqrt(Math.max(dot(products, own), 0));
    const other = Math.sqrt(Math.max(entry(gram, j, j), 0));
    const cosine = at(products, j) / (norm * other + epsilon);
    const target = at(targets, j);
    // A zero gradient has no cosine; with epsilon 0 it would be 0/0.
    if (!Number.isFinite(cosine)) continue;
    if (cosine < target) {
      const turn = (norm * (target * sine(cosine) - cosine * sine(target))) / (other * sine(target) + epsilon);
      if (Number.isFinite(turn)) {
        own[j] = at(own, j) + turn;
        products = plus(products, row(gram, j), turn);
      }
    }
    targets[j] = (1 - beta) * target + beta * cosine;
  }
  return own;
}

export const gradvac: StrategyRow<'gradvac'> = ({ beta, epsilon }) => {
  return {
    needs: 'gram',
    initialState: null,
    weigh(statistics, state) {
      const { tasks } = statistics;
      const gram = gramFrom(statistics);
      const orders = required(statistics.draws?.orders, 'visiting orders');
      let weights = filled(tasks.length, 0);
      let next = state;
      for (const [i, task] of tasks.entries()) {
        const known = member(member(state, 'targets'), task);
        const targets = tasks.map((other) => numberIn(known, other, 0));
        const order = orders[i] ?? [];
        weights = plus(weights, vaccinated(i, order, { gram, beta, epsilon, targets }));
        const kept = withTasks({ own: known ?? {} }, 'own', tasks, targets);
        next = withTasks(next, 'targets', [task], [member(kept, 'own')]);
      }
      return { weights, state: next };
    },
  };
};
