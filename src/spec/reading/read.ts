/** Reading a spec: text or values → resolved long form, tree and problems. Never throws. */
import { Guesses } from './guesses.ts';
import { tagWord } from './choose.ts';
import { Reader, unusable } from './reader.ts';
import { spec as schema } from '../schema/spec.ts';
import { inTextOrder, type Problem } from '../problem.ts';
import { parseTree } from './tree.ts';
import type { SpecNode } from './tree.ts';
import type { Spec } from '../resolved.ts';
import { nodeOf } from './values.ts';

export interface SpecReading {
  /** The resolved long form; absent where the text leaves nothing that could be planned. */
  readonly spec?: Spec;
  /** The values of the text with their ranges, as far as they could be read. */
  readonly tree?: SpecNode;
  /** In the order of the text. */
  readonly problems: readonly Problem[];
}

/** Reads the text of a spec (JSON with comments and trailing commas). Never throws. */
export function readSpec(source: string): SpecReading {
  const { tree, problems } = parseTree(source);
  if (tree === undefined || problems.length > 0) return { ...(tree === undefined ? {} : { tree }), problems };
  return readTree(tree, source);
}

/** Reads values instead of text (`spec.json`, settings): Maps or plain objects; all ranges are 0. Never throws. */
export function readSpecValue(value: unknown): SpecReading {
  return readTree(nodeOf(value), '');
}

export function readTree(tree: SpecNode, source: string): SpecReading {
  const training = tree.kind === 'object' ? tree.members.get('training')?.value : undefined;
  const written = training?.kind === 'object' ? training.members.get('conventions')?.value : undefined;
  const conventions = tagWord(written, '') === 'pytorch' ? 'pytorch' : 'tf';
  const reader = new Reader(source, conventions);
  const value = reader.read(schema, tree, {
    tokens: [],
    label: { start: tree.start, end: Math.min(tree.end, tree.start + 1) },
  });
  const problems = inTextOrder(reader.problems);
  if (value === unusable || !reader.usable) return { tree, problems };
  return { spec: completed(value as Spec), tree, problems };
}

/** Weights for every task: those that are not named count 1. Names of no task stay where they are written. */
function completed(spec: Spec): Spec {
  const weights = new Map(spec.weights);
  const unknown = [...weights.keys()].filter((name) => !spec.tasks.has(name));
  const guesses = new Guesses();
  for (const name of spec.tasks.keys()) {
    // A misspelled name is one mistake, not also a missing weight: it is told by the plan.
    const slip = unknown.find((written) => guesses.nearest(written, [name]) === name);
    if (!weights.has(name)) weights.set(name, (slip === undefined ? undefined : weights.get(slip)) ?? 1);
  }
  return { ...spec, weights };
}
