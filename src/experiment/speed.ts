/** How fast runs of a spec have been on this machine: the newest that has ended tells. */
import * as path from 'node:path';
import { latestAttempt } from '../runs/attempts.ts';
import { lastStart } from '../runs/fingerprints.ts';
import { runsFolder } from '../runs/layout.ts';
import { glance, runsIn, type RunEntry } from '../runs/list.ts';
import type { Speed } from './estimate.ts';

/** Runs that are looked at, newest first. */
const looked = 20;

/** Null where no run of the spec has ended. */
export function measuredSpeed(specFile: string): Speed | null {
  const name = path.basename(specFile);
  for (const directory of runsIn(runsFolder(specFile)).slice(-looked).reverse()) {
    const entry = glance(directory);
    if (path.posix.basename(entry.spec) !== name) continue;
    const speed = speedOf(entry);
    if (speed !== null) return speed;
  }
  return null;
}

function speedOf({ directory, result }: RunEntry): Speed | null {
  const [seconds, epochs] = [result?.get('seconds'), result?.get('epochs')];
  const start = lastStart(directory);
  const attempt = latestAttempt(directory);
  if (typeof seconds !== 'number' || typeof epochs !== 'number' || epochs === 0 || start === null) return null;
  const begun = attempt === null || !('t' in start) ? 0 : (Number(start.t) - attempt.created) / 1000;
  return {
    secondsPerEpoch: seconds / epochs,
    secondsPerStep: seconds / (epochs * Math.max(1, start.stepsPerEpoch)),
    startup: Math.max(0, begun),
  };
}
