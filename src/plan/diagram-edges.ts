/** The edges of the picture: who reads whom, whose gradients flow back there, and the weights of the total loss. */
import { partEdges, partKeys } from './diagram-parts.ts';
import type { SketchEdge } from './diagram-sketch.ts';
import type { Plan, PlanSource } from './plan.ts';

/** @param keys of the nodes that are drawn: an edge without both of its ends is none */
export function sketchEdges(plan: Plan, keys: ReadonlySet<string>, mostParts: number): readonly SketchEdge[] {
  const edges: SketchEdge[] = [];
  const connect = (from: string, to: string, tasks: readonly string[], more: Partial<SketchEdge> = {}): void => {
    if (!keys.has(from) || !keys.has(to)) return;
    edges.push({ from, to, label: '', weights: [], tasks, shared: tasks.length > 1, cut: false, ...more });
  };
  const read = readKeys(plan, mostParts);
  for (const block of plan.blocks.values()) {
    const key = `block:${block.name}`;
    for (const source of block.sources) connect(read(source, key), key, block.tasks, { cut: isCut(source) });
    if (!block.sharing) continue;
    for (const { from, to, tasks } of partEdges(block, block.sharing, mostParts)) connect(from, to, tasks);
  }
  for (const task of plan.tasks.values()) {
    const key = `task:${task.name}`;
    for (const source of task.sources) connect(read(source, key), key, [task.name], { cut: isCut(source) });
  }
  for (const { name } of plan.tasks.values()) connect(`task:${name}`, `prediction:${name}`, [name]);
  for (const { name, weight } of plan.tasks.values()) {
    const label = `× ${String(weight)}`;
    connect(`prediction:${name}`, 'total:total', [name], { label, weights: [weight] });
  }
  return edges;
}

/** Key of what a reader reads: a task through its prediction, a block through the part that is the reader's. */
function readKeys(plan: Plan, mostParts: number): (source: PlanSource, reader: string) => string {
  const keys = new Map([...plan.blocks.values()].map((block) => [block.name, partKeys(block, mostParts)] as const));
  return (source, reader) => {
    const part = source.kind === 'block' ? plan.blocks.get(source.name)?.sharing?.outputs.get(reader) : undefined;
    if (part !== undefined) return keys.get(source.name)?.(part) ?? `block:${source.name}`;
    return `${source.kind === 'task' ? 'prediction' : source.kind}:${source.name}`;
  };
}

function isCut(source: PlanSource): boolean {
  return source.kind === 'task' && source.stopGradient;
}
