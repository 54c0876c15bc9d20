/** What a rule of sharing gets, and what it says of a block. */
import type { Text } from '../../common/text.ts';
import type { LayerSpec, SharingSpec } from '../../spec/index.ts';
import type { MaybeFlow } from '../flows.ts';
import type { PlanSharing, Shape } from '../plan.ts';

/** A block or task that reads a shared block. */
export interface Consumer {
  /** `task:species` or `block:deep`. */
  readonly key: string;
  /** Name in paths: `task:species`, `deep` (no name begins with `task:`). */
  readonly id: string;
  readonly name: string;
  /** Tasks whose loss reaches it. */
  readonly tasks: readonly string[];
}

/** A block as its sharing rule sees it. */
export interface SharedBlock<Spec extends SharingSpec = SharingSpec> {
  readonly name: string;
  readonly sharing: Spec;
  /** One list for each stage; a block written with `layers` has one. */
  readonly stages: readonly (readonly StageLayer[])[];
  readonly input: MaybeFlow;
  readonly consumers: readonly Consumer[];
  /** Tasks whose loss reaches the block, in source order. */
  readonly tasks: readonly string[];
}

export interface StageLayer {
  readonly spec: LayerSpec;
  readonly pointer: string;
}

/** A block that this kind of sharing cannot take. */
export interface SharingMistake {
  readonly code: 'sharing-shape' | 'sharing-input' | 'sharing-size';
  readonly message: Text;
}

export type SharingOutcome = { readonly sharing: PlanSharing; readonly output: Shape } | SharingMistake;

export type SharingOf<Type extends SharingSpec['type']> = Extract<SharingSpec, { readonly type: Type }>;
