/**
 * Checks of what the comparison's page is given: the comparison itself with every member of it, how far the
 * experiment is, and learning curves.
 */
import {
  amount,
  count,
  flag,
  list,
  number,
  object,
  oneOf,
  orNull,
  pair,
  satisfying,
  text,
  trusted,
  type Check,
  type Checked,
} from '../common/checks.ts';
import { runStates } from '../common/run-state.ts';
import { text as both } from '../common/text.ts';
import type { Comparison } from '../experiment/comparison/contract.ts';

const sentence = object({ en: text, zh: text });
const maybeSentence = orNull(sentence);
const maybeNumber = orNull(number);
const maybeText = orNull(text);
const interval = orNull(pair(number, number));
const texts = list(text);
const split = oneOf('test', 'validation');
const matrix = list(list(maybeNumber));
const one = satisfying(both('the number 1', '数 1'), (value): value is 1 => value === 1);

const delta = object({
  ...{ n: count, unpaired: count, failed: count, undefined: count, missing: count },
  ...{ differences: list(number), mean: maybeNumber, interval, familyInterval: interval },
  ...{ p: maybeNumber, correctedP: maybeNumber, adjustedP: maybeNumber, signFlipP: maybeNumber, rankP: maybeNumber },
  disagreement: flag,
  verdict: oneOf('helps', 'hurts', 'equivalent', 'non-inferior', 'undecided', 'not-confirmed'),
  reason: maybeSentence,
  equivalence: orNull(object({ p: maybeNumber, interval, equivalent: flag })),
  nonInferiority: orNull(object({ p: maybeNumber, bound: maybeNumber, nonInferior: flag })),
  moreSeeds: orNull(count),
});

const armMeasure = object({
  ...{ task: text, metric: text },
  cells: list(object({ state: oneOf('value', 'undefined', 'failed', 'pruned', 'missing'), value: maybeNumber })),
  ...{ n: count, failed: count, undefined: count, missing: count, mean: maybeNumber, sd: maybeNumber, interval },
  ...{ delta: orNull(delta), reason: maybeSentence },
});

const arm = object({
  ...{ id: text, of: text, stage: maybeText, confirmed: flag, tuned: flag, singleTask: flag, split },
  point: list(object({ factor: text, level: text })),
  ...{ seeds: list(number), n: count, failed: count, missing: count, measures: list(armMeasure) },
  deltaM: orNull(
    object({ values: list(maybeNumber), mean: maybeNumber, interval, skillPoints: texts, reason: maybeSentence }),
  ),
  meanRank: maybeNumber,
  costs: object({ seconds: maybeNumber, secondsPerEpoch: maybeNumber }),
  parameters: maybeNumber,
  runs: list(object({ id: text, seed: number, task: maybeText })),
});

const correlation = object({
  tasks: texts,
  arms: list(object({ id: text, n: count, r: matrix })),
  pooled: object({ n: count, r: matrix }),
});

const pareto = object({
  front: texts,
  points: list(object({ id: text, means: list(number), intervals: list(interval), behind: texts, dominatedBy: texts })),
  pairs: list(object({ x: text, y: text, front: texts })),
  leftOut: texts,
});

const factor = object({
  ...{ task: text, split, runs: count },
  effects: list(object({ factors: texts, df: count, etaSquared: maybeNumber, partialEtaSquared: maybeNumber })),
  levels: list(object({ factor: text, level: text, runs: count, mean: number })),
  interactions: list(
    object({
      factors: pair(text, text),
      cells: list(object({ levels: pair(text, text), runs: count, mean: maybeNumber, interval })),
    }),
  ),
  remark: maybeSentence,
});

const hypothesis = object({
  ...{ id: text, claim: oneOf('superior', 'non-inferior', 'equivalent'), measure: text, metric: text },
  ...{ arms: pair(text, text), result: oneOf('supported', 'refuted', 'undecided'), reason: sentence },
  ...{ n: count, mean: maybeNumber, interval, p: maybeNumber, adjustedP: maybeNumber },
  ...{ family: oneOf('baseline', 'hypotheses', 'none'), bound: maybeNumber, margin: maybeNumber },
});

