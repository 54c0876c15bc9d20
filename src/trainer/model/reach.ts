/** Which task losses reach a block or a task (conventions 1.3): backwards along the plan's edges, `stopGradient` edges cut. */
import type { Plan, PlanSource } from '../../plan/plan.ts';

/** `block:trunk` or `task:species`: blocks and tasks may share a name. */
export type NodeKey = `${'block' | 'task'}:${string}`;

export interface Reach {
  /** Tasks whose loss gives a gradient here, in source order. */
  readonly losses: ReadonlyMap<NodeKey, readonly string[]>;
  /** Nodes whose values some task needs, gradient or not. */
  readonly needed: ReadonlySet<NodeKey>;
  /** Inputs that some task needs, in source order. */
  readonly inputs: readonly string[];
}

export function reachOf(plan: Plan): Reach {
  const losses = new Map<NodeKey, string[]>();
  const needed = new Set<NodeKey>();
  const inputs = new Set<string>();
  for (const task of plan.tasks.keys()) {
    for (const node of walk(plan, task, true).nodes) {
      const list = losses.get(node) ?? [];
      list.push(task);
      losses.set(node, list);
    }
    const all = walk(plan, task, false);
    for (const node of all.nodes) needed.add(node);
    for (const input of all.inputs) inputs.add(input);
  }
  return { losses, needed, inputs: [...plan.inputs.keys()].filter((name) => inputs.has(name)) };
}

function walk(plan: Plan, task: string, cut: boolean): { nodes: Set<NodeKey>; inputs: Set<string> } {
  const nodes = new Set<NodeKey>();
  const inputs = new Set<string>();
  const open: PlanSource[] = [{ kind: 'task', name: task, stopGradient: false }];
  for (let source = open.pop(); source; source = open.pop()) {
    if (source.kind === 'input') {
      inputs.add(source.name);
      continue;
    }
    if (source.kind === 'task' && source.stopGradient && cut) continue;
    const key: NodeKey = `${source.kind}:${source.name}`;
    if (nodes.has(key)) continue;
    nodes.add(key);
    open.push(...((source.kind === 'block' ? plan.blocks : plan.tasks).get(source.name)?.sources ?? []));
  }
  return { nodes, inputs };
}
