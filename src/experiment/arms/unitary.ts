/** All weights 1 under the static strategy; with its regularization tuned it is hard to beat (Kurin et al. 2022). */
import type { ArmRow } from './contract.ts';
import { staticWeights } from './weights.ts';

export const unitary: ArmRow<'unitary'> = {
  bases: (_, base) => ({ bases: [base] }),
  points: (spec) => [
    {
      label: '',
      point: new Map(),
      settings: staticWeights(new Map([...spec.tasks.keys()].map((task) => [task, 1]))),
    },
  ],
  frontier: false,
};
