/** What arms are measured on: rows and labels. Where an arm sets these, a difference is not one of the arms alone. */
import { counted, text, type Text } from '../common/text.ts';
import { pointerOf, toOrdered, type Spec } from '../spec/index.ts';
import type { ComparedArm, Design, Measure, Stage } from './contract.ts';
import { hashOf } from './identity.ts';
import { specsOf } from './power.ts';
import { splitVaries } from './replicates.ts';
import { effectiveSplit } from './single-task.ts';

/** Members that decide which rows there are, what their labels mean, and what is measured. */
const ofData = ['source', 'sources', 'format', 'csv', 'missingTokens'] as const;
const ofTask = ['type', 'target', 'classes', 'when', 'source'] as const;

export interface Measured {
  readonly id: string;
  /** One, or one a task. */
  readonly specs: readonly Spec[];
}

export interface Unlike {
  readonly arms: readonly string[];
  /** Pointers into the long form. */
  readonly places: readonly string[];
}

/**
 * Arms that are measured on something else than the baseline, those of the same places together.
 *
 * @param seeds whether another seed of the split is another split: not where replicates set it
 */
export function unlikeArms(
  arms: readonly Measured[],
  baseline: string,
  measures: readonly Measure[],
  seeds: boolean,
): readonly Unlike[] {
  const reference = arms.find(({ id }) => id === baseline);
  if (reference === undefined) return [];
  const own = formsOf(reference, measures, seeds);
  const found = new Map<string, { arms: string[]; places: readonly string[] }>();
  for (const arm of arms) {
    const places = [...formsOf(arm, measures, seeds)].flatMap(([pointer, form]) => {
      const other = own.get(pointer);
      return other === undefined || other === form ? [] : [pointer];
    });
    if (places.length === 0) continue;
    const known = found.get(places.join());
    if (known === undefined) found.set(places.join(), { arms: [arm.id], places });
    else known.arms.push(arm.id);
  }
  return [...found.values()];
}

/** The same of arms that an experiment compares. */
export function unlikeCompared(
  { spec, measures }: Design,
  { replicates }: Stage,
  arms: readonly ComparedArm[],
  baseline: string,
): readonly Unlike[] {
  const fixed = replicates === null || !splitVaries(spec, replicates);
  const measured = arms.map((arm) => ({ id: arm.id, specs: specsOf(arm) }));
  return unlikeArms(measured, baseline, measures, fixed);
}

function formsOf({ specs }: Measured, measures: readonly Measure[], seeds: boolean): ReadonlyMap<string, string> {
  const forms = new Map<string, string>();
  const put = (path: readonly string[], value: unknown): void => {
    forms.set(pointerOf(path), hashOf(toOrdered(value ?? null)));
  };
  for (const spec of specs) {
    const { data, tasks } = spec;
    for (const key of ofData) put(['data', key], data[key]);
    const { seed, ...split } = { seed: null, ...effectiveSplit(spec) };
    put(['data', 'split'], seeds ? { ...split, seed } : split);
    for (const [name, task] of tasks) {
      for (const key of ofTask) put(['tasks', name, key], key in task ? task[key as keyof typeof task] : null);
      const metric = measures.find((measure) => measure.task === name)?.metric;
      const measured = task.metrics.find(({ type }) => type === metric);
      // What a loss is, is what it is trained by.
      if (metric === 'loss') put(['tasks', name, 'loss'], task.loss);
      else put(['tasks', name, 'metrics'], measured);
    }
  }
  return forms;
}

export function unlikeText({ arms, places }: Unlike, baseline: string): Text {
  const several = arms.length > 3;
  const [names, zh] = several
    ? [counted(arms.length, 'arm'), `${String(arms.length)} 个实验组`]
    : [arms.map((arm) => `"${arm}"`).join(', '), arms.map((arm) => `“${arm}”`).join('、')];
  const verb = arms.length === 1 ? 'is' : 'are';
  const rows = places.some((place) => place.startsWith('/data/') || place.endsWith('/when'));
  const pairs = rows ? text(', and pairs do not have the same rows', '，配对的两方样本行也不相同') : text('', '');
  return text(
    `${names} ${verb} not measured on the same as "${baseline}": ${places.join(', ')} differ${places.length === 1 ? 's' : ''}. A difference is then not that of what is trained alone${pairs.en}.`,
    `${zh}的评价对象与“${baseline}”不同：${places.join('、')} 不一致。此时差异并非只来自所训练的内容${pairs.zh}。`,
  );
}
