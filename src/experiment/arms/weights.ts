/** Settings of static weights. */
import { pointerOf, type Setting } from '../../spec/index.ts';

/** The strategy `static` and these weights, for every task. */
export function staticWeights(weights: ReadonlyMap<string, number>): readonly Setting[] {
  return [
    { pointer: '/strategy/name', value: 'static' },
    ...[...weights].map(([task, value]) => ({ pointer: pointerOf(['weights', task]), value })),
  ];
}
