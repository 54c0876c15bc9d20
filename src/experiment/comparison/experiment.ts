/** An experiment, planned and partly run, as a contest. */
import { counted, type Text, text } from '../../common/text.ts';
import type { ComparedArm, Design, Expansion, Outcome, PlannedRun, Surroundings } from '../contract.ts';
import { comparingStage, specsOf, testOverTrain } from '../power.ts';
import { splitVaries } from '../replicates.ts';
import { unlikeCompared, unlikeText } from '../unlike.ts';
import type { Cell, FailureNote, SplitName } from './contract.ts';
import { emptyCell, valueCell, type Contest, type ContestArm } from './contest.ts';
import { ComparisonError } from './error.ts';
import { sharesOf } from './spending.ts';

/** What a run's directory tells beside its outcome. */
export interface RunFacts {
  readonly parameters: number | null;
}

export interface ExperimentEvidence {
  readonly design: Design;
  readonly expansion: Expansion;
  /** By the id of the run. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly facts?: ReadonlyMap<string, RunFacts>;
  readonly surroundings?: Surroundings;
  readonly name?: string;
  readonly deviations?: readonly Text[];
  readonly versions?: readonly string[];
}

/** What the person who compares asks for, where it differs from the design. */
export interface Wishes {
  readonly level?: number | undefined;
  readonly baseline?: string | undefined;
}

/** @throws ComparisonError where there is no arm, or none of the name that is asked for */
export function contestOf(evidence: ExperimentEvidence, wishes: Wishes = {}): Contest {
  const { design, expansion, surroundings } = evidence;
  const stage = comparingStage(design);
  const shown = stage === undefined ? expansion.compared : expansion.compared.filter((arm) => arm.stage === stage.id);
  if (shown.length === 0) throw nothingYet(expansion);
  const arms = shown.map((arm) => armOf(evidence, arm));
  const { analysis, failures, hypotheses, looks, question } = design.experiment;
  const later = expansion.pending.filter((one) => one.stage === stage?.id);
  const { baseline, remarks } = baselineOf(design, arms, wishes.baseline);
  const failed = failedRuns(evidence, shown);
  const exclude =
    failures.nan === 'exclude' && failed.every(({ failure }) => failure === 'nan' || failure === 'pruned');
  const replicates = stage?.replicates ?? null;
  const unlike = stage === undefined ? [] : unlikeCompared(design, stage, shown, baseline);
  return {
    kind: 'experiment',
    name: evidence.name ?? design.spec.name ?? '',
    question: question ?? null,
    measures: design.measures,
    arms,
    baseline,
    paired: replicates?.paired ?? true,
    overlap: stage === undefined ? 0 : testOverTrain(shown.flatMap(specsOf), stage),
    analysis: { ...analysis, level: wishes.level ?? analysis.level },
    failed: exclude ? 'exclude' : 'worst',
    looks: sharesOf(looks),
    hypotheses,
    laterArms: stage?.method === null ? later.length : 0,
    failures: failed,
    deviations: [...(evidence.deviations ?? []), ...wishDeviations(design, baseline, wishes)],
    remarks: [
      ...remarks,
      ...unlike.map((one) => unlikeText(one, baseline)),
      ...expansion.remarks,
      ...otherStages(expansion, shown),
      ...later.map(({ runs }) => laterText(runs)),
      ...(failures.nan === 'exclude' && !exclude ? [notOnlyNan] : []),
    ],
    provenance: {
      engines: surroundings === undefined ? [] : [`${surroundings.engine.name} ${surroundings.engine.version}`],
      files: [...(surroundings?.files ?? [])].map(([path, sha256]) => ({ path, sha256 })),
      plan: design.analysisHash,
      versions: evidence.versions ?? [],
      varies: replicates === null ? [] : sourcesOf(design, replicates, true),
      held: replicates === null ? [] : sourcesOf(design, replicates, false),
    },
  };
}

const notOnlyNan = text(
  'Not only NaN made runs fail; failed runs count as the worst there is, although "failures" leaves NaN out.',
  '有运行并非因 NaN 而失败；虽然“failures”排除 NaN，失败的运行仍按最差计。',
);

const laterText = (runs: number): Text =>
  text(
    `Up to ${counted(runs, 'run is', 'runs are')} not known yet: ${runs === 1 ? 'it depends' : 'they depend'} on what others come to. ${runs === 1 ? 'Its' : 'Their'} tests are counted.`,
    `至多 ${runs} 次运行尚未确定：取决于其他运行的结果。它们的检验已计入。`,
  );

function nothingYet({ pending }: Expansion): ComparisonError {
  const { length } = pending;
  return length > 0
    ? new ComparisonError(
        'No arm is known yet: they are chosen by what the runs of earlier stages come to. Go on with "mtl experiment".',
        '尚无实验组：它们由前面阶段的结果选出。请用“mtl experiment”继续。',
      )
    : new ComparisonError('The experiment has no arm to compare.', '此实验没有可比较的实验组。');
}

function sourcesOf(
  { spec }: Design,
  replicates: NonNullable<Design['stages'][number]['replicates']>,
  varying: boolean,
): readonly string[] {
  const { vary, hold } = replicates;
  return (['split', 'init', 'order', 'dropout'] as const).filter((source) => {
    const varies = source === 'split' ? splitVaries(spec, replicates) : vary.includes(source) && !hold.includes(source);
    return varies === varying;
  });
}

function otherStages({ compared }: Expansion, shown: readonly ComparedArm[]): readonly Text[] {
  const others = [...new Set(compared.filter((arm) => !shown.includes(arm)).map(({ stage }) => stage))];
  return others.map((stage) =>
    text(`The stage "${stage}" is not part of this comparison.`, `阶段“${stage}”不在此次比较之中。`),
  );
}

function wishDeviations(design: Design, baseline: string, { level }: Wishes): readonly Text[] {
  const found: Text[] = [];
  const planned = design.experiment.analysis.level;
  if (level !== undefined && level !== planned) {
    found.push(text(`The level is ${level}, planned was ${planned}.`, `置信水平为 ${level}，计划为 ${planned}。`));
  }
  if (design.baseline !== '' && baseline !== design.baseline) {
    found.push(
      text(
        `The baseline is "${baseline}", planned was "${design.baseline}".`,
        `基线为“${baseline}”，计划为“${design.baseline}”。`,
      ),
    );
  }
  return found;
}

/** @throws ComparisonError where the arm that was asked for is not there */
export function baselineOf(
  design: Pick<Design, 'baseline'>,
  arms: readonly Pick<ContestArm, 'id'>[],
  wished: string | undefined,
): { readonly baseline: string; readonly remarks: readonly Text[] } {
  const has = (id: string): boolean => arms.some((arm) => arm.id === id);
  if (wished !== undefined) {
    if (has(wished)) return { baseline: wished, remarks: [] };
    const names = arms.map(({ id }) => id);
    throw new ComparisonError(
      `There is no arm "${wished}" to be the baseline. Arms: ${names.join(', ')}.`,
      `没有可作为基线的实验组“${wished}”。现有实验组：${names.join('、')}。`,
    );
  }
  if (has(design.baseline)) return { baseline: design.baseline, remarks: [] };
  const first = arms[0]?.id ?? '';
  return {
    baseline: first,
    remarks: [
      design.baseline === ''
        ? text(`No baseline is declared: it is the first arm, "${first}".`, `未声明基线：取第一个实验组“${first}”。`)
        : text(
            `The baseline "${design.baseline}" is not among the arms here: it is the first one, "${first}".`,
            `基线“${design.baseline}”不在这些实验组中：取第一个，“${first}”。`,
          ),
    ],
  };
}

function armOf(evidence: ExperimentEvidence, arm: ComparedArm): ContestArm {
  const { design, outcomes } = evidence;
  const split: SplitName = arm.confirmed ? 'test' : 'validation';
  const rows = new Map<string, readonly Cell[]>();
  const singleTask = arm.runs.length > 0 && arm.runs.every(({ task }) => task !== null);
  for (const measure of design.measures) {
    if (singleTask && !arm.runs.some(({ task }) => task === measure.task)) continue;
    const cells = arm.seeds.map((seed): Cell => {
      const run = arm.runs.find((one) => one.seed === seed && (one.task === null || one.task === measure.task));
      const outcome = run === undefined ? undefined : outcomes.get(run.id);
      if (outcome === undefined) return emptyCell('missing');
      if (outcome.state !== 'done') return emptyCell(outcome.state);
      const value = outcome[split].get(measure.task)?.get(measure.metric) ?? null;
      return value === null || !Number.isFinite(value) ? emptyCell('undefined') : valueCell(value);
    });
    rows.set(measure.task, cells);
  }
  const specs = new Set(arm.runs.map(({ variant }) => variant.spec));
  return {
    ...{ id: arm.id, of: arm.of, stage: arm.stage, confirmed: arm.confirmed, tuned: arm.tuned },
    ...{ singleTask, split, rows, point: arm.point, seeds: arm.seeds },
    pairKeys: arm.seeds.map(String),
    splits: arm.seeds.map((seed) => splitOf(arm, seed)),
    costs: costsOf(evidence, arm),
    parameters: parametersOf(evidence, arm),
    spec: specs.size === 1 && !singleTask ? ([...specs][0] ?? null) : null,
    runs: arm.runs.map(({ id, seed, task }) => ({ id, seed, task })),
  };
}

/** The seed that the rows of a replicate are split by; the same word where a file or a column splits them. */
function splitOf({ runs }: ComparedArm, seed: number): string {
  const run = runs.find((one) => one.seed === seed);
  const set = run?.replicate.settings.find(({ pointer }) => pointer === '/data/split/seed');
  return set === undefined ? 'given' : String(set.value);
}

const bySeed = (arm: ComparedArm): readonly (readonly PlannedRun[])[] =>
  arm.seeds.map((seed) => arm.runs.filter((run) => run.seed === seed));

function costsOf({ outcomes }: ExperimentEvidence, arm: ComparedArm): ContestArm['costs'] {
  const whole = bySeed(arm).flatMap((runs) => {
    const own = runs.map(({ id }) => outcomes.get(id)).filter((one) => one?.state === 'done');
    return own.length === runs.length && own.length > 0 ? [own.filter((one) => one !== undefined)] : [];
  });
  const sum = (of: (outcome: Outcome) => number): number => whole.flat().reduce((total, one) => total + of(one), 0);
  const [seconds, epochs] = [sum((one) => one.seconds), sum((one) => one.epochs)];
  return {
    seconds: whole.length === 0 ? null : seconds / whole.length,
    secondsPerEpoch: epochs === 0 ? null : seconds / epochs,
  };
}

/** Of the first replicate whose runs all tell: the same spec has the same everywhere. */
function parametersOf({ facts }: ExperimentEvidence, arm: ComparedArm): number | null {
  for (const runs of bySeed(arm)) {
    const known = runs.map(({ id }) => facts?.get(id)?.parameters ?? null);
    if (known.length > 0 && known.every((one) => one !== null)) return known.reduce((total, one) => total + one, 0);
  }
  return null;
}

function failedRuns({ outcomes }: ExperimentEvidence, arms: readonly ComparedArm[]): readonly FailureNote[] {
  return arms.flatMap(({ id: arm, runs }) =>
    runs.flatMap(({ id, seed, task }): FailureNote[] => {
      const outcome = outcomes.get(id);
      if (outcome === undefined || outcome.state === 'done') return [];
      const failure = outcome.state === 'pruned' ? 'pruned' : (outcome.failure ?? 'crash');
      return [{ arm, seed, task, failure, reason: outcome.reason }];
    }),
  );
}
