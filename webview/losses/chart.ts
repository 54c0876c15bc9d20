/** The chart itself: uPlot fed with the columns of `series.ts`, themed, zoomable, and redrawn at most once a frame. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { LossHistory } from '../../src/messages/history.ts';
import { palette, taskColor, taskDash } from '../theme.ts';
import { chartData, type XAxis } from './series.ts';
import type { Strings } from './strings.ts';

export interface ChartSettings {
  readonly axis: XAxis;
  readonly log: boolean;
  readonly smoothing: number;
  /** Names of the tasks that are not drawn. */
  readonly hidden: ReadonlySet<string>;
}

const seriesPerTask = 3;

// uPlot declares these as a const enum, which an isolated module cannot read.
/* eslint-disable @typescript-eslint/no-unsafe-enum-assignment */
const linear: uPlot.Scale.Distr = 1;
const logarithmic: uPlot.Scale.Distr = 3;
/* eslint-enable @typescript-eslint/no-unsafe-enum-assignment */

export class LossChart {
  readonly #host: HTMLElement;
  readonly #tooltip: HTMLElement;
  readonly #strings: Strings;
  #plot: uPlot | null = null;
  #shape = '';
  #zoom: { from: number; to: number } | null = null;
  #frame = 0;
  #history: LossHistory | null = null;
  #settings: ChartSettings = { axis: 'step', log: false, smoothing: 0.6, hidden: new Set() };

