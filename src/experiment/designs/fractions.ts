/**
 * Regular two-level fractions 2^(k−p): the first k − p factors make a full factorial, each other factor is a product of some
 * of them (its generator). The products that are constant 1 are the words of the defining relation; the length of the
 * shortest is the resolution.
 *
 * The generators have maximum resolution and minimum aberration for their size: Box, Hunter & Hunter (1978), table 12.15,
 * as in the NIST/SEMATECH handbook, section 5.3.3.4.7; for 12 factors and more and where a table leaves one out those of
 * Design-Expert (package dexpy), whose word lengths are those of Chen, Sun & Wu (1993).
 */

/** Letters of factors; I stands for the identity and is left out. */
const letters = 'ABCDEFGHJKLMNOP';

/** Number of factors → runs → generators. */
const generators: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  3: {
    4: 'C=AB',
  },
  4: {
    8: 'D=ABC',
  },
  5: {
    8: 'D=AB E=AC',
    16: 'E=ABCD',
  },
  6: {
    8: 'D=AB E=AC F=BC',
    16: 'E=ABC F=BCD',
    32: 'F=ABCDE',
  },
  7: {
    8: 'D=AB E=AC F=BC G=ABC',
    16: 'E=ABC F=BCD G=ACD',
    32: 'F=ABCD G=ABDE',
    64: 'G=ABCDEF',
  },
  8: {
    16: 'E=ABC F=BCD G=ACD H=ABD',
    32: 'F=ABC G=ABD H=BCDE',
    64: 'G=ABCD H=ABEF',
  },
  9: {
    16: 'E=ABC F=BCD G=ACD H=ABD J=ABCD',
    32: 'F=BCDE G=ACDE H=ABDE J=ABCE',
    64: 'G=ABCD H=ACEF J=CDEF',
  },
  10: {
    16: 'E=ABC F=BCD G=ACD H=ABD J=ABCD K=AB',
    32: 'F=ABCD G=ABCE H=ABDE J=ACDE K=BCDE',
    64: 'G=BCDF H=ACDF J=ABDE K=ABCE',
  },
  11: {
    16: 'E=ABC F=BCD G=ACD H=ABD J=ABCD K=AB L=AC',
    32: 'F=ABC G=BCD H=CDE J=ACD K=ADE L=BDE',
    64: 'G=CDE H=ABCD J=ABF K=BDEF L=ADEF',
  },
  12: {
    16: 'E=ABC F=ABD G=ACD H=BCD J=ABCD K=AB L=AC M=AD',
    32: 'F=ABC G=ABD H=ACD J=BCD K=ABE L=ACE M=ADE',
    64: 'G=ABC H=ABD J=ACDE K=ACDF L=ABEF M=BCDEF',
  },
  13: {
    16: 'E=ABC F=ABD G=ACD H=BCD J=ABCD K=AB L=AC M=AD N=BC',
    32: 'F=ABC G=ABD H=ACD J=BCD K=ABE L=ACE M=ADE N=BCE',
    64: 'G=ABC H=ABD J=ABE K=ACDE L=ACF M=ADEF N=ABCDEF',
  },
  14: {
    16: 'E=ABC F=ABD G=ACD H=BCD J=ABCD K=AB L=AC M=AD N=BC O=BD',
    32: 'F=ABC G=ABD H=ACD J=BCD K=ABE L=ACE M=ADE N=BCE O=BDE',
    64: 'G=ABC H=ABD J=ABE K=ACDE L=ABF M=ACDF N=ACEF O=ADEF',
  },
  15: {
    16: 'E=ABC F=ABD G=ACD H=BCD J=ABCD K=AB L=AC M=AD N=BC O=BD P=CD',
    32: 'F=ABC G=ABD H=ACD J=BCD K=ABE L=ACE M=ADE N=BCE O=BDE P=CDE',
    64: 'G=ABC H=ABD J=ABE K=ACDE L=ABF M=ACDF N=ACEF O=ADEF P=ABCDEF',
  },
};

