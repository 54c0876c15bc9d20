/**
 * A weighting strategy maps a statistic of one step to task weights. It is pure: its state is a JSON value that goes in
 * and comes out, so that checkpointing, replay against reference vectors and showing weights need nothing more.
 */
import type { Json } from '../common/checks.ts';
import type { Text } from '../common/text.ts';
import type { Matrix, Numbers } from '../numbers/linear.ts';
import type { StrategyName, StrategySpec, TaskFact } from '../spec/index.ts';

/**
 * What a strategy asks of a step, from the cheapest to the dearest: the losses; the norm of each task's gradient; the
 * Gram matrix of the task gradients; A Bᵀ of the gradients on two independent batches; all inner products of the
 * gradients on the outer and the inner half of a batch, and the inner losses after some inner steps; the gradients themselves.
 */
export type Statistic = 'losses' | 'norms' | 'gram' | 'cross-gram' | 'bilevel-gram' | 'entries';

/** A value that survives `JSON.stringify`. */
export type { Json };

/** Random numbers of a step, drawn by who calls (conventions 1.8), so that a step can be repeated. */
export interface Draws {
  /** T standard normal numbers. */
  readonly normal?: Numbers;
  /** For each task the order in which it visits the tasks, by position; its own position may be in it. */
  readonly orders?: readonly Numbers[];
}

/** One step as a strategy sees it. Lists are over the tasks *present* in the batch (conventions 1.2), in source order. */
export interface StepStatistics {
  /** Counted from 0. */
  readonly step: number;
  /** Counted from 0; strategies that change with epochs need it. */
  readonly epoch?: number;
  readonly tasks: readonly string[];
  /** Unweighted losses. */
  readonly losses: readonly number[];
  /** The spec's `weights` of these tasks. */
  readonly weights: readonly number[];
  /** ‖∇Lᵢ‖ over the parameters in question. */
  readonly norms?: Numbers;
  /** G = J Jᵀ [T][T]. */
  readonly gram?: Matrix;
  /**
   * J₁ J₂ᵀ [T][T] of two independent batches; not symmetric. For bilevel strategies J₁ are the gradients on the outer batch
   * at the parameters looked ahead to, J₂ those on the inner batch.
   */
  readonly cross?: Matrix;
  /** For bilevel strategies: (L(θ + εd) − L(θ − εd))/(2ε) on the inner batch, d = Σ of the rows of J₁. */
  readonly differences?: Numbers;
  /** For `bilevel-gram`: gradients by all parameters at the present ones, outer and inner half. */
  readonly bilevel?: BilevelStatistics;
  /** A measure of how well each task does on this batch, in [0, 1], higher is better; null where it has none. */
  readonly performance?: readonly (number | null)[];
  readonly draws?: Draws;
}

export interface BilevelStatistics {
  /** J Jᵀ of the outer losses' gradients. */
  readonly outer: Matrix;
  /** J Jᵀ of the inner losses' gradients. */
  readonly inner: Matrix;
  /** Outer gradients by inner ones. */
  readonly cross: Matrix;
  /** Inner losses after `innerSteps` steps of SGD with `innerLearningRate` on Σ `Strategy.shares`ᵢ fᵢ, from the present parameters. */
  readonly after: readonly number[];
}

export interface Weighting {
  /** Effective weights of the tasks present: what multiplies each loss. */
  readonly weights: readonly number[];
  readonly state: Json;
  /** What a user should know of this step: a solver that did not converge, an equation without a solution. */
  readonly problems?: readonly Text[];
  /** The scalar whose gradient with respect to the losses is `weights`, where the strategy has one. */
  readonly value?: number;
  /** For `Strategy.learned`: the derivative of `value` by the learned numbers, in task order. */
  readonly gradient?: readonly number[];
  /** Bilevel methods that also descend the inner losses: what multiplies each of these; `weights` are then of the outer ones. */
  readonly inner?: readonly number[];
  /** What multiplies the gradient of each task in its own parameters, with `heads: own`; 1 if absent. */
  readonly heads?: readonly number[];
}

/** Numbers of a strategy that an optimizer steps (conventions 1.1): the main one, or their own. */
export interface Learned {
  /** Their values for these tasks. */
  values(state: Json, tasks: readonly string[]): number[];
  /** The state with new values; those of other tasks stay. */
  replace(state: Json, tasks: readonly string[], values: readonly number[]): Json;
  /** Of an Adam of their own; absent: the main optimizer steps them. */
  readonly learningRate?: number | undefined;
}

/** How a bilevel strategy looks ahead from the inner half of a batch. */
export interface Lookahead {
  /** Of the inner steps; absent: the main optimizer's. */
  readonly learningRate?: number | undefined;
  /** Inner steps. */
  readonly steps: number;
  /** True where it wants `differences` beside the inner products. */
  readonly differences: boolean;
}

