/**
 * `status.json`: what a driver tells of itself while it lives, for who watches. Nothing depends on it: without a live driver
 * it says nothing.
 */
import { isFields } from '../../common/checks.ts';
import type { Text } from '../../common/text.ts';
import { readJson, replaceFile } from '../../files/plain.ts';
import { orderedText } from '../../runs/json.ts';
import { experimentPaths } from '../layout.ts';

export interface Counts {
  readonly done: number;
  readonly failed: number;
  readonly pruned: number;
  readonly running: number;
  readonly waiting: number;
}

export interface ArmCounts extends Counts {
  readonly arm: string;
}

export type DriverMode = 'running' | 'paused' | 'stopping';

export interface DriverStatus {
  readonly v: 1;
  /** Of the lock that the driver holds: another one's status means nothing. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly t: number;
  readonly mode: DriverMode;
  readonly counts: Counts;
  /** Runs that are not known yet, at most. */
  readonly pending: number;
  readonly arms: readonly ArmCounts[];
  /** Seconds; null as long as nobody knows. */
  readonly remaining: number | null;
  readonly atMost: boolean;
  readonly slots: number;
  /** Ids of the runs that are live. */
  readonly running: readonly string[];
  /** Why no more runs are live than are. */
  readonly why: Text | null;
  readonly last: { readonly run: string; readonly arm: string; readonly seed: number; readonly state: string } | null;
}

/** Of thousands of arms it is long. */
const limit = 8 * 1024 * 1024;

export function writeStatus(directory: string, status: DriverStatus): void {
  replaceFile(experimentPaths(directory).status, orderedText(status));
}

/** The status of the driver that holds the lock with this token; null where it has not told any yet. */
export function readStatus(directory: string, token: string): DriverStatus | null {
  const value = readJson(experimentPaths(directory).status, limit);
  return isFields(value) && value['v'] === 1 && value['token'] === token ? (value as unknown as DriverStatus) : null;
}
