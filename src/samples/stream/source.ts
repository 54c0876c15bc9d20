/** The rows of a spec on disk instead of in memory. */
import type { Spec } from '../../spec/index.ts';
import { affordable } from '../budget.ts';
import { inputRow } from '../inputs/table.ts';
import type { Preparation } from '../preparation.ts';
import type { Settings } from '../settings.ts';
import { settingsOf } from '../settings.ts';
import type { Progress, Source, SourceFiles } from '../source.ts';
import { filePartsOf, headerColumns } from '../source.ts';
import { targetRow } from '../targets/table.ts';
import type { ReadOptions } from '../../data/options.ts';
import type { SourceFile } from '../../data/paths.ts';
import { streamTable } from '../../data/read.ts';
import { streamedCells, type StreamedCells } from './cells.ts';
import { ingest, type Demand } from './ingest.ts';
import { estimateDisk } from './memory.ts';
import type { Scratch } from './scratch.ts';

/** Samples that must fit into memory for a data set to be read from disk at all. */
const samplesAtOnce = 64;

export interface StreamedSource extends Source {
  readonly cells: StreamedCells;
}

/**
 * Reads the columns that a spec uses onto the disk.
 * @throws DataError for files and cells that cannot be read, and where the disk has no room
 */
export async function streamSource(
  spec: Spec,
  source: SourceFiles,
  scratch: Scratch,
  progress: Progress,
): Promise<StreamedSource> {
  const { files, options, header } = source;
  refuseHugeSamples(source);
  scratch.reserve(estimateDisk(source));
  const settings = source.settings ?? settingsOf(spec, await allKeys(source), header.file);
  const demand = demandOf(spec, settings);
  const rules = { missingTokens: spec.data.missingTokens };
  const sources = files.map(({ file }) => file);
  const columns = await ingest(sources, options, demand, rules, scratch, (done, total) =>
    progress('read', done, total),
  );
  return {
    cells: streamedCells(columns),
    settings,
    columns: header.complete ? headerColumns(header) : columns.heads,
    filePart: filePartsOf(files, columns.rows),
    csv: columns.csv,
  };
}

/** A batch must fit into memory, whatever the data may take. */
function refuseHugeSamples({ settings, header }: SourceFiles): void {
  for (const input of settings?.inputs ?? []) {
    const largest = inputRow(input).largest?.(input);
    if (largest !== undefined) affordable(samplesAtOnce, largest.numbers, input.name, header.file, largest.advice);
  }
}

/** The keys of a JSON Lines file that is too long to know them from its beginning. */
async function allKeys({ files, options }: SourceFiles): Promise<string[]> {
  const [first] = files;
  return first === undefined ? [] : keysOf(first.file, options);
}

/** The columns of a file, found by a pass over all of it. */
export async function keysOf(file: SourceFile, options: ReadOptions): Promise<string[]> {
  const names = new Set<string>();
  await streamTable(file, options, ({ columns }) => {
    for (const name of columns.keys()) names.add(name);
  });
  return [...names];
}

function demandOf(spec: Spec, { inputs, tasks }: Settings): Demand {
  const { split } = spec.data;
  const demand = emptyDemand();
  for (const input of inputs) {
    const { reads } = inputRow(input);
    for (const column of input.columns) demand[reads].add(column);
  }
  for (const { target, sampleWeight, when } of tasks) {
    for (const column of target.columns) demand[targetRow(target).reads].add(column);
    if (sampleWeight !== undefined) demand.numbers.add(sampleWeight);
    if (when !== undefined) demand.labels.add(when.column);
  }
  if ('column' in split) demand.plainLabels.add(split.column);
  if ('stratify' in split && typeof split.stratify === 'string') demand.labels.add(split.stratify);
  return demand;
}

/** What a fitted preparation asks of other rows; with `tasks` those whose labels are wanted. */
export function demandOfPreparation(preparation: Preparation, tasks: Preparation['tasks']): Demand {
  const demand = emptyDemand();
  for (const input of preparation.inputs) {
    const row = inputRow(input);
    for (const column of row.columns(input)) demand[row.reads].add(column);
  }
  for (const { target, sampleWeight, when } of tasks) {
    const row = targetRow(target);
    for (const column of row.columns(target)) demand[row.reads].add(column);
    if (sampleWeight !== undefined) demand.numbers.add(sampleWeight);
    if (when !== undefined) demand.labels.add(when.column);
  }
  return demand;
}

function emptyDemand(): { numbers: Set<string>; labels: Set<string>; plainLabels: Set<string>; pictures: Set<string> } {
  return { numbers: new Set(), labels: new Set(), plainLabels: new Set(), pictures: new Set() };
}
