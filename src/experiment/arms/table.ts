/** The kinds of arms: a row each. */
import type { ArmKind, ArmRow } from './contract.ts';
import { plain } from './plain.ts';
import { singleTask } from './single-task.ts';
import { staticWeightsArm } from './static-weights.ts';
import { unitary } from './unitary.ts';

export const armKinds: { readonly [Kind in ArmKind]: ArmRow<Kind> } = {
  plain,
  'single-task': singleTask,
  'static-weights': staticWeightsArm,
  unitary,
};
