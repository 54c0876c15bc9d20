/**
 * The plan: what a spec means. Made once by `makePlan` and read by everything else: the diagram, the warnings, the
 * lenses, the trainer, the export. Pure values; nothing here knows of files, tensors or the editor.
 */
import type { BlockSpec, InputSpec, LayerSpec, Problem, Spec, TaskSpec } from '../spec/index.ts';

/** A size that may still be unknown, e.g. the number of categories before the data has been read. */
export type Dim = number | null;

/** Shape of one sample, without the batch axis: `[28, 28, 1]`, `[50]`. */
export type Shape = readonly Dim[];

/** What is known of a data column: a CSV column has shape `[]`, an NPZ array N×4 has shape `[4]`. */
export interface ColumnFacts {
  readonly shape: readonly number[];
  /** Storage type in the file: `text` for CSV cells, else the NumPy name (`uint8`, `float32`, …). */
  readonly dtype: string;
}

/** What the data room found out. Everything but `columns` needs the whole file; the editor may have the header only. */
export interface DataFacts {
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  /** Width of each prepared input, e.g. one-hot categories incl. the missing and unseen buckets, indicator columns. */
  readonly inputShapes?: ReadonlyMap<string, readonly number[]>;
  /** Number of distinct index values of a `category` input with `encoding: "index"` (embedding's `inputDim`). */
  readonly vocabularies?: ReadonlyMap<string, number>;
  /** Class names of each classification task, in the order of its outputs. */
  readonly classes?: ReadonlyMap<string, readonly string[]>;
  /** Number of classes of each classification task, where somebody else has counted them and the names are not known. */
  readonly classCounts?: ReadonlyMap<string, number>;
  /** Rows of the training split. */
  readonly trainRows?: number;
  /** What each task has to learn from and to be measured by. */
  readonly labels?: ReadonlyMap<string, LabelFacts>;
}

export type SplitName = 'train' | 'validation' | 'test';

export type LabelFacts = Readonly<Record<SplitName, LabelCount>>;

export interface LabelCount {
  /** Samples of the split. */
  readonly rows: number;
  /** Samples with a label of the task, or some of its numbers: what metrics count. */
  readonly labeled: number;
  /** Of these, samples whose sample weight is above 0: what the loss counts. */
  readonly weighted: number;
}

export interface PlanInput {
  readonly name: string;
  readonly spec: InputSpec;
  /** JSON Pointer of its entry in the spec. */
  readonly pointer: string;
  /** The real columns after patterns are resolved; the selectors as written when no header is known. */
  readonly columns: readonly string[];
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32';
  /** Names of the blocks and tasks that read it. */
  readonly consumers: readonly string[];
}

/** One weight of a layer; its name is the one `tf.layers` gives it. */
export interface WeightShape {
  readonly name: string;
  readonly shape: Shape;
  /** False for moving statistics. */
  readonly trainable: boolean;
}

export interface PlanLayer {
  /** JSON Pointer of the layer, e.g. `/network/trunk/layers/0`; nested layers go on (`/layer`, `/layers/1`). */
  readonly pointer: string;
  /**
   * Stable name of its parameters, unique in the plan: `trunk/0`, `tasks/species/0`, the head itself `tasks/species/head`.
   * Initial values are drawn by (seed, this path, parameter name), so that adding a head changes no other number.
   */
  readonly path: string;
  readonly spec: LayerSpec;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Its weights in tf.layers' order; an embedding's rows are resolved here. Empty where a mistake leaves them unknown. */
  readonly weights: readonly WeightShape[];
  /** All weights, trainable or not (batch normalization's moving statistics included); null when a size is unknown. */
  readonly parameters: number | null;
  readonly trainable: number | null;
}

/** Where a block or task reads from. */
export type PlanSource =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'block'; readonly name: string }
  /** The prediction of another task (`"task:species"`): probabilities or the normalized value. */
  | { readonly kind: 'task'; readonly name: string; readonly stopGradient: boolean };

/** What a part of a sharing mechanism is to its reader; `columns` and `copies` are stacks of a consumer's own. */
export type PartRole = 'expert' | 'gate' | 'mixture' | 'column' | 'unit' | 'trunk' | 'attention';

