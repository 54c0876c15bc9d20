/**
 * IMTL (Liu et al., ICLR 2021): IMTL-L scales the losses, exp(sᵢ) Lᵢ − sᵢ, and IMTL-G combines the gradients of the scaled
 * losses. The effective weight is αᵢ exp(sᵢ); the heads take the gradient of the scaled loss, exp(sᵢ)∇Lᵢ, without α.
 */
import { gramFrom } from '../state.ts';
import { imtlGWeights } from './imtl-g.ts';
import { at } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';
import { learnedNumbers } from '../parts/learned-numbers.ts';

export const imtl: StrategyRow<'imtl'> = (parameters) => {
  const learned = learnedNumbers(parameters);
  return {
    needs: 'gram',
    initialState: null,
    learned,
    weigh(statistics, state) {
      const scales = learned.values(state, statistics.tasks).map(Math.exp);
      const gram = gramFrom(statistics).map((values, i) => values.map((g, j) => at(scales, i) * g * at(scales, j)));
      const { weights, problems } = imtlGWeights(gram);
      return {
        weights: weights.map((weight, i) => weight * at(scales, i)),
        state,
        problems,
        heads: scales,
        gradient: scales.map((scale, i) => scale * at(statistics.losses, i) - 1),
      };
    },
  };
};
