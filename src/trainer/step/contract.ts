/**
 * The border between what a step means and how it is computed. Above it: strategies, statistics in double precision,
 * events, state. Below it: tensors. Its implementations are the rows of `executors/table.ts`; what they share are the pure
 * tensor functions of `passes/`, which never read to the host, and what works from a recorded step (`recorded/`).
 */
import type { tf } from '../../engine/tfjs.ts';
import type { Model } from '../model/build.ts';
import type { ByTask } from './by-task.ts';
import type { Loss, SampleWeights } from '../tasks/losses/contract.ts';

/** A task as the step sees it. */
export interface StepTask {
  readonly name: string;
  readonly loss: Loss;
  /** Weight in the spec. */
  readonly weight: number;
  /** Raw head output [n, …] → what the metrics need of it, [n, …]; the host reads nothing else of a pass. */
  answers(raw: tf.Tensor): tf.Tensor;
}

/** What a task learns from a batch: labels [n, …] in loss space and sample weights, 0 where unlabeled. */
export interface TargetTensors {
  readonly target: tf.Tensor;
  readonly weights: SampleWeights;
}

/** One batch as tensors; the caller owns them. */
export interface Batch {
  readonly size: number;
  /** In the order of `model.inputs`. */
  readonly inputs: readonly tf.Tensor[];
  /** Null where there is nothing to learn in this batch. */
  readonly targets: ByTask<TargetTensors>;
  /**
   * Tensors of the same shapes for a task without a label, all of whose weights are 0; owned by the batch. Absent where
   * every batch has labels of all tasks.
   */
  readonly unlabeled?: (task: number) => TargetTensors;
}

/** What all steps of a run have in common. */
export interface StepContext {
  readonly model: Model;
  readonly tasks: readonly StepTask[];
  /** `labelled-mean`: each loss divided by its own labels' weight; `batch-mean`: by the batch size. */
  readonly reduction: 'labelled-mean' | 'batch-mean';
}

/** Loss of one task over a batch: the value is `sum / weight`. */
export interface LossSum {
  readonly sum: number;
  readonly weight: number;
}

/** What a step works on: one batch, or several that count as one (`accumulate`). */
export interface StepInput {
  readonly batches: readonly Batch[];
  /** Counted from 0; keys the dropout masks, so that a second pass of the same step sees the same ones. */
  readonly step: number;
  /** Number within the step of the first of these batches, where a step works on several inputs; 0 if absent. */
  readonly part?: number;
}

/** One batch of a step, for the totals of the epoch. */
export interface Part {
  readonly losses: ByTask<LossSum>;
  /** Row by row, as `StepTask.answers` gives them. */
  readonly answers: ByTask<ArrayLike<number>>;
}

/** A forward pass over all batches of a step, on the host. */
export interface Forward {
  /** Sums over all batches, null where a task is absent from all of them. */
  readonly losses: ByTask<LossSum>;
  /** One a batch; null where no task had a label. */
  readonly parts: readonly (Part | null)[];
}

/** What multiplies each loss Lᵢ in the objective; null where the task is absent. */
export type TaskWeights = ByTask<number>;

export interface Weigh {
  /**
   * True where the weights do not depend on this step's losses: `weights` may then be asked before the forward pass, with
   * null, and a captured step needs one run instead of two.
   */
  readonly beforehand: boolean;
  weights(forward: Forward | null, present: readonly number[]): TaskWeights;
}

/** What an update did. */
export interface Updated {
  /** Value of all penalties before the update: l1, l2, soft sharing, and those of layers on the batch. */
  readonly penalty: number;
  /** Factor that `clipNorm` put on the gradients; 1 where nothing was clipped. */
  readonly clip: number;
}

/** `norms`: ‖∇Lᵢ‖; `gram`: ∇Lᵢ · ∇Lⱼ; `rows`: the gradients themselves, beside the Gram matrix. */
export type Statistic = 'norms' | 'gram' | 'rows';

