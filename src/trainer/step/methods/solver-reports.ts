/** What solvers have to say: told once a kind, and again at its tenth, hundredth … time. */
import { counted, type Text, text } from '../../../common/text.ts';
import type { Weighting } from '../../../weighting/contract.ts';

/** Kind of problem (the English words, numbers left out) → how often it came. */
export type ProblemCounts = Readonly<Record<string, number>>;

/** Counts a problem. */
export function countProblem(
  counts: ProblemCounts,
  problem: Text,
): { readonly counts: ProblemCounts; /** What is to be told now. */ readonly told: Text | null } {
  // Numbers change from step to step; the kind does not.
  const kind = problem.en.replace(/[\d.]+(?:e[+-]?\d+)?/gu, '#');
  // A kind that is met for the first time has come no time before.
  const before = Object.hasOwn(counts, kind) ? counts[kind] : undefined;
  const count = (before ?? 0) + 1;
  const due = Number.isInteger(Math.log10(count));
  return { counts: { ...counts, [kind]: count }, told: due ? withTimes(problem, count) : null };
}

/** What the solvers of a step have to say; most have nothing, and then do not mention it. */
export function reportsOf(weighings: readonly Pick<Weighting, 'problems'>[]): Text[] {
  return weighings.flatMap(({ problems }) => problems ?? []);
}

const withTimes = (problem: Text, count: number): Text =>
  count === 1
    ? problem
    : text(`${problem.en} (${counted(count, 'time')} so far)`, `${problem.zh}（至今 ${String(count)} 次）`);
