/** What solvers have to say: told once a kind, and again at its tenth, hundredth … time. */

/** Kind of problem → how often it came. */
export type ProblemCounts = Readonly<Record<string, number>>;

/** Counts a problem. */
export function countProblem(
  counts: ProblemCounts,
  problem: string,
): { readonly counts: ProblemCounts; /** What is to be told now. */ readonly told: string | null } {
  // Numbers change from step to step; the kind does not.
  const kind = problem.replace(/[\d.]+(?:e[+-]?\d+)?/gu, '#');
  const count = (Object.hasOwn(counts, kind) ? (counts[kind] ?? 0) : 0) + 1;
  const due = Number.isInteger(Math.log10(count));
  const times = count === 1 ? '' : ` (${String(count)} times so far)`;
  return { counts: { ...counts, [kind]: count }, told: due ? `${problem}${times}` : null };
}
