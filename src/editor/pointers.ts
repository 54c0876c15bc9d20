/** Places in a spec's text by JSON Pointer, also while the text is broken. Pure. */
import { parseTree, type Member, type SpecNode } from '../spec/tree.ts';

export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

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
  return find(text, pointer)?.place;
}

/** Like `rangeOf`, but the value alone. */
export function valueRangeOf(text: string, pointer: string): OffsetRange | undefined {
  const node = find(text, pointer)?.node;
  return node && { start: node.start, end: node.end };
}

interface Found {
  readonly node: SpecNode;
  readonly place: OffsetRange;
}

function find(text: string, pointer: string): Found | undefined {
  const { tree } = parseTree(text);
  if (!tree) return undefined;
  let found: Found = { node: tree, place: { start: tree.start, end: tree.end } };
  for (const segment of segmentsOf(pointer)) {
    const next = childOf(found.node, segment);
    if (!next) break;
    found = next;
  }
  return found;
}

function childOf(node: SpecNode, segment: string): Found | undefined {
  if (node.kind === 'object') {
    const member = node.members.get(segment);
    return member && { node: member.value, place: placeOf(member) };
  }
  const item = node.kind === 'array' ? node.items[Number(segment)] : undefined;
  return item && { node: item, place: { start: item.start, end: item.end } };
}

function placeOf({ keyRange, value }: Member): OffsetRange {
  return { start: keyRange.start, end: Math.max(keyRange.end, value.end) };
}

/** Pointer of the innermost value or key at an offset. */
export function pointerAt(text: string, offset: number): string {
  const { tree } = parseTree(text);
  const segments: (string | number)[] = [];
  let node: SpecNode | undefined = tree;
  while (node) {
    const inner: { segment: string | number; node: SpecNode } | undefined = innerAt(node, offset);
    if (inner) segments.push(inner.segment);
    node = inner?.node;
  }
  return pointerOf(segments);
}

function innerAt(node: SpecNode, offset: number): { segment: string | number; node: SpecNode } | undefined {
  const holds = ({ start, end }: OffsetRange): boolean => start <= offset && offset <= end;
  if (node.kind === 'object') {
    const member = [...node.members.values()].find((candidate) => holds(placeOf(candidate)));
    return member && { segment: member.key, node: member.value };
  }
  if (node.kind !== 'array') return undefined;
  const index = node.items.findIndex(holds);
  const item = node.items[index];
  return item && { segment: index, node: item };
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
