/** How fast runs of a spec have been on this machine: the newest that has ended tells, or those of its newest experiment. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { namesIn } from '../files/plain.ts';
import { latestAttempt } from '../runs/attempts.ts';
import { lastStart } from '../runs/fingerprints.ts';
import { runPaths, runsFolder } from '../runs/layout.ts';
import { glance, runsIn } from '../runs/list.ts';
import type { Speed } from './estimate.ts';
import { experimentPaths, experimentsFolder } from './layout.ts';

/** Runs that are looked at in a folder, newest first. */
const looked = 20;

interface Dated extends Speed {
  /** When the run was begun, in milliseconds. */
  readonly created: number;
}

/**
 * The arms of an experiment are not all as fast: of its runs the mean is taken.
 *
 * @returns null where no run of the spec has ended
 */
export function measuredSpeed(specFile: string): Speed | null {
  const name = path.basename(specFile);
  const alone = firstOf(runsIn(runsFolder(specFile)).slice(-looked).reverse(), name);
  const folder = experimentsFolder(specFile);
  const experiments = namesIn(folder).flatMap((one) => meanOf(newestEnded(path.join(folder, one)), name) ?? []);
  const all = [...(alone === null ? [] : [alone]), ...experiments];
  const [newest] = all.toSorted((a, b) => b.created - a.created);
  if (newest === undefined) return null;
  const { secondsPerEpoch, secondsPerStep, startup } = newest;
  return { secondsPerEpoch, secondsPerStep, startup };
}

function firstOf(directories: readonly string[], name: string): Dated | null {
  for (const directory of directories) {
    const speed = speedOf(directory, name);
    if (speed !== null) return speed;
  }
  return null;
}

/** Runs of an experiment that have a result; their names do not tell their age. */
function newestEnded(experiment: string): readonly string[] {
  return runsIn(experimentPaths(experiment).runs)
    .flatMap((directory) => {
      const status = fs.lstatSync(runPaths(directory).result, { throwIfNoEntry: false });
      return status === undefined ? [] : [{ directory, ended: status.mtimeMs }];
    })
    .toSorted((a, b) => b.ended - a.ended)
    .slice(0, looked)
    .map(({ directory }) => directory);
}

function meanOf(directories: readonly string[], name: string): Dated | null {
  const speeds = directories.flatMap((directory) => speedOf(directory, name) ?? []);
  if (speeds.length === 0) return null;
  const mean = (of: (speed: Dated) => number): number => speeds.reduce((sum, one) => sum + of(one), 0) / speeds.length;
  return {
    secondsPerEpoch: mean((one) => one.secondsPerEpoch),
    secondsPerStep: mean((one) => one.secondsPerStep),
    startup: mean((one) => one.startup),
    created: Math.max(...speeds.map(({ created }) => created)),
  };
}

/** Null for a run of another spec, and for one that has not ended well. */
function speedOf(directory: string, name: string): Dated | null {
  const { spec, result, created } = glance(directory);
  if (path.posix.basename(spec) !== name) return null;
  const [seconds, epochs] = [result?.get('seconds'), result?.get('epochs')];
  const start = lastStart(directory);
  const attempt = latestAttempt(directory);
  if (typeof seconds !== 'number' || typeof epochs !== 'number' || epochs === 0 || start === null) return null;
  const begun = attempt === null || !('t' in start) ? 0 : (Number(start.t) - attempt.created) / 1000;
  return {
    secondsPerEpoch: seconds / epochs,
    secondsPerStep: seconds / (epochs * Math.max(1, start.stepsPerEpoch)),
    startup: Math.max(0, begun),
    created,
  };
}
