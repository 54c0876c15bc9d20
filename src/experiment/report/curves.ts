/** Learning curves: a task's metric on the validation split by epoch, mean over seeds with a band of one standard deviation. */
import { text } from '../../common/text.ts';
import type { EventRecord } from '../../runs/events.ts';
import { RunReader } from '../../runs/reader.ts';
import { shortNumber } from '../comparison/numbers.ts';
import type { Measure } from '../contract.ts';
import { momentsOf } from '../statistics/moments.ts';
import type { Figure } from './contract.ts';
import { drawing, element, label, scaleOf, shortened } from './svg.ts';

/** A run's values by epoch: what `epoch` records tell. */
export interface Curve {
  readonly arm: string;
  readonly seed: number;
  readonly task: string;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

/** Curves of a run directory, one a measure that it has; none where it cannot be read. */
export function curvesOf(directory: string, arm: string, seed: number, measures: readonly Measure[]): readonly Curve[] {
  const reader = new RunReader(directory);
  reader.pollAll();
  return curvesFrom(reader.records, arm, seed, measures);
}

function curvesFrom(
  records: readonly EventRecord[],
  arm: string,
  seed: number,
  measures: readonly Measure[],
): readonly Curve[] {
  return measures.flatMap(({ task, metric }) => {
    const points = records.flatMap((record) => {
      if (record.kind !== 'epoch') return [];
      const of = own(record.validation?.metrics, task);
      const value = own(of, metric);
      return typeof value === 'number' && Number.isFinite(value) ? [{ epoch: record.epoch, value }] : [];
    });
    return points.length === 0 ? [] : [{ arm, seed, task, points }];
  });
}

/** Own properties only: records come from files. */
function own<T>(named: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return named !== undefined && Object.hasOwn(named, name) ? named[name] : undefined;
}

interface Band {
  readonly epoch: number;
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
}

/** Mean and sd at each epoch, over the seeds that reached it. */
function bandOf(curves: readonly Curve[]): readonly Band[] {
  const byEpoch = new Map<number, number[]>();
  for (const { epoch, value } of curves.flatMap(({ points }) => points)) {
    byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), value]);
  }
  return [...byEpoch]
    .toSorted(([a], [b]) => a - b)
    .map(([epoch, values]) => {
      const { n, mean, sd } = momentsOf(values);
      return { epoch, n, mean: mean ?? NaN, sd: sd ?? 0 };
    });
}

const [width, height, left, right, bottom] = [720, 300, 70, 560, 250];

/** Hues far apart, readable in both themes. */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#8a6bd1', '#7f7f7f'];

/** Null without curves of the task. */
export function curveFigure(curves: readonly Curve[], { task, metric }: Measure, index: number): Figure | null {
  const own = curves.filter((curve) => curve.task === task);
  if (own.length === 0) return null;
  const arms = [...new Set(own.map(({ arm }) => arm))];
  const bands = arms.map((arm) => ({ arm, band: bandOf(own.filter((curve) => curve.arm === arm)) }));
  const all = bands.flatMap(({ band }) => band);
  const x = scaleOf(
    all.map(({ epoch }) => epoch),
    left,
    right,
  );
  const y = scaleOf(
    all.flatMap(({ mean, sd }) => [mean - sd, mean + sd]),
    bottom,
    14,
  );
  const title = text(
    `${task}: ${metric} on the validation split by epoch (mean ± 1 sd over seeds)`,
    `${task}：验证集 ${metric} 随轮次的变化（种子间均值 ± 1 标准差）`,
  );
  const content = bands.flatMap(({ arm, band }, place) => {
    const color = palette[place % palette.length] ?? 'currentColor';
    const line = band.map(({ epoch, mean }) => `${x.of(epoch)},${y.of(mean)}`);
    const edge = [
      ...band.map(({ epoch, mean, sd }) => `${x.of(epoch)},${y.of(mean + sd)}`),
      ...band.toReversed().map(({ epoch, mean, sd }) => `${x.of(epoch)},${y.of(mean - sd)}`),
    ];
    const up = 24 + 18 * place;
    const dash = place < palette.length ? {} : { 'stroke-dasharray': '5 3' };
    return [
      element('polygon', { points: edge.join(' '), fill: color, 'fill-opacity': 0.15 }),
      element('polyline', { points: line.join(' '), fill: 'none', stroke: color, 'stroke-width': 1.8, ...dash }),
      // The name in the page's own color: hues of lines are too weak for letters, on dark or on white.
      element('line', {
        x1: right + 2,
        x2: right + 18,
        y1: up - 4,
        y2: up - 4,
        stroke: color,
        'stroke-width': 3,
        ...dash,
      }),
      label(shortened(arm, 20), { x: right + 24, y: up }),
    ];
  });
  const svg = (name: string): string =>
    drawing(name, width, Math.max(height, 40 + 18 * bands.length), [
      element('path', { d: `M${left} 10V${bottom}H${right}`, class: 'axis' }),
      ...x.ticks
        .filter((tick) => Number.isInteger(tick))
        .map((tick) => label(shortNumber(tick), { x: x.of(tick), y: bottom + 18 }, { class: 'tick' })),
      ...y.ticks.map((tick) => label(shortNumber(tick), { x: left - 8, y: y.of(tick) + 4 }, { 'text-anchor': 'end' })),
      ...content,
    ]);
  return {
    title,
    svg: text(svg(title.en), svg(title.zh)),
    data: {
      name: `curve-${index + 1}`,
      columns: ['arm', 'task', 'metric', 'epoch', 'seeds', 'mean', 'sd'],
      rows: bands.flatMap(({ arm, band }) =>
        band.map(({ epoch, n, mean, sd }) => [arm, task, metric, epoch, n, mean, n > 1 ? sd : null]),
      ),
    },
  };
}
