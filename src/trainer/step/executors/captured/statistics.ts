/** Norms and Gram matrices as they come back from a session. */
import type { GradientRequest, TaskGradients } from '../../contract.ts';
import type { Sample } from '../../recorded/inputs.ts';
import { gramNames } from './gram.ts';

export const noNumbers = new Float32Array(0);

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

/** @param sample of whose tasks the labelled ones are of interest */
export function readStatistics(
  { present, labelled }: Pick<Sample, 'present' | 'labelled'>,
  { statistic, segments }: GradientRequest,
  results: ReadonlyMap<string, Float32Array>,
): Pick<TaskGradients, 'norms' | 'grams'> {
  const { length } = present;
  const places = labelled.map((index) => present.indexOf(index));
  const doubles = segments.map((_, place) => {
    const [first, rest] = gramNames(place).map((name) => results.get(name) ?? noNumbers);
    return Array.from(first ?? noNumbers, (value, at) => value + (rest?.[at] ?? 0));
  });
  const root = (square: number): number => Math.sqrt(Math.max(square, 0));
  if (statistic === 'norms')
    return { norms: doubles.map((squares) => places.map((i) => root(squares[i] ?? 0))), grams: [] };
  const grams = doubles.map((gram) => places.map((i) => places.map((j) => gram[i * length + j] ?? 0)));
  return { norms: grams.map((gram) => gram.map((line, i) => root(line[i] ?? 0))), grams };
}
