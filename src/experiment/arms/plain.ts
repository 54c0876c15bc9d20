/** The spec as it stands, with some values set. */
import type { ArmRow } from './contract.ts';

export const plain: ArmRow<'plain'> = {
  bases: (_, base) => ({ bases: [base] }),
  points: () => [{ label: '', point: new Map(), settings: [] }],
  frontier: false,
};
