/**
 * A chart as vectors: the same curves, axes, marks and legend as on the screen, as the text of an SVG of its own. Pure: no
 * DOM, so that the same data give the same file; widths of words are estimated.
 */
import type { PictureStyle } from '../export/paper-style.ts';
import { taskDash } from '../task-dash.ts';
import { scaleOf, type Scale } from './scale.ts';
import { isHidden, type Curve, type Picture, type Source, type Underlay, type Zoom } from './source.ts';
import { strokeOf, type CurveStyle, type Stroke } from './stroke.ts';
import { attributesOf, escaped, fits, linesWithin, place, widthOf } from './svg-text.ts';
import { reachOf, strokeOfUnderlay, withRoom } from './underlay.ts';
import { wholeTicks } from './x-ticks.ts';

/** What a legend shows of one curve. */
export interface LegendLine {
  readonly text: string;
  /** Place in the spec; null: of all tasks; `neutral`: of whichever task. */
  readonly task: number | 'neutral' | null;
  readonly style: CurveStyle | Underlay['style'];
  /** Of another run: which line is its own. */
  readonly run?: number;
}

/** What is drawn. */
export interface ChartScene {
  readonly title: string;
  readonly yLabel: string;
  readonly source: Source;
  /** The part that the chart shows; null: all of it. */
  readonly zoom: Zoom | null;
  readonly legend: readonly LegendLine[];
  /** What the chart cannot show and says: zeros on a log scale, where a loss became NaN. */
  readonly notes: readonly string[];
}

export interface ChartFile {
  readonly text: string;
  /** In pixels; higher than asked for where the legend would leave no room for the plot. */
  readonly width: number;
  readonly height: number;
}

/** Points of a curve at most: finer than paper shows. */
const mostPoints = 6000;
/** The plot is at least so high, in letters. */
const leastPlot = 9;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @param size in pixels */
export function chartPicture(
  scene: ChartScene,
  style: PictureStyle,
  size: { readonly width: number; readonly height: number },
): ChartFile {
  const { source, zoom } = scene;
  const under = (source.under ?? []).filter(({ task }) => !isHidden(source, task));
  const whole = source.picture(mostPoints, zoom);
  const picture = zoom === null ? withRoom(whole, under) : whole;
  const shown = picture.curves.filter(({ task }) => !isHidden(source, task));
  const values = (curves: readonly Curve[]) => [...curves.map((curve) => curve.values), ...under.map(({ y }) => y)];
  const scale = scaleOf(source.log, values(shown), values(shown.filter(({ derived }) => derived !== true)));
  const xRange = rangeOfX(picture, zoom);
  const yRange = scale.range(...reachOf(under, scale, xRange, drawnReach(picture, shown, scale, xRange)));
  const em = style.fontSize;
  const yTicks = scale.splits(...yRange).map((drawn) => ({ drawn, text: scale.label(drawn) }));
  const left = em * 2.2 + Math.max(em * 2, ...yTicks.map(({ text }) => widthOf(text, em * 0.9)));
  const top = scene.title === '' ? em * 0.8 : em * 2.4;
  const legend = legendRows(scene.legend, style, size.width - em);
  const notes = scene.notes.flatMap((note) => linesWithin(note, em * 0.85, size.width - em));
  const below = em * (3.2 + legend.length * 1.5 + notes.length * 1.2 + 0.5);
  const frame: Frame = {
    ...{ left, top, width: Math.max(em * leastPlot, size.width - left - em) },
    height: Math.max(em * leastPlot, size.height - top - below),
  };
  const height = frame.top + frame.height + below;
  const across = (x: number): number => frame.left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * frame.width;
  const down = (drawn: number): number =>
    frame.top + (1 - (drawn - yRange[0]) / (yRange[1] - yRange[0])) * frame.height;
  const drawing: Drawing = { source, style, scale, frame, across, down };
  const xTicks = wholeTicks(xRange, source.axis !== 'time', Math.max(2, Math.floor(frame.width / (em * 5))));
  const parts = [
    ...(style.background === 'transparent' ? [] : [tag('rect', { width: size.width, height, fill: style.background })]),
    ...(scene.title === '' ? [] : [words(scene.title, { x: size.width / 2, y: em * 1.5, size: em * 1.1, anchor: 'middle', weight: 'bold' }, style)]), // prettier-ignore
    ...axes(drawing, xTicks, yTicks, scene),
    `<clipPath id="plot"><rect ${attributesOf({ x: frame.left, y: frame.top, width: frame.width, height: frame.height })}/></clipPath>`,
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    ...under.flatMap((one) => underlay(one, drawing)),
    ...shown.flatMap((curve) => curveOf(curve, picture, drawing)),
    '</g>',
    ...marks(picture, drawing),
    ...placed(legend, frame.top + frame.height + em * 3.2, style),
    ...notes.map((note, index) => words(note, { x: em * 0.5, y: frame.top + frame.height + em * (3.6 + legend.length * 1.5 + index * 1.2), size: em * 0.85, anchor: 'start', color: style.muted }, style)), // prettier-ignore
  ];
  const box = { width: place(size.width), height: place(height), viewBox: `0 0 ${place(size.width)} ${place(height)}` };
  const root = { xmlns: 'http://www.w3.org/2000/svg', ...box, role: 'img', 'font-family': style.fontFamily };
  const text = `<svg ${attributesOf(root)}><title>${escaped(`${scene.title} · ${scene.yLabel}`)}</title>${parts.join('')}</svg>\n`;
  return { text, width: size.width, height };
}

