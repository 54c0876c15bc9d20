/** The tab *curves*: a task by epoch, every seed faint, the mean of each arm with its band. The editor reads them on demand. */
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import { curveSeries, type RunCurve } from '../../src/messages/comparison.ts';
import type { ExperimentToPage } from '../../src/messages/protocol.ts';
import { bandOf } from '../charts/band.ts';
import { element, numberText, setText, svg } from '../dom.ts';
import { palette, taskColor, taskDash } from '../theme.ts';
import { axisOf } from './axis.ts';
import { Choice, sameTexts } from './choice.ts';
import { pathOf } from './curves.ts';
import { plain } from './numbers.ts';
import { Twin } from './twin.ts';
import { armName, chosenOf, mark, swatch, type Frame, type View } from './view.ts';
import { VirtualTable } from './virtual-table.ts';

/** Arms that are shown before any is chosen; and at most at once. */
const shownFirst = 5;
const shownAtMost = 12;
const margins = { left: 64, right: 16, top: 10, bottom: 36 };

type Answer = Extract<ExperimentToPage, { type: 'curves' }>;

export class CurvesView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = true;
  readonly #frame: Frame;
  readonly #task: Choice;
  readonly #series: Choice;
  readonly #add: Choice;
  readonly #legend = element('div', { class: 'legend', role: 'group' });
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'curves-sentence', role: 'status' });
  readonly #note = element('p', { class: 'note' });
  readonly #plot: SVGElement;
  readonly #table: VirtualTable;
  readonly #twin: Twin;
  #comparison: Comparison | null = null;
  /** What was asked for last, of which comparison. */
  #asked = '';
  #askedOf: Comparison | null = null;
  #answer: Answer | null = null;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, set } = frame;
    this.#task = new Choice('curves-task', strings.task, (task) => set({ task }));
    this.#series = new Choice('curves-series', strings.series, (series) =>
      set({ series: curveSeries.find((one) => one === series) ?? 'metric' }),
    );
    this.#add = new Choice('curves-add', strings.armsShown, (arm) => this.#toggle(arm));
    this.controls = [this.#task.node, this.#series.node];
    this.#legend.setAttribute('aria-label', strings.armsShown);
    this.#plot = svg('svg', { role: 'img', 'aria-label': strings.curvesChart, 'data-testid': 'curves-plot' });
    this.#table = new VirtualTable({ testId: 'curves-table', label: strings.curvesChart });
    this.#twin = new Twin(this.#plot as unknown as HTMLElement, this.#table, () => this.#draw());
    const row = element('div', { class: 'legend-row' }, this.#legend, this.#add.node);
    const parts = [this.#sentence, this.#note, row, this.#twin.node];
    this.node = element('div', { class: 'view', 'data-testid': 'curves' }, ...parts);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    this.#comparison = comparison;
    if (comparison === null || !chosen) return;
    const { strings, state } = this.#frame;
    const tasks = comparison.measures.map(({ task }) => task);
    const task = chosenOf(state().task, tasks);
    const { series } = state();
    const arms = this.#arms(comparison);
    this.#task.update(sameTexts(tasks), task);
    this.#series.update(
      curveSeries.map((one) => [one, strings.seriesNames[one]]),
      series,
    );
    this.#choices(comparison, arms);
    const wanted = JSON.stringify([task, series, arms]);
    if (arms.length > 0 && (wanted !== this.#asked || comparison !== this.#askedOf)) {
      this.#asked = wanted;
      this.#askedOf = comparison;
      this.#frame.post({ type: 'curves', task, series, arms });
    }
    this.#twin.show(state().table);
    this.#show();
  }

  receive(message: ExperimentToPage): void {
    if (message.type !== 'curves') return;
    // Of a question before: another answer is on its way.
    if (JSON.stringify([message.task, message.series, message.arms]) !== this.#asked) return;
    this.#answer = message;
    this.#show();
  }

  #arms({ arms, baseline }: Comparison): readonly string[] {
    const there = arms.map(({ id }) => id);
    const { curves } = this.#frame.state();
    if (curves !== null) return curves.filter((id) => there.includes(id));
    return [baseline, ...there.filter((id) => id !== baseline)].filter((id) => there.includes(id)).slice(0, shownFirst);
  }

  #toggle(arm: string): void {
    if (this.#comparison === null || arm === '') return;
    const shown = this.#arms(this.#comparison);
    if (shown.includes(arm)) this.#frame.set({ curves: shown.filter((id) => id !== arm) });
    else this.#frame.set({ curves: [...shown, arm].slice(-shownAtMost) });
  }

  #choices({ arms }: Comparison, shown: readonly string[]): void {
    const { strings } = this.#frame;
    const others = arms.map(({ id }) => id).filter((id) => !shown.includes(id));
    this.#add.update([['', strings.shownArms(shown.length, arms.length)], ...sameTexts(others)], '');
    const focused = document.activeElement?.getAttribute('data-arm');
    this.#legend.replaceChildren(
      ...shown.map((arm) => {
        const attributes = {
          class: 'legend-item',
          'data-testid': 'legend-item',
          'data-arm': arm,
          'aria-pressed': 'true',
        };
        const item = element(
          'button',
          { ...attributes, 'aria-label': strings.toggle(arm) },
          swatch(this.#frame.place(arm)),
          arm,
        );
        item.addEventListener('click', () => this.#toggle(arm));
        return item;
      }),
    );
    for (const item of this.#legend.children)
      if (item.getAttribute('data-arm') === focused) (item as HTMLElement).focus();
  }

  /** Curves by arm, as far as they have come. */
  #curves(): ReadonlyMap<string, readonly RunCurve[]> {
    const shown = this.#comparison === null ? [] : this.#arms(this.#comparison);
    const curves = this.#answer?.curves ?? [];
    return new Map(shown.map((arm) => [arm, curves.filter((curve) => curve.arm === arm)]));
  }

  #show(): void {
    const { strings } = this.#frame;
    const { sentences } = strings;
    const curves = this.#curves();
    const answer = this.#answer;
    const current = answer !== null && JSON.stringify([answer.task, answer.series, answer.arms]) === this.#asked;
    this.node.dataset['state'] = curves.size === 0 ? 'empty' : current ? 'ready' : 'loading';
    const runs = [...curves.values()].reduce((sum, own) => sum + own.length, 0);
    const said =
      curves.size === 0
        ? sentences.noCurves
        : current
          ? sentences.curves(curves.size, runs, answer.task)
          : strings.loading;
    setText(this.#sentence, said);
    const missing =
      current && answer.missing.length > 0 ? [strings.missingCurves(answer.missing.join(strings.comma))] : [];
    setText(this.#note, [strings.curvesNote(shownAtMost), ...missing].join(strings.space));
    this.#draw();
    this.#fill(curves);
  }

  #draw(): void {
    const { width, height } = this.#twin;
    this.#plot.setAttribute('width', String(width));
    this.#plot.setAttribute('height', String(height));
    const curves = this.#curves();
    const all = [...curves.values()].flat();
    if (all.length === 0) {
      this.#plot.replaceChildren();
      return;
    }
    const bands = [...curves].filter(([, own]) => own.length > 0).map(([arm, own]) => ({ arm, ...bandOf(own) }));
    const tops = bands.flatMap(({ mean, sd }) =>
      mean.flatMap((value, at) => [value - (sd[at] ?? 0), value + (sd[at] ?? 0)]),
    );
    const x = axisOf(
      all.flatMap((curve) => curve.x),
      margins.left,
      width - margins.right,
      0.01,
    );
    const values = all.flatMap(({ y }) => y.filter((value) => value !== null));
    const y = axisOf([...values, ...tops], height - margins.bottom, margins.top);
    const at = (epoch: number, value: number): readonly [number, number] => [x.at(epoch), y.at(value)];
    const colors = palette();
    const label = (text: string, attributes: Readonly<Record<string, string>>): SVGElement =>
      svg('text', { fill: colors.foreground, class: 'tick', ...attributes }, text);
    const ticks = [
      ...x.ticks.map((tick) => label(x.label(tick), { x: String(x.at(tick)), y: String(height - margins.bottom + 14), 'text-anchor': 'middle' })), // prettier-ignore
      ...y.ticks.flatMap((tick) => [
        svg('line', { x1: String(margins.left), x2: String(width - margins.right), y1: String(y.at(tick)), y2: String(y.at(tick)), stroke: colors.grid }), // prettier-ignore
        label(y.label(tick), { x: String(margins.left - 6), y: String(y.at(tick) + 4), 'text-anchor': 'end' }),
      ]),
      label(this.#frame.strings.epoch, { x: String((margins.left + width) / 2), y: String(height - 6), 'text-anchor': 'middle' }), // prettier-ignore
    ];
    const seeds = all.map(
      (curve) =>
      svg('path', { d: pathOf(curve.x, curve.y, at), ...this.#stroke(curve.arm, '1'), class: 'seed-curve', 'data-testid': 'seed-curve', 'data-arm': curve.arm, 'data-seed': String(curve.seed) }), // prettier-ignore
    );
    const means = bands.flatMap(({ arm, x: epochs, mean, sd }) => {
      const edge = (sign: 1 | -1): (readonly [number, number])[] => epochs.map((epoch, place) => at(epoch, (mean[place] ?? 0) + sign * (sd[place] ?? 0))); // prettier-ignore
      const area = [...edge(1), ...edge(-1).reverse()].map((point) => point.join(',')).join(' ');
      const place = this.#frame.place(arm);
      const [end, last] = [epochs.at(-1), mean.at(-1)];
      return [
        svg('polygon', {
          points: area,
          fill: taskColor(place),
          'fill-opacity': '0.15',
          'data-testid': 'band',
          'data-arm': arm,
        }),
        svg('path', {
          d: pathOf(epochs, mean, at),
          ...this.#stroke(arm, '2.5'),
          'data-testid': 'mean-curve',
          'data-arm': arm,
        }),
        ...(end === undefined || last === undefined ? [] : [mark(place, x.at(end), y.at(last), 4)]),
      ];
    });
    this.#plot.replaceChildren(...ticks, ...seeds, ...means);
  }

  #stroke(arm: string, width: string): Readonly<Record<string, string>> {
    const place = this.#frame.place(arm);
    const dash = taskDash(place).join(' ');
    return {
      stroke: taskColor(place),
      'stroke-width': width,
      'stroke-dasharray': dash,
      fill: 'none',
      'stroke-linecap': 'round',
    };
  }

  #fill(curves: ReadonlyMap<string, readonly RunCurve[]>): void {
    const { strings } = this.#frame;
    const columns = [strings.columns.arm, strings.columns.seeds, strings.epochs, strings.last];
    this.#table.update(
      columns.map((title, at) => ({ id: String(at), title, width: at === 0 ? 200 : 120 })),
      [...curves.values()].flat().map((curve) => ({
        ...{ key: curve.run, level: 1, expanded: null },
        attributes: { 'data-testid': 'curve-row', 'data-arm': curve.arm, 'data-seed': String(curve.seed) },
        cells: () => {
          const last = curve.y.findLast((value) => value !== null) ?? null;
          return [
            element('th', { scope: 'row' }, armName(curve.arm, this.#frame)),
            element('td', {}, strings.seed(curve.seed)),
            element('td', {}, String(curve.x.at(-1) ?? 0)),
            element('td', { 'data-value': numberText(last) }, plain(last)),
          ];
        },
      })),
    );
  }
}
