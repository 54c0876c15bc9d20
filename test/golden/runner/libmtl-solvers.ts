/** The methods whose equations LibMTL solves inexactly: what its records drive, and how each step is judged. */
import { taskNumbers } from '../../../src/weighting/state.ts';
import { at, diagonal, dot, form, multiply, plus, scaled } from '../../../src/numbers/linear.ts';
import type { StepStatistics } from '../../../src/weighting/contract.ts';
import type { Fields } from './check.ts';
import { asFields, asNumber, asNumbers } from './check.ts';
import { combination, type Combined, type Replay } from './libmtl-replay.ts';
import type { Method } from './libmtl-methods.ts';
import type { Pass } from './tiny-model.ts';

type Solver = NonNullable<Method['solver']>;

/** Divisors of LibMTL's MGDA normalization. */
function divisors(kind: unknown, { losses, gram = [] }: StepStatistics): number[] {
  const norms = diagonal(gram).map(Math.sqrt);
  return norms.map((norm, i) => {
    if (kind === 'l2') return norm;
    if (kind === 'loss') return at(losses, i);
    return kind === 'loss+' ? at(losses, i) * norm : 1;
  });
}

/** The update that LibMTL made from the weights it recorded. */
export function libraryWeights(
  replay: Replay,
  solver: Solver,
  fields: Fields,
  statistics: StepStatistics,
  one: Pass,
): Combined {
  const params = asFields(replay.all['params']);
  const recorded = asNumbers(fields['weights']);
  const own = recorded.map(() => 1);
  const { gram = [] } = statistics;
  if (solver === 'mgda') {
    const nu = replay.repGrad ? own : divisors(params['mgda_gn'], statistics);
    const weights = recorded.map((weight, i) => weight / at(nu, i));
    return { shared: combination(weights, one.shared), heads: own, weights };
  }
  if (solver === 'cagrad') {
    const [c, rescale] = [asNumber(params['calpha']), asNumber(params['rescale'])];
    const mean = scaled(own, 1 / own.length);
    const radius = c * Math.sqrt(form(gram, mean) + 1e-8) + 1e-8;
    const lambda = radius / (Math.sqrt(Math.max(form(gram, recorded), 0)) + 1e-8);
    const divisor = rescale === 1 ? 1 + c * c : rescale === 2 ? 1 + c : 1;
    const weights = scaled(plus(mean, recorded, lambda), 1 / divisor);
    return { shared: combination(weights, one.shared), heads: own, weights };
  }
  let shared = combination(recorded, one.shared);
  const maxNorm = solver === 'nash' ? asNumber(params['max_norm']) : 0;
  const norm = Math.sqrt(dot(shared, shared));
  // torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm.
  if (maxNorm > 0 && norm > maxNorm) shared = scaled(shared, maxNorm / (norm + 1e-6));
  return { shared, heads: recorded, weights: recorded };
}

/** Our direction against the exact optimum, and against the library's within its own error. */
export function compareSolver(
  replay: Replay,
  solver: Solver,
  fields: Fields,
  statistics: StepStatistics,
  one: Pass,
  ours: Combined,
): void {
  const { check, tolerance, all } = replay;
  const name = `step ${asNumber(fields['step'])} `;
  check.finite(`${name}direction`, ours.shared);
  const gap = typeof fields['library_gap'] === 'number' ? fields['library_gap'] : 0;
  const params = asFields(all['params']);
  const nu = divisors(params['mgda_gn'], statistics);
  const size = Math.sqrt(
    one.shared.reduce((total, row, i) => total + dot(row, row) / (replay.repGrad ? 1 : at(nu, i)) ** 2, 0),
  );
  const frobenius = solver === 'mgda' ? size : undefined;
  if (fields['reference_shared_grad']) {
    const exact = { rtol: solver === 'cagrad' ? 1e-5 : 1e-6, atol: 1e-15 };
    check.compare(`${name}reference`, ours.shared, asNumbers(fields['reference_shared_grad']), exact, frobenius);
  }
  if (solver === 'nash') compareBargain(replay, fields, statistics);
  const loose = { rtol: tolerance.rtol + 2 * gap, atol: tolerance.atol };
  const judged = fields['reference_shared_grad'] ? true : solver !== 'mgda' && replay.libraryConverged;
  if (fields['shared_grad'] && judged) {
    check.compare(`${name}library`, ours.shared, asNumbers(fields['shared_grad']), loose, frobenius);
  }
  if (solver !== 'mgda') return;
  // The library's weights are a point of the simplex: the exact shortest vector is no longer than theirs.
  const { gram = [] } = statistics;
  const normalized = gram.map((values, i) => values.map((value, j) => value / at(nu, i) / at(nu, j)));
  const raw = replay.repGrad ? (ours.weights ?? []) : (ours.weights ?? []).map((weight, i) => weight * at(nu, i));
  const [best, theirs] = [form(normalized, raw), form(normalized, asNumbers(fields['weights']))];
  check.that(`${name}a shorter vector exists: ${theirs} < ${best}`, best <= theirs * (1 + 1e-9) + 1e-15);
}

/** Nash-MTL by its own equation, aᵢ (G a)ᵢ = 1: ours must solve it; the library's counts where it does. */
function compareBargain(replay: Replay, fields: Fields, { gram = [], tasks }: StepStatistics): void {
  const every = asNumber(asFields(replay.all['params'])['update_weights_every']);
  if (asNumber(fields['step']) % every !== 0) return;
  const products = (a: readonly number[]): number[] => multiply(gram, a).map((value, i) => value * at(a, i));
  const ours = products(taskNumbers(replay.state, 'alpha', tasks, NaN));
  replay.check.compare(
    `step ${asNumber(fields['step'])} a ∘ G a`,
    ours,
    ours.map(() => 1),
    { rtol: 1e-9, atol: 0 },
  );
  replay.libraryConverged = products(asNumbers(fields['weights'])).every((value) => Math.abs(value - 1) < 0.01);
}