interface Drawing {
  readonly source: Source;
  readonly style: PictureStyle;
  readonly scale: Scale;
  readonly frame: Frame;
  readonly across: (x: number) => number;
  readonly down: (drawn: number) => number;
}

const tag = (name: string, attributes: Readonly<Record<string, string | number>>): string =>
  `<${name} ${attributesOf(attributes)}/>`;

interface Placing {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly weight?: 'bold';
  readonly color?: string;
  readonly transform?: string;
}

function words(text: string, { x, y, size, anchor, weight, color, transform }: Placing, style: PictureStyle): string {
  const attributes = {
    ...{ x, y, 'font-size': size, 'text-anchor': anchor, fill: color ?? style.foreground },
    ...(weight === undefined ? {} : { 'font-weight': weight }),
    ...(transform === undefined ? {} : { transform }),
  };
  return `<text ${attributesOf(attributes)}>${escaped(text)}</text>`;
}

/** From the first to the last place; around a single one. */
function rangeOfX({ x }: Picture, zoom: Zoom | null): [number, number] {
  const [from, to] = zoom ? [zoom.from, zoom.to] : [x[0] ?? 0, x.at(-1) ?? 1];
  return to > from ? [from, to] : [from - 1, from + 1];
}

/** Least and largest that is drawn between two places. */
function drawnReach(
  { x }: Picture,
  shown: readonly Curve[],
  scale: Scale,
  [from, to]: readonly [number, number],
): [number | null, number | null] {
  // prettier-ignore
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of shown) {
    for (let index = 0; index < x.length; index++) {
      const at = x[index] ?? NaN;
      const drawn = at < from || at > to ? null : scale.draw(values[index] ?? null);
      if (drawn === null) continue;
      low = Math.min(low, drawn);
      high = Math.max(high, drawn);
    }
  }
  return low <= high ? [low, high] : [null, null];
}

