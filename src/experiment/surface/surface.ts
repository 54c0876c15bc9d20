/** Runs whose weights differ → a response surface over the weights. Pure. */
import { text, type Text } from '../../common/text.ts';
import { applySettings, defaultStrategy, readSpec, type Spec } from '../../spec/index.ts';
import { variantHash } from '../identity.ts';
import type { Measure } from '../contract.ts';
import type { SupportPoint, WeightSurface } from './contract.ts';
import { responseOf, type Designs } from './response.ts';
import type { WeightedRun, WeightedRuns } from './runs.ts';
import type { MixtureRun } from './scheffe.ts';

/** Shares that agree to so many decimals are one point. */
const decimals = 9;

interface Placed extends WeightedRun {
  readonly shares: readonly number[];
  readonly sum: number;
}

/**
 * The surface of the largest set of runs that differ in weights (and seeds) alone under the strategy `static`: another strategy
 * makes something else of weights, another network is another response.
 *
 * @param written the experiment's spec as text; null for runs that no experiment planned
 * @param level of the intervals, in (0, 1)
 * @returns null where no run tells of weights
 */
export function surfaceOf(
  { runs, failed }: WeightedRuns,
  measures: readonly Measure[],
  written: string | null,
  level: number,
): WeightSurface | null {
  const placed = runs.filter(({ spec }) => spec.strategy.name === defaultStrategy).flatMap(place);
  const own = written === null ? [] : ownKeys(written);
  const groups = groupsOf(
    placed,
    own.map(({ key }) => key),
  );
  const [chosen] = groups;
  const first = chosen?.runs[0];
  if (chosen === undefined || first === undefined) return null;
  const base = own[0]?.spec ?? first.spec;
  const tasks = [...first.spec.tasks.keys()];
  const designs: Designs = new Map();
  const used = measures.filter(({ task }) => tasks.includes(task));
  const { sum: total, shares: current } = place({ ...first, spec: base })[0] ?? first;
  return {
    ...{ tasks, current, total, level },
    points: chosen.points.map((point) => supportOf(point, used)),
    responses: used.map((measure) =>
      responseOf(measure, valuesOf(chosen.points, measure.task), tasks.length, level, designs),
    ),
    arm: own.find(({ key }) => key === chosen.key)?.arm ?? null,
    remarks: remarksOf(chosen.runs, runs.length - chosen.runs.length, failed),
  };
}

/** Weights as shares; none where they sum to nothing. */
function place(run: WeightedRun): Placed[] {
  const weights = [...run.spec.tasks.keys()].map((task) => run.spec.weights.get(task) ?? 1);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? [{ ...run, sum, shares: weights.map((weight) => weight / sum) }] : [];
}

const keys = new WeakMap<Spec, string>();

/** What is trained, aside from weights and seeds. Runs of one arm have one spec, which is looked at once. */
function keyOf(spec: Spec): string {
  const key = keys.get(spec) ?? variantHash({ ...spec, weights: new Map() });
  keys.set(spec, key);
  return key;
}

interface Own {
  readonly spec: Spec;
  readonly key: string;
  readonly arm: 'weights' | 'strategy';
}

/** The spec as it is, and with the strategy that takes weights as they are. */
function ownKeys(written: string): readonly Own[] {
  const reading = readSpec(written);
  const fixed = applySettings(reading, [{ pointer: '/strategy/name', value: defaultStrategy }]);
  return [
    { spec: reading.spec, arm: 'weights' as const },
    { spec: fixed.spec, arm: 'strategy' as const },
  ].flatMap(({ spec, arm }) => (spec === undefined ? [] : [{ spec, arm, key: keyOf(spec) }]));
}

interface Group {
  readonly key: string;
  readonly runs: readonly Placed[];
  /** Runs of the same shares together. */
  readonly points: readonly (readonly Placed[])[];
}

/** That with the most weightings first; of two as large the one that an arm could be added to. */
function groupsOf(runs: readonly Placed[], own: readonly string[]): readonly Group[] {
  const groups = [...collected(runs, ({ spec }) => keyOf(spec))].map(([key, some]): Group => ({
    key,
    runs: some,
    points: [...collected(some, pointKey).values()],
  }));
  const owned = ({ key }: Group): number => Number(own.includes(key));
  return groups.toSorted((a, b) => b.points.length - a.points.length || owned(b) - owned(a));
}

const pointKey = ({ shares }: Placed): string => shares.map((share) => share.toFixed(decimals)).join(' ');

function collected<T>(values: readonly T[], keyed: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const value of values) {
    const key = keyed(value);
    const known = found.get(key);
    if (known === undefined) found.set(key, [value]);
    else known.push(value);
  }
  return found;
}

function valuesOf(points: Group['points'], task: string): readonly (readonly MixtureRun[])[] {
  return points
    .map((runs) =>
      runs.flatMap(({ shares, values }): MixtureRun[] => {
        const value = values.get(task) ?? null;
        return value === null ? [] : [{ shares, value }];
      }),
    )
    .filter((runs) => runs.length > 0);
}

function supportOf(runs: readonly Placed[], measures: readonly Measure[]): SupportPoint {
  return {
    shares: runs[0]?.shares ?? [],
    arms: [...new Set(runs.map(({ arm }) => arm))],
    runs: runs.length,
    means: measures.map(({ task }) => {
      const values = runs.flatMap((run) => run.values.get(task) ?? []);
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  };
}

function remarksOf(runs: readonly Placed[], others: number, failed: number): readonly Text[] {
  const sums = runs.map(({ sum }) => sum);
  const [least, most] = [Math.min(...sums), Math.max(...sums)];
  const number = (value: number): string => String(Number(value.toPrecision(4)));
  const found: Text[] = [];
  if (others > 0) {
    found.push(
      text(
        `Runs that differ in more than their weights are left out: ${others}.`,
        `略去除权重外还有其他差异的运行：${others} 次。`,
      ),
    );
  }
  if (failed > 0) {
    found.push(
      text(`Runs that failed or were cut short are left out: ${failed}.`, `略去失败或提前终止的运行：${failed} 次。`),
    );
  }
  if (most > least * (1 + 1e-6)) {
    found.push(
      text(
        `The sum of the weights differs between runs (${number(least)} to ${number(most)}), which acts like another learning rate; the surface knows shares alone.`,
        `各次运行的权重之和不同（${number(least)} 至 ${number(most)}），其作用如同改变学习率；曲面只考虑权重的占比。`,
      ),
    );
  }
  if (new Set(runs.map(({ seed }) => seed)).size === 1) {
    found.push(
      text(
        'All runs have one seed: the intervals do not know how much seeds differ.',
        '所有运行用同一个种子：区间未反映种子之间的差异。',
      ),
    );
  }
  return found;
}
