/** What other rooms ask of a strategy: its traits, said once in its word. */
import type { Text } from '../../common/text.ts';

/** What a strategy reads of a step, from the cheapest to the dearest. */
export type Reads = 'losses' | 'norms' | 'gram' | 'entries' | 'three' | 'halves' | 'wrapped' | 'module';

/** What the spec's `weights` mean to it (conventions 2). */
export type WeightsMeaning = 'multiply' | 'preference' | 'initial' | 'none' | 'wrapped';

/**
 * The factor c with which T equal tasks of weight 1 and gradient g give c g (conventions 7, H2): T, 1 or another number.
 * Absent where it depends on losses, gradients or state; `multiplied` where it does and the weights found are multiplied
 * by the spec's, so that with `scale` they are brought to the spec's sum.
 */
export type EqualTasks = 'sum' | 'mean' | 'multiplied' | ((count: number) => number);

/** What is known of a task before training starts, as far as a strategy asks for it. */
export type TaskFact = 'samples' | 'constantLoss' | 'linearLoss';

/** What may depend on the parameters. */
export interface Dependent {
  readonly reads: Reads;
  readonly equalTasks?: EqualTasks;
  /** It takes logarithms or quotients of losses, which must not be negative. */
  readonly nonNegativeLosses?: boolean;
  /** It keeps vectors as long as a gradient, for each task, from step to step. */
  readonly keepsVectors?: boolean;
  /** Its direction is no sum of weights times this step's gradients. */
  readonly weightless?: boolean;
}

/** All of them. */
export interface Traits extends Dependent {
  readonly weights: WeightsMeaning;
  /** Why it cannot be observed, where that does not follow from what it reads. */
  readonly unobservable?: Text;
  /** Parameters without a default, as they are when it is observed. */
  readonly observedWith?: (tasks: readonly string[]) => Readonly<Record<string, unknown>>;
  /** What it wants to know of each task before training starts. */
  readonly facts?: readonly TaskFact[];
  /** It wants to know of each step how well the tasks do. */
  readonly measuresPerformance?: boolean;
  /** Worth a try where gradients conflict, and why. */
  readonly againstConflicts?: Text;
  /** What it is called elsewhere, in small letters without separators. */
  readonly alsoCalled?: readonly string[];
}

/** A strategy as the schema keeps it: its traits, and what is different with some parameters. */
export interface KeptTraits extends Traits {
  readonly when?: (parameters: never) => Partial<Dependent>;
}
