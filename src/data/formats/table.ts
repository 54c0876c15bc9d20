/** The data formats: one file and one row each. */
import type { AvailableFormat } from '../../spec/index.ts';
import type { Header } from '../table.ts';
import type { FormatRow } from './contract.ts';
import { csv } from './csv.ts';
import { jsonl } from './jsonl.ts';
import { npz } from './npz.ts';
import { tsv } from './tsv.ts';

export const formats: { readonly [Name in AvailableFormat]: FormatRow } = { csv, tsv, jsonl, npz };

/** The row of the format that a header was read by. */
export function formatOf({ format }: Header): FormatRow {
  return formats[format];
}
