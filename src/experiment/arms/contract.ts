/** What a kind of arm is: the specs that it trains. */
import type { ArmSpec, Setting, Spec } from '../../spec/index.ts';
import type { ArmNote, Base, Candidate } from '../contract.ts';
import type { SizeFacts } from '../facts.ts';

/** Kinds of arms by the word of `auto`; `plain` for one without. */
export interface ArmKinds {
  readonly plain: Exclude<ArmSpec, { readonly auto: string }>;
  readonly 'single-task': Extract<ArmSpec, { readonly auto: 'single-task' }>;
  readonly 'static-weights': Extract<ArmSpec, { readonly auto: 'static-weights' }>;
  readonly unitary: Extract<ArmSpec, { readonly auto: 'unitary' }>;
}

export type ArmKind = keyof ArmKinds;

/** One point of an arm before its own settings: the texts that it trains and what is set in them. */
export interface ArmPoint {
  readonly label: string;
  readonly point: Candidate['point'];
  readonly settings: readonly Setting[];
}

/** The texts that an arm trains: the spec as written, or one a task. */
export interface ArmBases {
  readonly bases: readonly Base[];
  /** What a person should know of them. */
  readonly notes?: readonly ArmNote[];
  /** Why they cannot be what the arm asks for; the bases are then what they would be without. */
  readonly refusals?: readonly ArmNote[];
  /** Their runs take as long as one of this text. */
  readonly asLongAs?: Base;
}

export interface ArmRow<Kind extends ArmKind> {
  /** @param facts sizes that the data tell, null where they tell none; undefined where nobody has looked yet */
  readonly bases: (spec: Spec, base: Base, arm: ArmKinds[Kind], facts: SizeFacts | null | undefined) => ArmBases;
  /** Its points: one, or those of a curve. Settings of the arm come after. */
  readonly points: (spec: Spec, arm: ArmKinds[Kind]) => readonly ArmPoint[];
  /** Its points are a curve, each an arm of its own. */
  readonly frontier: boolean;
}
