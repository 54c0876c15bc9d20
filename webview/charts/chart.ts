/** A chart: uPlot fed with the curves of a source, themed, zoomable, and redrawn at most once a frame. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { palette, taskColor, taskDash } from '../theme.ts';
import { ChartKeys } from './chart-keys.ts';
import { listenToMouse } from './chart-mouse.ts';
import { drawMarks } from './mark-drawing.ts';
import { spokenAt } from './readings.ts';
import { scaleOf, type Scale } from './scale.ts';
import { isHidden, type Curve, type Picture, type Source, type Underlay, type Zoom } from './source.ts';
import { strokeOf } from './stroke.ts';
import type { Tooltip } from './tooltip.ts';
import { drawUnderlays } from './underlay-drawing.ts';
import { reachOf, withRoom } from './underlay.ts';
import { panned, zoomed } from './zooming.ts';

/** Steps and epochs are whole: no line of the axis stands between two of them. */
const wholeIncrements = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat();

export class Chart {
  readonly #host: HTMLElement;
  readonly #tooltip: Tooltip;
  readonly #keys: ChartKeys;
  #plot: uPlot | null = null;
  #shape = '';
  #zoom: Zoom | null = null;
  #frame = 0;
  #run: unknown = null;
  #source: Source | null = null;
  /** Of the tasks that are shown. */
  #under: readonly Underlay[] = [];
  #picture: Picture = { x: new Float64Array(), curves: [], marks: [] };
  #scale: Scale = scaleOf(false, []);

