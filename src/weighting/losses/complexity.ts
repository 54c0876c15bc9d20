/** Weights by complexity: w ∝ d/L⁰, d = clip(L^lin/L⁰, .05, 1) (Ho & Basu 2002; Lorena et al. 2018). */
import { constantShares, factOf } from '../parts/by-facts.ts';
import type { StrategyRow } from '../contract.ts';

export const complexity: StrategyRow<'complexity'> = (parameters, context) =>
  constantShares(parameters, context, (task) => {
    const chance = factOf(context, task, 'constantLoss');
    return Math.min(Math.max(factOf(context, task, 'linearLoss') / chance, 0.05), 1) / chance;
  });
