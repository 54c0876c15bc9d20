/** From a JSON Pointer into the resolved spec to the place in the text that stands for it. */
import { parsePointer, type Range, type SpecNode } from '../spec/index.ts';
import { pointerTo } from './pointers.ts';

export interface Place {
  /** Pointer of what is written: a value that is not in the text (a default, a list of one) is where its owner is. */
  readonly pointer: string;
  readonly node: SpecNode;
  readonly key: Range | undefined;
  readonly parent: SpecNode | undefined;
}

/** The deepest written node on the way of a pointer. */
export function locate(tree: SpecNode, pointer: string): Place {
  let place: Place = { pointer: '', node: tree, key: undefined, parent: undefined };
  for (const token of parsePointer(pointer) ?? []) {
    const next = step(place, token);
    if (next === undefined) return place;
    place = next;
  }
  return place;
}

function step(place: Place, token: string): Place | undefined {
  const { node } = place;
  const pointer = place.pointer + pointerTo(token);
  if (node.kind === 'object') {
    const member = node.members.get(token);
    if (member === undefined || member.implied === true) return undefined;
    return { pointer, node: member.value, key: member.keyRange, parent: node };
  }
  const item = node.kind === 'array' && /^\d+$/.test(token) ? node.items[Number(token)] : undefined;
  return item === undefined ? undefined : { pointer, node: item, key: undefined, parent: node };
}
