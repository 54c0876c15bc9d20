/**
 * NSGA-II (Deb et al. 2002) over settings. A population of μ trials (`populationOf`); trial number i belongs to generation
 * ⌊i/μ⌋. The first generation is the scrambled Sobol sequence. Each later child has two parents, each the better of two
 * drawn from the population (smaller rank, then larger crowding distance), and is made by simulated binary crossover
 * (η = 15, with probability 0.9, each factor with ½) and polynomial mutation (η = 20, each factor with probability
 * 1/factors), both bounded, on the unit interval. Levels without order are taken from either parent, and mutate to any other.
 * A factor that neither parent has (its condition did not hold) is drawn anew.
 *
 * The population of a generation is what survives of all generations before it, one after the other, by fronts and crowding.
 * Trials that failed, were pruned, still run or lack a value have no place in it.
 */
import { text } from '../../common/text.ts';
import { keyed, type Random } from '../../numbers/random.ts';
import { crowdingDistances } from '../statistics/pareto.ts';
import type { DesignRequest, Factor, SequentialDesign, Setting, Trial } from './contract.ts';
import { chosen, combinations, settingAt, settingText } from './conditions.ts';
import { tooMany } from './designed.ts';
import { isScored, ranksOf, type Scored } from './ranking.ts';
import { mostDimensions, sobolPoint } from './sobol.ts';
import { cellAt, countOf, indexOf, isOrdered, unitOf, valueOf } from './values.ts';

const crossoverEta = 15;
const mutationEta = 20;

/** Trials a generation: twice the root of the runs, even, from 8 to 100. So the generations are about half that root. */
export const populationOf = (runs: number): number => Math.min(100, Math.max(8, 2 * Math.round(Math.sqrt(runs))));

interface Member {
  readonly trial: Scored;
  readonly rank: number;
  readonly crowding: number;
}

/** The best `size` trials by fronts, of the last front the least crowded; earlier trials first among equals. */
function survivors(trials: readonly Scored[], size: number): readonly Member[] {
  const ranks = ranksOf(trials);
  const members: Member[] = [];
  for (let rank = 0; members.length < size && ranks.includes(rank); rank += 1) {
    const front = trials.filter((_, index) => ranks[index] === rank);
    const crowding = crowdingDistances(front.map(({ values }) => values));
    const own = front.map((trial, index) => ({ trial, rank, crowding: crowding[index] ?? 0 }));
    // Not by subtraction: two ends are both infinitely far from their neighbors.
    members.push(...own.toSorted((a, b) => (a.crowding === b.crowding ? 0 : a.crowding > b.crowding ? -1 : 1)));
  }
  return members.slice(0, size);
}

interface Generation {
  readonly before: readonly Member[];
  readonly born: readonly Trial[];
  readonly population: readonly Member[];
}

/** Generations by their first trial: what comes of the same trials and the same population need not be found again. */
const generations = new WeakMap<Trial, Generation>();

function grown(before: readonly Member[], born: readonly Trial[], size: number): readonly Member[] {
  const [first] = born;
  if (first === undefined) return before;
  const known = generations.get(first);
  const same = known?.before === before && known.born.length === born.length;
  if (same && known.born.every((trial, index) => trial === born[index])) return known.population;
  const population = survivors([...before.map(({ trial }) => trial), ...born.filter(isScored)], size);
  generations.set(first, { before, born, population });
  return population;
}

const nobody: readonly Member[] = [];

/** What has survived before generation `generation`. */
function populationBefore(generation: number, history: readonly Trial[], size: number): readonly Member[] {
  let population = nobody;
  for (let before = 0; before < generation; before += 1)
    population = grown(population, history.slice(before * size, (before + 1) * size), size);
  return population;
}

function tournament(population: readonly Member[], random: Random): Setting {
  const draw = (): Member | undefined => population[random.integer(population.length)];
  const [a, b] = [draw(), draw()];
  if (a === undefined || b === undefined) throw new RangeError('An empty population has no parents');
  return (b.rank < a.rank || (b.rank === a.rank && b.crowding > a.crowding) ? b : a).trial.setting;
}