/** A strategy that turns statistics of a step into weights. */
export interface Strategy {
  readonly needs: Exclude<Statistic, 'entries'>;
  /** False where the weights depend on state, spec weights and draws alone: they are then known before the losses. */
  readonly readsLosses?: false;
  readonly initialState: Json;
  weigh(statistics: StepStatistics, state: Json): Weighting;
  readonly learned?: Learned;
  /** Norms are those of the last layer of a block, absent: of the last shared layer; without this, of all shared parameters. */
  readonly normsOf?: { readonly block?: string | undefined };
  readonly lookahead?: Lookahead;
  /** Bilevel methods: weights of the inner losses for looking ahead. */
  readonly shares?: (tasks: readonly string[], state: Json) => number[];
  /** After the optimizer's step: the losses of a second forward pass on the same batch. */
  readonly afterStep?: (statistics: StepStatistics, after: readonly number[], state: Json) => Json;
  /** After an epoch: its mean losses, for the tasks that had labels. */
  readonly afterEpoch?: (tasks: readonly string[], means: readonly number[], state: Json) => Json;
}

/**
 * What is known of a task before training starts: labeled training samples; L⁰, the training loss of the best constant
 * predictor; L^lin, the cross-validated loss of a linear model on the raw inputs.
 */
export interface TaskFacts extends Readonly<Partial<Record<TaskFact, number>>> {
  /** L^lin could not be had, so L⁰ stands for it: the task counts as one that no linear model explains. */
  readonly assumed?: true;
}

/** What a strategy may know when it is made. */
export interface StrategyContext {
  /** All tasks of the spec, in source order. */
  readonly tasks: readonly string[];
  /** By task; strategies that weigh by facts need it. */
  readonly facts?: Readonly<Record<string, TaskFacts>>;
}

/** A strategy that is built in; the user's own is a module. */
export type BuiltInName = Exclude<StrategyName, 'module'>;

/** Parameters as in the long form of a spec: the schema's defaults are filled in. */
export type ParametersOf<Name extends BuiltInName> = Extract<StrategySpec, { readonly name: Name }>;

/** One row of the table of strategies: makes the strategy. */
export type StrategyRow<Name extends BuiltInName, Made extends AnyStrategy = Strategy> = (
  parameters: ParametersOf<Name>,
  context: StrategyContext,
) => Made;

/** The operations that entry-wise strategies are written over: one back end on `Float64Array`, others on tensors. */
export interface VectorSpace<V> {
  zeros(like: V): V;
  /** Σ cᵢ vᵢ. */
  combine(coefficients: Numbers, vectors: readonly V[]): V;
  norm(v: V): number;
  dot(a: V, b: V): number;
  /** Applies `f` entry by entry; all vectors have one length. */
  map(f: (...entries: number[]) => number, ...vectors: readonly V[]): V;
  /** As `map` for as many vectors as there are tasks: `f` gets their entries in one buffer, which it may change. */
  across(f: (entries: Float64Array) => number, vectors: readonly V[]): V;
  sum(v: V): number;
}

/** What an entry-wise strategy keeps of each task between steps: name of the memory → task → vector. */
export type Memory<V> = Readonly<Record<string, Readonly<Record<string, V>>>>;

/** One step with the task gradients themselves. */
export interface EntryStatistics<V> extends StepStatistics {
  readonly space: VectorSpace<V>;
  /** J: one gradient for each task present. */
  readonly rows: readonly V[];
  readonly memory: Memory<V>;
  /** One uniform number in [0, 1) for each entry. */
  readonly uniform?: V;
}

export interface EntryWeighting<V> extends Omit<Weighting, 'weights'> {
  /** The combined gradient. */
  readonly direction: V;
  /** Weights with `direction` = Σ wᵢ gᵢ, null where the direction is no combination of the gradients. */
  readonly weights: readonly number[] | null;
  readonly memory: Memory<V>;
}

/** A strategy that reads gradient entries, or keeps state over them. */
export interface EntryStrategy {
  readonly needs: 'entries';
  /** True where `uniform` is asked for. */
  readonly uniform?: true;
  /** True where the direction is an optimizer's step already: the learning rate alone multiplies it (AdaTask). */
  readonly steps?: true;
  /** Where only some rows are read: their positions among the tasks present. The other rows may be anything of that length. */
  readonly renews?: (tasks: readonly string[], state: Json) => readonly number[];
  readonly initialState: Json;
  /** The losses whose gradients it wants, as factors of the raw gradients (log losses: 1/(L + ε)); absent: 1. */
  factors?(losses: readonly number[]): number[];
  combine<V>(statistics: EntryStatistics<V>, state: Json): EntryWeighting<V>;
}

export type AnyStrategy = Strategy | EntryStrategy;
