/** The words of the comparison's page: what there is to say; `en.ts` and `zh.ts` say it. Terms as in the glossary. */
import type { Language } from '../../src/common/text.ts';
import type {
  BesideValue,
  CellState,
  HypothesisResult,
  SplitName,
  Verdict,
} from '../../src/experiment/comparison/contract.ts';
import type { Side } from '../../src/experiment/networks/merge.ts';
import type { CurveSeries, Progress } from '../../src/messages/comparison.ts';
import type { OverlaySeries } from '../../src/messages/protocol.ts';
import type { DiagramNodeKind } from '../../src/plan/plan.ts';

/** What the page can show: a tab has its word here and its row in `tabs.ts`. */
export type Tab =
  | 'beside'
  | 'arms'
  | 'forest'
  | 'pareto'
  | 'parallel'
  | 'effects'
  | 'curves'
  | 'navigator'
  | 'differences'
  | 'hypotheses';

/** What a column of the table of arms holds. */
export type ColumnKind =
  'arm' | 'seeds' | 'mean' | 'delta' | 'deltaM' | 'rank' | 'seconds' | 'parameters' | 'stage' | 'setting';

/** How the rows of a forest plot follow one another. */
export const forestOrders = ['plan', 'difference'] as const;
export type ForestOrder = (typeof forestOrders)[number];

export interface Strings {
  /** Of what comes with both. */
  readonly language: Language;
  readonly tabs: Readonly<Record<Tab, string>>;
  readonly tabList: string;
  /** Between short notes, and between names. */
  readonly separator: string;
  readonly comma: string;
  /** Between sentences. */
  readonly space: string;

  readonly modes: Readonly<Record<Progress['mode'], string>>;
  readonly pause: string;
  readonly resume: string;
  readonly stop: string;
  readonly counts: (done: number, all: number) => string;
  readonly running: (count: number) => string;
  readonly failed: (count: number) => string;
  readonly pruned: (count: number) => string;
  readonly later: (count: number) => string;
  readonly remaining: (time: string) => string;
  readonly atMost: (time: string) => string;
  readonly held: (count: number) => string;
  readonly look: string;
  readonly notes: Readonly<Record<'notConfirmed' | 'tuned' | 'singleTask' | 'validation', string>>;
  readonly remarks: (count: number) => string;
  readonly failures: (count: number) => string;
  readonly failureNote: (arm: string, seed: number, why: string) => string;
  readonly failureKinds: Readonly<Record<'nan' | 'crash' | 'killed' | 'data-changed' | 'pruned', string>>;
  readonly looks: (count: number, declared: number) => string;
  readonly waiting: string;

  readonly table: string;
  readonly task: string;
  readonly columns: Readonly<Record<Exclude<ColumnKind, 'mean' | 'delta' | 'setting'>, string>>;
  readonly chooseColumns: string;
  readonly filter: string;
  readonly filterHint: string;
  readonly shownArms: (shown: number, all: number) => string;
  readonly baseline: string;
  readonly pin: (arm: string) => string;
  readonly pinNothing: string;
  readonly armsTable: string;
  readonly seed: (seed: number) => string;
  readonly perEpoch: (time: string) => string;
  readonly spread: (n: number, sd: string) => string;
  readonly withoutTask: string;
  readonly severalSpecs: string;
  readonly failedRuns: (count: number) => string;
  readonly missingRuns: (count: number) => string;
  readonly cellStates: Readonly<Record<Exclude<CellState, 'value'>, string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;

  readonly moreSeeds: (count: number) => string;
  readonly higher: string;
  readonly lower: string;
  readonly difference: string;
  readonly differenceIn: (metric: string, direction: string) => string;
  readonly interval: (percent: string) => string;
  readonly familyInterval: string;
  readonly verdict: string;
  readonly pValue: string;
  readonly signFlip: string;
  readonly pairs: string;
  readonly forestTable: (task: string) => string;
  readonly forestLegend: (level: string) => string;
  readonly marginLegend: (margin: string) => string;
  readonly noMargin: string;
  readonly order: string;
  readonly orders: Readonly<Record<ForestOrder, string>>;
  readonly disagreement: string;

  readonly sentences: Sentences;

  readonly xTask: string;
  readonly yTask: string;
  readonly paretoChart: string;
  readonly point: (arm: string, x: string, y: string) => string;
  readonly dominated: (by: string) => string;
  readonly onFront: string;
  readonly frontier: (of: string) => string;
  readonly leftOut: (arms: string) => string;
  readonly standing: string;
  readonly notDecided: string;
  readonly axis: (task: string, metric: string, direction: string) => string;
  readonly paretoLegend: string;

  readonly parallelChart: string;
  readonly parallelHint: string;
  readonly from: (axis: string) => string;
  readonly to: (axis: string) => string;
  readonly clear: string;
  readonly inRange: string;
  readonly yes: string;
  readonly no: string;

  readonly effect: string;
  readonly etaSquared: string;
  readonly partial: string;
  readonly degrees: string;
  readonly spreadTable: string;
  readonly spreadFrom: string;
  readonly share: string;
  readonly deviation: string;
  readonly design: string;
  readonly factor: string;
  readonly level: string;
  readonly runs: string;
  readonly mean: string;
  readonly effectsTable: (task: string) => string;
  readonly levelsTable: (task: string) => string;

  readonly interaction: string;
  readonly interactionChart: (task: string, first: string, second: string) => string;
  readonly interactionTable: (task: string) => string;
  readonly noRuns: string;
  readonly between: string;

