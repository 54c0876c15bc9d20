/** Cases of statistics of experiments: a function's name, its arguments, and what scipy, statsmodels or brute force gave. */
import { sobolPoints } from '../../../src/experiment/designs/sobol.ts';
import { deltaM, improvements } from '../../../src/experiment/statistics/delta-m.ts';
import { hypervolume } from '../../../src/experiment/statistics/hypervolume.ts';
import { obrienFleming } from '../../../src/experiment/statistics/looks.ts';
import { equivalence, nonInferiority } from '../../../src/experiment/statistics/margins.ts';
import { holm } from '../../../src/experiment/statistics/multiplicity.ts';
import { nadeauBengio, pairedT } from '../../../src/experiment/statistics/paired-t.ts';
import { paretoFront } from '../../../src/experiment/statistics/pareto.ts';
import { pairedTPower, pairedTSampleSize } from '../../../src/experiment/statistics/power.ts';
import { signFlip } from '../../../src/experiment/statistics/sign-flip.ts';
import { signedRank } from '../../../src/experiment/statistics/signed-rank.ts';
import type { Fields, Outcome, Value } from './check.ts';
import { asFields, asList, asMatrix, asNumber, asNumbers, asText, toleranceOf } from './check.ts';

type Answer = Readonly<Record<string, unknown>> | object;

const flags = (value: Value | undefined): boolean[] => asList(value).map((one) => one === true);
const byTask = (value: Value | undefined): Record<string, number[]> =>
  Object.fromEntries(Object.entries(asFields(value)).map(([task, values]) => [task, asNumbers(values)]));
const directions = (value: Value | undefined): Record<string, boolean> =>
  Object.fromEntries(Object.entries(asFields(value)).map(([task, higher]) => [task, higher === true]));

/**
 * The files have the arithmetic alone; what is refused (a baseline whose interval contains 0) is compared by it, all else by
 * `deltaM` itself.
 */
function checkedDeltaM(given: Fields): Answer {
  const [arm, baseline, higherIsBetter] = [byTask(given['arm']), byTask(given['baseline']), directions(given['higherIsBetter'])];
  const level = asNumber(given['level']);
  const result = deltaM({ arm, baseline, higherIsBetter, level });
  if (result.refused === null) return result;
  const mean = (values: readonly number[] = []): number => values.reduce((a, b) => a + b, 0) / values.length;
  const tasks = Object.entries(arm).map(([task, values]) => {
    const sign = higherIsBetter[task] === true ? 1 : -1;
    return { values, baseline: mean(baseline[task]), sign, scale: 'ratio' as const };
  });
  const values = improvements(tasks, result.values.length);
  return { ...pairedT(values.map(Number), level), values };
}

/** By the name in a file. */
const functions: Readonly<Record<string, (given: Fields) => Answer>> = {
  pairedT: (given) => pairedT(asNumbers(given['differences']), asNumber(given['level'])),
  nadeauBengio: (given) =>
    nadeauBengio(asNumbers(given['differences']), asNumber(given['testOverTrain']), asNumber(given['level'])),
  signFlip: (given) => signFlip(asNumbers(given['differences'])),
  signedRank: (given) => signedRank(asNumbers(given['differences'])),
  holm: (given) => ({ adjusted: holm(asNumbers(given['p'])) }),
  equivalence: (given) =>
    equivalence(asNumbers(given['differences']), asNumber(given['margin']), asNumber(given['level'])),
  nonInferiority: (given) =>
    nonInferiority(
      asNumbers(given['differences']),
      asNumber(given['margin']),
      given['higherIsBetter'] === true,
      asNumber(given['level']),
    ),
  pairedTPower: (given) => ({
    power: pairedTPower(asNumber(given['n']), asNumber(given['effect']), asNumber(given['alpha'])),
  }),
  pairedTSampleSize: (given) => ({
    n: pairedTSampleSize(asNumber(given['effect']), asNumber(given['power']), asNumber(given['alpha'])),
  }),
  paretoFront: (given) => ({ front: paretoFront(asMatrix(given['points']), flags(given['maximize'])) }),
  hypervolume: (given) => ({
    value: hypervolume(asMatrix(given['points']), flags(given['maximize']), asNumbers(given['reference'])),
  }),
  deltaM: checkedDeltaM,
  sobol: (given) => ({ points: sobolPoints(asNumber(given['dimensions']), asNumber(given['n'])) }),
  obrienFleming: (given) => obrienFleming(asNumbers(given['information']), asNumber(given['alpha'])),
};

/** Everything that differs between an answer and what was expected: entry by entry, |x − e| ≤ atol + rtol |e|. */
class Comparison {
  readonly failures: string[] = [];
  error = 0;
  share = 0;
  private readonly rtol: number;
  private readonly atol: number;

  constructor(one: Fields) {
    const { rtol, atol } = toleranceOf({ rtol: one['rtol'] ?? 0, atol: one['atol'] ?? 0 });
    this.rtol = rtol;
    this.atol = atol;
  }

  compare(what: string, actual: unknown, expected: Value): void {
    if (Array.isArray(expected)) return this.compareLists(what, actual, expected as readonly Value[]);
    if (expected === 'NaN') return this.compareUnknown(what, actual);
    const number = asNumber(expected);
    if (Number.isNaN(number)) {
      if (actual !== expected) this.failures.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
      return;
    }
    if (actual === number) return;
    const off = typeof actual === 'number' ? Math.abs(actual - number) : NaN;
    const allowed = this.atol + this.rtol * Math.abs(number);
    this.share = Math.max(this.share, off / allowed);
    if (number !== 0 && Number.isFinite(off)) this.error = Math.max(this.error, off / Math.abs(number));
    // Written so that NaN fails.
    if (!(off <= allowed)) this.failures.push(`${what}: ${JSON.stringify(actual)} instead of ${number}`);
  }

  private compareLists(what: string, actual: unknown, expected: readonly Value[]): void {
    const list: readonly unknown[] = Array.isArray(actual) ? actual : [];
    if (list.length !== expected.length) {
      this.failures.push(`${what}: ${list.length} entries instead of ${expected.length}`);
      return;
    }
    for (const [i, value] of expected.entries()) this.compare(`${what} ${i}`, list[i], value);
  }

  /** The library had no number where there is one (scipy's noncentral t overflows): ours is one, or says that there is none. */
  private compareUnknown(what: string, actual: unknown): void {
    if (actual !== null && !(typeof actual === 'number' && Number.isFinite(actual))) {
      this.failures.push(`${what}: ${JSON.stringify(actual)} is no finite number, nor null`);
    }
  }
}

/** Runs case `index` of a file. */
export function runStatistic(one: Fields, index: number): Outcome {
  const method = asText(one['function']);
  const comparison = new Comparison(one);
  const outcome = { method, id: `case ${index}` };
  const run = functions[method];
  if (!run) return { ...outcome, failures: [], error: 0, share: 0, skipped: `the function ${method} is not known here` };
  try {
    const answer = run(asFields(one['arguments'])) as Readonly<Record<string, unknown>>;
    for (const [key, value] of Object.entries(asFields(one['expected']))) comparison.compare(key, answer[key], value);
  } catch (error) {
    comparison.failures.push(error instanceof Error ? error.message : String(error));
  }
  const { failures, error, share } = comparison;
  return { ...outcome, failures, error, share };
}
