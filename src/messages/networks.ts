/** Checks of two arms' networks in one picture. */
import { count, list, object, oneOf, text, type Check } from '../common/checks.ts';
import type { MergedNetwork } from '../experiment/networks/merge.ts';

const side = oneOf('both', 'changed', 'first', 'second');
const kind = oneOf('input', 'block', 'part', 'task', 'prediction', 'total');

export const mergedNetwork: Check<MergedNetwork> = object({
  nodes: list(object({ key: text, kind, name: text, side, first: list(text), second: list(text), rank: count })),
  edges: list(object({ from: text, to: text, side, first: text, second: text })),
});