  constructor(host: HTMLElement, tooltip: HTMLElement, strings: Strings) {
    this.#host = host;
    this.#tooltip = tooltip;
    this.#strings = strings;
    new ResizeObserver(() => this.#resize()).observe(host);
  }

  /** Takes new numbers or settings; drawing happens with the next frame, however often this is called. */
  update(history: LossHistory | null, settings: ChartSettings): void {
    if (settings.axis !== this.#settings.axis || history !== this.#history) this.#zoom = null;
    this.#history = history;
    this.#settings = settings;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** Forgets the plot, so that the next drawing takes the theme's new colors. */
  restyle(): void {
    this.#shape = '';
    this.update(this.#history, this.#settings);
  }

  #draw(): void {
    this.#frame = 0;
    const history = this.#history;
    if (!history || history.points === 0 || this.#host.clientWidth === 0) {
      this.#plot?.destroy();
      this.#plot = null;
      this.#shape = '';
      return;
    }
    const shape = JSON.stringify([history.tasks.map((task) => task.name), this.#settings.log, this.#settings.axis]);
    if (shape !== this.#shape || !this.#plot) {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(history), this.#data(history), this.#host);
      this.#shape = shape;
    } else {
      this.#plot.setData(this.#data(history), this.#zoom === null);
      if (this.#zoom) this.#plot.setScale('x', { min: this.#zoom.from, max: this.#zoom.to });
    }
    this.#applyVisibility(this.#plot, history);
  }

  #data(history: LossHistory): uPlot.AlignedData {
    const columns = chartData(history, {
      axis: this.#settings.axis,
      smoothing: this.#settings.smoothing,
      limit: Math.max(400, this.#host.clientWidth * 4),
      ...(this.#zoom ?? {}),
    });
    // uPlot draws gaps for null only; on a log scale nothing at or below 0 can stand.
    const drawable = (value: number | null): number | null =>
      value === null || !Number.isFinite(value) || (this.#settings.log && value <= 0) ? null : value;
    const series = columns.tasks.flatMap(({ raw, smoothed, validation }) => [raw, smoothed, validation]);
    return [
      Array.from(columns.x),
      ...series.map((values) => Array.from(values as ArrayLike<number | null>, drawable)),
      Array.from(columns.total, drawable),
    ];
  }

  #options(history: LossHistory): uPlot.Options {
    const colors = palette();
    const axis = { stroke: colors.foreground, grid: { stroke: colors.grid, width: 1 }, ticks: { stroke: colors.grid } };
    const font = `11px ${colors.fontFamily}`;
    return {
      width: this.#host.clientWidth,
      height: Math.max(80, this.#host.clientHeight),
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: true }, points: { size: 6 } },
      scales: { x: { time: false }, y: { distr: this.#settings.log ? logarithmic : linear } },
      axes: [
        { ...axis, font, label: this.#strings[this.#settings.axis], labelFont: font, labelSize: 16, size: 28 },
        {
          ...axis,
          font,
          size: 56,
          values: (_plot, splits) => splits.map(tick),
        },
      ],
      series: [{}, ...history.tasks.flatMap((task, index) => taskSeries(task.name, index)), totalSeries(this.#strings)],
      hooks: {
        setCursor: [(plot) => this.#showTooltip(plot)],
        setScale: [(plot, key) => this.#rememberZoom(plot, key)],
      },
    };
  }

  #applyVisibility(plot: uPlot, history: LossHistory): void {
    history.tasks.forEach((task, index) => {
      const show = !this.#settings.hidden.has(task.name);
      for (let part = 0; part < seriesPerTask; part++) {
        const number = 1 + index * seriesPerTask + part;
        if (plot.series[number]?.show !== show) plot.setSeries(number, { show });
      }
    });
  }

  #rememberZoom(plot: uPlot, key: string): void {
    if (key !== 'x') return;
    const { min, max } = plot.scales['x'] ?? {};
    const all = plot.data[0];
    const first = all[0];
    const last = all.at(-1);
    if (min === undefined || max === undefined) return;
    if (first === undefined || last === undefined) return;
    // Zoomed in only when less than what is there is shown: following the latest otherwise.
    this.#zoom = min > first || max < last ? { from: min, to: max } : null;
  }

  #showTooltip(plot: uPlot): void {
    const { idx, left, top } = plot.cursor;
    const history = this.#history;
    if (idx === null || idx === undefined || !history || left === undefined || top === undefined || left < 0) {
      this.#tooltip.hidden = true;
      return;
    }
    const value = (series: number): string => tick(plot.data[series]?.[idx]);
    const lines = [`${this.#strings[this.#settings.axis]} ${tick(plot.data[0][idx])}`];
    history.tasks.forEach((task, index) => {
      if (this.#settings.hidden.has(task.name)) return;
      const base = 1 + index * seriesPerTask;
      const validation = plot.data[base + 2]?.[idx];
      const shown = typeof validation === 'number' ? ` · ${this.#strings.validation} ${tick(validation)}` : '';
      lines.push(`${task.name}: ${value(base + 1)} (${value(base)})${shown}`);
    });
    this.#tooltip.replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement('div'), { textContent: line })),
    );
    this.#tooltip.hidden = false;
    const right = left + plot.over.offsetLeft + 16;
    const room = this.#host.clientWidth - this.#tooltip.offsetWidth;
    this.#tooltip.style.left = `${Math.max(0, Math.min(right, room))}px`;
    this.#tooltip.style.top = `${Math.max(0, top + 12)}px`;
  }

  #resize(): void {
    if (!this.#plot) this.update(this.#history, this.#settings);
    else this.#plot.setSize({ width: this.#host.clientWidth, height: Math.max(80, this.#host.clientHeight) });
  }
}

function taskSeries(name: string, index: number): uPlot.Series[] {
  const color = taskColor(index);
  const points = { show: false };
  return [
    { label: `${name} raw`, stroke: color, width: 1, alpha: 0.3, points },
    { label: name, stroke: color, width: 2, points },
    {
      label: `${name} validation`,
      stroke: color,
      width: 1.5,
      dash: index === 0 ? [5, 4] : [5, 4, ...taskDash(index)],
      spanGaps: true,
      points: { show: true, size: 4, stroke: color, fill: color },
    },
  ];
}

function totalSeries(strings: Strings): uPlot.Series {
  return { label: strings.total, stroke: palette().foreground, width: 1, dash: [2, 2], points: { show: false } };
}

const formatter = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4, useGrouping: false });

/** A number as it stands at an axis or in the tooltip. */
function tick(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(2) : formatter.format(value);
}