export interface Fraction {
  readonly runs: number;
  /** `E=ABC`, letters in the order of the factors without I; empty for a full factorial. */
  readonly generators: readonly string[];
  /** Length of the shortest word of the defining relation; null for a full factorial: nothing is confounded. */
  readonly resolution: number | null;
  /** How many words have length 3, 4, … k (the word length pattern). */
  readonly wordLengths: readonly number[];
  /**
   * Effects of one factor or of two that cannot be told from one another, as sets of factors by their position; only sets of
   * two effects or more. Interactions of three factors and more are left out.
   */
  readonly aliases: readonly (readonly (readonly number[])[])[];
}

/** Numbers of runs for which there is a design of so many factors, the full factorial (up to 64 runs) among them. */
export function runsOfFractions(factors: number): readonly number[] {
  const fractions = Object.keys(generators[factors] ?? {}).map(Number);
  const full = 2 ** factors;
  return full <= 64 ? [...fractions, full] : fractions;
}

/** Each factor as the product of basic factors that it is: bit i for basic factor i. */
function columnsOf(factors: number, runs: number): { columns: readonly number[]; written: readonly string[] } {
  const basic = Math.log2(runs);
  const written = factors === basic ? [] : (generators[factors]?.[runs] ?? '').split(' ');
  const own = Array.from({ length: basic }, (_, index) => 2 ** index);
  const made = written.map((generator) =>
    Array.from(generator.split('=')[1] ?? '').reduce((product, letter) => product ^ (2 ** letters.indexOf(letter)), 0),
  );
  return { columns: [...own, ...made], written };
}

/** Lengths of the words of the defining relation: sets of columns whose product is 1, by length. */
function wordLengths(columns: readonly number[]): readonly number[] {
  const lengths = columns.map(() => 0);
  const basic = columns.filter((column) => (column & (column - 1)) === 0).length;
  const made = columns.slice(basic);
  for (let chosen = 1; chosen < 2 ** made.length; chosen += 1) {
    const product = made.reduce((total, column, index) => ((chosen >>> index) & 1 ? total ^ column : total), 0);
    const length = ones(chosen) + ones(product);
    lengths[length - 1] = (lengths[length - 1] ?? 0) + 1;
  }
  return lengths.slice(2);
}

function ones(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Main effects and two-factor interactions whose columns are the same. */
function aliasesOf(columns: readonly number[]): Fraction['aliases'] {
  const sets = new Map<number, (readonly number[])[]>();
  const add = (product: number, effect: readonly number[]) => sets.set(product, [...(sets.get(product) ?? []), effect]);
  columns.forEach((column, index) => add(column, [index]));
  columns.forEach((first, i) => {
    columns.slice(i + 1).forEach((second, offset) => add(first ^ second, [i, i + 1 + offset]));
  });
  return [...sets.values()].filter((effects) => effects.length > 1);
}

/** The design of so many factors in so many runs; null if there is none (`runsOfFractions`). */
export function fractionOf(factors: number, runs: number): Fraction | null {
  if (!runsOfFractions(factors).includes(runs)) return null;
  const { columns, written } = columnsOf(factors, runs);
  const lengths = wordLengths(columns);
  const shortest = lengths.findIndex((count) => count > 0);
  return {
    runs,
    generators: written,
    resolution: shortest < 0 ? null : shortest + 3,
    wordLengths: lengths,
    aliases: aliasesOf(columns),
  };
}

/** Low (0) and high (1) of every factor, [runs][factors], in standard order: the first factor changes fastest. */
export function fractionRows(factors: number, runs: number): readonly (readonly number[])[] {
  const { columns } = columnsOf(factors, runs);
  // With −1 and 1 for low and high a product of an even number of lows is high.
  return Array.from({ length: runs }, (_, run) => columns.map((column) => (ones(column & ~run) % 2 === 0 ? 1 : 0)));
}
