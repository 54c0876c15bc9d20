/** Which parameters and nodes the gradient strategies are about (conventions 1.3, 1.4, 1.7), found in the plan alone. */
import type { Plan, PlanBlock, PlanLayer, PlanSource, WeightShape } from './plan.ts';

/** A layer, or an operation of a sharing mechanism, with trainable parameters that at least two task losses reach. */
export interface SharedLayer {
  /** Name of its block; null for a task's own layers that another task reads. */
  readonly block: string | null;
  /** Layers of one stack (a block, an expert, a column) follow one another. */
  readonly stack: string;
  /** As `PlanLayer.path`. */
  readonly path: string;
  /** An operation's own weights (mixing factors, selectors) are no layer that a norm could be taken of. */
  readonly operation: boolean;
}

type Graph = Pick<Plan, 'spec' | 'blocks' | 'tasks'>;

/** All of them, block by block in source order. */
export function sharedLayers(plan: Graph): SharedLayer[] {
  return [
    ...[...plan.blocks.values()].filter(({ name }) => isTrained(plan, name)).flatMap(layersOfBlock),
    ...[...plan.tasks.values()].flatMap(({ name, tasks, layers, head }) =>
      tasks.length > 1 ? stackOf(null, `tasks/${name}`, [...layers, head]) : [],
    ),
  ];
}

function isTrained({ spec }: Graph, block: string): boolean {
  return spec.network.get(block)?.trainable !== false;
}

function layersOfBlock({ name, tasks, layers, sharing }: PlanBlock): SharedLayer[] {
  if (!sharing) return tasks.length > 1 ? stackOf(name, name, layers) : [];
  return sharing.parts
    .filter((part) => part.tasks.length > 1)
    .flatMap((part) => [
      ...stackOf(name, `${name}/${part.id}`, part.layers),
      ...(learns(part.weights) ? [{ block: name, stack: part.path, path: part.path, operation: true }] : []),
    ]);
}

function stackOf(block: string | null, stack: string, layers: readonly PlanLayer[]): SharedLayer[] {
  return layers.filter(({ weights }) => learns(weights)).map(({ path }) => ({ block, stack, path, operation: false }));
}

const learns = (weights: readonly WeightShape[]): boolean => weights.some(({ trainable }) => trainable);

/**
 * Paths of the layers whose gradient norms GradNorm takes: the last one of each stack of the named block; without a name,
 * the last shared layer of the network.
 *
 * @returns null where there is none, or where the last shared layer is not unique
 */
export function normLayers(plan: Graph, block?: string): readonly string[] | null {
  const shared = sharedLayers(plan).filter(({ operation }) => !operation);
  const blocks = [...new Set(shared.map((layer) => layer.block))];
  const last =
    block === undefined ? blocks.filter((name) => !blocks.some((other) => reads(plan, other, name))) : [block];
  if (last.length !== 1) return null;
  const inside = shared.filter((layer) => layer.block === last[0]);
  const paths = [...new Map(inside.map(({ stack, path }) => [stack, path])).values()];
  return paths.length === 0 || (block === undefined && paths.length > 1) ? null : paths;
}

/** Whether block `from` reads block `name`, over any number of blocks. */
function reads({ blocks }: Graph, from: string | null, name: string | null): boolean {
  if (from === null || name === null || from === name) return false;
  const seen = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { kind, name: source } of blocks.get(next)?.sources ?? []) {
      if (kind !== 'block' || seen.has(source)) continue;
      if (source === name) return true;
      seen.add(source);
      open.push(source);
    }
  }
  return false;
}

/**
 * The block whose output is the one node that feeds all tasks: every task's loss reaches it, and every shared parameter
 * lies before it.
 *
 * @returns null where there is none
 */
export function representation(plan: Graph): string | null {
  const shared = new Set(sharedLayers(plan).map((layer) => layer.block));
  if (shared.size === 0 || shared.has(null)) return null;
  const fits = (block: PlanBlock): boolean => {
    if (block.sharing) return false;
    const walks = [...plan.tasks.keys()].map((task) => walk(plan, task, block.name));
    return walks.every(({ met, passed }) => met && [...passed].every((name) => !shared.has(name)));
  };
  return [...plan.blocks.values()].find(fits)?.name ?? null;
}

/** Blocks on the gradient's ways back from a task that end at block `until`, and whether it was met. */
function walk(plan: Graph, task: string, until: string): { met: boolean; passed: ReadonlySet<string> } {
  const passed = new Set<string>();
  const tasks = new Set([task]);
  const open: PlanSource[] = [...(plan.tasks.get(task)?.sources ?? [])];
  let met = false;
  for (let source = open.pop(); source; source = open.pop()) {
    if (source.kind === 'block' && source.name === until) met = true;
    else if (source.kind === 'block' && !passed.has(source.name)) {
      passed.add(source.name);
      open.push(...(plan.blocks.get(source.name)?.sources ?? []));
    } else if (source.kind === 'task' && !source.stopGradient && !tasks.has(source.name)) {
      tasks.add(source.name);
      open.push(...(plan.tasks.get(source.name)?.sources ?? []));
    }
  }
  return { met, passed };
}
