/**
 * Sizes that only the rows of the data tell: the width of a prepared input, the indices of a vocabulary, the classes of a
 * task. Whoever has read the rows – `mtl check`, a run – passes them on; whoever draws has no need to read them again.
 */
import { count, list, named, object, type Checked } from '../common/checks.ts';
import type { Spec } from '../spec/index.ts';
import { isIndex } from './inputs/table.ts';
import type { DataFacts, Plan } from './plan.ts';

/** As they are written into JSON. */
export const dataSizesCheck = object({
  /** Shape of one prepared sample of each input. */
  inputs: named(list(count)),
  /** Distinct index values of each `category` input with `encoding: "index"`. */
  vocabularies: named(count),
  /** Number of classes of each task that has some. */
  classes: named(count),
});

export type DataSizes = Checked<typeof dataSizesCheck>;

/** Maps, which keep the order of names such as `10` and `2` when they are written. */
export interface SizesFound {
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  readonly vocabularies: ReadonlyMap<string, number>;
  readonly classes: ReadonlyMap<string, number>;
}

/** What the facts of all rows say of sizes; undefined for those of a header alone. */
export function sizesOf(facts: DataFacts | undefined): SizesFound | undefined {
  if (facts?.inputShapes === undefined) return undefined;
  return {
    inputs: facts.inputShapes,
    vocabularies: facts.vocabularies ?? new Map(),
    classes: new Map([...(facts.classes ?? [])].map(([name, classes]) => [name, classes.length])),
  };
}

/** The facts of a header with sizes that somebody else has found. */
export function withSizes(facts: DataFacts | undefined, sizes: DataSizes): DataFacts {
  return {
    ...(facts ?? { columns: new Map() }),
    inputShapes: new Map(Object.entries(sizes.inputs)),
    vocabularies: new Map(Object.entries(sizes.vocabularies)),
    classCounts: new Map(Object.entries(sizes.classes)),
  };
}

/**
 * Everything of a spec that the sizes follow from, beside the files themselves: the data section, and what each task reads
 * of the rows. Two specs with the same text here have the same sizes.
 */
export function sizesKey({ data, tasks }: Spec): string {
  const read = [...tasks].map(([name, { type, target, when, sampleWeight, ...rest }]) => [
    ...[name, type, target, when ?? null, sampleWeight ?? null],
    'classes' in rest ? rest.classes : null,
  ]);
  return JSON.stringify([data, read], (_, value: unknown) =>
    value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>)] : value,
  );
}

/** Whether a plan lacks sizes that the rows would tell; what a mistake leaves unknown is another matter. */
export function lacksSizes({ inputs, tasks, parameters }: Plan): boolean {
  const unknown = (shape: readonly (number | null)[]): boolean => shape.includes(null);
  if ([...inputs.values()].some(({ shape }) => unknown(shape))) return true;
  if ([...tasks.values()].some(({ head }) => head.weights.at(-1)?.shape.includes(null) === true)) return true;
  return parameters.total === null && [...inputs.values()].some(({ spec }) => isIndex(spec));
}
