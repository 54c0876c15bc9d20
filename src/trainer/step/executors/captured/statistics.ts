/** Norms and Gram matrices as they come back from a session. */
import type { GradientRequest, TaskGradients } from '../../contract.ts';
import type { Sample } from '../../recorded/inputs.ts';
import { at } from '../../../../numbers/linear.ts';
import { gramNames } from './gram.ts';
import { numbersOf } from './pass-results.ts';

const keys = new WeakMap<GradientRequest, string>();

/** Passes that only measure may ask for other parameters than the strategy. */
export function requestKey(request: GradientRequest): string {
  const { statistic, layout, segments, updateStatistics } = request;
  const key =
    keys.get(request) ??
    JSON.stringify([statistic, layout.variables.map(({ path }) => path), segments, updateStatistics]);
  keys.set(request, key);
  return key;
}

/** @param sample of whose tasks the labeled ones are of interest */
export function readStatistics(
  { present, labeled }: Pick<Sample, 'present' | 'labeled'>,
  { statistic, segments }: GradientRequest,
  results: ReadonlyMap<string, Float32Array>,
): Pick<TaskGradients, 'norms' | 'grams'> {
  const { length } = present;
  const places = labeled.map((index) => present.indexOf(index));
  const doubles = segments.map((_, place) => {
    const [first, rest] = gramNames(place);
    const [floats, remainders] = [numbersOf(results, first), numbersOf(results, rest)];
    return Array.from(floats, (value, i) => value + at(remainders, i));
  });
  const root = (square: number): number => Math.sqrt(Math.max(square, 0));
  if (statistic === 'norms')
    return { norms: doubles.map((squares) => places.map((i) => root(at(squares, i)))), grams: [] };
  const grams = doubles.map((gram) => places.map((i) => places.map((j) => at(gram, i * length + j))));
  return { norms: grams.map((gram) => gram.map((line, i) => root(at(line, i)))), grams };
}
