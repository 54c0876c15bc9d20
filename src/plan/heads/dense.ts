/** The layer that a head is: dense on the last axis. */
import type { WeightShape } from '../layers/contract.ts';
import type { Dim, Shape } from '../plan.ts';

export function headShape(input: Shape, units: Dim): Shape {
  return [...input.slice(0, -1), units];
}

export function headWeights(input: Shape, units: Dim): readonly WeightShape[] {
  return [
    { name: 'kernel', shape: [input.at(-1) ?? null, units], trainable: true },
    { name: 'bias', shape: [units], trainable: true },
  ];
}
