/** Weights by the amount of data: w ∝ n^p (Arivazhagan et al. 2019). */
import { constantShares, factOf } from '../parts/by-facts.ts';
import type { StrategyRow } from '../contract.ts';

export const dataSize: StrategyRow<'data-size'> = (parameters, context) =>
  constantShares(parameters, context, (task) => factOf(context, task, 'samples') ** parameters.power);
