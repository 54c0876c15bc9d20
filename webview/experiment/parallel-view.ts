/** The tab *parallel*: every arm a line over its tasks, factors and costs; ranges keep some of them. */
import type { Comparison, ComparisonArm } from '../../src/experiment/comparison/contract.ts';
import { button, slider, type Control } from '../controls.ts';
import { element, setText, svg } from '../dom.ts';
import { palette, taskColor, taskDash } from '../theme.ts';
import { plain } from './numbers.ts';
import { brushed, dimensionsOf, within, type Dimension } from './parallel.ts';
import { Twin } from './twin.ts';
import { armName, type Frame, type View } from './view.ts';
import { VirtualTable } from './virtual-table.ts';

const margins = { side: 70, top: 30, bottom: 16 };
/** Steps of a slider over an axis. */
const steps = 100;

export class ParallelView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = true;
  readonly #frame: Frame;
  readonly #clear: Control;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'parallel-sentence', role: 'status' });
  readonly #plot: SVGElement;
  readonly #table: VirtualTable;
  readonly #twin: Twin;
  readonly #sliders = element('div', { class: 'brushes' });
  #comparison: Comparison | null = null;
  #shape = '';

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings } = frame;
    this.#clear = button({ testId: 'clear', label: strings.clear, onClick: () => frame.set({ brushes: {} }) });
    this.controls = [this.#clear];
    this.#plot = svg('svg', { role: 'img', 'aria-label': strings.parallelChart, 'data-testid': 'parallel-plot' });
    this.#table = new VirtualTable({ testId: 'parallel-table', label: strings.parallelChart });
    this.#twin = new Twin(this.#plot as unknown as HTMLElement, this.#table, () => this.#draw());
    const hint = element('p', { class: 'note' }, strings.parallelHint);
    const parts = [this.#sentence, hint, this.#twin.node, this.#sliders];
    this.node = element('div', { class: 'view', 'data-testid': 'parallel' }, ...parts);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    this.#comparison = comparison;
    if (comparison === null || !chosen) return;
    const { strings, state } = this.#frame;
    this.#twin.show(state().table);
    const dimensions = this.#dimensions(comparison);
    const inside = within(comparison.arms, dimensions, state().brushes);
    const { sentences } = strings;
    const none = dimensions.length === 0;
    setText(this.#sentence, none ? sentences.noParallel : sentences.parallel(inside.size, comparison.arms.length));
    this.#clear.disabled = Object.keys(state().brushes).length === 0;
    this.#draw();
    this.#slide(dimensions);
    this.#fill(comparison, dimensions, inside);
  }

  #dimensions(comparison: Comparison): readonly Dimension[] {
    return dimensionsOf(comparison, this.#frame.strings, this.#twin.height - margins.bottom, margins.top);
  }

  #draw(): void {
    const comparison = this.#comparison;
    if (comparison === null) return;
    const dimensions = this.#dimensions(comparison);
    const { width, height } = this.#twin;
    this.#plot.setAttribute('width', String(width));
    this.#plot.setAttribute('height', String(height));
    const gap = (width - 2 * margins.side) / Math.max(1, dimensions.length - 1);
    const left = (at: number): number => margins.side + at * gap;
    const inside = within(comparison.arms, dimensions, this.#frame.state().brushes);
    const lines = comparison.arms.toSorted((a, b) => Number(inside.has(a.id)) - Number(inside.has(b.id)));
    this.#plot.replaceChildren(
      ...lines.map((arm) => this.#line(arm, dimensions, left, inside.has(arm.id))),
      ...dimensions.map((dimension, at) => this.#axis(dimension, left(at))),
    );
  }

  /** Broken where the arm has no value. */
  #line(
    arm: ComparisonArm,
    dimensions: readonly Dimension[],
    left: (at: number) => number,
    inside: boolean,
  ): SVGElement {
    let path = '';
    let open = false;
    dimensions.forEach(({ value, axis }, at) => {
      const own = value(arm);
      if (own !== null) path += `${open ? 'L' : 'M'}${left(at).toFixed(1)} ${axis.at(own).toFixed(1)}`;
      open = own !== null;
    });
    const place = this.#frame.place(arm.id);
    return svg(
      'path',
      {
        ...{ d: path, fill: 'none', stroke: taskColor(place), 'stroke-dasharray': taskDash(place).join(' ') },
        ...{
          class: inside ? 'line' : 'line out',
          'data-testid': 'line',
          'data-arm': arm.id,
          'data-inside': String(inside),
        },
      },
      svg('title', {}, arm.id),
    );
  }

  #axis(dimension: Dimension, left: number): SVGElement {
    const { id, title, axis, levels } = dimension;
    const colors = palette();
    const { brushes } = this.#frame.state();
    const [bottom, top] = [axis.at(axis.min), axis.at(axis.max)];
    const text = (y: number, said: string, anchor = 'start', x = left + 5): SVGElement =>
      svg(
        'text',
        { x: String(x), y: String(y), fill: colors.foreground, class: 'tick halo', 'text-anchor': anchor },
        said,
      );
    const ticks = levels === null ? axis.ticks : [...levels.keys()];
    const brush = Object.hasOwn(brushes, id) ? brushes[id] : undefined;
    const band =
      brush === undefined
        ? []
        : [
            svg('rect', {
              ...{ x: String(left - 7), width: '14', y: String(axis.at(brush[1])), class: 'brush' },
              ...{ height: String(Math.max(1, axis.at(brush[0]) - axis.at(brush[1]))) },
            }),
          ];
    const shown = title.length > 18 ? `${title.slice(0, 17)}…` : title;
    const hit = svg('rect', {
      x: String(left - 12),
      width: '24',
      y: String(top),
      height: String(bottom - top),
      class: 'hit',
    });
    const stroke = { stroke: colors.foreground, 'stroke-width': '1' };
    const group = svg(
      'g',
      { 'data-axis': id },
      svg('line', { x1: String(left), x2: String(left), y1: String(bottom), y2: String(top), ...stroke }),
      ...band,
      ...ticks.map((tick) => text(axis.at(tick) + 4, levels === null ? axis.label(tick) : (levels[tick] ?? ''))),
      text(14, shown, 'middle', left),
      hit,
      svg('title', {}, title),
    );
    this.#drag(hit, dimension);
    return group;
  }

  /** Dragging along an axis gives a range, a click takes it away. */
  #drag(hit: SVGElement, dimension: Dimension): void {
    hit.addEventListener('pointerdown', (down) => {
      const place = (event: PointerEvent): number =>
        dimension.axis.value(event.clientY - this.#plot.getBoundingClientRect().top);
      const start = place(down);
      const up = (event: PointerEvent): void => {
        const moved = Math.abs(event.clientY - down.clientY) > 3;
        const { brushes } = this.#frame.state();
        this.#frame.set({ brushes: brushed(brushes, dimension, moved ? [start, place(event)] : null) });
      };
      window.addEventListener('pointerup', up, { once: true });
    });
  }

  #slide(dimensions: readonly Dimension[]): void {
    const { strings, state, set } = this.#frame;
    const shape = JSON.stringify(dimensions.map(({ id, axis }) => [id, axis.min, axis.max]));
    const { brushes } = state();
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#sliders.replaceChildren(
        ...dimensions.map((dimension, number) => {
          const { id, title, axis } = dimension;
          const one = (end: 0 | 1): HTMLElement =>
            slider({
              ...{ testId: `brush-${end === 0 ? 'from' : 'to'}-${number}`, min: 0, max: steps, step: 1 },
              label: end === 0 ? strings.from(title) : strings.to(title),
              value: end * steps,
              onInput: (place) => {
                const known = state().brushes;
                const range = Object.hasOwn(known, id) ? known[id] : undefined;
                const [low, high] = range ?? [axis.min, axis.max];
                const value =
                  place === 0
                    ? axis.min
                    : place === steps
                      ? axis.max
                      : axis.min + (place / steps) * (axis.max - axis.min);
                set({
                  brushes: brushed(
                    known,
                    dimension,
                    end === 0 ? [value, Math.max(value, high)] : [Math.min(value, low), value],
                  ),
                });
              },
            });
          return element('div', { class: 'brush-pair', 'data-axis': id }, element('span', {}, title), one(0), one(1));
        }),
      );
    }
    dimensions.forEach(({ id, axis, levels }, number) => {
      const [low, high] = (Object.hasOwn(brushes, id) ? brushes[id] : undefined) ?? [axis.min, axis.max];
      const inputs = this.#sliders.children[number]?.querySelectorAll('input') ?? [];
      [low, high].forEach((value, end) => {
        const input = inputs[end];
        if (input === undefined) return;
        input.value = String(Math.round(((value - axis.min) / (axis.max - axis.min)) * steps));
        const said =
          levels === null ? plain(value) : (levels[end === 0 ? Math.ceil(value) : Math.floor(value)] ?? plain(value));
        input.setAttribute('aria-valuetext', said);
      });
    });
  }

  #fill({ arms }: Comparison, dimensions: readonly Dimension[], inside: ReadonlySet<string>): void {
    const { strings } = this.#frame;
    const said = (arm: ComparisonArm, { value, levels }: Dimension): string => {
      const own = value(arm);
      return own !== null && levels !== null ? (levels[own] ?? '') : plain(own);
    };
    this.#table.update(
      [
        { id: 'arm', title: strings.columns.arm, width: 200 },
        { id: 'inside', title: strings.inRange, width: 120 },
        ...dimensions.map(({ id, title }) => ({ id, title, width: 140 })),
      ],
      arms.map((arm) => ({
        ...{ key: arm.id, level: 1, expanded: null, attributes: { 'data-testid': 'parallel-row', 'data-arm': arm.id } },
        cells: () => [
          element('th', { scope: 'row' }, armName(arm.id, this.#frame)),
          element('td', {}, inside.has(arm.id) ? strings.yes : strings.no),
          ...dimensions.map((dimension) => element('td', {}, said(arm, dimension))),
        ],
      })),
    );
  }
}