const failure = object({
  ...{ arm: text, seed: number, task: maybeText },
  ...{ failure: oneOf('nan', 'crash', 'killed', 'data-changed', 'pruned'), reason: maybeSentence },
});

// The words of the language are the language's own.
const taskType = trusted<Comparison['measures'][number]['type']>(text);

const variance = object({
  ...{ task: text, metric: text, arms: count, splits: count, seeds: count, dropped: count },
  parts: list(
    object({
      source: oneOf('split', 'armBySplit', 'seed', 'armBySplitAndSeed'),
      ...{ name: sentence, variance: number, raw: number, share: maybeNumber },
    }),
  ),
  reason: maybeSentence,
});

const beside = object({
  reference: text,
  runs: list(
    object({
      ...{ id: text, label: text, created: number, state: oneOf(...runStates), pinned: flag, seed: number },
      ...{ engine: maybeText, strategy: text, fork: orNull(object({ run: text, step: count })) },
    }),
  ),
  rows: list(
    object({
      ...{ task: text, metric: text, higherIsBetter: flag, split },
      values: list(
        object({
          state: oneOf('value', 'undefined', 'failed', 'pruned', 'missing', 'absent'),
          ...{ value: maybeNumber, epoch: maybeNumber },
        }),
      ),
    }),
  ),
  differences: list(object({ pointer: text, values: list(maybeText) })),
  caveats: list(sentence),
});

export const comparison: Check<Comparison> = object({
  ...{ v: one, kind: oneOf('experiment', 'runs'), name: text, question: maybeText, level: number },
  ...{ family: oneOf('any', 'all'), tests: count, paired: flag, overlap: number, baseline: text },
  claims: list(object({ arm: text, p: maybeNumber, adjustedP: maybeNumber, holds: flag, reason: sentence })),
  measures: list(object({ task: text, type: taskType, metric: text, higherIsBetter: flag, margin: maybeNumber })),
  ...{ arms: list(arm), correlation: orNull(correlation), pareto: orNull(pareto), factors: list(factor) },
  differences: object({ arms: texts, differences: list(object({ pointer: text, values: list(maybeText) })) }),
  ...{ variance: list(variance), crossed: maybeSentence },
  ...{ hypotheses: list(hypothesis), failures: list(failure) },
  looks: orNull(object({ count, declared: count, problem: maybeSentence })),
  ...{ deviations: list(sentence), remarks: list(sentence) },
  provenance: object({
    ...{ engines: texts, files: list(object({ path: text, sha256: text })), plan: maybeText, versions: texts },
    ...{ varies: texts, held: texts },
  }),
  beside: orNull(beside),
});

/** How far an experiment is. */
export const progress = object({
  /** `idle`: runs are left, and nobody works on them. */
  mode: oneOf('running', 'paused', 'stopping', 'idle', 'done'),
  ...{ done: count, failed: count, pruned: count, running: count, waiting: count },
  /** Runs that are not known yet, at most. */
  later: count,
  /** Ended runs whose results on the test split are held back: to look at them before the end is to be counted. */
  held: count,
  /** Seconds; null as long as nobody knows. */
  remaining: orNull(amount),
  atMost: flag,
  /** Why no more runs are live than are, or why nobody works on it. */
  why: maybeSentence,
});

/** What curves can show of a task by epoch: its metric and its loss on the validation split, its training loss. */
export const curveSeries = ['metric', 'validation', 'train'] as const;
export type CurveSeries = (typeof curveSeries)[number];
export const seriesName = oneOf(...curveSeries);

export const curve = object({
  ...{ arm: text, seed: number, run: text },
  /** Epochs, rising. */
  x: list(number),
  /** Null where there is no finite number. */
  y: list(maybeNumber),
});

export type Progress = Checked<typeof progress>;
export type RunCurve = Checked<typeof curve>;