/** How a part combines what it reads, before its own layers; the trainer has one file for each. */
export type PartOperation =
  /** Its one source, or several concatenated along the last axis. */
  | { readonly kind: 'join' }
  /** A gate [n] first, then n tensors of one shape: Σ_e g_e · E_e. */
  | { readonly kind: 'mixture' }
  /** Tensors of one shape, multiplied entry by entry. */
  | { readonly kind: 'product' }
  /** n tensors of one shape → Σ_j α_j x_j, α learned. */
  | { readonly kind: 'stitch'; readonly first: readonly number[] }
  /** n tensors whose last axis is cut in two halves: each half of the result is a learned sum of the 2n halves. */
  | { readonly kind: 'subspaces'; readonly first: readonly number[] }
  /** n tensors of one shape → one of them, learned (Gumbel-softmax). */
  | { readonly kind: 'choice' }
  /** A vector → weights of experts of which at most `selected` are not 0 (DSelect-k). */
  | {
      readonly kind: 'selector';
      readonly codes: readonly (readonly number[])[];
      readonly selected: number;
      readonly gamma: number;
      readonly entropy: number;
    };

/** One part of a sharing mechanism: an expert, a gate, a column, a stitch. */
export interface PlanPart {
  /** Unique in the block, e.g. `experts/0`, `gates/task:species`; `input` is the block's own input. */
  readonly id: string;
  readonly role: PartRole;
  /** Consumer (or number) it belongs to and what it is, for the picture: `species`, `0`. */
  readonly label: string;
  readonly reads: readonly string[];
  readonly operation: PartOperation;
  /** Weights of the operation itself; those of `layers` are with the layers. */
  readonly weights: readonly WeightShape[];
  /** Path of the operation's weights, as `PlanLayer.path`. */
  readonly path: string;
  readonly layers: readonly PlanLayer[];
  /** The part whose layers it uses: `layers` is then empty. */
  readonly layersOf?: string;
  readonly outputShape: Shape;
  /** Parameters of its own. */
  readonly parameters: number | null;
  readonly trainable: number | null;
  /** Tasks whose loss reaches its parameters, in source order. */
  readonly tasks: readonly string[];
  /** Drawn as one with this part. */
  readonly drawnWith?: string;
}

/** How the consumers of a block share it, other than by using the same layers. */
export interface PlanSharing {
  readonly type: Exclude<BlockSpec['sharing']['type'], 'hard'>;
  /** Everything after what it reads. */
  readonly parts: readonly PlanPart[];
  /** What each consumer (`task:species`, `block:deep`) reads: the id of a part. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Paths of layers that are drawn together: λ Σ_{i<j} ‖θ_i − θ_j‖², one list for each layer of the block. */
  readonly ties?: { readonly strength: number; readonly layers: readonly (readonly string[])[] };
}

export interface PlanBlock {
  readonly name: string;
  readonly pointer: string;
  readonly sources: readonly PlanSource[];
  /** Shape after the sources are concatenated. */
  readonly inputShape: Shape;
  /** Layers of the block; with `sharing` those of one expert or column, whose parameters are in its parts. */
  readonly layers: readonly PlanLayer[];
  /** Absent for hard sharing. */
  readonly sharing?: PlanSharing;
  readonly outputShape: Shape;
  readonly parameters: number | null;
  readonly trainable: number | null;
  /** Blocks and tasks that read it directly. */
  readonly consumers: readonly string[];
  /** Tasks whose loss reaches it (conventions 1.3: `stopGradient` edges cut). */
  readonly tasks: readonly string[];
  /** At least two task losses reach it. */
  readonly shared: boolean;
}

export interface PlanTask {
  readonly name: string;
  readonly pointer: string;
  readonly spec: TaskSpec;
  readonly sources: readonly PlanSource[];
  readonly inputShape: Shape;
  /** The task's own layers before its head. */
  readonly layers: readonly PlanLayer[];
  /** The implied last dense layer, linear: logits, normalized values, or box numbers before the sigmoid. */
  readonly head: PlanLayer;
  readonly outputShape: Shape;
  readonly targetColumns: readonly string[];
  readonly weight: number;
  readonly parameters: number | null;
  /** Tasks whose loss reaches its own layers: itself, and those that read its prediction without `stopGradient`. */
  readonly tasks: readonly string[];
  /** Metrics to report, in order; the first is the primary one. */
  readonly metrics: readonly string[];
}

