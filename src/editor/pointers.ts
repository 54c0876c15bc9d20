/** Places in a spec's text by JSON Pointer, also while the text is broken. Pure. */
import { findNodeAtLocation, getLocation, parseTree, type Node } from 'jsonc-parser';

export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

const options = { allowTrailingComma: true, disallowComments: false } as const;

export function segmentsOf(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pointerOf(segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The place of the longest part of the pointer that exists; for a property, its key as well as its value. */
export function rangeOf(text: string, pointer: string): OffsetRange | undefined {
  const root = parseTree(text, [], options);
  if (!root) return undefined;
  let node: Node = root;
  for (const segment of segmentsOf(pointer)) {
    const key = node.type === 'array' ? Number(segment) : segment;
    const next: Node | undefined = findNodeAtLocation(node, [key]);
    if (!next) break;
    node = next;
  }
  const whole = node.parent?.type === 'property' ? node.parent : node;
  return { start: whole.offset, end: whole.offset + whole.length };
}

/** Pointer of the value or key at an offset. */
export function pointerAt(text: string, offset: number): string {
  return pointerOf(getLocation(text, offset).path.filter((segment) => segment !== ''));
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
