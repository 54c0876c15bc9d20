/** A spec and the experiment in it, with everything that is wrong with either. */
import { checkExperiment, type MachineFacts } from '../../experiment/problems/index.ts';
import { readDesign, type DesignReading } from '../../experiment/design.ts';
import { sizesOf, type SizeFacts } from '../../experiment/facts.ts';
import { measuredSpeed } from '../../experiment/speed.ts';
import { processorsHere } from '../../files/processors.ts';
import { inTextOrder, readSpec } from '../../spec/index.ts';
import type { Place } from '../places.ts';
import { checkSpec, isError, type CheckedSpec, type Depth, type SpecFile } from '../spec-file.ts';

export interface CheckedExperiment extends CheckedSpec {
  readonly experiment: DesignReading;
  readonly machine: MachineFacts;
  /** Sizes that the data told, where an arm needs them; null where none does. */
  readonly sizes: SizeFacts | null;
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
  // Networks are made as large as others only where their sizes are known, which the rows alone may tell.
  const sized = needsSizes(spec.text);
  const checked = await checkSpec(spec, place, sized ? 'whole' : depth);
  const machine = { speed: measuredSpeed(spec.file), parallel: jobs ?? processorsHere() };
  if (checked.problems.some(isError)) return { ...checked, experiment: { refusals: [] }, machine, sizes: null };
  const sizes = sized && checked.facts !== undefined ? sizesOf(checked.facts) : null;
  const experiment = readDesign(spec.text, sizes);
  const parallel = jobs ?? experiment.design?.experiment.budget.parallel ?? machine.parallel;
  const found = checkExperiment(checked.reading, experiment, { ...machine, parallel });
  return {
    ...checked,
    problems: inTextOrder([...checked.problems, ...found]),
    experiment,
    machine: { ...machine, parallel },
    sizes,
  };
}

function needsSizes(written: string): boolean {
  const arms = readSpec(written).spec?.experiment?.arms ?? [];
  return arms.some((arm) => 'match' in arm && arm.match === 'parameters');
}