export interface ParameterCounts {
  /** Trainable and not. Null where a size is still unknown. */
  readonly total: number | null;
  readonly shared: number | null;
  /** Parameters only that task's loss reaches. */
  readonly byTask: ReadonlyMap<string, number | null>;
}

export interface Plan {
  readonly spec: Spec;
  readonly inputs: ReadonlyMap<string, PlanInput>;
  /** In source order. */
  readonly blocks: ReadonlyMap<string, PlanBlock>;
  readonly tasks: ReadonlyMap<string, PlanTask>;
  /** Blocks and tasks in an order in which everything is defined before it is read (source order where free). */
  readonly order: readonly { readonly kind: 'block' | 'task'; readonly name: string }[];
  readonly parameters: ParameterCounts;
}

/** `plan` is absent when the problems leave nothing that could be drawn. */
export interface Planning {
  readonly plan?: Plan;
  readonly problems: readonly Problem[];
}

// ---- the picture ---------------------------------------------------------------------------------------------

/** `part`: an expert, a gate, a column of a block that its consumers do not simply share. */
export type DiagramNodeKind = 'input' | 'block' | 'part' | 'task' | 'prediction' | 'total';

/** What stands behind a node of the Mermaid text; `id` is its Mermaid id (`n0`, `n1`, …). */
export interface DiagramNode {
  readonly id: string;
  readonly kind: DiagramNodeKind;
  /** Of `part`: what it is to its reader; gives the shape. */
  readonly role?: PartRole;
  readonly name: string;
  readonly shared: boolean;
  /** Index of the task in source order (its color), or null. */
  readonly task: number | null;
  /** Lines of its label, as drawn: the first one bold, the last one small. */
  readonly label: readonly string[];
  /** The same with exact numbers, for those who hover or listen. */
  readonly spoken: readonly string[];
  /** JSON Pointer to reveal on click; null for `total`. */
  readonly pointer: string | null;
  /** What it stands for where siblings alike are drawn as one. */
  readonly group?: { readonly id: string; readonly members: readonly string[] };
  /** The group that it is one of, while that is open. */
  readonly memberOf?: string;
  /** In the picture of a difference; absent where both have it alike. */
  readonly change?: Change;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly shared: boolean;
  readonly task: number | null;
  readonly change?: Change;
}

/** Siblings alike. */
export interface DiagramGroup {
  readonly id: string;
  readonly count: number;
  readonly open: boolean;
}

/** The parts of a sharing mechanism have a frame around them. */
export interface DiagramFrame {
  /** Mermaid id: `f0`, `f1`, … */
  readonly id: string;
  readonly block: string;
  readonly title: string;
  readonly change?: Change;
}

/** `TB`: from top to bottom; `LR`: from left to right. */
export type Direction = 'TB' | 'LR';

/** Of a part of the picture of a difference: only the first one has it, only the second one, or both and not alike. */
export type Change = 'added' | 'removed' | 'changed';

/** What a sign in the picture of a difference means; drawn beside the picture as what it means is drawn. */
export interface LegendEntry {
  /** Mermaid id: `k0`, `k1`, … */
  readonly id: string;
  /** Null: alike in both. */
  readonly change: Change | null;
  readonly text: string;
}

/** A place of the long form where two specs differ: values as JSON; null where one of them does not have it. */
export interface DifferentLine {
  /** JSON Pointer. */
  readonly pointer: string;
  readonly first: string | null;
  readonly second: string | null;
}

/** What the picture of a difference tells beside its nodes and edges. */
export interface DiagramDifference {
  /** What the two are called. */
  readonly first: string;
  readonly second: string;
  /** How many nodes and edges; those drawn as one are counted one by one. */
  readonly counts: Readonly<Record<Change | 'alike', number>>;
  /** Empty where nothing of the picture differs. */
  readonly legend: readonly LegendEntry[];
  /** All of the specs, of training and data too. */
  readonly lines: readonly DifferentLine[];
}

export interface Diagram {
  readonly title: string;
  readonly description: string;
  /** How many parameters there are, and where sizes come from that the spec alone does not tell; one sentence or two. */
  readonly note: string;
  readonly direction: Direction;
  readonly frames: readonly DiagramFrame[];
  readonly groups: readonly DiagramGroup[];
  /** Mermaid `graph TB` or `graph LR` text. */
  readonly mermaid: string;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  /** Of two specs in one picture; absent where it is that of one. */
  readonly difference?: DiagramDifference;
}
