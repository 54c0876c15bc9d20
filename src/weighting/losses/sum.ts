/** L = Σ wᵢ Lᵢ. */
import { equalWeights } from '../parts/equal-weights.ts';
import type { StrategyRow } from '../contract.ts';

export const sum: StrategyRow<'sum'> = equalWeights(() => 1);
