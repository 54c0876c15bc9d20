/** JSON Pointers (RFC 6901) of the spec's parts, and the way from one to a node of the picture. */
import { pointerOf } from '../spec/index.ts';
import type { Diagram, DiagramNode } from './plan.ts';

export function pointerTo(...segments: readonly (string | number)[]): string {
  return pointerOf(segments);
}

/** True when `pointer` is `ancestor` or lies below it. */
export function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`);
}

/**
 * The node that stands for a place in the text: the deepest one whose JSON holds it. A weight stands for the
 * prediction whose edge carries it, the whole of `weights` for the total loss.
 */
export function nodeAtPointer(diagram: Diagram, pointer: string): DiagramNode | null {
  const weight = diagram.nodes.find(
    (node) => node.kind === 'prediction' && isWithin(pointer, pointerTo('weights', node.name)),
  );
  if (weight !== undefined) return weight;
  if (isWithin(pointer, '/weights')) return diagram.nodes.find((node) => node.kind === 'total') ?? null;
  const holding = diagram.nodes.flatMap((node) =>
    node.pointer !== null && isWithin(pointer, node.pointer) ? [{ node, depth: node.pointer.length }] : [],
  );
  return holding.toSorted((one, other) => other.depth - one.depth)[0]?.node ?? null;
}

/** JSON Pointer to reveal for a node of the picture; null for the total and for unknown ids. */
export function pointerOfNode(diagram: Diagram, id: string): string | null {
  return diagram.nodes.find((node) => node.id === id)?.pointer ?? null;
}
