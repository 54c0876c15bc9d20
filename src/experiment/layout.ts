/**
 * Where everything of an experiment lies.
 *
 *     <spec's folder>/.mtl/experiments/<slug of its name>/
 *       plan.json  ledger.ndjson  status.json  lock  alive.json  control.json  log.txt  runs/<id>/
 *
 * `lock`, `alive.json`, `control.json` and `log.txt` are those of a run directory, and the same code reads and writes them.
 */
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { isPlainFile } from '../files/links.ts';
import { runPaths, slug } from '../runs/layout.ts';

export interface ExperimentPaths {
  readonly directory: string;
  readonly plan: string;
  readonly ledger: string;
  /** What the driver tells of itself while it lives; nothing depends on it. */
  readonly status: string;
  readonly log: string;
  readonly runs: string;
}

export function experimentPaths(directory: string): ExperimentPaths {
  const at = (name: string): string => path.join(directory, name);
  return {
    ...{ directory, log: runPaths(directory).log },
    ...{ plan: at('plan.json'), ledger: at('ledger.ndjson'), status: at('status.json'), runs: at('runs') },
  };
}

/** Is there an experiment in this folder? Its `plan.json` is written before anything is run. */
export function isExperiment(directory: string): boolean {
  return isPlainFile(experimentPaths(directory).plan);
}

/** `.mtl/experiments` beside a spec. */
export function experimentsFolder(specFile: string): string {
  return path.join(path.dirname(path.resolve(specFile)), '.mtl', 'experiments');
}

/** A folder's name for an experiment's. What is lost of a name (Chinese characters, say) still tells it from others. */
export function folderName(name: string): string {
  const plain = slug(name);
  if (plain === name.toLowerCase()) return plain;
  return `${plain === 'run' ? 'experiment' : plain}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}

export function defaultDirectory(specFile: string, name: string): string {
  return path.join(experimentsFolder(specFile), folderName(name));
}

/** Ids of runs: what `identity.ts` makes. */
export function isPlannedId(name: string): boolean {
  return /^[0-9a-f]{20}$/.test(name);
}
