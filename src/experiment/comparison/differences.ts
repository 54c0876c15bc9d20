/** What differs between the specs of arms. */
import { orderedText, pointerOf, toOrdered, type Ordered, type Spec } from '../../spec/index.ts';
import { trainedForm } from '../identity.ts';
import type { Differences } from './contract.ts';
import type { ContestArm } from './contest.ts';

/** What only names a run, or is a seed, makes no arm. */
const aside = new Set(['/name', '/description', '/$schema', '/training/seed', '/training/seeds', '/data/split/seed']);

/** Leaves of the long form by their pointers. */
function leaves(spec: Spec): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (value: Ordered, path: readonly (string | number)[]): void => {
    const pointer = pointerOf(path);
    if (aside.has(pointer)) return;
    const members: readonly (readonly [string | number, Ordered])[] =
      value instanceof Map
        ? [...(value as ReadonlyMap<string, Ordered>)]
        : Array.isArray(value)
          ? [...(value as readonly Ordered[]).entries()]
          : [];
    if (members.length === 0) found.set(pointer, orderedText(value));
    for (const [key, member] of members) walk(member, [...path, key]);
  };
  walk(toOrdered(trainedForm(spec)), []);
  return found;
}

/** Of arms that train one spec; single-task baselines train one a task. */
export function differencesOf(arms: readonly ContestArm[]): Differences {
  const known = arms.flatMap(({ id, spec }) => (spec === null ? [] : [{ id, leaves: leaves(spec) }]));
  const pointers = [...new Set(known.flatMap((arm) => [...arm.leaves.keys()]))];
  const rows = pointers.map((pointer) => ({
    pointer,
    values: known.map((arm) => arm.leaves.get(pointer) ?? null),
  }));
  return {
    arms: known.map(({ id }) => id),
    differences: rows.filter(({ values }) => new Set(values).size > 1),
  };
}
