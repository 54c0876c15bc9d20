/** Seeds of the sources of chance in a training. */
import type { TrainingSpec } from './resolved.ts';

/** `init`: first values; `order`: of the rows; `dropout`: what a step draws. Without a seed of its own it has the training's. */
export function seedOf(
  { seed, seeds }: Pick<TrainingSpec, 'seed' | 'seeds'>,
  source: 'init' | 'order' | 'dropout',
): number {
  return seeds?.[source] ?? seed;
}
