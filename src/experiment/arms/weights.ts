/** Settings of static weights. */
import { defaultStrategy, pointerOf, type Setting } from '../../spec/index.ts';

/** The strategy that takes weights as they are, and these weights, for every task. */
export function staticWeights(weights: ReadonlyMap<string, number>): readonly Setting[] {
  return [
    { pointer: '/strategy/name', value: defaultStrategy },
    ...[...weights].map(([task, value]) => ({ pointer: pointerOf(['weights', task]), value })),
  ];
}
