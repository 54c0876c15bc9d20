/** What is wrong with an experiment, or worth knowing before it is run. */
import { Report } from '../../plan/report.ts';
import type { Problem, SpecReading } from '../../spec/index.ts';
import type { DesignReading } from '../design.ts';
import { estimateOf, type Speed } from '../estimate.ts';
import { anywhere, expand } from '../expand.ts';
import { checkArms, checkUnlike } from './arms.ts';
import type { Context } from './context.ts';
import { checkBudget, checkPower } from './judgment.ts';
import { checkMeasures } from './measures.ts';
import { checkReferences } from './references.ts';
import { isTooLarge } from './size.ts';
import { checkStages } from './stages.ts';

/** What is asked of the machine: nothing of it changes which runs there are. */
export interface MachineFacts {
  readonly speed: Speed | null;
  readonly parallel: number;
}

/**
 * Problems of the section `experiment`, in the order of the text. None where the spec has none, or cannot be read.
 */
export function checkExperiment(
  reading: SpecReading,
  { design, refusals }: DesignReading,
  { speed, parallel }: MachineFacts,
): readonly Problem[] {
  if (design === undefined) return [];
  const report = new Report(reading.tree);
  const context: Context = { ...{ design, report }, spec: design.spec, experiment: design.experiment };
  checkReferences(context);
  checkArms(context, refusals);
  checkMeasures(context);
  checkStages(context);
  // What follows from names that mean nothing would be told twice.
  if (report.sorted().some(({ severity }) => severity === 'error')) return report.sorted();
  if (isTooLarge(context)) return report.sorted();
  const expansion = expand(design, anywhere, new Map());
  checkUnlike(context, expansion);
  checkPower(context, expansion);
  checkBudget(context, estimateOf(expansion, speed, parallel));
  return report.sorted();
}
