/** The networks of two arms as one picture: what only one of them has, and what both have. Pure. */
import { diagramOf } from '../../plan/index.ts';
import type { Diagram, DiagramNodeKind, Plan } from '../../plan/plan.ts';

/** `changed`: both have it, with other layers, shape or size. */
export type Side = 'both' | 'changed' | 'first' | 'second';

export interface MergedNode {
  /** Kind and name: `block:trunk`. */
  readonly key: string;
  readonly kind: DiagramNodeKind;
  readonly name: string;
  readonly side: Side;
  /** Lines of its label in each; empty where it is not. */
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** Longest way from an input, over the edges of both. */
  readonly rank: number;
}

interface MergedEdge {
  /** Keys of nodes. */
  readonly from: string;
  readonly to: string;
  readonly side: Side;
  readonly first: string;
  readonly second: string;
}

export interface MergedNetwork {
  readonly nodes: readonly MergedNode[];
  readonly edges: readonly MergedEdge[];
}

interface Label {
  readonly lines: readonly string[];
}

export function mergedNetwork(first: Plan, second: Plan, locale: Parameters<typeof diagramOf>[1]): MergedNetwork {
  const [a, b] = [partsOf(diagramOf(first, locale)), partsOf(diagramOf(second, locale))];
  const edges = merged(a.edges, b.edges).map(([key, left, right]): MergedEdge => {
    const [from = '', to = ''] = JSON.parse(key) as string[];
    return { from, to, side: sideOf(left, right), first: left?.lines.join(' ') ?? '', second: right?.lines.join(' ') ?? '' }; // prettier-ignore
  });
  const keys = merged(a.nodes, b.nodes);
  const ranks = ranksOf(
    keys.map(([key]) => key),
    edges,
  );
  const nodes = keys.flatMap(([key, left, right]): MergedNode[] => {
    const own = left ?? right;
    if (own === undefined) return [];
    const { kind, name } = own;
    const lines = { first: left?.lines ?? [], second: right?.lines ?? [] };
    return [{ key, kind, name, side: sideOf(left, right), ...lines, rank: ranks.get(key) ?? 0 }];
  });
  return { nodes, edges };
}

interface Part extends Label {
  readonly kind: DiagramNodeKind;
  readonly name: string;
}

function partsOf({ nodes, edges }: Diagram): {
  readonly nodes: ReadonlyMap<string, Part>;
  readonly edges: ReadonlyMap<string, Label>;
} {
  const keys = new Map(nodes.map(({ id, kind, name }) => [id, `${kind}:${name}`]));
  return {
    nodes: new Map(nodes.map(({ kind, name, label }) => [`${kind}:${name}`, { kind, name, lines: label }])),
    edges: new Map(
      edges.map(({ from, to, label }) => [JSON.stringify([keys.get(from), keys.get(to)]), { lines: [label] }]),
    ),
  };
}

/** Every key of either, those of the first in their order and what only the second has behind. */
function merged<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
): (readonly [string, T | undefined, T | undefined])[] {
  return [...new Set([...a.keys(), ...b.keys()])].map((key) => [key, a.get(key), b.get(key)]);
}

function sideOf(first: Label | undefined, second: Label | undefined): Side {
  if (first === undefined) return 'second';
  if (second === undefined) return 'first';
  return JSON.stringify(first.lines) === JSON.stringify(second.lines) ? 'both' : 'changed';
}

/** Two networks may read each other's blocks in turn: a circle ends after as many rounds as there are nodes. */
function ranksOf(keys: readonly string[], edges: readonly MergedEdge[]): ReadonlyMap<string, number> {
  const ranks = new Map(keys.map((key) => [key, 0]));
  for (let round = 0; round < keys.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      const wanted = (ranks.get(from) ?? 0) + 1;
      if (wanted <= (ranks.get(to) ?? 0) || wanted >= keys.length) continue;
      ranks.set(to, wanted);
      moved = true;
    }
    if (!moved) break;
  }
  return ranks;
}
