/** What the tables say of a strategy's demands on weights and losses. */
import type { Fields } from '../../common/checks.ts';
import { extraOf } from '../schema/build.ts';
import type { Members } from '../schema/build.ts';
import { losses } from '../schema/losses.ts';
import { entryStrategies } from '../schema/strategies-entries.ts';
import { withWeights } from '../schema/strategies-facts.ts';

const ratios: ReadonlySet<unknown> = new Set([
  ...[
    'dwa',
    'geometric',
    'log',
    'uncertainty',
    'uncertainty-optimal',
    'uncertainty-softmax',
    'imtl-l',
    'imtl',
    'gradnorm',
  ],
  ...['db-mtl', 'initial-loss', 'complexity'],
]);

/** Whether a strategy takes logarithms or quotients of losses, which then must not be negative. */
export function needsNonNegativeLosses(strategy: Fields): boolean {
  const { name, form, minLosses, gradientNormalization, convention } = strategy;
  if (name === 'stch') return form === 'log-nadir';
  if (name === 'famo') return minLosses === undefined;
  if (name === 'mgda') return gradientNormalization === 'loss' || gradientNormalization === 'loss+';
  if (name === 'moco') return convention === 'libmtl';
  return ratios.has(name);
}

/** Whether unequal task weights mean nothing to a strategy: it has no place for them unless it prescales. */
export const ignoresWeights = ({ name, prescale }: Fields): boolean =>
  prescale !== true && (withWeights('none').includes(String(name)) || name === 'pcd');

/** Whether a strategy gives a direction that is no combination of gradients, so that there are no weights to smooth. */
export const hasNoWeights = ({ name, momentum }: Fields): boolean =>
  Object.hasOwn(entryStrategies, String(name)) || (name === 'config' && momentum === true);

/** The largest number that no value of a task's loss falls below; 0 where the tables do not say. */
export function infimumOf(task: string, loss: string): number {
  const rows = (losses as Readonly<Record<string, Members>>)[task] ?? {};
  const row = rows[loss];
  return row === undefined ? 0 : (extraOf(row).infimum ?? 0);
}
