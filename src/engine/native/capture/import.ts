/** A trace becomes part of a graph: only what the wanted results need, with its inputs bound to outputs of the graph. */
import type { Conditions } from './conditions.ts';
import { CaptureError } from '../../capture-error.ts';
import { typeOf, type Graph } from './graph.ts';
import type { Trace, TraceEntry } from './recorder.ts';
import type { Output } from './graph-words.ts';

/**
 * @param bind id of a tensor that the work did not make → what stands for it in the graph; asked once for each that is needed
 * @param wanted ids of results; one that is bound is its own result
 * @param conditions where a run may leave parts out: which part an operation belongs to follows from what it reads
 * @returns by id: the wanted results, and whatever else was needed on the way
 * @throws CaptureError for an id that is neither bound nor made in the trace
 */
export function importTrace(
  graph: Graph,
  trace: Trace,
  bind: (id: number) => Output | undefined,
  wanted: readonly number[],
  conditions?: Conditions,
): ReadonlyMap<number, Output> {
  const needed = neededFor(wanted, trace);
  const outputs = new Map<number, Output>();
  const resolve = (id: number, reader: string): Output => {
    const found = outputs.get(id) ?? bind(id) ?? constantOf(id, reader);
    outputs.set(id, found);
    return found;
  };
  const constantOf = (id: number, reader: string): Output => {
    const constant = trace.constants.get(id);
    if (!constant)
      throw new CaptureError(`${reader} reads a tensor that is not part of the step`, `${reader} 读取训练步之外的张量`);
    return graph.constant(constant);
  };
  for (const entry of trace.entries) {
    if (!needed.has(entry)) continue;
    const inputs = entry.inputs.map((id) => resolve(id, entry.operation));
    const same = withoutEffect(graph, entry, inputs);
    const [first] = entry.outputs;
    if (same && first) {
      outputs.set(first.id, same);
      continue;
    }
    const met = conditions?.meet(entry.operation, inputs);
    const node = graph.add(entry.operation, straightened(entry, met?.inputs ?? inputs), {
      attributes: entry.attributes,
    });
    entry.outputs.forEach(({ id, shape }, index) => {
      const output = { node, index };
      graph.tellShape(output, shape);
      outputs.set(id, met ? met.finish(output) : output);
    });
  }
  for (const id of wanted) resolve(id, 'the result');
  return outputs;
}

/** tfjs wraps most operations into reshapes, which cost as much in a small graph as the operations. */
function straightened({ operation }: TraceEntry, inputs: readonly Output[]): readonly Output[] {
  if (operation !== 'Reshape') return inputs;
  const [value, ...shape] = inputs;
  return value ? [beforeReshapes(value), ...shape] : inputs;
}

function beforeReshapes(output: Output): Output {
  const [value] = output.node.inputs;
  return output.node.operation === 'Reshape' && value ? beforeReshapes(value) : output;
}

/** What an operation gives unchanged: a reshape to the same shape, a cast to the same type. */
function withoutEffect(
  graph: Graph,
  { operation, outputs }: TraceEntry,
  inputs: readonly Output[],
): Output | undefined {
  const [value] = inputs;
  const [result] = outputs;
  if (!value || !result) return undefined;
  if (operation === 'Identity') return value;
  if (operation === 'Cast') return typeOf(value) === result.type ? value : undefined;
  if (operation !== 'Reshape') return undefined;
  return [value, beforeReshapes(value)].find((output) => graph.shapeOf(output)?.join() === result.shape.join());
}

function neededFor(wanted: readonly number[], trace: Trace): ReadonlySet<TraceEntry> {
  const makers = new Map<number, TraceEntry>();
  for (const entry of trace.entries) for (const { id } of entry.outputs) makers.set(id, entry);
  const needed = new Set<TraceEntry>();
  const open = [...wanted];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const maker = makers.get(id);
    if (!maker || needed.has(maker)) continue;
    needed.add(maker);
    open.push(...maker.inputs);
  }
  return needed;
}
