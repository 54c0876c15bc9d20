/** The tab *forest*: a row an arm, its difference drawn and written; the plot and its table in one. */
import type { Comparison, Delta } from '../../src/experiment/comparison/contract.ts';
import { element, numberText, setText, svg } from '../dom.ts';
import { palette, taskColor } from '../theme.ts';
import type { Axis } from './axis.ts';
import { Choice, sameTexts } from './choice.ts';
import { forestAxis, forestRows, type ForestRow } from './forest.ts';
import { estimate, plain, probability, range } from './numbers.ts';
import { forestSentence, verdictNotes } from './sentences.ts';
import { forestOrders } from './strings.ts';
import { armName, chosenOf, mark, verdictMark, type Frame, type View } from './view.ts';
import { VirtualTable, type TableColumn, type TableRow } from './virtual-table.ts';

const height = 24;
const levelText = (level: number): string => `${plain(100 * level)} %`;

export class ForestView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = false;
  readonly #frame: Frame;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'forest-sentence' });
  readonly #legend = element('p', { class: 'note' });
  readonly #table: VirtualTable;
  readonly #task: Choice;
  readonly #order: Choice;
  #comparison: Comparison | null = null;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings } = frame;
    this.#table = new VirtualTable({ testId: 'forest-table', label: strings.tabs.forest });
    this.#task = new Choice('forest-task', strings.task, (task) => frame.set({ task }));
    this.#order = new Choice('forest-order', strings.order, (order) =>
      frame.set({ order: forestOrders.find((one) => one === order) ?? 'plan' }),
    );
    this.controls = [this.#task.node, this.#order.node];
    const attributes = { class: 'view', 'data-testid': 'forest' };
    this.node = element('div', attributes, this.#sentence, this.#legend, this.#table.node);
    new ResizeObserver(() => {
      if (this.node.clientWidth > 0) this.update(this.#comparison, true);
    }).observe(this.node);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    this.#comparison = comparison;
    if (comparison === null || !chosen) return;
    const { strings, state } = this.#frame;
    const { measures } = comparison;
    const tasks = measures.map(({ task }) => task);
    const task = chosenOf(state().task, tasks);
    const { order } = state();
    this.node.dataset['task'] = task;
    this.#task.update(sameTexts(tasks), task);
    this.#order.update(
      forestOrders.map((one) => [one, strings.orders[one]]),
      order,
    );
    const measure = measures.find((one) => one.task === task);
    const margin = measure?.margin ?? null;
    setText(this.#sentence, forestSentence(comparison, task, strings));
    const direction = measure?.higherIsBetter === true ? strings.higher : strings.lower;
    const band = margin === null ? strings.noMargin : strings.marginLegend(plain(margin));
    setText(this.#legend, [strings.forestLegend(levelText(comparison.level)), band].join(strings.space));
    const rows = forestRows(comparison, task, order);
    const others = this.#columns(comparison);
    const width = this.#table.widthBeside(others, 400);
    const axis = forestAxis(rows, margin, width - 20);
    const title = strings.differenceIn(measure?.metric ?? '', direction);
    const plot: TableColumn = { id: 'plot', title, width, head: this.#head(axis, width, title) };
    const [name, ...rest] = others;
    this.#table.setLabel(strings.forestTable(task));
    this.#table.update(
      [...(name === undefined ? [] : [name]), plot, ...rest],
      rows.map((row) => this.#row(row, axis, width, margin)),
    );
  }

  #columns({ level }: Comparison): readonly TableColumn[] {
    const { strings } = this.#frame;
    const column = (id: string, title: string, width: number): TableColumn => ({ id, title, width });
    return [
      column('arm', strings.columns.arm, 180),
      column('difference', strings.difference, 130),
      column('verdict', strings.verdict, 130),
      column('notes', strings.why, 240),
      column('interval', strings.interval(levelText(level)), 140),
      column('family', strings.familyInterval, 140),
      column('p', strings.pValue, 90),
      column('sign-flip', strings.signFlip, 90),
      column('n', strings.pairs, 60),
    ];
  }

  #head(axis: Axis, width: number, title: string): SVGElement {
    const colors = palette();
    const ticks = axis.ticks.map((tick) =>
      svg(
        'text',
        { x: String(10 + axis.at(tick)), y: '20', 'text-anchor': 'middle', fill: colors.foreground, class: 'tick' },
        axis.label(tick),
      ),
    );
    const label = svg('text', { x: '0', y: '9', fill: colors.muted, class: 'tick' }, title);
    return svg('svg', { width: String(width), height: '24', role: 'img', 'aria-label': title }, label, ...ticks);
  }

  #row({ arm, delta }: ForestRow, axis: Axis, width: number, margin: number | null): TableRow {
    const { strings } = this.#frame;
    const notes = verdictNotes(delta, strings);
    const cell = (text: string | Node, attributes: Readonly<Record<string, string>> = {}): HTMLElement =>
      element('td', attributes, text);
    const verdict = { 'data-verdict': delta.verdict };
    return {
      ...{ key: arm, level: 1, expanded: null },
      attributes: { 'data-testid': 'forest-row', 'data-arm': arm, ...verdict },
      cells: () => [
        element('th', { scope: 'row' }, armName(arm, this.#frame)),
        cell(this.#plot(arm, delta, axis, width, margin), { class: 'plot-cell' }),
        cell(estimate(delta.mean, delta.interval, true), { 'data-value': numberText(delta.mean) }),
        cell(verdictMark(delta.verdict, strings)),
        cell(notes, { title: notes }),
        cell(range(delta.interval)),
        cell(range(delta.familyInterval)),
        cell(probability(delta.adjustedP)),
        cell(probability(delta.signFlipP)),
        cell(String(delta.n)),
      ],
    };
  }

  #plot(
    arm: string,
    { mean, interval, familyInterval }: Delta,
    axis: Axis,
    width: number,
    margin: number | null,
  ): SVGElement {
    const place = this.#frame.place(arm);
    const colors = palette();
    const middle = height / 2;
    const at = (value: number): number => 10 + axis.at(value);
    const line = ([low, high]: readonly [number, number], thick: number): SVGElement =>
      svg('line', {
        ...{ x1: String(at(low)), x2: String(at(high)), y1: String(middle), y2: String(middle) },
        ...{ stroke: taskColor(place), 'stroke-width': String(thick) },
      });
    const band =
      margin === null
        ? []
        : [
            svg('rect', {
              ...{ x: String(at(-margin)), width: String(at(margin) - at(-margin)), y: '0', height: String(height) },
              ...{ fill: colors.muted, 'fill-opacity': '0.18' },
            }),
          ];
    const zero = { x1: String(at(0)), x2: String(at(0)), y1: '0', y2: String(height) };
    return svg(
      'svg',
      { width: String(width), height: String(height), 'aria-hidden': 'true' },
      ...band,
      svg('line', { ...zero, stroke: colors.foreground, 'stroke-width': '1', 'stroke-dasharray': '2 2' }),
      ...(familyInterval === null ? [] : [line(familyInterval, 1)]),
      ...(interval === null ? [] : [line(interval, 4)]),
      ...(mean === null ? [] : [mark(place, at(mean), middle, 5, { stroke: colors.background, 'stroke-width': '1' })]),
    );
  }
}
