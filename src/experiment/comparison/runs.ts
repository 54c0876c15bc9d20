/** Plain runs as a contest: grouped by what they train, aside from their seeds. */
import { text, type Text } from '../../common/text.ts';
import { orderedText } from '../../runs/json.ts';
import { higherIsBetter, toOrdered, type Spec } from '../../spec/index.ts';
import type { Measure } from '../contract.ts';
import { seedsOf, variantHash } from '../identity.ts';
import { splitCanVary } from '../replicates.ts';
import type { FailureNote, SplitName } from './contract.ts';
import type { Contest, ContestArm } from './contest.ts';
import { ComparisonError } from './error.ts';
import { unlikeArms, unlikeText } from '../unlike.ts';
import { runsBeside } from './beside.ts';
import { baselineOf, type Wishes } from './experiment.ts';
import { differentOrigins, distinct, distinctFiles, stopped } from './origins.ts';
import { mapOf, numberOf, splitOf, keptCell, type PlainRun } from './plain-run.ts';

/** @throws ComparisonError where no run is given, or the baseline that was asked for is not there */
export function contestOfRuns(given: readonly PlainRun[], wishes: Wishes = {}): Contest {
  const { runs, remarks: repeated } = withoutTwins(given);
  const groups = groupsOf(runs);
  if (groups.length === 0) throw new ComparisonError('There is no run to compare.', '没有可比较的运行。');
  const tested = runs.every(({ result }) => result === null || splitOf(result, 'test') !== undefined);
  const split: SplitName = tested ? 'test' : 'validation';
  const measures = measuresOf(groups.map(({ runs: own }) => own[0]?.spec).filter((spec) => spec !== undefined));
  const arms = groups.map((group) => armOf(group, measures, split));
  const beside = runsBeside(given);
  const own = groups.find(({ runs: some }) => some.some(({ id }) => id === beside.reference));
  const { baseline } = baselineOf({ baseline: own?.id ?? arms[0]?.id ?? '' }, arms, wishes.baseline);
  const measured = groups.map(({ id, runs: own }) => ({ id, specs: own.slice(0, 1).map(({ spec }) => spec) }));
  return {
    ...{ kind: 'runs', name: '', question: null, measures, arms, baseline },
    paired: true,
    overlap: overlapOf(runs),
    analysis: { level: wishes.level ?? 0.95, family: 'any' },
    ...{ failed: 'worst', looks: null, hypotheses: [], laterArms: 0, deviations: [] },
    failures: groups.flatMap(({ id, runs: own }) => own.flatMap((run) => failureOf(id, run))),
    remarks: [
      ...repeated,
      ...(tested ? [] : [withoutTest]),
      // Their seeds pair them, and where they share none that is said.
      ...unlikeArms(measured, baseline, measures, false).map((one) => unlikeText(one, baseline)),
      ...differentOrigins(runs),
      ...stopped(runs),
    ],
    provenance: {
      engines: distinct(runs.flatMap(({ engine }) => engine ?? [])),
      files: distinctFiles(runs),
      ...{ plan: null, versions: [], varies: [], held: [] },
    },
    beside,
  };
}

const withoutTest = text(
  'Not every run has a test split: the values are of the validation split, by which each model was chosen.',
  '并非每个运行都有测试集：所列为验证集的值，而模型正是据此选出的。',
);

/**
 * What a run trained, aside from its seeds. A fork that changed something trained something else up to its step; one that
 * changed nothing is the run it was forked from, to the last bit.
 */
function variantOf({ spec, fork }: PlainRun): string {
  const own = variantHash(spec);
  return fork === null || fork.changes.length === 0 ? own : orderedText([own, fork.step, toOrdered(fork.changes)]);
}

const seedKey = ({ spec }: PlainRun): string => orderedText(seedsOf(spec, { seed: spec.training.seed, settings: [] }));

