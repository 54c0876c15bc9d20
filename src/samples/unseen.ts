/** Rows of another file than a model was trained on: prepared in memory, or on disk where they are too many for it. */
import { readHeader, readTable } from '../data/read.ts';
import type { ReadOptions } from '../data/options.ts';
import type { SourceFile } from '../data/paths.ts';
import type { Header } from '../data/table.ts';
import type { Prepared, Preparation, PrepareRows } from './preparation.ts';
import {
  forEvaluation,
  forPrediction,
  labeledTasks,
  missingTokensOf,
  neededColumns,
  prepareForEvaluation,
  prepareForPrediction,
} from './preparation.ts';
import { streamedCells } from './stream/cells.ts';
import { ingest } from './stream/ingest.ts';
import { automaticBudget, otherBytes, otherDisk, otherExceedsReaders } from './stream/memory.ts';
import { demandOfPreparation, keysOf } from './stream/source.ts';
import { keptPictures, prepareStreamed } from './stream/splits.ts';
import { openStorage, type StorageOptions } from './stream/storage.ts';

export interface Other extends Prepared {
  readonly streamed: boolean;
  /** Gives temporary files and the reading thread back. */
  readonly close: () => void;
}

/**
 * @param said how the file is written, where that is known
 * @param purpose `evaluation` wants all labels and leaves rows out as training does; `prediction` wants none and keeps every row
 * @param storage with the folder for temporary files
 * @throws DataError for files and cells that cannot be read
 */
export async function prepareOther(
  preparation: Preparation,
  file: SourceFile,
  said: ReadOptions,
  purpose: 'evaluation' | 'prediction',
  storage: StorageOptions & { readonly scratchFolder: string },
): Promise<Other> {
  const labels = purpose === 'evaluation';
  const { decimal } = preparation;
  const given = decimal === undefined ? said : { ...said, csv: { ...said.csv, usualDecimal: decimal } };
  const memory = storage.memory ?? automaticBudget();
  const header = await readHeader(file, given);
  const tasks = labels ? labeledTasks(preparation, await namesIn(file, header, given), file.name) : [];
  const columns = neededColumns(preparation, tasks);
  const options = { ...given, columns };
  if (otherBytes(file, header, columns) <= memory && !otherExceedsReaders(file, header, columns)) {
    const table = await readTable(file, options);
    const prepared = labels ? prepareForEvaluation(preparation, table) : prepareForPrediction(preparation, table);
    return { ...prepared, streamed: false, close: () => undefined };
  }
  const open = openStorage(memory, storage, { specFile: storage.scratchFolder, root: storage.scratchFolder });
  try {
    open.scratch.reserve(otherDisk(file, header, columns));
    const demand = demandOfPreparation(preparation, tasks);
    const rules = { missingTokens: missingTokensOf(preparation) };
    const cells = streamedCells(await ingest([file], given, demand, rules, open.scratch, () => undefined));
    const prepare: PrepareRows = (rows, wanted, notes) => {
      const [split] = prepareStreamed(
        preparation,
        cells,
        [{ rows, notes }],
        () => wanted,
        open,
        () => undefined,
      );
      if (split === undefined) throw new RangeError('The rows have not been prepared.');
      return split;
    };
    const prepared = labels
      ? forEvaluation(preparation, cells, tasks, prepare)
      : forPrediction(preparation, cells, prepare);
    cells.release(keptPictures(preparation, cells));
    return { ...prepared, streamed: true, close: open.close };
  } catch (error) {
    open.close();
    throw error;
  }
}

/** The beginning of a long JSON Lines file may not know all keys: then they are looked for in all of it. */
async function namesIn(file: SourceFile, header: Header, given: ReadOptions): Promise<ReadonlySet<string>> {
  return new Set(header.complete ? header.columns.map(({ name }) => name) : await keysOf(file, given));
}
