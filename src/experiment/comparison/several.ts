/**
 * Arms of several experiments side by side. Nothing is merged: each arm is called `experiment/arm`. What is no comparison is refused by
 * name: other data, another split, another metric or target of a task. No plan foresaw it, and that is said.
 */
import { joined, text, type Text } from '../../common/text.ts';
import { toOrdered, type Spec } from '../../spec/index.ts';
import type { Design, Measure } from '../contract.ts';
import { hashOf, seedsOf } from '../identity.ts';
import { orderedText } from '../../runs/json.ts';
import type { Contest, ContestArm } from './contest.ts';
import { ComparisonError } from './error.ts';
import { baselineOf, contestOf, type ExperimentEvidence, type Wishes } from './experiment.ts';

export interface NamedEvidence {
  /** What its arms are called after; no two have the same. */
  readonly name: string;
  readonly evidence: ExperimentEvidence;
}

interface Part {
  readonly name: string;
  readonly design: Design;
  readonly contest: Contest;
}

/** An arm's name beside those of other experiments. */
export const armName = (experiment: string, arm: string): string => `${experiment}/${arm}`;

/**
 * @param given two or more
 * @throws ComparisonError where they cannot be compared, which says why, or the baseline that was asked for is not there
 */
export function contestOfSeveral(given: readonly NamedEvidence[], wishes: Wishes = {}): Contest {
  const level = wishes.level === undefined ? {} : { level: wishes.level };
  const parts = given.map(({ name, evidence }): Part => {
    const contest = contestOf(evidence, level);
    return { name, design: evidence.design, contest: { ...contest, arms: keyed(contest, evidence) } };
  });
  const [first, ...others] = parts;
  if (first === undefined) throw new ComparisonError('There is no experiment to compare.', '没有可比较的实验。');
  const obstacles = others.flatMap((other) => obstaclesBetween(first, other));
  if (obstacles.length > 0) throw refusal(obstacles);
  const arms = parts.flatMap(({ name, contest }) => contest.arms.map((arm) => renamed(name, arm)));
  const planned = armName(first.name, first.contest.baseline);
  const { baseline } = baselineOf({ baseline: planned }, arms, wishes.baseline);
  const paired = arePaired(parts, arms, baseline);
  return {
    ...{ kind: 'experiment', name: parts.map(({ name }) => name).join(', '), question: null },
    ...{ arms, baseline, paired, hypotheses: [], looks: null },
    measures: measuresOf(parts),
    overlap: Math.max(...parts.map(({ contest }) => contest.overlap)),
    analysis: first.contest.analysis,
    failed: parts.every(({ contest }) => contest.failed === 'exclude') ? 'exclude' : 'worst',
    laterArms: parts.reduce((sum, { contest }) => sum + contest.laterArms, 0),
    failures: parts.flatMap(({ name, contest }) =>
      contest.failures.map((note) => ({ ...note, arm: armName(name, note.arm) })),
    ),
    deviations: [unplanned, ...parts.flatMap((part) => prefixed(part, part.contest.deviations)), ...asides(parts)],
    remarks: [
      ...parts.flatMap((part) => prefixed(part, part.contest.remarks)),
      ...(paired || !parts.every(({ contest }) => contest.paired) ? [] : [notShared]),
      ...sameRuns(arms),
      ...engineRemark(parts),
    ],
    provenance: provenanceOf(parts),
  };
}

const unplanned = text(
  'Arms of several experiments are compared, which no plan foresaw: their hypotheses and looks are judged each by itself (mtl verify).',
  '比较的是多个实验的实验组，任何计划都未曾预见：各自的假设与中期查看须分别判定（mtl verify）。',
);

const notShared = text(
  'Not every arm shares seeds and splits with the baseline: nothing is paired here.',
  '并非每个实验组都与基线共用种子与划分：此处不作配对。',
);

function prefixed({ name }: Part, sentences: readonly Text[]): readonly Text[] {
  return sentences.map(({ en, zh }) => text(`${name}: ${en}`, `${name}：${zh}`));
}

