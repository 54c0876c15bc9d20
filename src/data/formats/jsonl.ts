import { streamJsonl } from '../jsonl-stream.ts';
import { readJsonl, readJsonlHeader } from '../jsonl.ts';
import { defaultLimits } from '../limits.ts';
import type { FormatRow } from './contract.ts';

export const jsonl: FormatRow = {
  read: readJsonl,
  readHeader: readJsonlHeader,
  stream: streamJsonl,
  size: { perByte: 12 },
  exceeds: ({ bytes }) => bytes > defaultLimits.textBytes,
  grows: true,
};
