/** Recorded work as TensorFlow runs it, operation by operation. */
import { difference, idOf, record, type Trace } from '../../../../engine/native/capture/recorder.ts';
import type { NodeJSKernelBackend } from '../../../../engine/native/tfjs-node.ts';
import type { Tracer } from '../../recorded/recording.ts';

export function tracerOf(backend: NodeJSKernelBackend): Tracer<Trace> {
  return {
    idOf: (tensor) => idOf(backend, tensor),
    record: (work) => record(backend, work),
    difference,
  };
}
