/** Drawings of a comparison: a forest plot a task, a Pareto plot every two tasks. */
import { text, type Language } from '../../common/text.ts';
import type { Comparison } from '../comparison/contract.ts';
import { shortNumber } from '../comparison/numbers.ts';
import type { Measure } from '../contract.ts';
import { deltaOf, verdictText } from './cells.ts';
import type { Figure } from './contract.ts';
import { drawing, element, label, scaleOf, shortened } from './svg.ts';

const width = 720;
const row = 26;

/** Differences to the baseline with both intervals: thick at the level, thin for the family. Null where there is none. */
export function forestFigure(comparison: Comparison, measure: Measure, index: number): Figure | null {
  const { arms, baseline } = comparison;
  const rows = arms.flatMap((arm) => {
    const delta = arm.id === baseline ? null : deltaOf(arm, measure.task);
    return delta === null || delta.mean === null ? [] : [{ id: arm.id, delta, mean: delta.mean }];
  });
  if (rows.length === 0) return null;
  const margins = measure.margin === null ? [] : [-measure.margin, measure.margin];
  const values = rows.flatMap(({ mean, delta }) => [mean, ...(delta.interval ?? []), ...(delta.familyInterval ?? [])]);
  const { of: x, ticks } = scaleOf([0, ...margins, ...values], 210, width - 110);
  const height = rows.length * row + 60;
  const bottom = height - 40;
  const svg = (language: Language): string => {
    const title = forestTitle(measure, baseline)[language];
    return drawing(title, width, height, [
      ...margins.map((margin) => line(x(margin), 8, x(margin), bottom, 'margin')),
      line(x(0), 8, x(0), bottom, 'zero'),
      ...ticks.map((tick) => label(shortNumber(tick), { x: x(tick), y: bottom + 16 }, { class: 'tick' })),
      label(title, { x: x(0), y: height - 6 }, { class: 'tick' }),
      ...rows.flatMap(({ id, delta, mean }, place) => {
        const y = 22 + place * row;
        const [thin, thick] = [delta.familyInterval, delta.interval];
        return [
          label(shortened(id), { x: 200, y: y + 4 }, { 'text-anchor': 'end' }),
          ...(thin === null ? [] : [line(x(thin[0]), y, x(thin[1]), y, 'thin')]),
          ...(thick === null ? [] : [line(x(thick[0]), y, x(thick[1]), y, 'thick')]),
          element('circle', { cx: x(mean), cy: y, r: 4.5, class: `dot ${delta.verdict}` }),
          label(verdictText[delta.verdict][language], { x: width - 102, y: y + 4 }),
        ];
      }),
    ]);
  };
  return {
    title: forestTitle(measure, baseline),
    svg: text(svg('en'), svg('zh')),
    data: {
      name: `forest-${index + 1}`,
      columns: ['arm', 'task', 'metric', 'delta', 'low', 'high', 'family_low', 'family_high', 'verdict'],
      rows: rows.map(({ id, delta, mean }) => [
        ...[id, measure.task, measure.metric, mean],
        ...(delta.interval ?? [null, null]),
        ...(delta.familyInterval ?? [null, null]),
        delta.verdict,
      ]),
    },
  };
}

const forestTitle = ({ task, metric }: Measure, baseline: string) =>
  text(`${task}: Δ ${metric} to "${baseline}"`, `${task}：${metric} 与“${baseline}”之差`);

const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  element('line', { x1, y1, x2, y2, class: style });

/** Means of two tasks with their intervals; faint is what is decided to be dominated. */
export function paretoFigures({ pareto, measures }: Comparison): readonly Figure[] {
  if (pareto === null || pareto.points.length === 0) return [];
  return pareto.pairs.flatMap(({ x: first, y: second, front }, index) => {
    const placeOf = (task: string): number => measures.findIndex((one) => one.task === task);
    const [i, j] = [placeOf(first), placeOf(second)];
    const [horizontal, vertical] = [measures[i], measures[j]];
    if (horizontal === undefined || vertical === undefined) return [];
    const points = pareto.points.map(({ id, means, intervals, dominatedBy }) => ({
      ...{ id, faint: dominatedBy.length > 0, on: front.includes(id) },
      ...{ x: means[i] ?? NaN, y: means[j] ?? NaN, wide: intervals[i] ?? null, high: intervals[j] ?? null },
    }));
    return [paretoFigure(horizontal, vertical, points, index)];
  });
}

interface Place {
  readonly id: string;
  readonly faint: boolean;
  readonly on: boolean;
  readonly x: number;
  readonly y: number;
  readonly wide: readonly [number, number] | null;
  readonly high: readonly [number, number] | null;
}

function paretoFigure(a: Measure, b: Measure, points: readonly Place[], index: number): Figure {
  const height = 380;
  const [left, bottom] = [80, height - 50];
  const x = scaleOf(
    points.flatMap((one) => [one.x, ...(one.wide ?? [])]),
    left,
    width - 150,
  );
  const y = scaleOf(
    points.flatMap((one) => [one.y, ...(one.high ?? [])]),
    bottom,
    16,
  );
  const arrow = ({ task, metric, higherIsBetter }: Measure): string =>
    `${task} ${metric} ${higherIsBetter ? '↑' : '↓'}`;
  const title = text(`${a.task} × ${b.task}`, `${a.task} × ${b.task}`);
  const line = points
    .filter(({ on }) => on)
    .toSorted((one, two) => one.x - two.x)
    .map((one) => `${x.of(one.x)},${y.of(one.y)}`);
  const svg = drawing(title.en, width, height, [
    element('path', { d: `M${left} 10V${bottom}H${width - 150}`, class: 'axis' }),
    ...x.ticks.map((tick) => label(shortNumber(tick), { x: x.of(tick), y: bottom + 18 }, { class: 'tick' })),
    ...y.ticks.map((tick) => label(shortNumber(tick), { x: left - 8, y: y.of(tick) + 4 }, { 'text-anchor': 'end' })),
    label(arrow(a), { x: (left + width - 150) / 2, y: height - 10 }, { class: 'tick' }),
    label(arrow(b), { x: left + 6, y: 20 }),
    element('polyline', { points: line.join(' '), class: 'front' }),
    ...points.map((one) =>
      element(
        'g',
        one.faint ? { class: 'faint' } : {},
        [
          ...(one.wide === null ? [] : [whisker(x.of(one.wide[0]), y.of(one.y), x.of(one.wide[1]), y.of(one.y))]),
          ...(one.high === null ? [] : [whisker(x.of(one.x), y.of(one.high[0]), x.of(one.x), y.of(one.high[1]))]),
          element('circle', { cx: x.of(one.x), cy: y.of(one.y), r: 5, class: one.on ? 'dot helps' : 'dot' }),
          label(shortened(one.id, 22), { x: x.of(one.x) + 8, y: y.of(one.y) - 8 }),
        ].join(''),
      ),
    ),
  ]);
  return {
    title,
    svg: text(svg, svg),
    data: {
      name: `pareto-${index + 1}`,
      columns: [
        'arm',
        `${a.task} ${a.metric}`,
        'low',
        'high',
        `${b.task} ${b.metric}`,
        'low',
        'high',
        'front',
        'dominated',
      ],
      rows: points.map((one) => [
        ...[one.id, one.x, ...(one.wide ?? [null, null]), one.y, ...(one.high ?? [null, null])],
        ...[one.on ? 1 : 0, one.faint ? 1 : 0],
      ]),
    },
  };
}

const whisker = (x1: number, y1: number, x2: number, y2: number): string => line(x1, y1, x2, y2, 'thin');
