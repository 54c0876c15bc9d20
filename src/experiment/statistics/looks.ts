/** Looking at an experiment more than once: Lan and DeMets' spending with O'Brien and Fleming's shape. */
import { normalUpper, normalUpperQuantile } from '../../numbers/normal.ts';
import { quadrature } from '../../numbers/quadrature.ts';
import { checkAlpha } from './moments.ts';

export interface Looks {
  /** Bounds of |Z|; null where what may be spent is too small for a number, and no result is extreme enough. */
  readonly z: readonly (number | null)[];
  /** Two-sided: a look's own p is compared with it. */
  readonly nominalP: readonly number[];
}

function check(information: readonly number[]): void {
  for (const [k, value] of information.entries()) {
    const before = information[k - 1] ?? 0;
    if (!(value - before >= 1e-4 && value <= 1)) {
      throw new RangeError(
        `Look ${k + 1} has the information ${value} after ${before}: shares grow by 0.0001 or more and end at 1.`,
      );
    }
  }
}

/** What one side has spent at the share t of the information: 2 − 2Φ(z_{a/2}/√t), a = alpha/2 (Lan and DeMets 1983). */
const spent = (t: number, alpha: number): number => 2 * normalUpper(normalUpperQuantile(alpha / 4) / Math.sqrt(t));

/** Density of the score B(t) = Z√t, over the paths that crossed no bound so far: values at the nodes of a quadrature. */
interface Density {
  readonly nodes: Float64Array;
  /** Weight times density. */
  readonly mass: Float64Array;
}

const start: Density = { nodes: Float64Array.of(0), mass: Float64Array.of(1) };

/** P(no bound so far and B > edge), after `sd` of new information. */
function beyond({ nodes, mass }: Density, sd: number, edge: number): number {
  let total = 0;
  for (const [i, value] of nodes.entries()) total += (mass[i] ?? 0) * normalUpper((edge - value) / sd);
  return total;
}

function densityAt({ nodes, mass }: Density, sd: number, b: number): number {
  let total = 0;
  for (const [i, value] of nodes.entries()) total += (mass[i] ?? 0) * Math.exp(-(((b - value) / sd) ** 2) / 2);
  return total / (sd * Math.sqrt(2 * Math.PI));
}

/** The edge with P(no bound so far and B > edge) = p: Newton on the logarithm, inside a bracket. */
function edgeFor(density: Density, sd: number, p: number, guess: number): number {
  let [low, high] = [0, Infinity];
  let edge = guess;
  for (let step = 0; step < 100; step += 1) {
    const upper = beyond(density, sd, edge);
    if (upper > p) low = Math.max(low, edge);
    else high = Math.min(high, edge);
    const newton = upper > 0 ? edge + (Math.log(upper / p) * upper) / densityAt(density, sd, edge) : NaN;
    const inside = newton > low && newton < high;
    const next = inside ? newton : high === Infinity ? 2 * edge : (low + high) / 2;
    if (Math.abs(next - edge) <= 1e-13 * edge) return next;
    edge = next;
  }
  return edge;
}

/** After a look at which |B| stayed below `edge`: panels no wider than the noise that comes next is smooth on. */
function carried(density: Density, sd: number, edge: number, next: number): Density {
  const panels = Math.ceil(Math.min(2000, 2 + edge / Math.min(sd, next)));
  const { nodes, weights } = quadrature(-edge, edge, panels);
  return { nodes, mass: weights.map((weight, i) => weight * densityAt(density, sd, nodes[i] ?? 0)) };
}

/**
 * Bounds and nominal two-sided p of each look, so that the chance of any false rejection is what the spending function allows:
 * each side spends alpha/2 by Lan and DeMets' O'Brien–Fleming function, both bounds together by recursive integration over
 * B(t) (Armitage, McPherson and Rowe 1969). A look's t test is compared by its p, never its t with z.
 *
 * @param information shares in (0, 1], growing, of the last look planned
 * @param alpha two-sided, in (0, 1)
 * @throws RangeError for others
 */
export function obrienFleming(information: readonly number[], alpha: number): Looks {
  checkAlpha(alpha);
  check(information);
  const z: (number | null)[] = [];
  let density = start;
  let [before, already] = [0, 0];
  for (const [k, t] of information.entries()) {
    const sd = Math.sqrt(t - before);
    const total = spent(t, alpha);
    const share = total - already;
    if (!(share > 1e-300)) {
      z.push(null);
      continue;
    }
    const edge = edgeFor(density, sd, share, Math.sqrt(t) * Math.max(0.5, normalUpperQuantile(Math.min(0.4, share))));
    z.push(edge / Math.sqrt(t));
    const next = information[k + 1];
    if (next !== undefined) density = carried(density, sd, edge, Math.sqrt(next - t));
    [before, already] = [t, total];
  }
  return { z, nominalP: z.map((bound) => (bound === null ? 0 : 2 * normalUpper(bound))) };
}

/**
 * The smallest alpha at which a look's own two-sided p would be enough: compared with any alpha, and put into Holm's procedure,
 * as an ordinary p-value is. Its solution in ln alpha is bracketed and found by false position (Illinois). 1 where even alpha = 1
 * would not do.
 *
 * @param p of the test at this look, in [0, 1]
 * @param information of the looks up to this one, which is the last
 * @throws RangeError for others
 */
export function sequentialP(p: number, information: readonly number[]): number {
  check(information);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A p-value lies between 0 and 1: ${p} does not.`);
  if (p === 0 || information.length === 0) return p;
  const off = (logAlpha: number): number => {
    const nominal = obrienFleming(information, Math.exp(logAlpha)).nominalP.at(-1) ?? 0;
    return Math.log(Math.max(nominal, 1e-320) / p);
  };
  let [high, above] = [-1e-9, off(-1e-9)];
  if (above <= 0) return 1;
  // No look's nominal p exceeds alpha: the alpha that is sought is p or more.
  let [low, below] = [Math.log(p), off(Math.log(p))];
  if (below >= 0) return p;
  let kept: 'low' | 'high' | null = null;
  for (let step = 0; step < 100 && high - low > 1e-10; step += 1) {
    const middle = low + ((high - low) * -below) / (above - below);
    const value = off(middle);
    if (Math.abs(value) < 1e-10) return Math.exp(middle);
    if (value > 0) {
      [high, above] = [middle, value];
      if (kept === 'low') below /= 2;
      kept = 'low';
    } else {
      [low, below] = [middle, value];
      if (kept === 'high') above /= 2;
      kept = 'high';
    }
  }
  return Math.exp((low + high) / 2);
}