/** Bounded simulated binary crossover of two places in [0, 1]: one of the two children (Deb & Agrawal 1995; Deb's C code). */
function crossed(a: number, b: number, random: Random): number {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const u = random.uniform();
  const first = random.uniform() < 0.5;
  if (high - low < 1e-14) return a;
  const beta = 1 + (2 * (first ? low : 1 - high)) / (high - low);
  const alpha = 2 - beta ** -(crossoverEta + 1);
  const spread = (u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha)) ** (1 / (crossoverEta + 1));
  const child = 0.5 * (low + high + (first ? -spread : spread) * (high - low));
  return Math.min(1, Math.max(0, child));
}

/** Bounded polynomial mutation of a place in [0, 1] (Deb & Goyal 1996; Deb's C code). */
function mutated(x: number, random: Random): number {
  const u = random.uniform();
  const power = mutationEta + 1;
  const change =
    u < 0.5
      ? (2 * u + (1 - 2 * u) * (1 - x) ** power) ** (1 / power) - 1
      : 1 - (2 * (1 - u) + 2 * (u - 0.5) * x ** power) ** (1 / power);
  return Math.min(1, Math.max(0, x + change));
}

/** Another level, or the same where there is only one. */
function otherLevel(factor: Factor, place: number, random: Random): number {
  const count = countOf(factor);
  const own = indexOf(factor, valueOf(factor, place)) ?? 0;
  if (count < 2) return place;
  const other = (own + 1 + random.integer(count - 1)) % count;
  const cell = cellAt(factor, other);
  return (cell.low + cell.high) / 2;
}

/** One child's places on the unit interval, a factor each. */
function child(factors: readonly Factor[], [a, b]: readonly [Setting, Setting], random: Random): readonly number[] {
  const crosses = random.uniform() < 0.9;
  return factors.map((factor) => {
    const [first, second] = [a, b].map((parent) => unitOf(factor, parent.get(factor.name)));
    const exchanged = crosses && random.uniform() < 0.5;
    const place = inherited(factor, first ?? null, second ?? null, exchanged, random);
    if (random.uniform() >= 1 / factors.length) return place;
    return isOrdered(factor) ? mutated(place, random) : otherLevel(factor, place, random);
  });
}

function inherited(factor: Factor, a: number | null, b: number | null, exchanged: boolean, random: Random): number {
  if (a === null || b === null) return a ?? b ?? random.uniform();
  if (!exchanged) return a;
  return isOrdered(factor) ? crossed(a, b, random) : b;
}

/** So many children are made before one that was tried already is taken. */
const patience = 100;

function next(history: readonly Trial[], { factors, seed, runs }: DesignRequest): Setting {
  const number = history.length;
  const size = populationOf(runs ?? 0);
  const random = keyed(seed, 'design', 'nsga2', number);
  const population = populationBefore(Math.floor(number / size), history, size);
  if (population.length === 0) {
    if (factors.length <= mostDimensions) return settingAt(factors, sobolPoint(factors.length, number, seed));
    return settingAt(
      factors,
      factors.map(() => random.uniform()),
    );
  }
  const seen = new Set(history.map(({ setting }) => settingText(setting)));
  for (let tries = 1; ; tries += 1) {
    const places = child(factors, [tournament(population, random), tournament(population, random)], random);
    const byFactor = new Map(factors.map((factor, index) => [factor, places[index] ?? 0]));
    const setting = chosen(factors, (factor) => valueOf(factor, byFactor.get(factor) ?? 0));
    if (tries >= patience || !seen.has(settingText(setting))) return setting;
  }
}

export const nsga2: SequentialDesign = {
  title: text('NSGA-II', 'NSGA-II'),
  runs: 'needed',
  takes: 'ranges',
  sequential: true,
  problems: (request) => tooMany(request, combinations(request.factors)),
  next,
};