function axes(
  { style, frame, across, down, source }: Drawing,
  xTicks: readonly { readonly at: number; readonly text: string }[],
  yTicks: readonly { readonly drawn: number; readonly text: string }[],
  { yLabel }: ChartScene,
): readonly string[] {
  const em = style.fontSize;
  const [bottom, right] = [frame.top + frame.height, frame.left + frame.width];
  const line = { stroke: style.grid, 'stroke-width': 0.75 };
  return [
    ...xTicks.flatMap(({ at, text }) => {
      const x = across(at);
      return [
        tag('line', { x1: x, x2: x, y1: frame.top, y2: bottom + em * 0.3, ...line }),
        words(text, { x, y: bottom + em * 1.3, size: em * 0.9, anchor: 'middle' }, style),
      ];
    }),
    ...yTicks.flatMap(({ drawn, text }) => {
      const y = down(drawn);
      return [
        tag('line', { x1: frame.left - em * 0.3, x2: right, y1: y, y2: y, ...line }),
        words(text, { x: frame.left - em * 0.5, y: y + em * 0.32, size: em * 0.9, anchor: 'end' }, style),
      ];
    }),
    tag('path', { d: `M${place(frame.left)} ${place(frame.top)}V${place(bottom)}H${place(right)}`, fill: 'none', stroke: style.foreground, 'stroke-width': 1 }), // prettier-ignore
    words(source.xLabel, { x: frame.left + frame.width / 2, y: bottom + em * 2.6, size: em, anchor: 'middle' }, style),
    words(yLabel, { x: 0, y: 0, size: em, anchor: 'middle', transform: `translate(${place(em * 1.2)} ${place(frame.top + frame.height / 2)}) rotate(-90)` }, style), // prettier-ignore
  ];
}

const strokeAttributes = ({
  width,
  dash,
  alpha,
}: Omit<Stroke, 'points'>): Readonly<Record<string, string | number>> => ({
  'stroke-width': width,
  ...(dash.length === 0 ? {} : { 'stroke-dasharray': dash.join(' ') }),
  ...(alpha === 1 ? {} : { 'stroke-opacity': alpha }),
});

function curveOf({ task, style: kind, label, values }: Curve, { x }: Picture, drawing: Drawing): readonly string[] {
  const { style, across, down, scale } = drawing;
  const stroke = strokeOf(kind, task === null ? [] : taskDash(task));
  const color = task === null ? style.foreground : style.taskColor(task);
  const dots: string[] = [];
  let [d, open] = ['', false];
  for (let index = 0; index < x.length; index++) {
    const drawn = scale.draw(values[index] ?? null);
    if (drawn === null) {
      // Few values: the line goes on to the next of them.
      open &&= stroke.points;
      continue;
    }
    const [left, top] = [place(across(x[index] ?? NaN)), place(down(drawn))];
    d += `${open ? 'L' : 'M'}${left} ${top}`;
    open = true;
    if (stroke.points) dots.push(tag('circle', { cx: left, cy: top, r: 2.5, fill: color, stroke: 'none' }));
  }
  const of = { 'data-curve': label, 'data-style': kind };
  return d === '' ? [] : [tag('path', { d, stroke: color, ...strokeAttributes(stroke), ...of }), ...dots];
}

function underlay(one: Underlay, { style, across, down, scale, frame }: Drawing): readonly string[] {
  const color = style.taskColor(one.task);
  const { sd } = one;
  /** At the foot of the chart where a log scale has no place. */
  const edge = (sign: 1 | -1): readonly string[] =>
    one.x.flatMap((x, at) => {
      const value = one.y[at];
      if (typeof value !== 'number') return [];
      const drawn = scale.draw(value + sign * (sd?.[at] ?? 0));
      return [`${place(across(x))} ${place(drawn === null ? frame.top + frame.height : down(drawn))}`];
    });
  const band = sd === undefined ? [] : [...edge(1), ...edge(-1).toReversed()];
  let [d, open] = ['', false];
  one.x.forEach((x, at) => {
    const drawn = scale.draw(one.y[at] ?? null);
    if (drawn !== null) d += `${open ? 'L' : 'M'}${place(across(x))} ${place(down(drawn))}`;
    open = drawn !== null;
  });
  const stroke = strokeOfUnderlay(one, taskDash(one.task));
  return [
    ...(band.length === 0 ? [] : [tag('path', { d: `M${band.join('L')}Z`, fill: color, 'fill-opacity': 0.15, 'data-band': one.task })]), // prettier-ignore
    ...(d === '' ? [] : [tag('path', { d, stroke: color, ...strokeAttributes(stroke), 'data-underlay': one.style })]),
  ];
}

