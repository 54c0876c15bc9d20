import { readCsvHeader } from '../csv-start.ts';
import { streamCsv } from '../csv-stream.ts';
import { readCsv } from '../csv.ts';
import { defaultLimits } from '../limits.ts';
import type { FormatRow } from './contract.ts';

export const csv: FormatRow = {
  read: readCsv,
  readHeader: readCsvHeader,
  stream: streamCsv,
  size: { perByte: 6 },
  exceeds: ({ bytes }) => bytes > defaultLimits.textBytes,
};
