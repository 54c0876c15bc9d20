/** The ways of sharing a block: one row each. To add one, write its rule in this folder and add its row. */
import type { SharingSpec } from '../../spec/index.ts';
import { branch } from './branch.ts';
import { cgc } from './cgc.ts';
import { crossStitch } from './cross-stitch.ts';
import { dselectK } from './dselect-k.ts';
import { mmoe } from './mmoe.ts';
import { mtan } from './mtan.ts';
import { ple } from './ple.ts';
import { sluice } from './sluice.ts';
import { soft } from './soft.ts';
import type { SharedBlock, SharingOf, SharingOutcome } from './contract.ts';

export { partsOf, tooManyParts } from './parts.ts';
export type { Consumer, SharedBlock, SharingMistake, SharingOutcome, StageLayer } from './contract.ts';

type SharingType = Exclude<SharingSpec['type'], 'hard'>;

const rules: { readonly [Type in SharingType]: (block: SharedBlock<SharingOf<Type>>) => SharingOutcome } = {
  soft,
  'cross-stitch': crossStitch,
  sluice,
  mmoe: (block) => mmoe(block),
  cgc: (block) => cgc(block),
  ple: (block) => ple(block),
  mtan,
  'dselect-k': (block) => dselectK(block),
  branch,
};

/** Parts of a block that its consumers do not simply share; null for hard sharing. */
export function sharingOf(block: SharedBlock): SharingOutcome | null {
  const { type } = block.sharing;
  if (type === 'hard') return null;
  return (rules[type] as (block: SharedBlock) => SharingOutcome)(block);
}
