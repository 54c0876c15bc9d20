/** The section `experiment` written out: what its short forms stand for, and the specs that its arms train. */
import { higherIsBetter, type ArmSpec, type ExperimentSpec, type Spec } from '../spec/index.ts';
import { makeArm } from './arms/make.ts';
import type { Arm, Base, Design, Measure, Refusal, Stage } from './contract.ts';
import type { SizeFacts } from './facts.ts';
import { hashOf } from './identity.ts';
import { baseOf } from './variant.ts';

export interface DesignReading {
  /** Absent where the text has no experiment, or errors that leave nothing to plan. */
  readonly design?: Design;
  /** What is wrong with single arms. */
  readonly refusals: readonly Refusal[];
}

/** Name of the stage that a section without `stages` has, and of the one that tunes arms where no stage explores. */
const onlyStage = 'main';
const tuningStage = 'tune';

/** Replicates where none are written. */
const usual: NonNullable<ExperimentSpec['replicates']> = {
  n: 5,
  seeds: 'fresh',
  paired: true,
  vary: ['split', 'init', 'order', 'dropout'],
  hold: [],
};

/**
 * Reads the text of a spec and the design in it. Pure; never throws.
 *
 * @param facts sizes that the data tell, null where they tell none; without it nobody has looked yet: an arm that needs them keeps
 *   what the text says, and a note tells
 */
export function readDesign(text: string, facts?: SizeFacts | null): DesignReading {
  const base = baseOf(text);
  const { spec } = base.reading;
  const experiment = spec?.experiment;
  if (spec === undefined || experiment === undefined) return { refusals: [] };
  const stages = stagesOf(experiment);
  const { arms, refusals } = armsOf(spec, experiment, stages, base, facts);
  const measures = measuresOf(spec, experiment);
  const { hypotheses, analysis, failures, looks } = experiment;
  const design: Design = {
    ...{ spec, text, base, experiment, arms, stages, measures },
    factors: experiment.factors,
    baseline: experiment.baseline ?? usualBaseline(arms, experiment),
    selection: experiment.selection ?? usualSelection(spec),
    analysisHash: hashOf({ measures, hypotheses, analysis, failures, looks: looks ?? null }),
  };
  return { design, refusals };
}

/** The measure of every task: what is declared, else the first metric of the task, which is its primary one. */
function measuresOf(spec: Spec, { measures }: ExperimentSpec): readonly Measure[] {
  return [...spec.tasks].map(([task, { type, metrics }]) => {
    const declared = measures.get(task);
    const metric = declared?.metric ?? metrics[0]?.type ?? 'loss';
    return {
      ...{ task, type, metric },
      higherIsBetter: higherIsBetter(type, metric),
      margin: declared?.margin ?? null,
    };
  });
}

const usualSelection = (spec: Spec): string => (spec.tasks.size >= 2 ? 'validation/skill' : 'validation/total');

/** The single-task baselines where there are some, else the first arm. */
function usualBaseline(arms: readonly Arm[], { arms: written }: ExperimentSpec): string {
  const single = written.find((arm) => 'auto' in arm && arm.auto === 'single-task');
  return single?.id ?? arms.find(({ id }) => id === single?.id || id === 'single')?.id ?? arms[0]?.id ?? '';
}

/** What is compared where nothing is written: the spec as it stands with its single-task baselines. */
export const shortArms: readonly ArmSpec[] = [{ id: 'joint' }, { id: 'single', auto: 'single-task', match: 'steps' }];

function armsOf(
  spec: Spec,
  { arms: written, factors }: ExperimentSpec,
  stages: readonly Stage[],
  base: Base,
  facts: SizeFacts | null | undefined,
): { readonly arms: readonly Arm[]; readonly refusals: readonly Refusal[] } {
  // Factors that are compared as they are need no other arm; where arms are found first, the spec itself is the control.
  const compared = stages.some(({ method, compares }) => method !== null && compares);
  const implied = factors.length === 0 ? shortArms : compared ? [] : shortArms.slice(0, 1);
  const made =
    written.length > 0
      ? written.map((arm, index) => makeArm(spec, base, arm, `/experiment/arms/${index}`, facts))
      : implied.map((arm) => makeArm(spec, base, arm, null, facts));
  return { arms: made.map(({ arm }) => arm), refusals: made.flatMap(({ refusals }) => refusals) };
}

function stagesOf({ stages, replicates, factors, arms }: ExperimentSpec): readonly Stage[] {
  const common = { runs: null, prune: null, take: null, pointer: null };
  const tunes = arms.some((arm) => arm.tune !== undefined || ('auto' in arm && 'match' in arm && arm.match === 'time'));
  const tuning: Stage = { ...common, id: tuningStage, method: null, replicates: null, compares: false };
  if (stages.length === 0) {
    const method = factors.length > 0 ? ('grid' as const) : null;
    const only: Stage = { ...common, id: onlyStage, method, replicates: replicates ?? usual, compares: true };
    return tunes ? [tuning, only] : [only];
  }
  const written = stages.map((stage, index): Stage => {
    const own = stage.replicates ?? (stage.method === undefined ? (replicates ?? usual) : null);
    return {
      id: stage.id,
      pointer: `/experiment/stages/${index}`,
      method: stage.method ?? null,
      runs: stage.runs ?? null,
      prune: stage.prune ?? null,
      take: stage.take ?? null,
      replicates: own,
      // What was chosen while looking is not confirmed by what it was chosen by.
      compares: stage.method === undefined || (index === stages.length - 1 && own !== null && own.n > 1),
    };
  });
  return tunes && written.every(({ method, compares }) => method === null || compares) ? [tuning, ...written] : written;
}
