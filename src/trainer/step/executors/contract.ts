/** What computes steps is a row: which engine it is for, whether it can, and how it is opened. */
import type { Text } from '../../../common/text.ts';
import type { Engine, EngineDescription } from '../../../engine/contract.ts';
import type { Model } from '../../model/build.ts';
import type { StepContext, StepExecutor } from '../contract.ts';
import type { Infer, InferredTask } from '../passes/inference.ts';
import type { Update } from '../passes/update.ts';

/** Makes what computes the steps of a run. */
export type ExecutorFactory = (context: StepContext, update: Update) => StepExecutor;

export interface ExecutorRow {
  readonly name: string;
  /** Engines that it is for; absent: all of them. On others nobody misses it. */
  readonly engines?: readonly EngineDescription['name'][];
  /** Why it cannot compute on such an engine all the same; null where it can. */
  can(engine: Engine): Text | null;
  /** Loads its code, where it is wanted only. */
  open(engine: Engine): Promise<OpenedExecutor>;
}

/** An executor's code with its engine. */
export interface OpenedExecutor {
  /** @throws CaptureError where it cannot compute the steps of this run */
  steps(options: StepsOptions): Candidate;
  /** Passes of a trained model. */
  inference(model: Model, tasks: readonly InferredTask[]): Inference;
}

export interface StepsOptions {
  readonly context: StepContext;
  readonly update: Update;
  /** Takes steps operation by operation, on the same model and optimizer. */
  readonly eager: StepExecutor;
  /** Told once for each reason why some steps run operation by operation. */
  readonly onRefusal: (reason: Text) => void;
  /** It computes also where a run is too short for it to save anything. */
  readonly always: boolean;
}

export interface Candidate {
  readonly executor: StepExecutor;
  /** Absent where there is nothing to show: operation by operation is what others are compared with. */
  readonly rehearsal?: Rehearsal;
}

/** What an executor does before it is trusted. */
export interface Rehearsal {
  /** Takes a step for trial, compared with the eager step; nothing of it remains but what it has built. */
  take(step: () => void): void;
  /** Why some steps run operation by operation. */
  readonly refusals: readonly Text[];
  /** From now on every step runs operation by operation. */
  retire(): void;
}

export interface Inference {
  readonly infer: Infer;
  /** Why some batches ran operation by operation though the engine could do better. */
  refusal(): Text | undefined;
  dispose(): void;
}
