// Training processes outlive windows on purpose; tests end those that they have caused.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Run directories below a folder's `.mtl/runs`, oldest first. */
export function runDirectories(folder: string): string[] {
  const runs = path.join(folder, '.mtl/runs');
  if (!fs.existsSync(runs)) return [];
  return fs
    .readdirSync(runs)
    .map((name) => path.join(runs, name))
    .filter((place) => fs.existsSync(path.join(place, 'spec.json')))
    .sort();
}

/** Process id in a run's alive.json while that process exists. */
export function trainerOf(run: string): number | undefined {
  try {
    const alive: unknown = JSON.parse(fs.readFileSync(path.join(run, 'alive.json'), 'utf8'));
    if (typeof alive !== 'object' || alive === null || !('pid' in alive) || typeof alive.pid !== 'number')
      return undefined;
    process.kill(alive.pid, 0);
    return alive.pid;
  } catch {
    return undefined;
  }
}

/** Kills the trainers of all runs below a folder and waits until they have gone. */
export async function endTrainings(folder: string): Promise<void> {
  for (const run of runDirectories(folder)) {
    for (let pid = trainerOf(run); pid !== undefined; pid = trainerOf(run)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        break; // it ended by itself just now
      }
      await sleep(50);
    }
  }
}
