/** Captured steps and passes on the native engine. */
import type { Text } from '../../../../common/text.ts';
import { CaptureError } from '../../../../engine/capture-error.ts';
import { NodeJSKernelBackend } from '../../../../engine/native/tfjs-node.ts';
import type { Engine } from '../../../../engine/contract.ts';
import type { Model } from '../../../model/build.ts';
import { eagerInference, type InferredTask } from '../../passes/inference.ts';
import type { Inference, OpenedExecutor } from '../contract.ts';
import { CapturedExecutor } from './executor.ts';
import { capturedInference } from './inference.ts';
import { leastRuns } from './limits.ts';

export function openCaptured({ backend }: Engine): OpenedExecutor {
  if (!(backend instanceof NodeJSKernelBackend)) throw new TypeError('Graphs are of the native engine alone.');
  return {
    steps: ({ context, update, eager, onRefusal, always }) => {
      const executor = new CapturedExecutor({ backend, context, update: update.options, eager, onRefusal, always });
      return { executor, rehearsal: executor };
    },
    inference: (model, tasks) => inferenceOn(backend, model, tasks),
  };
}

/** As graphs once there are enough batches for them to save anything, operation by operation where they cannot be. */
function inferenceOn(backend: NodeJSKernelBackend, model: Model, tasks: readonly InferredTask[]): Inference {
  const eager = eagerInference(model, tasks);
  let captured: ReturnType<typeof capturedInference> | undefined;
  let refused: Text | undefined;
  let batches = 0;
  return {
    infer: (batch) => {
      if (++batches < leastRuns) return eager(batch);
      try {
        captured ??= capturedInference(backend, model, tasks);
        return captured.infer(batch);
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        refused = error.text;
        return eager(batch);
      }
    },
    refusal: () => refused,
    dispose: () => captured?.dispose(),
  };
}
