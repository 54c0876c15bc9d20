/** The columns that inputs and targets take of the data, by a real header where there is one. */
import { formatByName, isFlat, type Spec } from '../spec/index.ts';
import { type Selector, selectColumns, writtenColumns } from './columns.ts';
import { targetSelectors } from './heads/table.ts';
import { product, sum } from './layers/sizes.ts';
import type { DataFacts, Dim } from './plan.ts';

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
