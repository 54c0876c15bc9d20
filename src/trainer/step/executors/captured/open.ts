/** Captured steps for a training: on the native engine, where the rehearsal of a step shows that they are right. */
import { NodeJSKernelBackend } from '../../../../engine/native/tfjs-node.ts';
import type { Engine, EngineDescription } from '../../../../engine/types.ts';
import { eagerInference, type Infer, type InferredTask } from '../../passes/inference.ts';
import type { Model } from '../../../model/build.ts';
import { eagerExecutor } from '../eager/executor.ts';
import type { ExecutorFactory } from '../../../training/make-steps.ts';
import { CaptureError } from '../../../../engine/native/capture/errors.ts';
import { CapturedExecutor } from './executor.ts';
import { capturedInference } from './inference.ts';
import { leastRuns } from './limits.ts';

export interface Capturing {
  readonly factory: ExecutorFactory;
  /**
   * Builds the graphs of a step by taking it for trial; nothing of it remains. Where it cannot be captured, all steps run
   * operation by operation.
   *
   * @returns the engine as the `start` record tells of it
   */
  rehearse(step: () => void, description: EngineDescription): EngineDescription;
}

/** A person who wants every step operation by operation sets this variable to 0. */
const environmentSwitch = 'MTL_CAPTURE';

/**
 * @param onRefusal told once for each reason why some steps are not captured
 * @param always graphs also where a training is too short to save by them
 */
export function capturing({ backend }: Engine, onRefusal: (reason: string) => void, always = false): Capturing {
  let made: CapturedExecutor | undefined;
  let refused: string | undefined = process.env[environmentSwitch] === '0' ? `${environmentSwitch}=0` : undefined;
  let rehearsed = false;
  return {
    factory: (context, update) => {
      const eager = eagerExecutor(context, update);
      if (!(backend instanceof NodeJSKernelBackend) || refused !== undefined) return eager;
      const tell = (reason: string): void => {
        if (rehearsed) onRefusal(reason);
      };
      try {
        made = new CapturedExecutor({ backend, context, update: update.options, eager, onRefusal: tell, always });
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        refused = error.message;
        return eager;
      }
      return made;
    },
    rehearse: (step, description) => {
      if (made) {
        if (made.refusals.length === 0) made.rehearse(step);
        refused = made.refusals.length > 0 ? made.refusals.join('; ') : undefined;
        if (refused !== undefined) made.retire();
      }
      rehearsed = true;
      const graph = made?.captured === true;
      const why = refused === undefined ? '' : `; steps run operation by operation: ${refused}`;
      return { ...description, graph, detail: `${description.detail}${why}` };
    },
  };
}

export interface Inference {
  readonly infer: Infer;
  /** Why some batches ran operation by operation though the engine has graphs. */
  refusal(): string | undefined;
  dispose(): void;
}

/** Passes of a trained model: as graphs on the native engine, operation by operation elsewhere. */
export function inferenceOf({ backend }: Engine, model: Model, tasks: readonly InferredTask[]): Inference {
  const eager = eagerInference(model, tasks);
  if (!(backend instanceof NodeJSKernelBackend) || process.env[environmentSwitch] === '0')
    return { infer: eager, refusal: () => undefined, dispose: () => undefined };
  let captured: ReturnType<typeof capturedInference> | undefined;
  let refused: string | undefined;
  let batches = 0;
  return {
    infer: (batch) => {
      if (++batches < leastRuns) return eager(batch);
      try {
        captured ??= capturedInference(backend, model, tasks);
        return captured.infer(batch);
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        refused = error.message;
        return eager(batch);
      }
    },
    refusal: () => refused,
    dispose: () => captured?.dispose(),
  };
}
