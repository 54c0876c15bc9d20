/** The network as a graph: cycles, and what nothing reads. */
import { text } from '../../common/text.ts';
import type { Fix } from '../../spec/index.ts';
import { keyOf, tasksReaching, type Vertex } from '../graph.ts';
import { pointerTo } from '../pointers.ts';
import type { Context } from './context.ts';
import { listOf } from './quote.ts';

export function checkGraph(context: Context): void {
  reportCycles(context);
  // With a name that means nothing or a cycle, what looks unused may only be the other half of that slip.
  const { sources, cycles } = context;
  const whole = sources.unknown.length === 0 && sources.taskInBlock.length === 0 && cycles.length === 0;
  if (whole) reportUnused(context);
}

function reportCycles({ cycles, report, spec }: Context): void {
  for (const cycle of cycles) {
    const [first] = cycle;
    const last = cycle.at(-1);
    if (first === undefined || last === undefined) continue;
    const path = [...cycle, first].map(label).join(' → ');
    const written = first.kind === 'task' ? `task:${first.name}` : first.name;
    const section = last.kind === 'task' ? 'tasks' : 'network';
    const list = (last.kind === 'task' ? spec.tasks : spec.network).get(last.name)?.input ?? [];
    report.error(
      'cycle',
      pointerTo(section, last.name, 'input', Math.max(0, list.indexOf(written))),
      text(
        `A cycle: ${path} (each reads the next). Nothing in it can be computed first; take one of these inputs away.`,
        `存在循环：${path}（每个都读取下一个）。没有可以先算的部分；请去掉其中一个输入。`,
      ),
    );
  }
}

function label(vertex: Vertex): string {
  return vertex.kind === 'task' ? `task:${vertex.name}` : vertex.name;
}

function reportUnused({ spec, sources, order, plan, cycles, report }: Context): void {
  const needed = tasksReaching(order, false);
  const cyclic = new Set(cycles.flat().map(keyOf));
  const idle = sources.vertices.filter(
    (vertex) => vertex.kind === 'block' && (needed.get(keyOf(vertex)) ?? []).length === 0,
  );
  const idleInputs = [...spec.data.inputs.keys()].filter((name) => !needed.has(`input:${name}`));
  for (const block of idle) {
    // Only the end of an idle chain is the slip: what feeds it is idle because of it.
    if (cyclic.has(keyOf(block)) || (plan.blocks.get(block.name)?.consumers.length ?? 0) > 0) continue;
    const feeding = feedersOf(block, idle, idleInputs);
    const fed = listOf(feeding);
    report.warning(
      'unused-block',
      pointerTo('network', block.name),
      text(
        `No task reads block "${block.name}"${feeding.length === 0 ? '' : `, nor what only it reads (${fed.en})`}: it is not trained and not part of the model. Name it in a task's "input", or remove it.`,
        `没有任务读取模块 “${block.name}”${feeding.length === 0 ? '' : `，以及仅被它读取的 ${fed.zh}`}：它不会被训练，也不属于模型。请在某个任务的 "input" 中使用它，或删除它。`,
      ),
      { at: 'key', fixes: [removal(block.name, pointerTo('network', block.name), report)] },
    );
  }
  for (const name of idleInputs) {
    if ((plan.inputs.get(name)?.consumers.length ?? 0) > 0) continue;
    report.warning(
      'unused-input',
      pointerTo('data', 'inputs', name),
      text(
        `Nothing reads input "${name}". Name it in the "input" of a block or a task, or remove it.`,
        `没有模块或任务读取输入 “${name}”。请在某个模块或任务的 "input" 中使用它，或删除它。`,
      ),
      { at: 'key', fixes: [removal(name, pointerTo('data', 'inputs', name), report)] },
    );
  }
}

const removal = (name: string, pointer: string, report: Context['report']): Fix =>
  report.fix(text(`Remove "${name}"`, `删除 “${name}”`), ...report.removeProperty(pointer));

/** Idle blocks and inputs that `end` reads, directly or not. */
function feedersOf(end: Vertex, idle: readonly Vertex[], idleInputs: readonly string[]): readonly string[] {
  const byName = new Map(idle.map((vertex) => [vertex.name, vertex] as const));
  const found = new Set<string>();
  const queue = [end];
  for (let vertex = queue.pop(); vertex !== undefined; vertex = queue.pop()) {
    for (const source of vertex.sources) {
      if (found.has(source.name) || source.name === end.name) continue;
      const block = source.kind === 'block' ? byName.get(source.name) : undefined;
      if (block !== undefined) queue.push(block);
      if (block !== undefined || (source.kind === 'input' && idleInputs.includes(source.name))) found.add(source.name);
    }
  }
  return [...found];
}
