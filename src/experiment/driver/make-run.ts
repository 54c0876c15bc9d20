/** The directory of a planned run; and whether the disk has room for one. */
import * as fs from 'node:fs';
import { createRun } from '../../runs/launch.ts';
import type { PlannedRun } from '../contract.ts';
import type { PlanRecord } from '../plan-file.ts';
import { runName, type RunForm } from './forms.ts';

/** Where an experiment's spec lies. */
export interface SpecPlace {
  readonly plan: PlanRecord;
  /** Absolute folder that the spec's paths may not leave. */
  readonly root: string;
  /** Absolute. */
  readonly specFile: string;
}

/**
 * Makes the directory. A piece of one, that a launcher was making when it was killed, goes: `run.json`, which comes last, is
 * not there.
 *
 * @throws RunError
 */
export function makeRun(place: SpecPlace, run: PlannedRun, directory: string, { set, resolved }: RunForm): void {
  fs.rmSync(directory, { recursive: true, force: true });
  const { plan, root, specFile } = place;
  createRun({
    ...{ text: run.variant.text, resolved, set, specFile, root, directory },
    name: runName(run),
    parent: { experiment: plan.id, arm: run.arm, trial: run.id },
  });
}

/** Bytes of the disk that may still be written; without end where the system does not tell: then writing will. */
export function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = fs.statfsSync(directory);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
