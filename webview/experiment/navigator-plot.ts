/** The navigator's pictures: one task's prediction over two shares, or over the triangle of three. */
import type { WeightSurface } from '../../src/experiment/surface/contract.ts';
import { svg, type Attributes } from '../dom.ts';
import { palette, taskColor } from '../theme.ts';
import { axisOf } from './axis.ts';
import { lattice, placeOf, predict, type Prediction } from './navigator.ts';

interface Picture {
  readonly surface: WeightSurface;
  /** Place of the task that is drawn, among tasks and responses. */
  readonly task: number;
  readonly shares: readonly number[];
  readonly width: number;
  readonly height: number;
}

const margin = { left: 60, right: 24, top: 26, bottom: 40 };

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where the triangle, or the share of the first task, is drawn. */
export function boxOf({ width, height }: Pick<Picture, 'width' | 'height'>, tasks: number): Box {
  const [inner, tall] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  if (tasks !== 3) return { left: margin.left, top: margin.top, width: inner, height: tall };
  // Equal sides: the height of a triangle is √3/2 of its side.
  const side = Math.max(40, Math.min(inner, tall / (Math.sqrt(3) / 2)));
  return { left: (width - side) / 2, top: margin.top, width: side, height: side * (Math.sqrt(3) / 2) };
}

const text = (value: string, x: number, y: number, attributes: Attributes = {}): SVGElement =>
  svg('text', { x: String(x), y: String(y), fill: palette().foreground, class: 'tick', ...attributes }, value);

const square = (x: number, y: number, title: string): SVGElement =>
  svg(
    'rect',
    {
      ...{ x: String(x - 4), y: String(y - 4), width: '8', height: '8', fill: palette().background },
      ...{ stroke: palette().foreground, 'stroke-width': '1.5', 'data-testid': 'support-mark' },
    },
    svg('title', {}, title),
  );

/** Three tasks: dots over the triangle, corners named, runs as squares. Without the handle. */
export function simplexParts({ surface, task, width, height }: Picture): SVGElement[] {
  const box = boxOf({ width, height }, 3);
  const at = (shares: readonly number[]): readonly [number, number] => {
    const [x, y] = placeOf(shares);
    return [box.left + x * box.width, box.top + y * box.height];
  };
  const response = surface.responses[task];
  const model = response?.model ?? null;
  const dots = model === null ? [] : lattice(24).map((shares) => ({ shares, ...predict(model, shares) }));
  const inside = dots.filter(({ extrapolated }) => !extrapolated).map(({ value }) => value);
  const [low, high] = [Math.min(...inside), Math.max(...inside)];
  /** Between 0 and 1, of a dot inside. */
  const goodness = ({ value }: Prediction): number => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return response?.higherIsBetter === true ? share : 1 - share;
  };
  const marks = dots.map((dot) => {
    const [x, y] = at(dot.shares);
    const place = { cx: String(x), cy: String(y), r: dot.extrapolated ? '2.5' : '5' };
    const hollow = { fill: 'none', stroke: palette().muted, 'stroke-opacity': '0.6' };
    const full = { fill: taskColor(task), 'fill-opacity': String(0.12 + 0.8 * goodness(dot)) };
    return svg('circle', { ...place, ...(dot.extrapolated ? hollow : full), 'data-extrapolated': String(dot.extrapolated) }); // prettier-ignore
  });
  const edge = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((corner) => at(corner).join(',')); // prettier-ignore
  const outline = svg('polygon', { points: edge.join(' '), fill: 'none', stroke: palette().muted });
  const [top = '', left = '', right = ''] = surface.tasks;
  const below = box.top + box.height + 18;
  return [
    outline,
    ...marks,
    ...surface.points.map((point) => square(...at(point.shares), point.arms.join(', '))),
    text(top, box.left + box.width / 2, box.top - 10, { 'text-anchor': 'middle' }),
    text(left, box.left, below, { 'text-anchor': 'middle' }),
    text(right, box.left + box.width, below, { 'text-anchor': 'middle' }),
  ];
}

/** Two tasks: the prediction with its band over the share of the first one. Without the handle. */
export function lineParts({ surface, task, width, height }: Picture): SVGElement[] {
  const box = boxOf({ width, height }, 2);
  const model = surface.responses[task]?.model ?? null;
  const curve =
    model === null
      ? []
      : Array.from({ length: 101 }, (_, at) => ({ x: at / 100, ...predict(model, [at / 100, 1 - at / 100]) }));
  const means = surface.points.flatMap(({ shares, means: own, arms }) => {
    const value = own[task] ?? null;
    return value === null ? [] : [{ x: shares[0] ?? NaN, value, arms }];
  });
  const inside = curve.filter(({ extrapolated }) => !extrapolated).flatMap(({ interval }) => interval);
  const y = axisOf([...inside, ...means.map(({ value }) => value)], box.top + box.height, box.top);
  // What is extrapolated may lie anywhere: it ends at the frame.
  const up = (value: number): number => Math.min(box.top + box.height, Math.max(box.top, y.at(value)));
  const across = (share: number): number => box.left + share * box.width;
  const points = (of: (one: (typeof curve)[number]) => number, list = curve): string[] =>
    list.map((one) => `${across(one.x)},${up(of(one))}`);
  const band = [...points(({ interval }) => interval[1]), ...points(({ interval }) => interval[0]).reverse()];
  const colors = palette();
  const line = (list: readonly (typeof curve)[number][], dash: string): SVGElement =>
    svg('polyline', {
      ...{ points: list.map((one) => `${across(one.x)},${up(one.value)}`).join(' '), fill: 'none' },
      ...{ stroke: taskColor(task), 'stroke-width': '2', 'stroke-dasharray': dash, 'data-testid': 'surface-line' },
    });
  const first = curve.findIndex(({ extrapolated }) => !extrapolated);
  const last = curve.findLastIndex(({ extrapolated }) => !extrapolated);
  return [
    ...y.ticks.flatMap((tick) => [
      svg('line', { x1: String(box.left), x2: String(box.left + box.width), y1: String(y.at(tick)), y2: String(y.at(tick)), stroke: colors.grid }), // prettier-ignore
      text(y.label(tick), box.left - 6, y.at(tick) + 4, { 'text-anchor': 'end' }),
    ]),
    ...(curve.length === 0
      ? []
      : [svg('polygon', { points: band.join(' '), fill: taskColor(task), 'fill-opacity': '0.18' })]),
    ...(first > 0 ? [line(curve.slice(0, first + 1), '2 4')] : []),
    ...(first >= 0 ? [line(curve.slice(first, last + 1), '')] : []),
    ...(last >= 0 && last < curve.length - 1 ? [line(curve.slice(last), '2 4')] : []),
    ...means.map(({ x, value, arms }) => square(across(x), up(value), arms.join(', '))),
    text(surface.tasks[1] ?? '', box.left, box.top + box.height + 18),
    text(surface.tasks[0] ?? '', box.left + box.width, box.top + box.height + 18, { 'text-anchor': 'end' }),
  ];
}

/** Where the handle stands. */
export function handleAt({ surface, shares, width, height }: Picture): readonly [number, number] {
  const tasks = surface.tasks.length;
  const box = boxOf({ width, height }, tasks);
  if (tasks === 2) return [box.left + (shares[0] ?? NaN) * box.width, box.top + box.height];
  const [x, y] = placeOf(shares);
  return [box.left + x * box.width, box.top + y * box.height];
}
