/**
 * Sobol's sequence with the direction numbers of Joe and Kuo, in the Gray-code order of Antonov and Saleev: point 0 is the
 * origin, and the first 2ᵐ points are a digital (t, m, s)-net in base 2. 32 bits: up to 2³² points.
 *
 * Scrambled: the left linear matrix scramble of Matoušek (1998) with a digital shift – each coordinate's digits multiplied
 * by a random lower triangular matrix over GF(2) with ones on its diagonal, then added to random digits. Nets stay nets, and
 * each point by itself is uniform in the cube. (As `scipy.stats.qmc.Sobol(scramble=True)`, with other random numbers.)
 */
import { text } from '../../common/text.ts';
import { at, row } from '../../numbers/linear.ts';
import { keyed, type Random } from '../../numbers/random.ts';
import type { DesignRequest, PlannedDesign } from './contract.ts';
import { combinations, settingAt } from './conditions.ts';
import { designed, tooMany } from './designed.ts';
import { directionNumbers } from './joe-kuo.ts';

const bits = 32;

/** Dimensions for which there are direction numbers. */
export const mostDimensions = directionNumbers.length + 1;

/** V₁ … V₃₂ of a dimension as whole numbers, the first digit after the point highest. */
function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(bits);
  if (dimension === 0) return v.map((_, index) => 2 ** (bits - 1 - index));
  const [a, ...m] = directionNumbers[dimension - 1] ?? [0];
  const degree = m.length;
  for (let i = 0; i < bits; i += 1) {
    if (i < degree) {
      v[i] = at(m, i) * 2 ** (bits - 1 - i);
      continue;
    }
    // Joe & Kuo 2008, equation (2.2).
    let next = at(v, i - degree) ^ (at(v, i - degree) >>> degree);
    for (let k = 1; k < degree; k += 1) if (((a >>> (degree - 1 - k)) & 1) === 1) next ^= at(v, i - k);
    v[i] = next;
  }
  return v;
}

/** The product of a random lower triangular matrix (ones on the diagonal) with each column of digits. */
function scrambled(v: Uint32Array, random: Random): Uint32Array {
  // Row r makes digit r, counted from the highest, of digits 0 … r of the column.
  const rows = Array.from({ length: bits }, (_, r) => {
    const diagonal = 2 ** (bits - 1 - r);
    const higher = r === 0 ? 0 : (random.bits() >>> (bits - r)) * 2 ** (bits - r);
    return (diagonal | higher) >>> 0;
  });
  return v.map((column) =>
    rows.reduce((digits, mask, r) => (digits | (parity(mask & column) << (bits - 1 - r))) >>> 0, 0),
  );
}

function parity(value: number): number {
  let folded = value;
  for (const by of [16, 8, 4, 2, 1]) folded ^= folded >>> by;
  return folded & 1;
}

/**
 * The first `n` points, [n][dimensions], each coordinate in [0, 1).
 * @param seed scrambles; null gives Sobol's own points
 * @throws {RangeError} for more than `mostDimensions`
 */
export function sobolPoints(dimensions: number, n: number, seed: number | null = null): number[][] {
  if (dimensions > mostDimensions)
    throw new RangeError(`Sobol's sequence has ${mostDimensions} dimensions here; ${dimensions} were asked for`);
  const columns = Array.from({ length: dimensions }, (_, dimension) => {
    const own = directions(dimension);
    if (seed === null) return { v: own, shift: 0 };
    const random = keyed(seed, 'design', 'sobol', dimension);
    return { v: scrambled(own, random), shift: random.bits() };
  });
  const digits = columns.map(({ shift }) => shift);
  return Array.from({ length: n }, (_, index) => {
    if (index > 0) {
      // Points i − 1 and i differ by the direction of the lowest zero digit of i − 1.
      const lowestZero = bits - 1 - Math.clz32(index & -index);
      columns.forEach(({ v }, dimension) => (digits[dimension] = (at(digits, dimension) ^ at(v, lowestZero)) >>> 0));
    }
    return digits.map((digit) => digit / 2 ** bits);
  });
}

/** Point number `index` of the scrambled sequence. */
export const sobolPoint = (dimensions: number, index: number, seed: number): readonly number[] =>
  row(sobolPoints(dimensions, index + 1, seed), index);

/** Points of the scrambled sequence, a dimension a factor; `runs` best a power of two. */
export const sobol: PlannedDesign = {
  title: text('Sobol sequence, scrambled', '加扰 Sobol 序列'),
  runs: 'needed',
  takes: 'ranges',
  sequential: false,
  problems: (request) => [...tooManyDimensions(request), ...tooMany(request, combinations(request.factors))],
  settings: ({ factors, runs, seed }) =>
    designed(
      factors,
      sobolPoints(factors.length, runs ?? 0, seed).map((point) => settingAt(factors, point)),
    ),
};

function tooManyDimensions({ factors }: DesignRequest) {
  if (factors.length <= mostDimensions) return [];
  return [
    text(
      `Sobol's sequence is known here for up to ${mostDimensions} factors; there are ${factors.length}. Use \`latin-hypercube\` or \`random\`.`,
      `此处的 Sobol 序列最多支持 ${mostDimensions} 个因素，现有 ${factors.length} 个。请改用 \`latin-hypercube\` 或 \`random\`。`,
    ),
  ];
}
