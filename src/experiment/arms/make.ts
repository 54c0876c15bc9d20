/** An arm as it is written → the variants that it trains. */
import { text } from '../../common/text.ts';
import { toOrdered, type ArmSpec, type Setting, type Spec } from '../../spec/index.ts';
import type { Arm, Candidate, Refusal } from '../contract.ts';
import { variantOf, type Base } from '../variant.ts';
import type { ArmKind, ArmPoint, ArmRow } from './contract.ts';
import { armKinds } from './table.ts';

export interface MadeArm {
  readonly arm: Arm;
  /** What is wrong with it; its candidates are then fewer. */
  readonly refusals: readonly Refusal[];
}

/**
 * @param pointer of the arm in the text; null for one that a short form stands for
 */
export function makeArm(spec: Spec, base: Base, written: ArmSpec, pointer: string | null): MadeArm {
  const kind: ArmKind = 'auto' in written ? written.auto : 'plain';
  // The row takes the arm of its own kind, which the compiler cannot see through the table.
  const row = armKinds[kind] as ArmRow<ArmKind>;
  const bases = row.bases(spec, base, written);
  const own: readonly Setting[] = [...(written.set ?? [])].map(([at, value]) => ({
    pointer: at,
    value: toOrdered(value),
  }));
  const refusals: Refusal[] = [];
  const candidates: Candidate[] = [];
  for (const point of row.points(spec, written)) {
    const made = candidateOf(bases, point, own, pointer ?? '');
    if ('variants' in made) candidates.push(made);
    else refusals.push(...made);
  }
  if (row.frontier && written.tune !== undefined) {
    refusals.push({
      pointer: `${pointer ?? ''}/tune`,
      code: 'tune-frontier',
      message: text(
        'The points of a frontier are its tuning: "tune" cannot stand beside them. Give it more "points" instead.',
        '前沿上的各点本身就是调参：不能再写 "tune"。请改为增加 "points"。',
      ),
    });
  }
  const [first] = row.points(spec, written);
  const arm: Arm = {
    id: written.id,
    pointer,
    candidates,
    tune: written.tune ?? null,
    frontier: row.frontier,
    at: (settings, label, point) =>
      candidateOf(bases, { label, point, settings: first?.settings ?? [] }, [...own, ...settings], pointer ?? ''),
  };
  return { arm, refusals };
}

/** One point with the arm's own settings, in every text that the arm trains. */
function candidateOf(
  bases: readonly Base[],
  { label, point, settings }: ArmPoint,
  own: readonly Setting[],
  pointer: string,
): Candidate | readonly Refusal[] {
  const made = bases.map((base) => variantOf(base, [...settings, ...own], pointer));
  const refusals = made.flatMap((one) => ('refusals' in one ? one.refusals : []));
  if (refusals.length > 0) return refusals;
  return { label, point, variants: made.flatMap((one) => ('variant' in one ? [one.variant] : [])) };
}
