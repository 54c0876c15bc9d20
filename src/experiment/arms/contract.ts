/** What a kind of arm is: the specs that it trains. */
import type { ArmSpec, Setting, Spec } from '../../spec/index.ts';
import type { Candidate } from '../contract.ts';
import type { Base } from '../variant.ts';

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

export interface ArmRow<Kind extends ArmKind> {
  /** The texts that are trained: the spec as written, or one a task. */
  readonly bases: (spec: Spec, base: Base, arm: ArmKinds[Kind]) => readonly Base[];
  /** Its points: one, or those of a curve. Settings of the arm come after. */
  readonly points: (spec: Spec, arm: ArmKinds[Kind]) => readonly ArmPoint[];
  /** Its points are a curve, each an arm of its own. */
  readonly frontier: boolean;
}
