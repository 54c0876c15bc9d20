/** How much a run asks of its engine. From the spec and the data alone, so that a resumed run expects the same. */
import { evaluationBatch } from './evaluate-split.ts';
import type { Prepared } from '../prepare/prepare.ts';
import type { ExpectedWork } from '../step/contract.ts';

/** @param interval steps from one measurement of gradients beside the steps to the next */
export function expectedWork(
  { spec, data }: Pick<Prepared, 'spec' | 'data'>,
  steps: number,
  epochs: number,
  interval: number,
): ExpectedWork {
  const { evaluateEvery, affinity } = spec.training;
  const evaluations = Math.floor((evaluateEvery.unit === 'epoch' ? epochs : steps) / evaluateEvery.every);
  return {
    steps,
    measurements: Math.ceil(steps / Math.min(interval, affinity?.every ?? Infinity)),
    evaluated: evaluations * Math.ceil(data.splits.validation.n / evaluationBatch),
  };
}
