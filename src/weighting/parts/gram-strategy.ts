/** The shape that most Gram-matrix strategies share: weights from G and the preferences, no state. */
import type { Text } from '../../common/text.ts';
import { gramFrom, preferenceOf } from '../state.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import type { BuiltInName, ParametersOf, StepStatistics, StrategyRow } from '../contract.ts';

export interface GramWeights {
  readonly weights: readonly number[];
  readonly problems?: readonly Text[];
}

/**
 * A row of the table for a strategy without state.
 *
 * @param weigh weights from the Gram matrix [T][T] and the preferences [T]
 */
export function gramStrategy<Name extends BuiltInName>(
  weigh: (gram: Matrix, preference: Numbers, parameters: ParametersOf<Name>, step: StepStatistics) => GramWeights,
): StrategyRow<Name> {
  return (parameters) => {
    const rule = 'preference' in parameters ? parameters.preference : 'normalized';
    return {
      needs: 'gram',
      initialState: null,
      weigh(statistics, state) {
        const found = weigh(gramFrom(statistics), preferenceOf(statistics, rule), parameters, statistics);
        return { ...found, state };
      },
    };
  };
}
