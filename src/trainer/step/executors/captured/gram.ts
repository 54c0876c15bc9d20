/** Norms and Gram matrices of recorded rows, in double precision. */
import type { Graph } from '../../../../engine/native/capture/graph.ts';
import { dataTypes, type Output } from '../../../../engine/native/capture/graph-words.ts';
import type { Segment } from '../../contract.ts';
import { rowName } from '../../recorded/inputs.ts';
import type { Assembly } from './assembly.ts';

const double = 2;

export const gramNames = (segment: number): readonly [string, string] => [
  `gram ${String(segment)}`,
  `rest of gram ${String(segment)}`,
];

/** Rows [T, size] of a segment in double precision. */
function rowsOf(assembly: Assembly, present: readonly number[], { offset, size }: Segment, whole: boolean): Output {
  const { graph } = assembly;
  const rows = graph.output(
    'Pack',
    present.map((index) => assembly.always(rowName(index))),
  );
  const piece = whole
    ? rows
    : graph.output('Slice', [rows, graph.integers([0, offset]), graph.integers([present.length, size])]);
  return graph.output('Cast', [piece], { attributes: { DstT: { kind: 'type', value: double } } });
}

/** G = J Jᵀ for each segment. The host gets each number as two: its float, and what that leaves of the double. */
export function defineGrams(assembly: Assembly, present: readonly number[], segments: readonly Segment[]): string[] {
  return segments.flatMap((segment, place) => {
    const { graph } = assembly;
    const rows = rowsOf(assembly, present, segment, segments.length === 1);
    const gram = graph.output('MatMul', [rows, rows], { attributes: { transpose_b: { kind: 'bool', value: true } } });
    return defineDouble(assembly, gramNames(place), gram, [present.length, present.length]);
  });
}

/** ‖row‖² for each segment, under the same names. */
export function defineNorms(assembly: Assembly, present: readonly number[], segments: readonly Segment[]): string[] {
  return segments.flatMap((segment, place) => {
    const { graph } = assembly;
    const rows = rowsOf(assembly, present, segment, segments.length === 1);
    const squares = graph.output('Sum', [graph.output('Mul', [rows, rows]), graph.integers([1])]);
    return defineDouble(assembly, gramNames(place), squares, [present.length]);
  });
}

function defineDouble(
  assembly: Assembly,
  [first, second]: readonly [string, string],
  value: Output,
  shape: readonly number[],
): string[] {
  const { graph } = assembly;
  const float = cast(graph, value, dataTypes.float);
  const rest = graph.output('Sub', [value, cast(graph, float, double)]);
  assembly.define(first, float, shape);
  assembly.define(second, cast(graph, rest, dataTypes.float), shape);
  return [first, second];
}

function cast(graph: Graph, value: Output, type: number): Output {
  return graph.output('Cast', [value], { attributes: { DstT: { kind: 'type', value: type } } });
}
