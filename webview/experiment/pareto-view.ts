/** The tab *pareto*: arms over two tasks that are chosen. */
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import type { Interval } from '../../src/experiment/statistics/contract.ts';
import { element, setText, svg } from '../dom.ts';
import { palette, taskColor, taskDash } from '../theme.ts';
import { Choice, sameTexts } from './choice.ts';
import { estimate } from './numbers.ts';
import { neighbor, paretoPicture, paretoPoints, type ParetoPicture, type ParetoPoint } from './pareto.ts';
import { Twin } from './twin.ts';
import { armName, chosenOf, mark, type Frame, type View } from './view.ts';
import { VirtualTable } from './virtual-table.ts';

const margins = { left: 64, right: 24, top: 16, bottom: 44 };
const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;

export class ParetoView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = true;
  readonly #frame: Frame;
  readonly #x: Choice;
  readonly #y: Choice;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'pareto-sentence' });
  readonly #legend = element('p', { class: 'note' });
  readonly #readout = element('p', { class: 'readout', 'data-testid': 'pareto-readout', 'aria-live': 'polite' });
  readonly #plot: SVGElement;
  readonly #table: VirtualTable;
  readonly #twin: Twin;
  #comparison: Comparison | null = null;
  #active = '';

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings } = frame;
    this.#x = new Choice('pareto-x', strings.xTask, (x) => frame.set({ x }));
    this.#y = new Choice('pareto-y', strings.yTask, (y) => frame.set({ y }));
    this.controls = [this.#x.node, this.#y.node];
    this.#plot = svg('svg', { role: 'group', 'aria-label': strings.paretoChart, 'data-testid': 'pareto-plot' });
    this.#table = new VirtualTable({ testId: 'pareto-table', label: strings.tabs.pareto });
    this.#twin = new Twin(this.#plot as unknown as HTMLElement, this.#table, () => this.#draw());
    const parts = [this.#sentence, this.#legend, this.#twin.node, this.#readout];
    this.node = element('div', { class: 'view', 'data-testid': 'pareto' }, ...parts);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    this.#comparison = comparison;
    if (comparison === null || !chosen) return;
    const { strings, state } = this.#frame;
    const tasks = comparison.measures.map(({ task }) => task);
    const [x, y] = this.#tasks(comparison);
    this.#x.update(sameTexts(tasks), x);
    this.#y.update(sameTexts(tasks), y);
    const points = paretoPoints(comparison, x, y);
    const front = points.filter((point) => point.front).length;
    const dominated = points.filter(({ dominatedBy }) => dominatedBy.length > 0).length;
    const { sentences } = strings;
    setText(
      this.#sentence,
      points.length === 0 ? sentences.noPareto : sentences.pareto(points.length, front, dominated),
    );
    this.#twin.show(state().table);
    this.#draw();
    this.#fill(points, x, y);
  }

  #tasks({ measures }: Comparison): readonly [string, string] {
    const tasks = measures.map(({ task }) => task);
    const { x, y } = this.#frame.state();
    return [chosenOf(x, tasks), chosenOf(y, tasks, 1)];
  }

  #draw(): void {
    const comparison = this.#comparison;
    if (comparison === null) return;
    const [x, y] = this.#tasks(comparison);
    const { width, height } = this.#twin;
    const frame = {
      left: margins.left,
      right: width - margins.right,
      top: margins.top,
      bottom: height - margins.bottom,
    };
    const picture = paretoPicture(comparison, x, y, frame);
    const { strings } = this.#frame;
    const left = comparison.pareto?.leftOut ?? [];
    const lines = picture?.frontiers.map(({ of }) => strings.frontier(of)) ?? [];
    const notes = [
      strings.paretoLegend,
      ...lines,
      ...(left.length > 0 ? [strings.leftOut(left.join(strings.comma))] : []),
    ];
    setText(this.#legend, notes.join(strings.space));
    this.#plot.setAttribute('width', String(width));
    this.#plot.setAttribute('height', String(height));
    const focused = this.#plot.contains(document.activeElement);
    this.#plot.replaceChildren(...(picture === null ? [] : this.#parts(comparison, picture, [x, y], frame)));
    if (focused) this.#plot.querySelector<SVGElement>('[tabindex="0"]')?.focus();
  }

  #parts(
    comparison: Comparison,
    picture: ParetoPicture,
    [xTask, yTask]: readonly [string, string],
    frame: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
  ): SVGElement[] {
    const colors = palette();
    const { x, y, points, frontiers } = picture;
    const label = (text: string, attributes: Readonly<Record<string, string>>): SVGElement =>
      svg('text', { fill: colors.foreground, class: 'tick', ...attributes }, text);
    const line = (x1: number, y1: number, x2: number, y2: number, stroke: string): SVGElement =>
      svg('line', { x1: String(x1), y1: String(y1), x2: String(x2), y2: String(y2), stroke });
    const grid = [
      ...x.ticks.flatMap((tick) => [
        line(x.at(tick), frame.top, x.at(tick), frame.bottom, colors.grid),
        label(x.label(tick), { x: String(x.at(tick)), y: String(frame.bottom + 14), 'text-anchor': 'middle' }),
      ]),
      ...y.ticks.flatMap((tick) => [
        line(frame.left, y.at(tick), frame.right, y.at(tick), colors.grid),
        label(y.label(tick), { x: String(frame.left - 6), y: String(y.at(tick) + 4), 'text-anchor': 'end' }),
      ]),
    ];
    const names = [
      label(this.#axisTitle(comparison, xTask), { x: String((frame.left + frame.right) / 2), y: String(frame.bottom + 34), 'text-anchor': 'middle' }), // prettier-ignore
      label(this.#axisTitle(comparison, yTask), { transform: `translate(12 ${(frame.top + frame.bottom) / 2}) rotate(-90)`, 'text-anchor': 'middle' }), // prettier-ignore
    ];
    const lines = frontiers.map(({ of, points: own }) =>
      svg('polyline', {
        ...{ points: own.map((point) => `${x.at(point.x)},${y.at(point.y)}`).join(' '), fill: 'none' },
        ...{ stroke: colors.muted, 'stroke-width': '1.5', 'data-testid': 'frontier', 'data-of': of },
      }),
    );
    return [...grid, ...names, ...lines, ...this.#marks(points, picture)];
  }

  #axisTitle({ measures }: Comparison, task: string): string {
    const measure = measures.find((one) => one.task === task);
    const { higher, lower, axis } = this.#frame.strings;
    return axis(task, measure?.metric ?? '', measure?.higherIsBetter === true ? higher : lower);
  }

  #marks(points: readonly ParetoPoint[], { x, y }: ParetoPicture): SVGElement[] {
    if (!points.some(({ arm }) => arm === this.#active)) this.#active = points[0]?.arm ?? '';
    const places = points.map((point) => [x.at(point.x), y.at(point.y)] as const);
    // What surely is worse lies below.
    const order = points.map((_, at) => at).toSorted((a, b) => Number(faint(points[b])) - Number(faint(points[a])));
    return order.flatMap((at) => {
      const point = points[at];
      const [left, top] = places[at] ?? [0, 0];
      if (point === undefined) return [];
      const place = this.#frame.place(point.arm);
      const cross = (interval: Interval | null, across: boolean): SVGElement[] => {
        if (interval === null) return [];
        const [low, high] = interval.map((end) => (across ? x : y).at(end)) as [number, number];
        const ends = across ? { x1: low, x2: high, y1: top, y2: top } : { x1: left, x2: left, y1: low, y2: high };
        const texts = Object.fromEntries(Object.entries(ends).map(([key, value]) => [key, String(value)]));
        return [svg('line', { ...texts, stroke: taskColor(place), 'stroke-dasharray': taskDash(place).join(' ') })];
      };
      const ring = { cx: String(left), cy: String(top), r: '9', fill: 'none', stroke: taskColor(place) };
      const group = svg(
        'g',
        {
          ...{ role: 'img', tabindex: point.arm === this.#active ? '0' : '-1', 'aria-label': this.#say(point) },
          ...{ class: faint(point) ? 'point faint' : 'point', 'data-testid': 'point', 'data-arm': point.arm },
          'data-front': String(point.front),
        },
        ...cross(point.xInterval, true),
        ...cross(point.yInterval, false),
        ...(point.front ? [svg('circle', ring)] : []),
        mark(place, left, top, 5),
        svg('title', {}, this.#say(point)),
      );
      group.addEventListener('focus', () => setText(this.#readout, this.#say(point)));
      group.addEventListener('pointerenter', () => setText(this.#readout, this.#say(point)));
      group.addEventListener('keydown', (event) => {
        const key = arrows.find((arrow) => arrow === event.key);
        if (key === undefined) return;
        event.preventDefault();
        this.#active = points[neighbor(places, at, key)]?.arm ?? this.#active;
        this.#draw();
      });
      return [group];
    });
  }

  #say(point: ParetoPoint): string {
    const { strings } = this.#frame;
    const said = strings.point(point.arm, estimate(point.x, point.xInterval), estimate(point.y, point.yInterval));
    return [said, ...this.#standing(point)].join(strings.separator);
  }

  #standing({ front, dominatedBy }: ParetoPoint): string[] {
    const { strings } = this.#frame;
    return [
      ...(front ? [strings.onFront] : []),
      ...(dominatedBy.length > 0 ? [strings.dominated(dominatedBy.join(strings.comma))] : []),
    ];
  }

  #fill(points: readonly ParetoPoint[], x: string, y: string): void {
    const { strings } = this.#frame;
    const column = (id: string, title: string, width: number): { id: string; title: string; width: number } => ({ id, title, width }); // prettier-ignore
    const columns = [column('arm', strings.columns.arm, 200), column('x', x, 170), column('y', y, 170), column('standing', strings.standing, 320)]; // prettier-ignore
    this.#table.update(
      columns,
      points.map((point) => ({
        ...{
          key: point.arm,
          level: 1,
          expanded: null,
          attributes: { 'data-testid': 'pareto-row', 'data-arm': point.arm },
        },
        cells: () => [
          element('th', { scope: 'row' }, armName(point.arm, this.#frame)),
          element('td', {}, estimate(point.x, point.xInterval)),
          element('td', {}, estimate(point.y, point.yInterval)),
          element('td', {}, this.#standing(point).join(strings.separator) || strings.notDecided),
        ],
      })),
    );
  }
}

const faint = (point: ParetoPoint | undefined): boolean => (point?.dominatedBy.length ?? 0) > 0;
