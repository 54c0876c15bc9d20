/**
 * The test split is looked at once. While runs of an experiment are still to come, what has ended is shown without its results
 * there: who wants to see them earlier asks, and that is counted.
 */
import type { Outcome } from '../../experiment/contract.ts';
import type { Expansion } from '../../experiment/contract.ts';

/** Ended runs of confirmed arms: those whose values of the test split a comparison shows. */
export function testedRuns({ compared }: Expansion, outcomes: ReadonlyMap<string, Outcome>): readonly string[] {
  const ids = compared.filter(({ confirmed }) => confirmed).flatMap(({ runs }) => runs.map(({ id }) => id));
  return [...new Set(ids)].filter((id) => outcomes.get(id)?.state === 'done');
}

/** The outcomes without those runs, as if they had not ended. */
export function without(outcomes: ReadonlyMap<string, Outcome>, held: readonly string[]): ReadonlyMap<string, Outcome> {
  if (held.length === 0) return outcomes;
  const hidden = new Set(held);
  return new Map([...outcomes].filter(([id]) => !hidden.has(id)));
}
