/** Shapes of the inputs: from the arguments, the header of the data where it is known, and the prepared data best of all. */
import { formatByName, isFlat, type InputSpec, type Spec } from '../spec/index.ts';
import { type Selector, selectColumns, writtenColumns } from './columns.ts';
import { product, sum } from './layers/sizes.ts';
import { targetSelectors } from './heads/table.ts';
import type { Flow } from './layers/contract.ts';
import type { DataFacts, Dim, PlanInput, Shape } from './types.ts';

/** What is known of the data when a plan is made. */
export interface Table {
  readonly facts: DataFacts | undefined;
  /** Columns that tasks predict. */
  readonly targets: ReadonlySet<string>;
  /** Every named column holds one number a row (CSV, TSV), so that widths are known without a header. */
  readonly narrow: boolean;
}

/** Columns and how many numbers they hold in a row. */
export interface Chosen {
  readonly columns: readonly string[];
  readonly width: Dim;
}

export function tableOf(spec: Spec, facts: DataFacts | undefined): Table {
  const targets = new Set([...spec.tasks.values()].flatMap((task) => writtenColumns(targetSelectors(task))));
  const { source, format } = spec.data;
  const files = source?.train ?? [];
  const known = format === undefined ? files.map(formatByName) : [format];
  const narrow = known.length > 0 && known.every((name) => name !== undefined && isFlat(name));
  return { facts, targets, narrow };
}

/** Resolves selectors: real columns where a header is known, else the selectors as written. */
export function chooseColumns(selectors: readonly Selector[], table: Table, asInput: boolean): Chosen {
  const { facts } = table;
  if (facts === undefined) {
    const exact = table.narrow && selectors.every((selector) => typeof selector === 'string');
    return { columns: writtenColumns(selectors), width: exact ? selectors.length : null };
  }
  const targets = asInput ? table.targets : new Set<string>();
  const { columns } = selectColumns(selectors, [...facts.columns.keys()], targets);
  return { columns, width: sum(columns.map((column) => product(facts.columns.get(column)?.shape ?? [null]))) };
}

/** Shape of one sample of an input; sizes that only the data can tell are null. */
export function inputShape(
  name: string,
  spec: InputSpec,
  { columns, width }: Chosen,
  facts: DataFacts | undefined,
): Shape {
  const prepared = facts?.inputShapes?.get(name);
  if (prepared !== undefined) return prepared;
  switch (spec.type) {
    case 'number':
      return [spec.missing.indicator ? null : width];
    case 'category':
      return [spec.encoding === 'index' && !spec.missing.indicator ? width : null];
    case 'image':
      return imageShape(spec, columns, facts);
    case 'text':
      return [spec.maxLength];
    case 'audio':
      return [frames(spec), spec.bands];
    case 'sequence':
      return [spec.maxLength ?? null, width];
  }
}

/** `size` wins over the array's own; an array N×h×w has one channel, a column of paths tells nothing. */
function imageShape(
  spec: Extract<InputSpec, { type: 'image' }>,
  columns: readonly string[],
  facts: DataFacts | undefined,
): Shape {
  const first = columns[0];
  const array = first === undefined ? undefined : facts?.columns.get(first)?.shape;
  const isArray = array !== undefined && array.length >= 2;
  const height = spec.size?.[0] ?? (isArray ? (array[0] ?? null) : null);
  const width = spec.size?.[1] ?? (isArray ? (array[1] ?? null) : null);
  return [height, width, spec.channels ?? (isArray ? (array[2] ?? 1) : null)];
}

/** Frames of a sound: 1 + ⌊(samples − frame) / hop⌋. */
function frames(spec: Extract<InputSpec, { type: 'audio' }>): Dim {
  if (spec.seconds === undefined) return null;
  const samples = Math.round(spec.seconds * spec.sampleRate);
  return Math.max(1, 1 + Math.floor((samples - spec.frame) / spec.hop));
}

/** Are its numbers indices of a vocabulary (for embedding)? */
export function isIndex(spec: InputSpec): boolean {
  return spec.type === 'text' || (spec.type === 'category' && spec.encoding === 'index');
}

export function inputFlow(input: PlanInput, facts: DataFacts | undefined): Flow {
  if (!isIndex(input.spec)) return { shape: input.shape };
  return { shape: input.shape, indices: { vocabulary: facts?.vocabularies?.get(input.name) ?? null } };
}
