/** Which experiments are a spec's: several specs of a folder share the place where their experiments lie. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { experimentPaths, experimentsFolder, isExperiment } from '../../experiment/layout.ts';
import { ExperimentError } from '../../experiment/error.ts';
import { readPlan } from '../../experiment/plan-file.ts';
import { namesIn } from '../../files/plain.ts';
import { fileStamp } from './stamps.ts';

/** A plan is read again only when it has changed. */
const known = new Map<string, { readonly stamp: string; readonly specFile: string | null }>();

/**
 * Directories of the experiments that were begun with this spec, by name; a glance at the folder beside it, which need not
 * be there. One whose plan cannot be read, or whose spec is gone, is every spec's of its folder, so that it is seen at all.
 */
export function experimentsOf(specFile: string): readonly string[] {
  const folder = experimentsFolder(specFile);
  return namesIn(folder)
    .toSorted()
    .map((name) => path.join(folder, name))
    .filter(isExperiment)
    .filter((directory) => {
      const own = specFileOf(directory);
      return own === null || own === path.resolve(specFile) || !fs.existsSync(own);
    });
}

/** Null where the plan cannot be read. */
function specFileOf(directory: string): string | null {
  const stamp = fileStamp(experimentPaths(directory).plan);
  const before = known.get(directory);
  if (before?.stamp === stamp) return before.specFile;
  const specFile = read(directory);
  known.set(directory, { stamp, specFile });
  return specFile;
}

function read(directory: string): string | null {
  try {
    const { root, spec } = readPlan(directory);
    return path.resolve(directory, root, spec);
  } catch (error) {
    if (error instanceof ExperimentError) return null;
    throw error;
  }
}
