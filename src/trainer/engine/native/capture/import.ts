/** A trace becomes part of a graph: only what the wanted results need, with its inputs bound to outputs of the graph. */
import { CaptureError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Trace, TraceEntry } from './recorder.ts';
import type { Output } from './types.ts';

/**
 * @param bound id of a tensor outside of the trace → what stands for it in the graph
 * @param wanted ids of results; a bound id is its own result
 * @returns by id: the wanted results, and whatever else was needed on the way
 * @throws CaptureError for an id that is neither bound nor made in the trace
 */
export function importTrace(
  graph: Graph,
  trace: Trace,
  bound: ReadonlyMap<number, Output>,
  wanted: Iterable<number>,
): ReadonlyMap<number, Output> {
  const makers = new Map<number, TraceEntry>();
  for (const entry of trace.entries) for (const { id } of entry.outputs) makers.set(id, entry);
  const needed = neededFor(wanted, makers, bound);
  const outputs = new Map(bound);
  const resolve = (id: number, reader: string): Output => {
    const before = outputs.get(id);
    if (before) return before;
    const constant = trace.constants.get(id);
    if (!constant) throw new CaptureError(`${reader} reads a tensor that is not part of the step`);
    const made = graph.constant(constant);
    outputs.set(id, made);
    return made;
  };
  for (const entry of trace.entries) {
    if (!needed.has(entry)) continue;
    const inputs = entry.inputs.map((id) => resolve(id, entry.operation));
    const node = graph.add(entry.operation, inputs, { attributes: entry.attributes });
    entry.outputs.forEach(({ id }, index) => outputs.set(id, { node, index }));
  }
  for (const id of wanted) resolve(id, 'the result');
  return outputs;
}

function neededFor(
  wanted: Iterable<number>,
  makers: ReadonlyMap<number, TraceEntry>,
  bound: ReadonlyMap<number, Output>,
): ReadonlySet<TraceEntry> {
  const needed = new Set<TraceEntry>();
  const open = [...wanted];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const maker = bound.has(id) ? undefined : makers.get(id);
    if (!maker || needed.has(maker)) continue;
    needed.add(maker);
    open.push(...maker.inputs);
  }
  return needed;
}
