/**
 * Where the spread between runs comes from, as far as the design can tell: the split, the seed within a split, and arms that react
 * differently to splits (`statistics/components.ts`). Arms' own means are taken out. Descriptive; no verdict comes from it.
 */
import { text, type Text } from '../../common/text.ts';
import type { Measure } from '../contract.ts';
import { varianceComponents, type Component, type VarianceComponents } from '../statistics/components.ts';
import type { VariancePart, VarianceView } from './contract.ts';
import type { Contest, ContestArm } from './contest.ts';

/** One view a task that two runs of an arm or more have; arms that were only explored are not in it. */
export function varianceOf(contest: Contest): readonly VarianceView[] {
  const arms = contest.arms.filter(({ confirmed }) => confirmed);
  return contest.measures.flatMap((measure) => {
    const own = arms.filter(({ rows, seeds }) => rows.has(measure.task) && seeds.length > 1);
    return own.length === 0 ? [] : [viewOf(contest, measure, own)];
  });
}

function viewOf({ provenance }: Contest, { task, metric }: Measure, arms: readonly ContestArm[]): VarianceView {
  const { cells, splits, seeds, dropped, obstacle } = cellsOf(arms, task);
  const counts = { task, metric, arms: arms.length, splits, seeds, dropped };
  if (obstacle !== null) return { ...counts, parts: [], reason: obstacle };
  const found = varianceComponents(cells);
  return { ...counts, parts: partsOf(found), reason: reasonOf(found, splits, provenance.varies) };
}

interface Cells {
  /** [arm][split][seed]. */
  readonly cells: readonly (readonly (readonly number[])[])[];
  readonly splits: number;
  /** Of each split. */
  readonly seeds: number;
  /** Runs without a value, and those of other arms beside them. */
  readonly dropped: number;
  readonly obstacle: Text | null;
}

/**
 * Values by arm and split. What pairs a run of one arm with those of others is kept only where all of them have a value, so that
 * every arm has the same splits.
 */
function cellsOf(arms: readonly ContestArm[], task: string): Cells {
  const none = { cells: [], splits: 0, seeds: 0, dropped: 0 };
  const splits = new Set(arms[0]?.splits);
  const shared = arms.every(
    (arm) => new Set(arm.splits).size === splits.size && arm.splits.every((one) => splits.has(one)),
  );
  if (!shared) {
    return {
      ...none,
      obstacle: text(
        'The arms do not have the same splits, so that nothing tells a split from an arm.',
        '各组的划分不同，无法区分划分与实验组的作用。',
      ),
    };
  }
  const values = arms.map((arm) => valuesBySplit(arm, task, [...splits]));
  const keys = [...splits].map((_, split) =>
    [...new Set(values.flatMap((own) => [...(own[split]?.keys() ?? [])]))].filter((key) => {
      const all = values.map((own) => own[split]?.get(key));
      // Arms with seeds of their own share splits, and no key.
      return all.every((value) => value !== null) && all.some((value) => value !== undefined);
    }),
  );
  const cells = values.map((own) =>
    own.map((byKey, split) => (keys[split] ?? []).flatMap((key) => byKey.get(key) ?? [])),
  );
  // A split of which nothing is left is no split.
  const kept = cells.map((own) => own.filter((_, split) => cells.some((other) => (other[split]?.length ?? 0) > 0)));
  const runs = arms.reduce((sum, arm) => sum + arm.seeds.length, 0);
  const dropped = runs - kept.flat(2).length;
  const [row] = kept;
  return { cells: kept, splits: row?.length ?? 0, seeds: row?.[0]?.length ?? 0, dropped, obstacle: null };
}

/** For each split what pairs a run, and its value; null without one. */
function valuesBySplit(
  { rows, splits, pairKeys }: ContestArm,
  task: string,
  all: readonly string[],
): readonly ReadonlyMap<string, number | null>[] {
  const cells = rows.get(task) ?? [];
  return all.map(
    (split) =>
      new Map(
        cells.flatMap(({ value }, place) => (splits[place] === split ? [[pairKeys[place] ?? '', value] as const] : [])),
      ),
  );
}

const sources = {
  split: text('split', '划分'),
  armBySplit: text('arm × split', '实验组 × 划分'),
  seed: text('seed', '种子'),
  armBySplitAndSeed: text('seed and arm × split, together', '种子与实验组 × 划分（合计）'),
} as const;

function partsOf(found: VarianceComponents): readonly VariancePart[] {
  const known = (Object.keys(sources) as (keyof typeof sources)[]).flatMap((source) => {
    const component: Component | null = found[source];
    return component === null ? [] : [{ source, component }];
  });
  const total = known.reduce((sum, { component }) => sum + component.variance, 0);
  return known.map(({ source, component: { variance, raw } }) => ({
    ...{ source, name: sources[source], variance, raw },
    share: total > 0 ? variance / total : null,
  }));
}

/** What the design cannot tell apart, and what would. */
function reasonOf({ reason, split }: VarianceComponents, splits: number, varies: readonly string[]): Text | null {
  const others = varies.filter((source) => source !== 'split');
  const [moved, zh] = [others.join(', '), others.join('、')];
  switch (reason) {
    case null:
      return null;
    case 'empty':
      return text('No run has a value in every arm.', '没有一次运行在所有组中都有值。');
    case 'unbalanced':
      return text(
        'The arms do not have the same number of runs for each split, so that the parts cannot be told apart.',
        '各组在各划分下的运行数不等，无法区分各部分。',
      );
    case 'not-finite':
      return text('A value is no finite number.', '有的值不是有限数。');
    case 'one-split':
      return text(
        `There is one split: what another one would change is not in these numbers${moved === '' ? '' : `; the seed moves ${moved} together`}.`,
        `只有一个划分：这些数不含换一个划分的影响${moved === '' ? '' : `；种子同时改变 ${zh}`}。`,
      );
    case 'one-arm':
      return split === null
        ? text(
            'One arm with one seed a split: nothing can be told apart.',
            '只有一组且每个划分只有一个种子：无法区分。',
          )
        : text('One arm: a split and how this arm reacts to it are one.', '只有一组：划分与该组对划分的反应无法区分。');
    case 'one-seed':
      return text(
        `There is one seed for each of the ${splits} splits: what the seed${moved === '' ? '' : ` (${moved})`} does and how arms react to a split are one, and what it does to all arms alike counts as the split's. Runs with several seeds a split would tell them apart.`,
        `${splits} 个划分各只有一个种子：种子${moved === '' ? '' : `（${zh}）`}的作用与各组对划分的反应无法区分，它对各组相同的作用计入划分。每个划分用多个种子才能区分。`,
      );
  }
}

/**
 * Why there is no interval that covers another test set as well (the crossed bootstrap over seeds and rows of the test set): it is wanted
 * where all runs share one split. Null elsewhere.
 */
export function crossedText(contest: Contest): Text | null {
  const { held } = contest.provenance;
  if (!held.includes('split')) return null;
  return text(
    'An interval that also covers another test set (crossed bootstrap over seeds and rows, Owen 2007) is not given: runs keep their metrics and not their predictions row by row.',
    '未给出同时涵盖另一测试集的区间（对种子与样本行的交叉自助法，Owen，2007）：运行只保存指标，不逐行保存预测。',
  );
}
