/** Parallel coordinates: an axis a quantity, a line an arm, and ranges that arms are asked to lie in. Pure. */
import type { Comparison, ComparisonArm } from '../../src/experiment/comparison/contract.ts';
import { axisOf, type Axis } from './axis.ts';
import { measureOf } from './rows.ts';
import type { Strings } from './strings.ts';

export interface Dimension {
  readonly id: string;
  readonly title: string;
  readonly axis: Axis;
  /** Levels of a factor in their order; null for a number. */
  readonly levels: readonly string[] | null;
  /** Null where the arm has no value. */
  readonly value: (arm: ComparisonArm) => number | null;
}

/** From low to high, in the values of a dimension. */
export type Brush = readonly [number, number];
export type Brushes = Readonly<Record<string, Brush>>;

/** @param bottom and `top`: places of the ends of every axis */
export function dimensionsOf(
  comparison: Comparison,
  strings: Strings,
  bottom: number,
  top: number,
): readonly Dimension[] {
  const { arms, measures } = comparison;
  const factors = [...new Set(arms.flatMap(({ point }) => point.map(({ factor }) => factor)))];
  const number = (id: string, title: string, value: Dimension['value']): Dimension[] => {
    const values = arms.flatMap((arm) => value(arm) ?? []);
    return values.length === 0 ? [] : [{ id, title, levels: null, value, axis: axisOf(values, bottom, top) }];
  };
  return [
    ...factors.map((factor) => factorDimension(arms, factor, bottom, top)),
    ...measures.flatMap(({ task, metric }) =>
      number(`mean:${task}`, `${task} ${metric}`, (arm) => measureOf(arm, task)?.mean ?? null),
    ),
    ...number('deltaM', strings.columns.deltaM, (arm) => arm.deltaM?.mean ?? null),
    ...number('seconds', strings.columns.seconds, (arm) => arm.costs.seconds),
  ];
}

/** Levels that all are numbers make an axis of numbers; others are put at even distances. */
function factorDimension(arms: readonly ComparisonArm[], factor: string, bottom: number, top: number): Dimension {
  const levelOf = (arm: ComparisonArm): string | undefined => arm.point.find((one) => one.factor === factor)?.level;
  const levels = [...new Set(arms.flatMap((arm) => levelOf(arm) ?? []))];
  const numbers = levels.map((level) => (level.trim() === '' ? NaN : Number(level)));
  const numeric = numbers.every(Number.isFinite);
  return {
    ...{ id: `factor:${factor}`, title: factor, levels: numeric ? null : levels },
    value: (arm) => {
      const level = levelOf(arm);
      return level === undefined ? null : numeric ? Number(level) : levels.indexOf(level);
    },
    axis: axisOf(numeric ? numbers : levels.keys(), bottom, top),
  };
}

/** Arms within all ranges. One without a value is in no range. */
export function within(
  arms: readonly ComparisonArm[],
  dimensions: readonly Dimension[],
  brushes: Brushes,
): ReadonlySet<string> {
  const asked = dimensions.flatMap(({ id, value }) => {
    const brush = Object.hasOwn(brushes, id) ? brushes[id] : undefined;
    return brush === undefined ? [] : [{ value, brush }];
  });
  const fits = (arm: ComparisonArm): boolean =>
    asked.every(({ value, brush: [low, high] }) => {
      const own = value(arm);
      return own !== null && own >= low && own <= high;
    });
  return new Set(arms.filter(fits).map(({ id }) => id));
}

/** The brushes with another one for a dimension; a range over the whole axis asks for nothing and is taken away. */
export function brushed(brushes: Brushes, { id, axis }: Dimension, range: Brush | null): Brushes {
  const others = Object.fromEntries(Object.entries(brushes).filter(([key]) => key !== id));
  if (range === null) return others;
  const [low, high] = [Math.max(axis.min, Math.min(...range)), Math.min(axis.max, Math.max(...range))];
  return low <= axis.min && high >= axis.max ? others : { ...others, [id]: [low, high] };
}
