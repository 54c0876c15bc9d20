/** Where the keys lead the cursor of a chart. Pure. */

/** Where a key leads from an index (null: from nowhere); null for keys that lead nowhere. */
export function nextIndex(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  at: number | null,
  length: number,
): number | null {
  const far = Math.max(1, Math.round(length / 10));
  const step = shiftKey ? 10 : 1;
  const by = new Map<string, number>([
    ...([['ArrowRight', step], ['ArrowUp', step], ['ArrowLeft', -step], ['ArrowDown', -step]] as const), // prettier-ignore
    ...([['PageUp', far], ['PageDown', -far], ['Home', -Infinity], ['End', Infinity]] as const), // prettier-ignore
  ]).get(key);
  if (by === undefined) return null;
  // From nowhere the first step leads to the latest.
  if (at === null) return by === -Infinity ? 0 : length - 1;
  return Math.min(length - 1, Math.max(0, at + by));
}

/** The nearest of ascending places. */
export function indexNear(places: ArrayLike<number>, x: number): number {
  let best = 0;
  for (let index = 1; index < places.length; index++) {
    if (Math.abs((places[index] ?? NaN) - x) < Math.abs((places[best] ?? NaN) - x)) best = index;
  }
  return best;
}