/** A run of neighbors in a flat row of shared parameters. */
export interface Segment {
  /** The block (`per: block`); one segment for everything is called ''. */
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** Which parameters a gradient problem is about, in the order in which a row lists them (conventions 1.3). */
export interface SharedLayout {
  readonly variables: readonly {
    readonly path: string;
    readonly offset: number;
    readonly size: number;
    readonly shape: readonly number[];
  }[];
  /** Numbers in a row. */
  readonly size: number;
}

export interface GradientRequest {
  readonly statistic: Statistic;
  readonly layout: SharedLayout;
  /** One Gram matrix for each; they cover the row. */
  readonly segments: readonly Segment[];
  /** False for a pass that only measures: the statistics of batch normalization then stay as they are. */
  readonly updateStatistics: boolean;
  /**
   * Gradients by the output of this block instead, which feeds all tasks: rows are as long as the batch's node, and there
   * is one segment. `per-sample` keeps the samples apart, `batch-sum` adds them up.
   */
  readonly representation?: { readonly block: string; readonly inner: 'per-sample' | 'batch-sum' };
  /** Task indices whose rows are wanted; the others' are zeros and cost no pass through the shared part. Absent: all. */
  readonly rowsFor?: readonly number[];
}

/** Per-task gradients of one step; the executor keeps the tensors until `dispose`. */
export interface TaskGradients {
  readonly input: StepInput;
  readonly forward: Forward;
  /** Task indices in order; the lists below are over them. */
  readonly present: readonly number[];
  /** Those of the request; one over the whole row for a representation. */
  readonly segments: readonly Segment[];
  /** For each segment ‖∇Lᵢ‖ [T]. */
  readonly norms: readonly (readonly number[])[];
  /** For each segment ∇Lᵢ · ∇Lⱼ [T][T], summed in double precision; empty where only norms were asked for. */
  readonly grams: readonly (readonly (readonly number[])[])[];
  /** One row [P] a task present; empty unless asked for. */
  readonly rows: readonly Float32Array[];
  dispose(): void;
}

/** How an update is made of task gradients. */
export interface Combination {
  /**
   * On shared parameters: for each segment one weight per task present; a direction [P] in place of a gradient; or a
   * `step` [P] that is already an optimizer's, so that only the learning rate multiplies it.
   */
  readonly shared:
    | { readonly kind: 'weights'; readonly weights: readonly ByTask<number>[] }
    | { readonly kind: 'direction' | 'step'; readonly direction: Float32Array };
  /** What multiplies the gradient of each task present in its own parameters. */
  readonly heads: ByTask<number>;
}

/** How much a whole run asks of its executor; known before it begins, and the same when it is resumed. */
export interface ExpectedWork {
  readonly steps: number;
  /** Passes that only measure gradients (`updateStatistics: false`). */
  readonly measurements: number;
  /** Batches of all evaluations. */
  readonly evaluated: number;
}

/**
 * Computes steps. Every call runs the forward pass with the dropout masks of its step; only calls that update move the
 * statistics of batch normalization, and each once a step.
 */
export interface StepExecutor {
  readonly captured: boolean;
  /** Told once, before the first step. */
  expect?(work: ExpectedWork): void;
  /** A forward pass in training mode without gradients; moving statistics stay. */
  forward(input: StepInput): Forward;
  /** One backward pass of Σ wᵢ Lᵢ, penalties, clipping, optimizer. Without a task present nothing is updated. */
  weightedStep(input: StepInput, weigh: Weigh, learningRate: number): Updated & { readonly forward: Forward };
  /** One forward pass and a backward pass for each task present; null without one. */
  taskGradients(input: StepInput, request: GradientRequest): TaskGradients | null;
  /** The other half of a step: combines, adds penalties, clips, steps the optimizer. The gradients stay the caller's. */
  combinedStep(gradients: TaskGradients, combination: Combination, learningRate: number): Updated;
  /** Runs with the parameters of `layout` moved by `by` [P], and puts them back bit for bit. */
  displaced<T>(layout: SharedLayout, by: Float32Array, run: () => T): T;
  /** The trained model's losses and answers, where the weights live here; absent: they are in the model's variables. */
  infer?(batch: Batch): Part;
  /** Brings weights, optimizer slots and counts into the model's variables and the optimizer, where they do not live there. */
  pull(): void;
  /** The other way round, after they were changed from outside (a restored checkpoint). */
  push(): void;
  dispose(): void;
}

/** Indices of the tasks with at least one label in the batch. */
export function presentIn(batch: Batch): number[] {
  return batch.targets.flatMap((target, index) => (target === null ? [] : [index]));
}

/** Indices of the tasks with at least one label in one of the batches. */
export function presentAnywhere(batches: readonly Batch[]): number[] {
  const all = new Set(batches.flatMap(presentIn));
  return [...all].sort((a, b) => a - b);
}

/** Indices of the tasks with a label in every one of the batches. */
export function presentInAll(batches: readonly Batch[]): number[] {
  return presentAnywhere(batches).filter((index) => batches.every(({ targets }) => targets[index] !== null));
}

/** The batch as if only these tasks had labels. */
export function restricted(batch: Batch, tasks: readonly number[]): Batch {
  return { ...batch, targets: batch.targets.map((target, index) => (tasks.includes(index) ? target : null)) };
}

/** What the sum of a present task's losses is divided by. */
export function divisorOf({ weight }: LossSum, reduction: StepContext['reduction'], size: number): number {
  return reduction === 'batch-mean' ? size : weight;
}
