/**
 * Replicates: which seeds, and what they move. By default all that is left to chance varies (Bouthillier et al. 2021:
 * a verdict that holds for one split and one initialization holds for little more).
 */
import type { ReplicatesSpec, Setting, Spec } from '../spec/index.ts';
import type { Replicate } from './contract.ts';

/** Sources of chance that a training has; `split` is the data's. */
const inTraining = ['init', 'order', 'dropout'] as const;

/** Can another seed give another split? A file or a column says once and for all. */
export function splitCanVary(spec: Spec): boolean {
  const { split, source } = spec.data;
  return 'seed' in split && source?.validation === undefined && source?.test === undefined;
}

/** Do the replicates differ in their split? Then their training sets overlap. */
export function splitVaries(spec: Spec, replicates: ReplicatesSpec): boolean {
  return splitCanVary(spec) && varies(replicates, 'split');
}

const varies = ({ vary, hold }: ReplicatesSpec, source: ReplicatesSpec['vary'][number]): boolean =>
  vary.includes(source) && !hold.includes(source);

/**
 * The settings of one seed. What is held stays at the spec's own seed.
 *
 * @returns no settings at all for a stage that does not replicate
 */
export function replicateOf(spec: Spec, replicates: ReplicatesSpec | null, seed: number): Replicate {
  if (replicates === null) return { seed, settings: [] };
  const held = inTraining.filter((source) => !varies(replicates, source));
  const settings: Setting[] = [];
  if (held.length < inTraining.length) {
    settings.push({ pointer: '/training/seed', value: seed });
    const own = spec.training.seeds ?? {};
    const fixed = held.map((source) => [source, own[source] ?? spec.training.seed] as const);
    // What varies must not stay at a seed of its own, which the spec may have given it.
    if (fixed.length > 0 || Object.keys(own).length > 0) {
      settings.push({ pointer: '/training/seeds', value: new Map(fixed) });
    }
  }
  if (splitVaries(spec, replicates)) settings.push({ pointer: '/data/split/seed', value: seed });
  return { seed, settings };
}

/** Seeds of the stages so far. */
export interface UsedSeeds {
  /** The first that no stage has had. */
  readonly next: number;
  /** Those of the stage before. */
  readonly last: readonly number[];
}

/**
 * The seeds of a stage: `fresh` ones go on from the highest that any stage before has had, so that nothing is confirmed with
 * what it was found by.
 */
export function seedsFor(replicates: ReplicatesSpec | null, used: UsedSeeds): readonly number[] {
  if (replicates === null) return [used.next];
  const { seeds, n } = replicates;
  if (typeof seeds !== 'string') return seeds;
  if (seeds === 'same' && used.last.length > 0) return used.last;
  return Array.from({ length: n }, (_, index) => used.next + index);
}

export function afterUsing(used: UsedSeeds, seeds: readonly number[]): UsedSeeds {
  return { next: seeds.reduce((next, seed) => Math.max(next, seed + 1), used.next), last: seeds };
}
