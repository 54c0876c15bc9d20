/** Places in a spec's text by JSON Pointer, also while the text is broken. Pure. */
import { nearestAt, parseTree, pathAt, pointerOf, type Range } from '../../spec/index.ts';

/** The place of the longest part of the pointer that exists; for a property, its key as well as its value. */
export function rangeOf(text: string, pointer: string): Range | undefined {
  const found = nearestAt(parseTree(text).tree, pointer);
  if (!found) return undefined;
  const { node, member } = found;
  return { start: member?.keyRange.start ?? node.start, end: Math.max(member?.keyRange.end ?? 0, node.end) };
}

/** Like `rangeOf`, but the value alone. */
export function valueRangeOf(text: string, pointer: string): Range | undefined {
  const node = nearestAt(parseTree(text).tree, pointer)?.node;
  return node && { start: node.start, end: node.end };
}

/** Pointer of the innermost value or key at an offset. */
export function pointerAt(text: string, offset: number): string {
  return pointerOf(pathAt(parseTree(text).tree, offset)?.path ?? []);
}

/** The candidate with the longest pointer that holds `pointer`. */
export function closest<T extends { readonly pointer: string | null }>(
  candidates: readonly T[],
  pointer: string,
): T | undefined {
  let best: T | undefined;
  for (const candidate of candidates) {
    if (candidate.pointer === null || candidate.pointer === '') continue;
    const inside = pointer === candidate.pointer || pointer.startsWith(`${candidate.pointer}/`);
    if (inside && candidate.pointer.length > (best?.pointer?.length ?? -1)) best = candidate;
  }
  return best;
}