/** Of runs with the same spec and seeds the first one counts: the others are no further evidence. */
function withoutTwins(given: readonly PlainRun[]): {
  readonly runs: readonly PlainRun[];
  readonly remarks: readonly Text[];
} {
  const kept = new Map<string, PlainRun>();
  const remarks: Text[] = [];
  for (const run of given) {
    const key = `${variantOf(run)}\n${seedKey(run)}`;
    const first = kept.get(key);
    if (first === undefined) kept.set(key, run);
    else {
      remarks.push(
        text(
          `"${run.id}" has the spec and the seeds of "${first.id}" and is left out.`,
          `“${run.id}”与“${first.id}”的描述和种子相同，已略去。`,
        ),
      );
    }
  }
  return { runs: [...kept.values()], remarks };
}

interface Group {
  readonly id: string;
  readonly runs: readonly PlainRun[];
}

/** Runs by what they train, named by the first one's name; a name that is taken gets a number. */
function groupsOf(runs: readonly PlainRun[]): readonly Group[] {
  const byVariant = new Map<string, PlainRun[]>();
  for (const run of runs) {
    const hash = variantOf(run);
    byVariant.set(hash, [...(byVariant.get(hash) ?? []), run]);
  }
  const taken = new Set<string>();
  return [...byVariant.values()].map((own) => {
    const name = own[0]?.name ?? '';
    let id = name;
    for (let number = 2; taken.has(id); number++) id = `${name} ${number}`;
    taken.add(id);
    return { id, runs: own };
  });
}

/** Tasks in the order in which the arms have them, each with its first metric. */
function measuresOf(specs: readonly Spec[]): readonly Measure[] {
  const measures = new Map<string, Measure>();
  for (const spec of specs) {
    for (const [task, { type, metrics }] of spec.tasks) {
      if (measures.has(task)) continue;
      const metric = metrics[0]?.type ?? 'loss';
      measures.set(task, { task, type, metric, higherIsBetter: higherIsBetter(type, metric), margin: null });
    }
  }
  return [...measures.values()];
}

function armOf({ id, runs }: Group, measures: readonly Measure[], split: SplitName): ContestArm {
  const spec = runs[0]?.spec ?? null;
  const own = measures.filter(({ task }) => spec?.tasks.has(task) === true);
  const done = runs.flatMap(({ result }) => result ?? []);
  const sum = (key: string): number => done.reduce((total, result) => total + (numberOf(result.get(key)) ?? 0), 0);
  const [seconds, epochs] = [sum('seconds'), sum('epochs')];
  return {
    ...{ id, of: id, stage: null, tuned: false, singleTask: false, split, spec, point: new Map() },
    // Chosen and judged on the same split: nothing is confirmed by that.
    confirmed: split === 'test',
    seeds: runs.map((run) => run.spec.training.seed),
    pairKeys: runs.map(seedKey),
    splits: runs.map(({ spec: { data } }) => ('seed' in data.split ? String(data.split.seed) : 'given')),
    rows: new Map(own.map((measure) => [measure.task, runs.map((run) => keptCell(run, measure, split))])),
    costs: {
      seconds: done.length === 0 ? null : seconds / done.length,
      secondsPerEpoch: epochs === 0 ? null : seconds / epochs,
    },
    parameters: numberOf(mapOf(done[0]?.get('parameters'))?.get('total')),
    runs: runs.map((run) => ({ id: run.id, seed: run.spec.training.seed, task: null })),
  };
}

/** n_test/n_train where the runs' splits differ: their training sets overlap. The largest, where runs have several. */
function overlapOf(runs: readonly PlainRun[]): number {
  const splits = new Set(runs.map(({ spec: { data } }) => ('seed' in data.split ? data.split.seed : null)));
  if (splits.size < 2 || !runs.every(({ spec }) => splitCanVary(spec))) return 0;
  const ratios = runs.flatMap(({ result }) => {
    const samples = mapOf(result?.get('samples'));
    const [train, test] = [numberOf(samples?.get('train')), numberOf(samples?.get('test'))];
    return train === null || test === null || train === 0 ? [] : [test / train];
  });
  return Math.max(0, ...ratios);
}

function failureOf(arm: string, { spec, state, problem }: PlainRun): readonly FailureNote[] {
  if (state !== 'failed' && state !== 'crashed') return [];
  return [{ arm, seed: spec.training.seed, task: null, failure: 'crash', reason: problem }];
}