  readonly series: string;
  readonly seriesNames: Readonly<Record<CurveSeries, string>>;
  readonly curvesChart: string;
  /** @param most arms that are shown at once */
  readonly curvesNote: (most: number) => string;
  readonly loading: string;
  readonly missingCurves: (runs: string) => string;
  readonly epoch: string;
  readonly epochs: string;
  readonly last: string;
  readonly armsShown: string;
  readonly toggle: (arm: string) => string;

  readonly navigator: NavigatorStrings;
  readonly beside: BesideStrings;

  readonly first: string;
  readonly second: string;
  readonly setting: string;
  readonly absent: string;
  readonly differencesTable: (first: string, second: string) => string;

  readonly networkChart: (first: string, second: string) => string;
  readonly networkLegend: (first: string, second: string) => string;
  readonly networkTable: string;
  readonly part: string;
  readonly side: string;
  readonly sides: Readonly<Record<Side, string>>;
  readonly nodeKinds: Readonly<Record<DiagramNodeKind, string>>;

  readonly claim: string;
  readonly claims: Readonly<Record<HypothesisResult['claim'], string>>;
  readonly claimOf: (first: string, second: string, claim: string, task: string) => string;
  readonly result: string;
  readonly results: Readonly<Record<HypothesisResult['result'], string>>;
  readonly why: string;
  readonly margin: string;
  readonly hypothesesTable: string;
}

/** What is said of single runs side by side. */
export interface BesideStrings {
  readonly sentence: (others: number, reference: string) => string;
  readonly alone: string;
  readonly caution: string;
  readonly about: string;
  readonly reference: string;
  readonly referenceName: (run: string) => string;
  readonly pinned: string;
  readonly fork: (run: string, step: number) => string;
  readonly seed: (seed: number) => string;
  readonly series: string;
  readonly seriesNames: Readonly<Record<OverlaySeries, string>>;
  readonly axis: string;
  readonly axes: Readonly<Record<'step' | 'epoch' | 'time', string>>;
  readonly logScale: string;
  readonly runs: string;
  readonly tasks: string;
  readonly toggle: (name: string) => string;
  readonly open: (run: string) => string;
  /** @param most that differ by their lines */
  readonly notDrawn: (most: number) => string;
  readonly missing: (runs: string) => string;
  readonly gaps: (curves: string) => string;
  readonly hint: string;
  readonly moreCurves: (count: number) => string;
  readonly chart: string;
  readonly numbers: string;
  readonly metric: string;
  readonly split: string;
  readonly splits: Readonly<Record<SplitName, string>>;
  readonly directions: readonly [higher: string, lower: string];
  readonly states: Readonly<Record<Exclude<BesideValue['state'], 'value'>, string>>;
  readonly best: string;
  readonly atEpoch: (epoch: number) => string;
  readonly specs: string;
  readonly sameSpecs: string;
}

/** What the trade-off navigator says. */
interface NavigatorStrings {
  readonly shareOf: (task: string) => string;
  readonly handle: (weights: string) => string;
  readonly chart: string;
  readonly simplexLegend: (task: string) => string;
  readonly lineLegend: (task: string) => string;
  readonly noChart: string;
  readonly validation: string;
  readonly predicted: string;
  readonly predictedInterval: (percent: string) => string;
  readonly model: string;
  readonly degrees: readonly [linear: string, quadratic: string];
  readonly leftOut: string;
  readonly ofMean: string;
  readonly standing: string;
  readonly within: string;
  readonly extrapolated: string;
  readonly predictionsTable: string;
  readonly supportTable: string;
  readonly weights: string;
  readonly distance: string;
  readonly arms: string;
  readonly add: string;
  readonly adds: (weights: string) => string;
  readonly cannotAdd: string;
  readonly alreadyRun: (arms: string) => string;
}

/** One sentence for each view. */
export interface Sentences {
  readonly against: (baseline: string, rest: string) => string;
  readonly alone: (baseline: string) => string;
  readonly ofArm: (arm: string, judged: string) => string;
  readonly nothingDecided: string;
  readonly counts: Readonly<Record<Verdict, (count: number) => string>>;
  readonly ofTask: (task: string, metric: string, rest: string) => string;
  readonly many: (arms: number, rest: string) => string;
  readonly helping: (count: number) => string;
  readonly hurting: (count: number) => string;
  readonly open: (count: number) => string;
  readonly noForest: (task: string) => string;
  readonly pareto: (arms: number, front: number, dominated: number) => string;
  readonly noPareto: string;
  readonly parallel: (inside: number, all: number) => string;
  readonly noParallel: string;
  readonly effects: (task: string, factor: string, share: string) => string;
  readonly noEffects: string;
  readonly interaction: (first: string, second: string, share: string) => string;
  readonly emptyCells: (empty: number, all: number) => string;
  readonly navigator: (weights: string, predicted: string) => string;
  readonly navigatorBeyond: (weights: string, predicted: string) => string;
  readonly navigatorNothing: (weightings: number) => string;
  readonly noNavigator: string;
  readonly curves: (arms: number, runs: number, task: string) => string;
  readonly noCurves: string;
  readonly differences: (count: number, first: string, second: string) => string;
  readonly noDifferences: string;
  readonly networks: (first: number, second: number, changed: number, both: number) => string;
  readonly sameNetworks: (first: string, second: string) => string;
  readonly hypotheses: (supported: number, refuted: number, undecided: number) => string;
  readonly noHypotheses: string;
}