  /** @param host takes the focus, and tells what stands at the cursor as the value of a slider along the x axis */
  constructor(host: HTMLElement, tooltip: Tooltip) {
    this.#host = host;
    this.#tooltip = tooltip;
    this.#keys = new ChartKeys(host, {
      places: () => this.#picture.x,
      move: (index) => this.#moveCursor(index),
      zoom: (around, factor) => this.#zoomBy(around, factor),
      pan: (part) => this.#panBy(part),
      spoken: (index) => (this.#source ? spokenAt(this.#source, this.#picture, index) : ''),
    });
    listenToMouse(host, () => this.#plot?.over, {
      zoom: (at, factor) => {
        const { from, to } = this.#shown();
        this.#zoomBy(from + at * (to - from), factor);
      },
      pan: (part) => void this.#panBy(part),
    });
    new ResizeObserver(() => this.#resize()).observe(host);
  }

  /**
   * Takes new numbers or settings; drawing happens with the next frame, however often this is called.
   *
   * @param run whose curves these are: those of another run, or over another axis, are not zoomed into
   */
  update(run: unknown, source: Source | null): void {
    if (source?.axis !== this.#source?.axis || run !== this.#run) this.#zoom = null;
    // What stood at the cursor was the other one's: the pointer may rest there.
    if (run !== this.#run) this.#tooltip.hide();
    this.#run = run;
    this.#source = source;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** What is drawn, and the part of it that is zoomed into; null where there is nothing. */
  get shown(): { readonly source: Source; readonly zoom: Zoom | null } | null {
    return this.#source?.any === true ? { source: this.#source, zoom: this.#zoom } : null;
  }

  /** Forgets the plot, so that the next drawing takes the theme's new colors. */
  restyle(): void {
    this.#shape = '';
    this.update(this.#run, this.#source);
  }

  #draw(): void {
    this.#frame = 0;
    const source = this.#source;
    if (this.#host.clientWidth === 0) return;
    if (!source?.any) {
      this.#plot?.destroy();
      this.#plot = null;
      this.#shape = '';
      this.#tooltip.hide();
      return;
    }
    const picture = source.picture(Math.max(400, this.#host.clientWidth * 4), this.#zoom);
    this.#under = (source.under ?? []).filter(({ task }) => !isHidden(source, task));
    this.#picture = this.#zoom === null ? withRoom(picture, this.#under) : picture;
    const shown = this.#picture.curves.filter(({ task }) => !isHidden(source, task));
    const under = this.#under.map(({ y }) => y);
    const valuesOf = (curves: readonly Curve[]) => [...curves.map(({ values }) => values), ...under];
    this.#scale = scaleOf(source.log, valuesOf(shown), valuesOf(shown.filter(({ derived }) => derived !== true)));
    const data = dataOf(this.#picture, this.#scale);
    if (source.shape !== this.#shape || !this.#plot) {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(source), data, this.#host);
      this.#shape = source.shape;
    } else {
      this.#plot.setData(data, this.#zoom === null);
      if (this.#zoom) this.#plot.setScale('x', { min: this.#zoom.from, max: this.#zoom.to });
    }
    this.#applyVisibility(this.#plot, source);
    this.#host.dataset['zoom'] = this.#zoom === null ? '' : `${String(this.#zoom.from)} ${String(this.#zoom.to)}`;
    this.#keys.update();
  }

  #options(source: Source): uPlot.Options {
    const colors = palette();
    const axis = { stroke: colors.foreground, grid: { stroke: colors.grid, width: 1 }, ticks: { stroke: colors.grid } };
    const font = `11px ${colors.fontFamily}`;
    return {
      width: this.#host.clientWidth,
      height: Math.max(80, this.#host.clientHeight),
      legend: { show: false },
      cursor: {
        drag: { x: true, y: false, setScale: true },
        points: { size: 6 },
        // uPlot would show all that it has, which is what is drawn of a zoomed part.
        bind: { dblclick: () => () => (this.#zoomBy(null, Infinity), null) },
      },
      scales: { x: { time: false }, y: { range: (plot, min, max) => this.#range(plot, min, max) } },
      axes: [
        {
          ...{ ...axis, font, label: source.xLabel, labelFont: font, labelSize: 16, size: 28 },
          ...(source.axis === 'time' ? {} : { incrs: wholeIncrements }),
        },
        {
          ...{ ...axis, font, size: 56 },
          splits: (_plot, _axis, min, max) => this.#scale.splits(min, max),
          // The lines are chosen already: an increment must only be found, and those below 5 are found in a list alone.
          incrs: (_plot, _axis, min, max) => [Math.max(5, max - min)],
          values: (_plot, splits) => splits.map((drawn) => this.#scale.label(drawn)),
        },
      ],
      series: [{}, ...this.#picture.curves.map(seriesOf)],
      hooks: {
        drawAxes: [(plot) => drawUnderlays(plot, this.#under, this.#scale, uPlot.pxRatio)],
        draw: [(plot) => this.#source && drawMarks(plot, this.#picture.marks, this.#source, uPlot.pxRatio)],
        setCursor: [(plot) => this.#showTooltip(plot)],
        setScale: [(plot, key) => this.#rememberZoom(plot, key)],
      },
    };
  }

  /** What lies under the curves has its place in the chart, too. */
  #range(plot: uPlot, min: number | null, max: number | null): [number, number] {
    const { min: from = -Infinity, max: to = Infinity } = plot.scales['x'] ?? {};
    return this.#scale.range(...reachOf(this.#under, this.#scale, [from, to], [min, max]));
  }

  #applyVisibility(plot: uPlot, source: Source): void {
    this.#picture.curves.forEach(({ task }, index) => {
      const show = !isHidden(source, task);
      if (plot.series[index + 1]?.show !== show) plot.setSeries(index + 1, { show });
    });
  }

  #rememberZoom(plot: uPlot, key: string): void {
    if (key !== 'x') return;
    const { min, max } = plot.scales['x'] ?? {};
    const reach = this.#reach();
    if (min === undefined || max === undefined || reach === null) return;
    // Zoomed in only when less than what is there is shown: following the latest otherwise.
    const before = this.#zoom;
    this.#zoom = min > reach.from || max < reach.to ? { from: min, to: max } : null;
    // Chosen with the mouse: there is more to draw of a smaller part.
    if (before?.from !== this.#zoom?.from || before?.to !== this.#zoom?.to) this.update(this.#run, this.#source);
  }

  #showTooltip(plot: uPlot): void {
    const { idx, left, top } = plot.cursor;
    const source = this.#source;
    if (idx === null || idx === undefined || !source || left === undefined || top === undefined || left < 0) {
      this.#tooltip.hide();
      return;
    }
    const value = this.#scale.value(plot.posToVal(top, 'y'));
    this.#tooltip.show(source, this.#picture, idx, { left: left + plot.over.offsetLeft, top, value });
  }

  /** @param index null takes it away */
  #moveCursor(index: number | null): void {
    const plot = this.#plot;
    const x = index === null ? undefined : this.#picture.x[index];
    if (!plot) return;
    if (x === undefined) plot.setCursor({ left: -10, top: -10 });
    else plot.setCursor({ left: plot.valToPos(x, 'x'), top: plot.over.clientHeight / 3 });
  }

  #shown(): Zoom {
    const { min = NaN, max = NaN } = this.#plot?.scales['x'] ?? {};
    return { from: min, to: max };
  }

  /** From the first place of the x axis to the last, those of what lies under the curves too. */
  #reach(): Zoom | null {
    if (!this.#source) return null;
    const { from, to } = this.#source.reach;
    const [first, last] = [this.#under.map(({ x }) => x[0] ?? from), this.#under.map(({ x }) => x.at(-1) ?? to)];
    return { from: Math.min(from, ...first), to: Math.max(to, ...last) };
  }

  /** @param around null: the middle; @param factor above 1: out */
  #zoomBy(around: number | null, factor: number): void {
    const [shown, reach] = [this.#zoom ?? this.#shown(), this.#reach()];
    if (reach === null || !(shown.to > shown.from)) return;
    this.#zoom = zoomed(shown, around ?? (shown.from + shown.to) / 2, factor, reach);
    this.update(this.#run, this.#source);
  }

  /** @param part of the width, to the right; false where there is nothing more */
  #panBy(part: number): boolean {
    const reach = this.#reach();
    if (reach === null || this.#zoom === null) return false;
    const { from, to } = this.#zoom;
    const next = panned(this.#zoom, part * (to - from), reach);
    if (next.from === from) return false;
    this.#zoom = next;
    this.update(this.#run, this.#source);
    return true;
  }

  #resize(): void {
    if (!this.#plot || this.#host.clientWidth === 0) this.update(this.#run, this.#source);
    else this.#plot.setSize({ width: this.#host.clientWidth, height: Math.max(80, this.#host.clientHeight) });
  }
}

/** uPlot draws gaps for null only. */
function dataOf({ x, curves }: Picture, scale: Scale): uPlot.AlignedData {
  return [Array.from(x), ...curves.map(({ values }) => Array.from(values, scale.draw))];
}

function seriesOf({ label, task, style }: Curve): uPlot.Series {
  const color = task === null ? palette().foreground : taskColor(task);
  const { width, dash, alpha, points } = strokeOf(style, task === null ? [] : taskDash(task));
  return {
    ...{ label, stroke: color, width, alpha, spanGaps: points },
    ...(dash.length > 0 ? { dash: [...dash] } : {}),
    points: points ? { show: true, size: 5, stroke: color, fill: color } : { show: false },
  };
}
