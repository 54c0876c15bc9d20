/** The strategies this version executes: one file each, one row here. */
import { staticWeights } from './static.ts';
import type { Strategy, StrategyContext, StrategyRow } from './types.ts';

export const strategies: readonly StrategyRow[] = [staticWeights];

/** Makes the strategy of that name. The spec room has refused unknown names already, so a miss is a programming error. */
export function createStrategy(name: string, context: StrategyContext): Strategy {
  const row = strategies.find((candidate) => candidate.name === name);
  if (!row) throw new RangeError(`No weighting strategy "${name}" is built into this trainer.`);
  return row.create(context);
}
