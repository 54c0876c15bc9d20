/** A curve of static weights over the simplex: the control that any balancing strategy must beat (Xin et al. 2022). */
import type { Spec } from '../../spec/index.ts';
import { frontierWeights } from '../designs/simplex.ts';
import type { ArmRow } from './contract.ts';
import { staticWeights } from './weights.ts';

/** The sum of the spec's weights, which the frontier keeps: another one would be another learning rate, too. */
const sumOf = ({ weights, tasks }: Spec): number => {
  const sum = [...tasks.keys()].reduce((total, task) => total + (weights.get(task) ?? 1), 0);
  return sum > 0 ? sum : 1;
};

/** Thirds have twelve digits: what they add up to has ten. */
const tidy = (weight: number): number => Number(weight.toPrecision(10));

export const staticWeightsArm: ArmRow<'static-weights'> = {
  bases: (_, base) => ({ bases: [base] }),
  points: (spec, { points }) =>
    frontierWeights(spec.tasks.size, points).map((weights) => ({
      label: weights.map((weight) => String(Number(weight.toFixed(3)))).join(':'),
      point: new Map(),
      settings: staticWeights(
        new Map([...spec.tasks.keys()].map((task, index) => [task, tidy((weights[index] ?? 0) * sumOf(spec))])),
      ),
    })),
  frontier: true,
};
