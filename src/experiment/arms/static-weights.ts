/** A curve of static weights over the simplex: the control that any balancing strategy must beat (Xin et al. 2022). */
import { frontierWeights } from '../designs/simplex.ts';
import type { ArmRow } from './contract.ts';
import { staticWeights } from './weights.ts';

export const staticWeightsArm: ArmRow<'static-weights'> = {
  bases: (_, base) => [base],
  points: (spec, { points }) =>
    frontierWeights(spec.tasks.size, points).map((weights) => ({
      label: weights.map((weight) => String(Number(weight.toFixed(3)))).join(':'),
      point: new Map(),
      settings: staticWeights(new Map([...spec.tasks.keys()].map((task, index) => [task, weights[index] ?? 0]))),
    })),
  frontier: true,
};
