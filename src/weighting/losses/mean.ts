/** L = Σ wᵢ Lᵢ / T over the T tasks present. */
import { equalWeights } from '../parts/equal-weights.ts';
import type { StrategyRow } from '../contract.ts';

export const mean: StrategyRow<'mean'> = equalWeights((count) => 1 / count);
