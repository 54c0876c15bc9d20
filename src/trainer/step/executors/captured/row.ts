/** Steps as graphs of TensorFlow. Its code is loaded only with the engine that has them. */
import { text } from '../../../../common/text.ts';
import type { ExecutorRow } from '../contract.ts';

export const captured: ExecutorRow = {
  name: 'captured',
  engines: ['native'],
  can: ({ backend }) =>
    'binding' in backend ? null : text('the engine gives no access to its graphs', '引擎不提供对其计算图的访问'),
  open: async (engine) => (await import('./open.ts')).openCaptured(engine),
};
