/** A spec and the experiment in it, with everything that is wrong with either. */
import * as os from 'node:os';
import { checkExperiment, type MachineFacts } from '../../experiment/problems/index.ts';
import { readDesign, type DesignReading } from '../../experiment/design.ts';
import { measuredSpeed } from '../../experiment/speed.ts';
import { inTextOrder } from '../../spec/index.ts';
import type { Place } from '../places.ts';
import { checkSpec, isError, type CheckedSpec, type Depth, type SpecFile } from '../spec-file.ts';

export interface CheckedExperiment extends CheckedSpec {
  readonly experiment: DesignReading;
  readonly machine: MachineFacts;
}

/**
 * Checks the spec, and its experiment where the rest is sound: what is wrong with the spec is wrong with every run of it.
 *
 * @param jobs runs at once, where the person says so
 */
export async function checkWithExperiment(
  spec: SpecFile,
  place: Place,
  depth: Depth,
  jobs?: number,
): Promise<CheckedExperiment> {
  const checked = await checkSpec(spec, place, depth);
  const machine = { speed: measuredSpeed(spec.file), parallel: jobs ?? os.availableParallelism() };
  if (checked.problems.some(isError)) return { ...checked, experiment: { refusals: [] }, machine };
  const experiment = readDesign(spec.text);
  const parallel = jobs ?? experiment.design?.experiment.budget.parallel ?? machine.parallel;
  const found = checkExperiment(checked.reading, experiment, { ...machine, parallel });
  return {
    ...checked,
    problems: inTextOrder([...checked.problems, ...found]),
    experiment,
    machine: { ...machine, parallel },
  };
}