/** Seeds in full, so that runs of several experiments pair only where all their chance is the same. */
function keyed({ arms }: Contest, { expansion }: ExperimentEvidence): readonly ContestArm[] {
  return arms.map((arm) => {
    const runs = expansion.compared.find(({ id, stage }) => id === arm.id && stage === arm.stage)?.runs ?? [];
    const keyOf = (seed: number): string => {
      const run = runs.find((one) => one.seed === seed);
      return run === undefined ? String(seed) : orderedText(seedsOf(run.variant.spec, run.replicate));
    };
    return { ...arm, pairKeys: arm.seeds.map(keyOf) };
  });
}

function renamed(name: string, arm: ContestArm): ContestArm {
  return { ...arm, id: armName(name, arm.id), of: armName(name, arm.of) };
}

function arePaired(parts: readonly Part[], arms: readonly ContestArm[], baseline: string): boolean {
  const own = new Set(arms.find(({ id }) => id === baseline)?.pairKeys);
  return (
    parts.every(({ contest }) => contest.paired) && arms.every(({ pairKeys }) => pairKeys.some((key) => own.has(key)))
  );
}

// ---- what makes them no comparison -------------------------------------------------------------------------------------

function obstaclesBetween(a: Part, b: Part): readonly Text[] {
  return [...dataObstacles(a, b), ...splitObstacles(a, b), ...taskObstacles(a, b)];
}

/** A strategy's own code is no data. */
const isCode = /\.[cm]?[jt]s$/;

/** By content: where a file lies makes no difference. */
function dataObstacles({ name: a, contest: one }: Part, { name: b, contest: other }: Part): readonly Text[] {
  const filesOf = ({ provenance }: Contest) => provenance.files.filter(({ path }) => !isCode.test(path));
  const [files, others] = [filesOf(one), filesOf(other)];
  const lacking = (own: typeof files, all: typeof files): string[] =>
    own.filter(({ sha256 }) => !all.some((file) => file.sha256 === sha256)).map(({ path }) => path);
  return distinct([...lacking(files, others), ...lacking(others, files)]).map((path) =>
    text(`the data (${path}) of "${a}" and "${b}"`, `“${a}”与“${b}”的数据（${path}）`),
  );
}

/** How rows are split, aside from the seed; of files their contents are compared with the data. */
function splitForm({ data: { split, source } }: Spec): string {
  const entries = Object.entries(split).filter(([key]) => key !== 'seed');
  const given = source === undefined ? [] : Object.keys(source).toSorted();
  return hashOf([entries.map(([key, value]) => [key, key === 'file' ? null : toOrdered(value)]), given]);
}

function splitObstacles({ name: a, design: one }: Part, { name: b, design: other }: Part): readonly Text[] {
  return splitForm(one.spec) === splitForm(other.spec)
    ? []
    : [text(`the split of "${a}" and "${b}"`, `“${a}”与“${b}”的划分`)];
}

function taskObstacles(a: Part, b: Part): readonly Text[] {
  const shared = a.contest.measures.flatMap((one) => {
    const other = b.contest.measures.find(({ task }) => task === one.task);
    return other === undefined ? [] : [[one, other] as const];
  });
  if (shared.length === 0) {
    return [
      text(
        `the tasks of "${a.name}" and "${b.name}" (none is shared)`,
        `“${a.name}”与“${b.name}”的任务（没有共同任务）`,
      ),
    ];
  }
  return shared.flatMap(([one, other]): Text[] => {
    const { task } = one;
    if (one.metric !== other.metric || one.higherIsBetter !== other.higherIsBetter) {
      return [
        text(
          `the metric of ${task}: ${one.metric} in "${a.name}", ${other.metric} in "${b.name}"`,
          `${task} 的指标：“${a.name}”为 ${one.metric}，“${b.name}”为 ${other.metric}`,
        ),
      ];
    }
    return targetOf(a.design, task) === targetOf(b.design, task)
      ? []
      : [
          text(
            `what ${task} predicts (type, target or classes), and with it the unit, in "${a.name}" and "${b.name}"`,
            `“${a.name}”与“${b.name}”中 ${task} 的预测内容（类型、目标或类别）及单位`,
          ),
        ];
  });
}

