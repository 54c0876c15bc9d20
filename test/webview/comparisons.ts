// Comparisons of any size for the tests of the page, made by arithmetic: no statistics are behind them.
import type {
  ArmMeasure,
  Comparison,
  ComparisonArm,
  Delta,
  VarianceView,
  Verdict,
} from '../../src/experiment/comparison/contract.ts';
import type { Progress } from '../../src/messages/comparison.ts';

const verdicts: readonly Verdict[] = ['helps', 'hurts', 'equivalent', 'non-inferior', 'undecided', 'not-confirmed'];

/** A quarter of a task's spread from the split, the rest from the seed; the first task has something of its own to say. */
function spreadOf(task: string, at: number): VarianceView {
  const part = (source: 'split' | 'seed', share: number) => ({
    ...{
      source,
      name: { en: source, zh: source === 'split' ? '划分' : '种子' },
      variance: share * 4,
      raw: share * 4,
      share,
    },
  });
  return {
    ...{ task, metric: 'accuracy', arms: 3, splits: 2, seeds: 4, dropped: at === 0 ? 3 : 0 },
    parts: [part('split', 0.25), part('seed', 0.75)],
    reason: { en: 'The seed moves all together.', zh: '种子同时改变一切。' },
  };
}

/** A difference of this mean with intervals of this half-width. */
export function delta(mean: number | null, half: number, verdict: Verdict, more: Partial<Delta> = {}): Delta {
  return {
    ...{ n: 8, unpaired: 0, failed: 0, undefined: 0, missing: 0 },
    differences: mean === null ? [] : Array.from({ length: 8 }, (_, at) => mean + (at - 3.5) * half * 0.1),
    mean,
    interval: mean === null ? null : [mean - half, mean + half],
    familyInterval: mean === null ? null : [mean - 1.5 * half, mean + 1.5 * half],
    ...{ p: 0.01, correctedP: 0.01, adjustedP: 0.02, signFlipP: 0.0078, rankP: null, disagreement: false },
    ...{ verdict, reason: null, equivalence: null, nonInferiority: null, moreSeeds: null },
    ...more,
  };
}

function measure(task: string, metric: string, mean: number, seeds: number, own: Delta | null): ArmMeasure {
  const half = Math.max(Math.abs(mean) * 0.02, 1e-3);
  return {
    ...{
      task,
      metric,
      n: seeds,
      failed: 0,
      undefined: 0,
      missing: 0,
      mean,
      sd: half,
      interval: [mean - half, mean + half],
    },
    cells: Array.from({ length: seeds }, (_, at) => ({
      state: 'value',
      value: mean + (at - (seeds - 1) / 2) * half * 0.3,
    })),
    ...{ delta: own, reason: null },
  };
}

/**
 * @param arms so many, the baseline `single` among them
 * @param tasks so many; the first is 分类 (accuracy), the second 回归 (mae, lower is better)
 */
