/** How many processors this process may keep busy, containers' limits included. */
import * as os from 'node:os';
import * as process from 'node:process';
import { groupFolders, wholeNumber, type GroupFolder } from './control-groups.ts';

/** At least 1. Node may count those of the whole machine where a container has a share of their time. */
export function processorsHere(): number {
  const shares = process.platform === 'linux' ? processorShares() : [];
  return Math.min(os.availableParallelism(), ...shares.map((share) => Math.max(1, Math.floor(share))));
}

/** Processors' worth of time that the groups with a limit may take; 1.5 is one and a half. @param root as for {@link groupFolders} */
export function processorShares(root?: string): readonly number[] {
  return groupFolders('cpu', root).flatMap((folder) => shareOf(folder) ?? []);
}

function shareOf({ version, read }: GroupFolder): number | undefined {
  // A quota of “max”, or of -1, is none.
  const [quota, period] = version === 2 ? (read('cpu.max')?.split(' ') ?? []) : [read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')]; // prettier-ignore
  const [time, of] = [wholeNumber(quota), wholeNumber(period)];
  return time === undefined || of === undefined || of === 0 ? undefined : time / of;
}
