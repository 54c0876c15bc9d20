/** The network as a graph of names: order of definition, cycles, who reaches whom. No shapes here. */
import type { PlanSource } from './types.ts';

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

/** Names of the blocks and tasks that read each input, block and task prediction, in source order. */
export function consumersOf(vertices: readonly Vertex[]): ReadonlyMap<string, readonly string[]> {
  const consumers = new Map<string, string[]>();
  for (const vertex of vertices) {
    for (const source of vertex.sources) {
      const list = consumers.get(keyOf(source)) ?? [];
      if (!list.includes(vertex.name)) list.push(vertex.name);
      consumers.set(keyOf(source), list);
    }
  }
  return consumers;
}

/**
 * Tasks whose loss reaches each vertex (SCIENCE 1.3): backwards from every task along its sources; the prediction of
 * another task read with `stopGradient` lets nothing through.
 */
export function tasksReaching(vertices: readonly Vertex[], gradients: boolean): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map(vertices.map((vertex) => [keyOf(vertex), vertex] as const));
  const reached = new Map<string, string[]>();
  for (const task of vertices) {
    if (task.kind !== 'task') continue;
    const visited = new Set<string>([keyOf(task)]);
    const queue: Vertex[] = [task];
    for (let vertex = queue.pop(); vertex !== undefined; vertex = queue.pop()) {
      mark(reached, keyOf(vertex), task.name);
      for (const source of vertex.sources) {
        if (gradients && source.kind === 'task' && source.stopGradient) continue;
        const key = keyOf(source);
        if (visited.has(key)) continue;
        visited.add(key);
        const next = byKey.get(key);
        if (next === undefined) mark(reached, key, task.name);
        else queue.push(next);
      }
    }
  }
  return reached;
}

function mark(reached: Map<string, string[]>, key: string, task: string): void {
  const list = reached.get(key);
  if (list === undefined) reached.set(key, [task]);
  else list.push(task);
}
