/** Two specs compared in their long form, place by place. */
import { pointerOf } from '../editing/pointer.ts';
import { toOrdered, type Ordered } from '../reading/values.ts';

export interface Difference {
  /** JSON Pointer into the long form. */
  readonly pointer: string;
  /** Undefined where only the other one has it. */
  readonly before: Ordered | undefined;
  readonly after: Ordered | undefined;
}

/** The smallest places where two long forms differ, in the order of the first. What has another order of its names differs as a whole: order means something. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  return found(toOrdered(before), toOrdered(after), []);
}

function found(
  before: Ordered | undefined,
  after: Ordered | undefined,
  tokens: readonly (string | number)[],
): readonly Difference[] {
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...before.keys(), ...after.keys()])];
    const inner = keys.flatMap((key) => found(before.get(key), after.get(key), [...tokens, key]));
    const names = [
      [...before.keys()].filter((key) => after.has(key)),
      [...after.keys()].filter((key) => before.has(key)),
    ];
    const [old = [], now = []] = names;
    const moved = old.some((key, index) => key !== now[index]);
    return moved ? [...inner, { pointer: pointerOf(tokens), before: old, after: now }] : inner;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return (before as readonly Ordered[]).flatMap((item, index) =>
      found(item, (after as readonly Ordered[])[index], [...tokens, index]),
    );
  return JSON.stringify(plain(before)) === JSON.stringify(plain(after))
    ? []
    : [{ pointer: pointerOf(tokens), before, after }];
}

const isMap = (value: Ordered | undefined): value is ReadonlyMap<string, Ordered> => value instanceof Map;

/** Maps as lists of pairs, so that text can be compared. */
function plain(value: Ordered | undefined): unknown {
  if (isMap(value)) return { map: [...value].map(([key, item]) => [key, plain(item)]) };
  return Array.isArray(value) ? (value as readonly Ordered[]).map(plain) : value;
}
