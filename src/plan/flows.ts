/**
 * Shapes through the network: what flows along every edge, layer by layer. A mistake is reported once, where it
 * happens; what depends on it has no known flow (null) and is not complained of again.
 */
import type { LayerSpec } from '../spec/index.ts';
import { applyLayer, countOf, layerRule } from './layers/table.ts';
import { sum } from './layers/sizes.ts';
import { type Flow, isMistake, type ShapeMistake } from './layers/contract.ts';
import { pointerTo } from './pointers.ts';
import type { Dim, PlanLayer, Shape } from './plan.ts';

/** A flow that is not known because of a mistake before it. */
export type MaybeFlow = Flow | null;

/** Shape to show where nothing is known. */
export const unknownShape: Shape = [null];

export interface LayerRun {
  readonly layers: readonly PlanLayer[];
  readonly output: MaybeFlow;
  /** A layer calculates with index numbers as if they were quantities. */
  readonly misusesIndices: boolean;
  /** The first layer that cannot take its input. */
  readonly mistake?: { readonly layer: number; readonly input: Flow; readonly mistake: ShapeMistake };
}

/**
 * Applies layers one after the other. `pointer` and `path` are those of the list's owner, e.g. `/network/trunk`, `trunk`;
 * `pointers` says where each layer stands when that is not the owner's `layers`.
 */
export function runLayers(
  specs: readonly LayerSpec[],
  input: MaybeFlow,
  pointer: string,
  path: string,
  pointers?: readonly string[],
): LayerRun {
  const layers: PlanLayer[] = [];
  let flow = input;
  let mistake: LayerRun['mistake'];
  let misusesIndices = false;
  for (const [index, spec] of specs.entries()) {
    const from = flow;
    const outcome = from === null ? null : applyLayer(spec, from);
    const failed = outcome !== null && isMistake(outcome);
    if (failed && from !== null) mistake = { layer: index, input: from, mistake: outcome };
    if (from?.indices !== undefined && !failed && layerRule(spec.type)?.takesIndices !== true) misusesIndices = true;
    const weights = outcome === null || failed ? null : outcome.weights;
    flow = outcome === null || failed ? null : outcome.output;
    layers.push({
      pointer: pointers?.[index] ?? pointer + pointerTo('layers', index),
      path: `${path}/${String(index)}`,
      spec,
      inputShape: from?.shape ?? unknownShape,
      outputShape: flow?.shape ?? unknownShape,
      weights: weights ?? [],
      parameters: weights === null ? null : countOf(weights, 'all'),
      trainable: weights === null ? null : countOf(weights, 'trainable'),
    });
  }
  return { layers, output: flow, misusesIndices, ...(mistake === undefined ? {} : { mistake }) };
}

export type Joined =
  { readonly flow: MaybeFlow } | { readonly left: number; readonly right: number; readonly reason: 'axes' | 'sizes' };

/** Concatenates along the last axis, as tf.layers.concatenate: all other axes must agree. */
export function concatenate(flows: readonly MaybeFlow[]): Joined {
  const known = flows.filter((flow): flow is Flow => flow !== null);
  const first = known[0];
  if (first === undefined || known.length < flows.length) return { flow: null };
  if (known.length === 1) return { flow: first };
  for (const [right, other] of known.entries()) {
    if (other.shape.length !== first.shape.length) return { left: 0, right, reason: 'axes' };
    if (!sameSizes(first.shape.slice(0, -1), other.shape.slice(0, -1))) return { left: 0, right, reason: 'sizes' };
  }
  const leading = first.shape.slice(0, -1).map((_, axis) => firstKnown(known.map((flow) => flow.shape[axis] ?? null)));
  const shape = [...leading, sum(known.map((flow) => flow.shape.at(-1) ?? null))];
  const vocabularies = known.map((flow) => flow.indices?.vocabulary);
  if (vocabularies.some((vocabulary) => vocabulary === undefined)) return { flow: { shape } };
  return { flow: { shape, indices: { vocabulary: largest(vocabularies.map((vocabulary) => vocabulary ?? null)) } } };
}

function sameSizes(left: Shape, right: Shape): boolean {
  return left.every((size, axis) => size === null || right[axis] === null || size === right[axis]);
}

function firstKnown(sizes: readonly Dim[]): Dim {
  return sizes.find((size) => size !== null) ?? null;
}

/** One table serves all index columns: it has as many rows as the largest of them needs. */
function largest(sizes: readonly Dim[]): Dim {
  return sizes.reduce<Dim>((most, size) => (most === null || size === null ? null : Math.max(most, size)), 0);
}
