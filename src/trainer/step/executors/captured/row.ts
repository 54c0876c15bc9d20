/** Steps as graphs of TensorFlow. Its code is loaded only with the engine that has them. */
import type { ExecutorRow } from '../contract.ts';

export const captured: ExecutorRow = {
  name: 'captured',
  engines: ['native'],
  can: ({ backend }) => ('binding' in backend ? null : 'the engine gives no access to its graphs'),
  open: async (engine) => (await import('./open.ts')).openCaptured(engine),
};
