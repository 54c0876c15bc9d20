/** Reference cases of losses (PyTorch), parameters as a spec writes them. */
import type { AvailableTask } from '../../../../../src/spec/resolved.ts';
import type { LossContext } from '../../../../../src/trainer/tasks/losses/contract.ts';
import type { Given } from '../../resolved.ts';
import { vectors } from '../vectors.ts';

interface LossCase {
  readonly loss: string;
  readonly task: AvailableTask;
  readonly parameters: Given;
  readonly context: LossContext;
  readonly raw: number[][];
  readonly target: number[][];
  readonly weights: number[];
  readonly losses: number[];
  readonly sum: number;
  readonly weight: number;
  readonly gradient: number[][];
}

export function lossCases(): readonly LossCase[] {
  return vectors<{ cases: LossCase[] }>('losses').cases.map((entry) => {
    const { alpha } = entry.parameters;
    // The reference has a list in the order of the classes.
    if (!Array.isArray(alpha)) return entry;
    const { classes = [] } = entry.context;
    const byClass = Object.fromEntries(classes.map((name, index) => [name, alpha[index] as number]));
    return { ...entry, parameters: { ...entry.parameters, alpha: byClass } };
  });
}
