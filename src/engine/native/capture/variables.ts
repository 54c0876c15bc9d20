/** Variables of a graph, which keep their values between runs; each can be set and read from outside. */
import type { Graph } from './graph.ts';
import type { FeedPlace } from './session.ts';
import { dataTypes, type Node, type Output } from './graph-words.ts';

export interface Variable {
  readonly handle: Output;
  readonly type: number;
  readonly shape: readonly number[];
  /** What is fed and run to set it from outside. */
  readonly feed: FeedPlace;
  readonly set: Node;
  /** What is fetched to read it from outside. */
  readonly value: Output;
}

/** @param place number of the variable in the graph */
export function addVariable(
  graph: Graph,
  place: number,
  shape: readonly number[],
  type: number = dataTypes.float,
): Variable {
  const dtype = { kind: 'type', value: type } as const;
  const handle = graph.output('VarHandleOp', [], {
    attributes: { dtype, shape: { kind: 'shape', value: shape }, shared_name: { kind: 'string', value: `v${place}` } },
  });
  const feed = { output: graph.placeholder(type, shape), type, shape };
  // A fed tensor lies in memory of JavaScript, which a variable must not keep.
  const copy = graph.output('DeepCopy', [feed.output], { own: true });
  return {
    ...{ handle, type, shape, feed },
    set: graph.add('AssignVariableOp', [handle, copy]),
    value: readVariable(graph, { handle, type, shape }),
  };
}

/** A reading of its own; who writes the variable in the same program must run after it. */
export function readVariable(
  graph: Graph,
  { handle, type, shape }: Pick<Variable, 'handle' | 'type' | 'shape'>,
): Output {
  const output = graph.output('ReadVariableOp', [handle], { attributes: { dtype: { kind: 'type', value: type } } });
  graph.tellShape(output, shape);
  return output;
}

/** The value once all the nodes have run. */
export function afterAll(graph: Graph, value: Output, nodes: readonly Node[]): Output {
  return nodes.length === 0 ? value : graph.output('Identity', [value], { after: nodes });
}
