/** Operation by operation: on every engine, and what the others are compared with. */
import { eagerInference } from '../../passes/inference.ts';
import type { ExecutorRow } from '../contract.ts';

export const eager: ExecutorRow = {
  name: 'eager',
  can: () => null,
  open: () =>
    Promise.resolve({
      steps: (options) => ({ executor: options.eager }),
      inference: (model, tasks) => ({
        infer: eagerInference(model, tasks),
        refusal: () => undefined,
        dispose: () => undefined,
      }),
    }),
};
