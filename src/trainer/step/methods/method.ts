/** One way to make a step, with what it keeps between steps. */
import type { Text } from '../../../common/text.ts';
import type { Json, Memory } from '../../../weighting/contract.ts';
import type { ByTask } from '../by-task.ts';
import type { StepPlace } from './statistics.ts';
import type { Forward, StepInput, Updated } from '../contract.ts';

/** What a method remembers: the strategy's states, that of the optimizer of its learned numbers, and its vectors. */
export interface MethodState {
  /** By segment of the shared parameters; one named '' where all are one problem. */
  readonly states: Readonly<Record<string, Json>>;
  readonly learned: Json;
  /** Over a segment's entries; the names begin with that of the segment. */
  readonly memory: Memory<Float32Array>;
}

/** Raw task gradients as numbers: what a `gradients` record tells, and what other strategies may be shown. */
export interface Measured {
  /** Task indices. */
  readonly present: readonly number[];
  readonly norms: readonly number[];
  /** Absent where only norms were asked for. */
  readonly gram: readonly (readonly number[])[] | null;
  /** The same by block, where several hold shared parameters and it was asked for. */
  readonly blocks?: readonly MeasuredBlock[];
}

/** Raw task gradients over the parameters of one block; lists are over the tasks present. */
export interface MeasuredBlock {
  readonly name: string;
  /** Null where the task does not reach the block. */
  readonly norms: readonly (number | null)[];
  /** Mean cosine with the other tasks that reach it; null without one. */
  readonly agreement: readonly (number | null)[];
}

export interface MethodResult {
  readonly forward: Forward;
  readonly updated: Updated;
  /** Effective weights, before clipping; null where the direction is no combination of gradients. */
  readonly weights: ByTask<number> | null;
  /** What was minimized, without penalties. */
  readonly objective: number;
  readonly state: MethodState;
  /** What a solver has to say of this step. */
  readonly problems: readonly Text[];
  readonly measured?: Measured;
}

export interface Method {
  /** Whether it computes task gradients in every step. */
  readonly paysForGradients: boolean;
  /** Batches that a step works on at once, beside `accumulate`. */
  readonly batches: number;
  /** True where it is given the two halves of each batch and the batch itself. */
  readonly halves?: true;
  initialState(): MethodState;
  run(input: StepInput, at: StepPlace, before: MethodState): MethodResult;
  /** Whether vectors out of a checkpoint are of this model; absent: the method keeps none. */
  fits?(memory: Memory<Float32Array>): boolean;
  /** After an epoch: its mean losses, for the tasks that had labels. */
  afterEpoch(tasks: readonly string[], means: readonly number[], state: MethodState): MethodState;
}

/** The strategy's state of one segment; null where a checkpoint has none, which strategies read as that before the first step. */
export function stateOf({ states }: MethodState, segment: string): Json {
  const state = Object.hasOwn(states, segment) ? states[segment] : undefined;
  return state ?? null;
}

/** What a checkpoint's JSON holds of a state (`own` is what checkpoints call the states); the vectors are tensors of their own. */
export function stateJson({ states, learned }: MethodState): Json {
  return { own: states, learned };
}

/** The state again. What is missing is as before the first step: checkpoints come from strangers. */
export function readState(json: Json, memory: Memory<Float32Array>): MethodState {
  const fields = isObject(json) ? json : {};
  const states = fields['own'] ?? null;
  return { states: isObject(states) ? states : {}, learned: fields['learned'] ?? null, memory };
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