/** What a metric of a task is measured on, and in which unit. */
function targetOf({ spec }: Design, task: string): string {
  const form = toOrdered(spec.tasks.get(task) ?? null);
  const fields = form instanceof Map ? (form as ReadonlyMap<string, unknown>) : new Map<string, unknown>();
  return hashOf(['type', 'target', 'classes', 'levels', 'time', 'event'].map((key) => fields.get(key) ?? null));
}

function refusal(obstacles: readonly Text[]): ComparisonError {
  const { en, zh } = joined(obstacles);
  return new ComparisonError(
    `These experiments cannot be compared with each other. Different are: ${en}. Compare each by itself, or runs that have the same.`,
    `这些实验不能相互比较。不同之处：${zh}。请分别比较，或比较这些方面相同的运行。`,
  );
}

// ---- what is put together ----------------------------------------------------------------------------------------------

/** Tasks in the order in which they come; a margin that not all declare alike is none. */
function measuresOf(parts: readonly Part[]): readonly Measure[] {
  const measures = new Map<string, Measure>();
  for (const { contest } of parts) {
    for (const measure of contest.measures) {
      const known = measures.get(measure.task);
      const margin = known === undefined || known.margin === measure.margin ? measure.margin : null;
      measures.set(measure.task, { ...measure, margin });
    }
  }
  return [...measures.values()];
}

/** Where the experiments' own rules differ, the first one's hold. */
function asides(parts: readonly Part[]): readonly Text[] {
  const [first, ...others] = parts;
  if (first === undefined) return [];
  const found: Text[] = [];
  const { analysis } = first.contest;
  if (
    others.some(
      ({ contest }) => contest.analysis.level !== analysis.level || contest.analysis.family !== analysis.family,
    )
  ) {
    found.push(
      text(
        `Level and family are those of "${first.name}"; the others declare others.`,
        `置信水平与 family 取自“${first.name}”；其他实验的声明不同。`,
      ),
    );
  }
  const tasks = measuresOf(parts).filter(({ task }) => {
    const margins = parts.flatMap(({ contest }) => contest.measures.filter((one) => one.task === task));
    return new Set(margins.map(({ margin }) => margin)).size > 1;
  });
  for (const { task } of tasks) {
    found.push(
      text(
        `The experiments declare different margins of "${task}": there is none here.`,
        `各实验为“${task}”声明的界值不同：此处不设界值。`,
      ),
    );
  }
  if (parts.some(({ contest }) => contest.looks !== null)) {
    found.push(
      text(
        'Looks that an experiment declared are not spent here: all its finished runs are seen.',
        '此处不按实验声明的中期查看花费误差：使用其全部已完成的运行。',
      ),
    );
  }
  return found;
}

/** Two arms that are one and the same are no evidence of anything. */
function sameRuns(arms: readonly ContestArm[]): readonly Text[] {
  const seen = new Map<string, string>();
  return arms.flatMap(({ id, runs }) => {
    const key = runs.map((run) => run.id).join();
    const other = seen.get(key);
    seen.set(key, other ?? id);
    if (other === undefined || key === '') return [];
    return [
      text(
        `"${other}" and "${id}" are the very same runs: their difference is none by necessity.`,
        `“${other}”与“${id}”是完全相同的运行：其差异必然为零。`,
      ),
    ];
  });
}

function engineRemark(parts: readonly Part[]): readonly Text[] {
  const engines = distinct(parts.flatMap(({ contest }) => contest.provenance.engines));
  if (engines.length < 2) return [];
  const list = engines.join(', ');
  return [
    text(
      `The runs were made by different engines (${list}): differences may be theirs.`,
      `这些运行使用了不同的引擎（${list}）：差异可能由此而来。`,
    ),
  ];
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];

function provenanceOf(parts: readonly Part[]): Contest['provenance'] {
  const all = parts.map(({ contest }) => contest.provenance);
  return {
    engines: distinct(all.flatMap(({ engines }) => engines)),
    files: all[0]?.files ?? [],
    plan: null,
    versions: distinct(all.flatMap(({ versions }) => versions)),
    varies: distinct(all.flatMap(({ varies }) => varies)),
    held: distinct(all.flatMap(({ held }) => held)),
  };
}
