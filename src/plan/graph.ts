/** The network as a graph of names: order of definition, cycles, who reaches whom. No shapes here. */
import type { PlanSource } from './plan.ts';

/** A block or a task with what it reads. */
export interface Vertex {
  readonly kind: 'block' | 'task';
  readonly name: string;
  readonly sources: readonly PlanSource[];
}

export interface Ordering {
  /** Everything after what it reads; source order where that leaves a choice. */
  readonly order: readonly Vertex[];
  /** Each cycle once, as the path from a vertex back to itself: a reads b reads … reads a. */
  readonly cycles: readonly (readonly Vertex[])[];
}

export function keyOf(part: { readonly kind: string; readonly name: string }): string {
  return `${part.kind}:${part.name}`;
}

/** Depth first in source order; iterative, since a chain of blocks may be long. An edge that closes a cycle is cut. */
export function orderOf(vertices: readonly Vertex[]): Ordering {
  const byKey = new Map(vertices.map((vertex) => [keyOf(vertex), vertex] as const));
  const state = new Map<string, 'open' | 'done'>();
  const order: Vertex[] = [];
  const cycles: Vertex[][] = [];
  for (const root of vertices) {
    if (state.has(keyOf(root))) continue;
    const path: { readonly vertex: Vertex; next: number }[] = [{ vertex: root, next: 0 }];
    state.set(keyOf(root), 'open');
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const source = top.vertex.sources[top.next];
      top.next += 1;
      if (source === undefined) {
        state.set(keyOf(top.vertex), 'done');
        order.push(top.vertex);
        path.pop();
        continue;
      }
      const target = byKey.get(keyOf(source));
      if (target === undefined) continue;
      const seen = state.get(keyOf(target));
      if (seen === undefined) {
        state.set(keyOf(target), 'open');
        path.push({ vertex: target, next: 0 });
      } else if (seen === 'open') {
        cycles.push(path.slice(path.findIndex((step) => step.vertex === target)).map((step) => step.vertex));
      }
    }
  }
  return { order, cycles };
}

/** The blocks and tasks that read each input, block and task prediction, in source order, each once. */
export function readersOf(vertices: readonly Vertex[]): ReadonlyMap<string, readonly Vertex[]> {
  const readers = new Map<string, Set<Vertex>>();
  for (const vertex of vertices) {
    for (const source of vertex.sources) {
      const known = readers.get(keyOf(source)) ?? new Set<Vertex>();
      readers.set(keyOf(source), known.add(vertex));
    }
  }
  return new Map([...readers].map(([key, found]) => [key, [...found]] as const));
}

/** Names of the blocks and tasks that read each input, block and task prediction, in source order. */
export function consumersOf(vertices: readonly Vertex[]): ReadonlyMap<string, readonly string[]> {
  const readers = readersOf(vertices);
  return new Map([...readers].map(([key, found]) => [key, [...new Set(found.map(({ name }) => name))]] as const));
}

/**
 * Tasks whose loss reaches each vertex and input (conventions 1.3), in source order: backwards along the sources; with
 * `gradients`, the prediction of another task read with `stopGradient` lets nothing through. `ordered` has everything
 * after what it reads. A vertex with one reader shares that reader's list, so that long chains cost nothing.
 */
export function tasksReaching(
  ordered: readonly Vertex[],
  gradients: boolean,
  rank: ReadonlyMap<string, number> = ranksOf(ordered),
): ReadonlyMap<string, readonly string[]> {
  const incoming = new Map<string, Set<readonly string[]>>();
  const reached = new Map<string, readonly string[]>();
  const settle = (key: string, lists: ReadonlySet<readonly string[]>): readonly string[] => {
    const merged = union(lists, rank);
    reached.set(key, merged);
    incoming.delete(key);
    return merged;
  };
  for (const vertex of ordered.toReversed()) {
    const key = keyOf(vertex);
    const lists = incoming.get(key) ?? new Set<readonly string[]>();
    if (vertex.kind === 'task') lists.add([vertex.name]);
    const own = settle(key, lists);
    if (own.length === 0) continue;
    for (const source of vertex.sources) {
      if (gradients && source.kind === 'task' && source.stopGradient) continue;
      const sourceKey = keyOf(source);
      if (reached.has(sourceKey)) continue;
      const known = incoming.get(sourceKey);
      if (known === undefined) incoming.set(sourceKey, new Set([own]));
      else known.add(own);
    }
  }
  for (const [key, lists] of [...incoming]) settle(key, lists);
  return reached;
}

function ranksOf(ordered: readonly Vertex[]): ReadonlyMap<string, number> {
  const tasks = ordered.filter((vertex) => vertex.kind === 'task');
  return new Map(tasks.map((task, index) => [task.name, index] as const));
}

function union(lists: ReadonlySet<readonly string[]>, rank: ReadonlyMap<string, number>): readonly string[] {
  const [first, second] = lists;
  if (first === undefined) return [];
  if (second === undefined) return first;
  const names = new Set<string>();
  for (const list of lists) for (const name of list) names.add(name);
  return [...names].sort((one, other) => (rank.get(one) ?? 0) - (rank.get(other) ?? 0));
}
