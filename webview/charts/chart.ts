/** A chart: uPlot fed with the curves of a source, themed, zoomable, and redrawn at most once a frame. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { palette, taskColor, taskDash } from '../theme.ts';
import { scaleOf, tick, type Scale } from './scale.ts';
import type { Curve, Picture, Source, Underlay, Zoom } from './source.ts';
import { drawUnderlays } from './underlay-drawing.ts';
import { reachOf, withRoom } from './underlay.ts';

export class Chart {
  readonly #host: HTMLElement;
  readonly #tooltip: HTMLElement;
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

  constructor(host: HTMLElement, tooltip: HTMLElement) {
    this.#host = host;
    this.#tooltip = tooltip;
    new ResizeObserver(() => this.#resize()).observe(host);
  }

  /**
   * Takes new numbers or settings; drawing happens with the next frame, however often this is called.
   *
   * @param run whose curves these are: those of another run, or over another axis, are not zoomed into
   */
  update(run: unknown, source: Source | null): void {
    if (source?.axis !== this.#source?.axis || run !== this.#run) this.#zoom = null;
    this.#run = run;
    this.#source = source;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
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
      return;
    }
    const picture = source.picture(Math.max(400, this.#host.clientWidth * 4), this.#zoom);
    this.#under = (source.under ?? []).filter(({ task }) => !source.hidden.has(source.tasks[task] ?? ''));
    this.#picture = this.#zoom === null ? withRoom(picture, this.#under) : picture;
    const drawn = [...this.#picture.curves.map(({ values }) => values), ...this.#under.map(({ y }) => y)];
    this.#scale = scaleOf(source.log, drawn);
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
  }

  #options(source: Source): uPlot.Options {
    const colors = palette();
    const axis = { stroke: colors.foreground, grid: { stroke: colors.grid, width: 1 }, ticks: { stroke: colors.grid } };
    const font = `11px ${colors.fontFamily}`;
    return {
      width: this.#host.clientWidth,
      height: Math.max(80, this.#host.clientHeight),
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: true }, points: { size: 6 } },
      scales: { x: { time: false }, y: { range: (plot, min, max) => this.#range(plot, min, max) } },
      axes: [
        { ...axis, font, label: source.xLabel, labelFont: font, labelSize: 16, size: 28 },
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
        draw: [(plot) => this.#drawMarks(plot)],
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

  /** A cross at the foot of the chart where a loss is no finite number, with the word at the first of each task. */
  #drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const size = 4 * uPlot.pxRatio;
    const worded = new Set<number>();
    ctx.save();
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    ctx.setLineDash([]);
    ctx.textBaseline = 'middle';
    ctx.font = `${String(11 * uPlot.pxRatio)}px ${palette().fontFamily}`;
    for (const { x, task, word } of this.#picture.marks) {
      if (this.#source?.hidden.has(this.#source.tasks[task] ?? '')) continue;
      const left = plot.valToPos(x, 'x', true);
      if (left < bbox.left || left > bbox.left + bbox.width) continue;
      const top = bbox.top + bbox.height - (2 + 3 * (task % 8)) * size;
      ctx.strokeStyle = ctx.fillStyle = taskColor(task);
      ctx.beginPath();
      ctx.moveTo(left - size, top - size);
      ctx.lineTo(left + size, top + size);
      ctx.moveTo(left + size, top - size);
      ctx.lineTo(left - size, top + size);
      ctx.stroke();
      // Beside the cross, on the side where there is room.
      const room = left + 12 * size < bbox.left + bbox.width;
      ctx.textAlign = room ? 'left' : 'right';
      if (!worded.has(task)) ctx.fillText(word, left + (room ? 1.5 : -1.5) * size, top);
      worded.add(task);
    }
    ctx.restore();
  }

  #applyVisibility(plot: uPlot, source: Source): void {
    this.#picture.curves.forEach(({ task }, index) => {
      const show = task === null || !source.hidden.has(source.tasks[task] ?? '');
      if (plot.series[index + 1]?.show !== show) plot.setSeries(index + 1, { show });
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
    const source = this.#source;
    if (idx === null || idx === undefined || !source || left === undefined || top === undefined || left < 0) {
      this.#tooltip.hidden = true;
      return;
    }
    const lines = source.tasks.flatMap((name, task) =>
      source.hidden.has(name) ? [] : [source.line(this.#picture, task, idx, tick)],
    );
    this.#tooltip.replaceChildren(
      ...[`${source.xLabel} ${tick(plot.data[0][idx])}`, ...lines].map((line) =>
        Object.assign(document.createElement('div'), { textContent: line }),
      ),
    );
    this.#tooltip.hidden = false;
    const right = left + plot.over.offsetLeft + 16;
    const room = this.#host.clientWidth - this.#tooltip.offsetWidth;
    this.#tooltip.style.left = `${Math.max(0, Math.min(right, room))}px`;
    this.#tooltip.style.top = `${Math.max(0, top + 12)}px`;
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
  const points = { show: false };
  switch (style) {
    case 'faint':
      return { label, stroke: color, width: 1, alpha: 0.3, points };
    case 'bold':
      return { label, stroke: color, width: 2, points };
    case 'dashed':
      return { label, stroke: color, width: 2, dash: taskDash(task ?? 0), points };
    case 'total':
      return { label, stroke: color, width: 1, dash: [2, 2], points };
    case 'dots': {
      const dash = task ? [5, 4, ...taskDash(task)] : [5, 4];
      const dots = { show: true, size: 4, stroke: color, fill: color };
      return { label, stroke: color, width: 1.5, dash, spanGaps: true, points: dots };
    }
  }
}
