/** A spec and the experiment in it, with everything that is wrong with either. */
import { checkExperiment, type MachineFacts } from '../../experiment/problems/index.ts';
import { anywhere, expand } from '../../experiment/expand.ts';
import { readDesign, type DesignReading } from '../../experiment/design.ts';
import { sizesOf, type SizeFacts } from '../../experiment/facts.ts';
import { measuredSpeed } from '../../experiment/speed.ts';
import { processorsHere } from '../../files/processors.ts';
import { inTextOrder, readSpec } from '../../spec/index.ts';
import type { Place } from '../places.ts';
import { checkArmData } from './arm-data.ts';
import { checkSpec, isError, type CheckedSpec, type SpecFile } from '../spec-file.ts';

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
export async function checkWithExperiment(spec: SpecFile, place: Place, jobs?: number): Promise<CheckedExperiment> {
  // Every run would fail by what the rows tell, one after the other.
  const checked = await checkSpec(spec, place, 'whole');
  const machine = { speed: measuredSpeed(spec.file), parallel: jobs ?? processorsHere() };
  if (checked.problems.some(isError)) return { ...checked, experiment: { refusals: [] }, machine, sizes: null };
  // Networks are made as large as others only where their sizes are known, which the rows alone may tell.
  const sizes = needsSizes(spec.text) && checked.facts !== undefined ? sizesOf(checked.facts) : null;
  const experiment = readDesign(spec.text, sizes);
  const parallel = jobs ?? experiment.design?.experiment.budget.parallel ?? machine.parallel;
  const found = checkExperiment(checked.reading, experiment, { ...machine, parallel });
  const { design } = experiment;
  const ofData =
    design === undefined || found.some(isError)
      ? []
      : await checkArmData(
          design,
          expand(design, anywhere, new Map()),
          { ...place, specFile: spec.file },
          checked.problems,
        );
  return {
    ...checked,
    problems: inTextOrder([...checked.problems, ...found, ...ofData]),
    experiment,
    machine: { ...machine, parallel },
    sizes,
  };
}

function needsSizes(written: string): boolean {
  const arms = readSpec(written).spec?.experiment?.arms ?? [];
  return arms.some((arm) => 'match' in arm && arm.match === 'parameters');
}
