/** Texts that change when another look may find something else. A glance at some files. */
import * as fs from 'node:fs';
import { experimentPaths } from '../../experiment/layout.ts';
import { runPaths } from '../../runs/layout.ts';
import { liveHolder } from '../../runs/lock.ts';
import type { Compared } from './comparison-source.ts';

/** Changes with the file. */
export function fileStamp(file: string): string {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  return status === undefined ? '-' : `${status.mtimeMs} ${status.size}`;
}

export function stampOf(compared: Compared): string {
  // Who works on it dies without changing a file.
  const holder = (directory: string): string => liveHolder(directory)?.token ?? '';
  if ('runs' in compared) {
    return compared.runs
      .map((directory) => {
        const { result, notes, events } = runPaths(directory);
        const who = holder(directory);
        // Best values of a run that is being trained change with every epoch: looked at every few seconds.
        const grown =
          who === '' ? '' : Math.floor((fs.statSync(events, { throwIfNoEntry: false })?.mtimeMs ?? 0) / 5000);
        return `${fileStamp(result)} ${fileStamp(notes)} ${who} ${String(grown)}`;
      })
      .join('\n');
  }
  const { plan, ledger, status } = experimentPaths(compared.experiment);
  return [...[plan, ledger, status].map(fileStamp), holder(compared.experiment)].join('\n');
}
