/** An arm as it is written → the variants that it trains. */
import { text } from '../../common/text.ts';
import { toOrdered, type ArmSpec, type Setting, type Spec } from '../../spec/index.ts';
import type { Arm, Base, Candidate, Refusal } from '../contract.ts';
import type { SizeFacts } from '../facts.ts';
import { variantOf } from '../variant.ts';
import type { ArmKind, ArmPoint, ArmRow } from './contract.ts';
import { armKinds } from './table.ts';

export interface MadeArm {
  readonly arm: Arm;
  /** What is wrong with it; its candidates are then fewer. */
  readonly refusals: readonly Refusal[];
}

/**
 * @param pointer of the arm in the text; null for one that a short form stands for
 * @param facts sizes that the data tell, null where they tell none; undefined where nobody has looked yet
 */
export function makeArm(
  spec: Spec,
  base: Base,
  written: ArmSpec,
  pointer: string | null,
  facts: SizeFacts | null | undefined,
): MadeArm {
  const kind: ArmKind = 'auto' in written ? written.auto : 'plain';
  // The row takes the arm of its own kind, which the compiler cannot see through the table.
  const row = armKinds[kind] as ArmRow<ArmKind>;
  const { bases, notes = [], asLongAs, ...made } = row.bases(spec, base, written, facts);
  const own: readonly Setting[] = [...(written.set ?? [])].map(([at, value]) => ({
    pointer: at,
    value: toOrdered(value),
  }));
  const refusals: Refusal[] = (made.refusals ?? []).map((one) => ({ pointer: `${pointer ?? ''}/match`, ...one }));
  const candidates: Candidate[] = [];
  for (const point of row.points(spec, written)) {
    const candidate = candidateOf(bases, point, own, pointer ?? '');
    if ('variants' in candidate) candidates.push(candidate);
    else refusals.push(...candidate);
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
    notes,
    pace: asLongAs === undefined ? null : paceOf(spec, bases, asLongAs, pointer ?? ''),
    at: (settings, label, point) =>
      candidateOf(bases, { label, point, settings: first?.settings ?? [] }, [...own, ...settings], pointer ?? ''),
  };
  return { arm, refusals };
}

/** What an arm is timed by, and its candidates with other lengths; null where the spec itself cannot be trained. */
function paceOf(spec: Spec, bases: readonly Base[], asLongAs: Base, pointer: string): Arm['pace'] {
  const reference = candidateOf([asLongAs], { label: 'pace', point: new Map(), settings: [] }, [], pointer);
  if (!('variants' in reference)) return null;
  const key = spec.training.steps === undefined ? '/training/epochs' : '/training/steps';
  return {
    reference,
    lasting: ({ label, point, variants }, lengths) => {
      const made = variants.flatMap(({ task, settings }) => {
        const base = bases.find((one) => one.task === task);
        const value = lengths.get(task ?? '');
        if (base === undefined || value === undefined) return [];
        return [variantOf(base, [...settings, { pointer: key, value }], pointer)];
      });
      return { label, point, variants: made.flatMap((one) => ('variant' in one ? [one.variant] : [])) };
    },
  };
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
