import { readCsvHeader } from '../csv-start.ts';
import { streamCsv } from '../csv-stream.ts';
import { readCsv } from '../csv.ts';
import type { FormatRow } from './contract.ts';
import { csv } from './csv.ts';

/** CSV whose cells tabs separate. */
export const tsv: FormatRow = {
  ...csv,
  read: (file, options, limits) => readCsv(file, options, limits, '\t'),
  readHeader: (file, options, limits) => readCsvHeader(file, options, limits, '\t'),
  stream: (file, options, limits, accept) => streamCsv(file, options, limits, accept, '\t'),
};
