/** The records of a run from the newest back. */
import * as fs from 'node:fs';
import type { EventRecord } from './events.ts';
import { openPlain } from '../files/plain.ts';
import { runPaths } from './layout.ts';
import { parseRecord } from './records.ts';
import { linesBackward } from './tail.ts';

/** @param holding lines without these words are passed over unparsed */
export function* recordsBackward(directory: string, holding = ''): Generator<EventRecord> {
  let handle: number;
  try {
    handle = openPlain(runPaths(directory).events);
  } catch {
    return;
  }
  try {
    for (const line of linesBackward(handle, fs.fstatSync(handle).size)) {
      if (!line.includes(holding)) continue;
      const record = parseRecord(line);
      if (typeof record !== 'string') yield record;
    }
  } finally {
    fs.closeSync(handle);
  }
}
