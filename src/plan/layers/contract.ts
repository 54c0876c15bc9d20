/**
 * What the plan knows of a kind of layer: which inputs it takes, what comes out, and which weights it has. Everything
 * is computed from the arguments alone, exactly as `tf.layers` does, without tensors.
 */
import type { Text } from '../../common/text.ts';
import type { LayerSpec } from '../../spec/index.ts';
import type { Dim, Shape, WeightShape } from '../plan.ts';

export type { WeightShape } from '../plan.ts';

/** The layer cannot take this input. */
export interface ShapeMistake {
  readonly code: 'shape-mismatch' | 'kernel-too-large' | 'strides-and-dilation' | 'not-index';
  readonly message: Text;
  /** Argument that is at fault, so that the squiggle stands under it; the layer's `type` otherwise. */
  readonly argument?: string;
}

/** What flows along an edge: the shape of one sample, and whether its numbers are indices of a vocabulary. */
export interface Flow {
  readonly shape: Shape;
  /** Present when the numbers are category indices; `vocabulary` is their number, null while unknown. */
  readonly indices?: { readonly vocabulary: Dim };
}

/** What a layer looks like from outside once its input is known. */
export interface LayerOutcome {
  readonly output: Flow;
  readonly weights: readonly WeightShape[];
}

export interface LayerRule {
  /** Axes of the input it takes, without the batch axis; absent = any. */
  readonly axes?: 1 | 2 | 3 | '2+';
  /** Shape and weights for an input that has the right number of axes. */
  readonly apply: (layer: LayerSpec, input: Flow, nested: ApplyLayer) => LayerOutcome | ShapeMistake;
  /** One short phrase for the diagram: `conv2d 10 × 3×3, relu`. */
  readonly summary: (layer: LayerSpec) => string;
  /** Its output is its input's own numbers in another shape: indices stay indices, and no memory is taken. */
  readonly rearranges?: true;
  /** Takes indices of a vocabulary; other layers would calculate with them as if they were quantities. */
  readonly takesIndices?: true;
  /** Ends in an affine map whose bias is the same for a whole channel. */
  readonly affine?: true;
  /** Takes the mean of each channel away, and with it every bias before. */
  readonly centersChannels?: true;
  /** From this value of this argument on, the layer is computed faster by several threads than by one. */
  readonly threads?: { readonly argument: 'filters' | 'units'; readonly least: number };
}

/** Applies any layer of the table: for layers that hold layers. */
export type ApplyLayer = (layer: LayerSpec, input: Flow) => LayerOutcome | ShapeMistake;

export function isMistake(outcome: LayerOutcome | ShapeMistake): outcome is ShapeMistake {
  return 'code' in outcome;
}
