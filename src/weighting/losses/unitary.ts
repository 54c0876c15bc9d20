/** Unitary scalarization (Kurin et al. 2022): L = Σ Lᵢ, the balance being left to regularization. */
import { equalWeights } from '../parts/equal-weights.ts';
import type { StrategyRow } from '../contract.ts';

export const unitary: StrategyRow<'unitary'> = equalWeights(() => 1);