export function comparisonOf(arms = 4, tasks = 2, seeds = 8): Comparison {
  const names = Array.from({ length: tasks }, (_, at) => ['分类', '回归'][at] ?? `task ${String(at)}`);
  const ids = Array.from(
    { length: arms },
    (_, at) => ['single', 'joint', 'wide', 'uncertainty'][at] ?? `arm ${String(at)}`,
  );
  const measures = names.map((task, at) => ({
    ...{
      task,
      type: at === 1 ? ('regression' as const) : ('classification' as const),
      metric: at === 1 ? 'mae' : 'accuracy',
    },
    ...{ higherIsBetter: at !== 1, margin: at === 0 ? 0.01 : null },
  }));
  const meanOf = (arm: number, task: number): number =>
    task === 1 ? 10 - arm * 0.37 + ((arm * 7) % 5) * 0.4 : 0.8 + 0.1 * Math.sin(arm + task * 2);
  const list = ids.map((id, arm): ComparisonArm => {
    const single = arm === 0;
    const own = names.map((task, at) => {
      const change = meanOf(arm, at) - meanOf(0, at);
      const verdict = verdicts[(arm - 1 + at) % verdicts.length] ?? 'undecided';
      const more = verdict === 'undecided' ? { moreSeeds: 5 } : {};
      return measure(
        task,
        measures[at]?.metric ?? '',
        meanOf(arm, at),
        seeds,
        single ? null : delta(change, Math.abs(meanOf(0, at)) * 0.03, verdict, more),
      );
    });
    return {
      ...{
        id,
        of: arm > 3 ? 'static-frontier' : id,
        stage: 'confirm',
        confirmed: true,
        tuned: false,
        singleTask: single,
      },
      ...{ split: 'test', point: single ? [] : [{ factor: 'weight', level: String(arm % 3) }, { factor: 'strategy', level: ['static', 'pcgrad'][arm % 2] ?? '' }] }, // prettier-ignore
      ...{
        seeds: Array.from({ length: seeds }, (_, at) => at + 1),
        n: seeds,
        failed: arm === 2 ? 1 : 0,
        missing: 0,
        measures: own,
      },
      deltaM: single ? null : { values: Array.from({ length: seeds }, () => 0.01 * arm), mean: 0.01 * arm, interval: [0.01 * arm - 0.005, 0.01 * arm + 0.005], skillPoints: [], reason: null }, // prettier-ignore
      ...{ meanRank: arm + 1, costs: { seconds: 12 + arm, secondsPerEpoch: 0.5 }, parameters: 1000 + arm },
      runs: Array.from({ length: seeds }, (_, at) => ({
        id: `run-${String(arm)}-${String(at + 1)}`,
        seed: at + 1,
        task: null,
      })),
    };
  });
  const pairs = names.flatMap((x, at) => names.slice(at + 1).map((y) => ({ x, y, front: ids.slice(0, 2) })));
  return {
    ...{
      beside: null,
      v: 1,
      kind: 'experiment',
      name: 'digits',
      question: 'Does sharing help 分类?',
      level: 0.95,
      family: 'any',
    },
    ...{
      tests: (arms - 1) * tasks,
      paired: true,
      claims: [],
      variance: names.map(spreadOf),
      crossed: null,
      overlap: 0,
      baseline: 'single',
      measures,
      arms: list,
      correlation: null,
    },
    pareto: {
      front: ids.slice(0, 2),
      points: list.map(({ id, measures: own }, at) => ({
        ...{ id, means: own.map(({ mean }) => mean ?? 0), intervals: own.map(({ interval }) => interval) },
        ...{ behind: at > 1 ? ['joint'] : [], dominatedBy: at === 2 ? ['joint'] : [] },
      })),
      ...{ pairs, leftOut: [] },
    },
    factors: names.map((task, at) => ({
      ...{ task, split: 'test', runs: 24 },
      effects: [
        { factors: ['weight'], df: 2, etaSquared: 0.5 - 0.1 * at, partialEtaSquared: 0.6 },
        { factors: ['strategy'], df: 1, etaSquared: 0.2, partialEtaSquared: 0.3 },
        { factors: ['weight', 'strategy'], df: 2, etaSquared: 0.05, partialEtaSquared: 0.1 },
      ],
      levels: ['0', '1', '2'].map((level, place) => ({ factor: 'weight', level, runs: 8, mean: 0.8 + 0.02 * place })),
      interactions: [
        {
          factors: ['weight', 'strategy'] as const,
          cells: ['0', '1', '2'].flatMap((weight, first) =>
            ['static', 'pcgrad'].map((strategy, second) => {
              const [runs, mean] = first === 2 && second === 1 ? [0, null] : [4, 0.8 + 0.02 * first * (1 - second)];
              const interval = mean === null ? null : ([mean - 0.01, mean + 0.01] as const);
              return { levels: [weight, strategy] as const, runs, mean, interval };
            }),
          ),
        },
      ],
      remark: null,
    })),
    differences: {
      arms: ids.slice(1),
      differences: [
        { pointer: '/network/trunk/layers/0/units', values: ids.slice(1).map((_, at) => String(64 * (at + 1))) },
        { pointer: '/strategy/name', values: ids.slice(1).map((_, at) => (at === 1 ? null : '"static"')) },
        { pointer: '/weights/分类', values: ids.slice(1).map((_, at) => String((at % 3) / 2)) },
      ],
    },
    hypotheses: [
      { id: 'H1', claim: 'superior', measure: '分类', metric: 'accuracy', arms: ['joint', 'single'], result: 'supported', reason: { en: 'p below 0.05.', zh: 'p 小于 0.05。' }, n: 8, mean: 0.02, interval: [0.01, 0.03], p: 0.004, adjustedP: 0.008, family: 'hypotheses', bound: null, margin: null }, // prettier-ignore
      { id: 'H2', claim: 'non-inferior', measure: '回归', metric: 'mae', arms: ['wide', 'single'], result: 'undecided', reason: { en: 'The bound lies beyond the margin.', zh: '界限超出界值。' }, n: 8, mean: 0.2, interval: [-0.1, 0.5], p: 0.2, adjustedP: 0.4, family: 'hypotheses', bound: 0.4, margin: 0.3 }, // prettier-ignore
    ],
    failures: [{ arm: 'wide', seed: 3, task: null, failure: 'nan', reason: null }],
    looks: { count: 1, declared: 1, problem: null },
    deviations: [{ en: 'The baseline was changed.', zh: '更换了基线。' }],
    remarks: [{ en: 'Splits vary.', zh: '划分有变化。' }],
    provenance: { engines: ['wasm 1'], files: [], plan: 'abc', versions: [], varies: ['split'], held: [] },
  };
}

export const progressOf = (mode: Progress['mode'], more: Partial<Progress> = {}): Progress => ({
  ...{
    mode,
    done: 12,
    failed: 1,
    pruned: 2,
    running: 2,
    waiting: 23,
    later: 4,
    held: 0,
    remaining: 754,
    atMost: false,
    why: null,
  },
  ...more,
});