/** Crosses at the foot where a loss is no finite number, with the word at the first of each task, as on the screen. */
function marks({ marks: all }: Picture, { source, style, frame, across }: Drawing): readonly string[] {
  const size = style.fontSize * 0.3;
  const before = new Map<number, number>();
  return all.flatMap(({ x, task, word }) => {
    const left = across(x);
    if (isHidden(source, task) || left < frame.left - 0.5 || left > frame.left + frame.width + 0.5) return [];
    const top = frame.top + frame.height - (2 + 3 * (task % 8)) * size;
    const color = style.taskColor(task);
    const last = before.get(task);
    before.set(task, left);
    const stroke = { stroke: color, 'stroke-width': 1.2, fill: 'none', 'data-mark': word };
    if (last !== undefined && left - last < 3 * size) return [tag('path', { d: `M${place(last)} ${place(top)}H${place(left)}`, ...stroke })]; // prettier-ignore
    const [l, r, t, b] = [left - size, left + size, top - size, top + size].map(place);
    const cross = tag('path', { d: `M${l ?? ''} ${t ?? ''}L${r ?? ''} ${b ?? ''}M${r ?? ''} ${t ?? ''}L${l ?? ''} ${b ?? ''}`, ...stroke }); // prettier-ignore
    if (last !== undefined) return [cross];
    const room = left + 12 * size < frame.left + frame.width;
    const at = { x: left + (room ? -size : size), y: top - 1.6 * size, size: style.fontSize * 0.85, color };
    return [cross, words(word, { ...at, anchor: room ? 'start' : 'end' }, style)];
  });
}

interface PlacedLine {
  readonly line: LegendLine;
  readonly x: number;
  readonly text: string;
}

const sample = 2.4;

/** From left to right, as many in a row as there is room for. */
function legendRows(
  lines: readonly LegendLine[],
  { fontSize }: PictureStyle,
  room: number,
): readonly (readonly PlacedLine[])[] {
  // prettier-ignore
  const rows: PlacedLine[][] = [];
  let right = Infinity;
  for (const line of lines) {
    const text = fits(line.text, fontSize * 0.9, room - fontSize * (sample + 1));
    const width = fontSize * (sample + 1.9) + widthOf(text, fontSize * 0.9);
    if (right + width > room) {
      rows.push([]);
      right = fontSize * 0.5;
    }
    rows.at(-1)?.push({ line, text, x: right });
    right += width;
  }
  return rows;
}

function placed(rows: readonly (readonly PlacedLine[])[], top: number, style: PictureStyle): readonly string[] {
  const em = style.fontSize;
  return rows.flatMap((row, index) =>
    row.flatMap(({ line: { task, style: kind, run = 1 }, text, x }) => {
      const y = top + em * (index * 1.5 + 0.9);
      const color = typeof task === 'number' ? style.taskColor(task) : style.foreground;
      const dash = typeof task === 'number' ? taskDash(task) : [];
      const stroke =
        kind === 'other' || kind === 'mean' ? { ...strokeOfUnderlay({ style: kind, run }, dash), points: false } : strokeOf(kind === 'faint' ? 'faint' : kind, dash); // prettier-ignore
      const middle = y - em * 0.3;
      const dots = stroke.points ? [0.4, 2].map((at) => tag('circle', { cx: x + em * at, cy: middle, r: 2.5, fill: color })) : []; // prettier-ignore
      return [
        tag('line', { x1: x, x2: x + em * sample, y1: middle, y2: middle, stroke: color, ...strokeAttributes(stroke), 'data-legend': text }), // prettier-ignore
        ...dots,
        words(text, { x: x + em * (sample + 0.5), y, size: em * 0.9, anchor: 'start' }, style),
      ];
    }),
  );
}
