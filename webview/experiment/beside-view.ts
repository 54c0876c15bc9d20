/** The tab *side by side*: single runs, their curves in one chart, their metrics, and where their specs differ. */
import type { Comparison, RunsBeside } from '../../src/experiment/comparison/contract.ts';
import type { ExperimentToPage, OverlaySeries } from '../../src/messages/protocol.ts';
import { Chart } from '../charts/chart.ts';
import { runStrokes } from '../charts/run-stroke.ts';
import { swatch } from '../charts/swatch.ts';
import { Tooltip } from '../charts/tooltip.ts';
import { checkbox } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { onThemeChange } from '../theme.ts';
import { besideSource, withGaps } from './beside-source.ts';
import { lineSwatch, numbersTable, specsTable } from './beside-tables.ts';
import { Choice } from './choice.ts';
import type { Frame, View } from './view.ts';

type Answer = Extract<ExperimentToPage, { type: 'besideCurves' }>;

const seriesNames = ['validation', 'train'] as const;
const axes = ['step', 'epoch', 'time'] as const;

export class BesideView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = false;
  readonly #frame: Frame;
  readonly #reference: Choice;
  readonly #series: Choice;
  readonly #axis: Choice;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'beside-sentence', role: 'status' });
  readonly #caveats = element('div', { class: 'caveats', role: 'note', 'data-testid': 'beside-caveats' });
  readonly #note = element('p', { class: 'note', 'data-testid': 'beside-note', role: 'status' });
  readonly #runs: HTMLElement;
  readonly #tasks: HTMLElement;
  readonly #plotBox: HTMLElement;
  readonly #chart: Chart;
  readonly #tables = element('div', { class: 'beside-tables' });
  readonly #hiddenTasks = new Set<string>();
  #comparison: Comparison | null = null;
  #answer: Answer | null = null;
  #askedOf: Comparison | null = null;
  #asked: OverlaySeries | null = null;
  /** What legends and tables were made for. */
  #made = '';

  constructor(frame: Frame) {
    this.#frame = frame;
    const { beside } = frame.strings;
    this.#reference = new Choice('beside-reference', beside.reference, (reference) => frame.set({ reference }));
    this.#series = new Choice('beside-series', beside.series, (wanted) =>
      frame.set({ besideSeries: seriesNames.find((one) => one === wanted) ?? 'validation' }),
    );
    this.#axis = new Choice('beside-axis', beside.axis, (wanted) =>
      frame.set({ besideAxis: axes.find((one) => one === wanted) ?? 'epoch' }),
    );
    const log = checkbox({
      ...{ testId: 'scale-log', label: beside.logScale, checked: frame.state().besideLog },
      onChange: (besideLog) => frame.set({ besideLog }),
    });
    this.controls = [this.#reference.node, this.#series.node, this.#axis.node, log];
    const group = (label: string): HTMLElement =>
      element('div', { class: 'legend', role: 'group', 'aria-label': label });
    this.#runs = group(beside.runs);
    this.#tasks = group(beside.tasks);
    const tooltip = new Tooltip(beside.moreCurves);
    const slider = { role: 'slider', 'aria-orientation': 'horizontal', 'aria-valuenow': '0', 'aria-valuetext': '' };
    const plot = element('div', {
      class: 'plot',
      tabindex: '0',
      ...slider,
      'aria-label': beside.chart,
      title: beside.hint,
    });
    this.#plotBox = element('div', { class: 'plot-box', 'data-testid': 'beside-plot' }, plot, tooltip.node);
    this.#chart = new Chart(plot, tooltip);
    const legends = element('div', { class: 'legend-row' }, this.#runs, this.#tasks);
    const scroll = { class: 'beside', tabindex: '0', role: 'region', 'aria-label': frame.strings.tabs.beside };
    const parts = [this.#sentence, this.#caveats, legends, this.#plotBox, this.#note, this.#tables];
    this.node = element('div', { ...scroll, 'data-testid': 'beside' }, ...parts);
    onThemeChange(() => {
      this.#made = '';
      this.#chart.restyle();
      this.#show();
    });
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    this.#comparison = comparison;
    if (comparison === null || !chosen) return;
    const { besideSeries } = this.#frame.state();
    if (comparison !== this.#askedOf || besideSeries !== this.#asked) {
      this.#askedOf = comparison;
      this.#asked = besideSeries;
      if (comparison.beside !== null) this.#frame.post({ type: 'besideCurves', series: besideSeries });
    }
    this.#show();
  }

  receive(message: ExperimentToPage): void {
    // Of another loss: that was asked for before.
    if (message.type !== 'besideCurves' || message.series !== this.#asked) return;
    this.#answer = message;
    this.#show();
  }

  #show(): void {
    const beside = this.#comparison?.beside ?? null;
    const { strings, state } = this.#frame;
    for (const control of this.controls) control.hidden = beside === null;
    this.node.dataset['state'] =
      beside === null ? 'empty' : this.#answer?.series === state().besideSeries ? 'ready' : 'loading';
    if (beside === null) {
      setText(this.#sentence, strings.beside.alone);
      this.#tables.replaceChildren();
      return;
    }
    const reference = this.#referenceOf(beside);
    const label = beside.runs.find(({ id }) => id === reference)?.label ?? '';
    const alone = beside.runs.length < 2;
    setText(
      this.#sentence,
      alone
        ? strings.beside.alone
        : `${strings.beside.sentence(beside.runs.length - 1, label)} ${strings.beside.about}`,
    );
    this.#reference.update(beside.runs.map((run) => [run.id, run.label]), reference); // prettier-ignore
    this.#series.update(seriesNames.map((one) => [one, strings.beside.seriesNames[one]]), state().besideSeries); // prettier-ignore
    this.#axis.update(axes.map((one) => [one, strings.beside.axes[one]]), state().besideAxis); // prettier-ignore
    this.#make(beside, reference);
    this.#draw(beside, reference);
  }

  #referenceOf({ reference, runs }: RunsBeside): string {
    const wanted = this.#frame.state().reference;
    return runs.some(({ id }) => id === wanted) ? wanted : reference;
  }

  /** The reference first, as it has the solid line; others follow in their order. */
  #order({ runs }: RunsBeside, reference: string): readonly string[] {
    return [reference, ...runs.map(({ id }) => id).filter((id) => id !== reference)];
  }

  /** No more than differ by their lines. */
  #drawn(beside: RunsBeside, reference: string): readonly string[] {
    const { besideHidden, besideShown } = this.#frame.state();
    const order = this.#order(beside, reference);
    const wanted = order.filter(
      (id, at) => !besideHidden.includes(id) && (at < runStrokes || besideShown.includes(id)),
    );
    return wanted.slice(0, runStrokes);
  }

  /** Which line a run has: always the same where there are enough for all; null where it is not drawn. */
  #lineOf(beside: RunsBeside, reference: string): (run: string) => number | null {
    const all = this.#order(beside, reference);
    const lines = all.length <= runStrokes ? all : this.#drawn(beside, reference);
    return (run) => (lines.includes(run) ? lines.indexOf(run) : null);
  }

  #make(beside: RunsBeside, reference: string): void {
    const { strings, state, post } = this.#frame;
    const drawn = this.#drawn(beside, reference);
    const tasks = tasksOf(beside);
    const made = JSON.stringify([beside, reference, drawn, [...this.#hiddenTasks], state().besideSeries]);
    if (made === this.#made) return;
    this.#made = made;
    const line = this.#lineOf(beside, reference);
    this.#caveats.hidden = beside.caveats.length === 0;
    const said = beside.caveats.map((caveat) => element('li', {}, caveat[strings.language]));
    this.#caveats.replaceChildren(element('strong', {}, `⚠ ${strings.beside.caution}`), element('ul', {}, ...said));
    const focused = document.activeElement?.getAttribute('data-legend');
    const order = this.#order(beside, reference);
    const runs = beside.runs.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    this.#runs.replaceChildren(
      ...runs.map(({ id, label }) => {
        const name = id === reference ? strings.beside.referenceName(label) : label;
        const toggle = (): void => this.#toggleRun(id, drawn.includes(id), drawn.length);
        return this.#item(
          { 'data-run': id, 'data-legend': `run ${id}` },
          name,
          drawn.includes(id),
          lineSwatch(line(id)),
          toggle,
        );
      }),
    );
    this.#tasks.replaceChildren(
      ...tasks.map((task, at) => {
        const toggle = (): void => this.#toggleTask(task);
        return this.#item(
          { 'data-task': task, 'data-legend': `task ${task}` },
          task,
          !this.#hiddenTasks.has(task),
          swatch(at, 'plain'),
          toggle,
        );
      }),
    );
    for (const item of [...this.#runs.children, ...this.#tasks.children])
      if (item.getAttribute('data-legend') === focused) (item as HTMLElement).focus();
    const shown = {
      ...{ beside, reference, line, strings: strings.beside, task: strings.task, setting: strings.setting },
      ...{ absent: strings.absent, separator: ' · ', open: (run: string) => post({ type: 'showRun', run }) },
    };
    this.#tables.replaceChildren(...(beside.runs.length < 2 ? [] : [numbersTable(shown), specsTable(shown)]));
  }

  #item(
    of: Readonly<Record<string, string>>,
    name: string,
    pressed: boolean,
    picture: Element,
    toggle: () => void,
  ): HTMLElement {
    const label = this.#frame.strings.beside.toggle(name);
    const attributes = { class: 'legend-item', 'data-testid': 'legend-item', ...of, 'aria-pressed': String(pressed) };
    const item = element('button', { ...attributes, title: label, 'aria-label': label }, picture, name);
    item.addEventListener('click', toggle);
    return item;
  }

  #toggleRun(run: string, drawn: boolean, count: number): void {
    const { besideHidden, besideShown } = this.#frame.state();
    const without = (all: readonly string[]): readonly string[] => all.filter((one) => one !== run);
    if (drawn) this.#frame.set({ besideHidden: [...besideHidden, run], besideShown: without(besideShown) });
    else if (count < runStrokes)
      this.#frame.set({ besideHidden: without(besideHidden), besideShown: [...besideShown, run] });
  }

  #toggleTask(task: string): void {
    if (!this.#hiddenTasks.delete(task)) this.#hiddenTasks.add(task);
    this.#show();
  }

  #draw(beside: RunsBeside, reference: string): void {
    const { strings, state } = this.#frame;
    const { besideAxis, besideLog } = state();
    const drawn = this.#drawn(beside, reference);
    const line = this.#lineOf(beside, reference);
    const labels = new Map(beside.runs.map(({ id, label }) => [id, label]));
    const curves = this.#answer?.curves ?? [];
    const tasks = tasksOf(beside);
    const source = besideSource({
      ...{ tasks, curves, axis: besideAxis, log: besideLog, hidden: this.#hiddenTasks },
      runs: drawn.map((id) => ({
        id,
        label: labels.get(id) ?? id,
        place: line(id) ?? 0,
      })),
      xLabel: strings.beside.axes[besideAxis],
    });
    this.#plotBox.hidden = !source.any;
    this.#chart.update(JSON.stringify(beside.runs.map(({ id }) => id)), source);
    const named = (run: string): string => labels.get(run) ?? run;
    const missing = (this.#answer?.missing ?? []).map(named);
    const gaps = withGaps(curves).map(({ run, task }) => `${named(run)} ${task}`);
    const parts = [
      beside.runs.length > drawn.length && beside.runs.length > runStrokes ? strings.beside.notDrawn(runStrokes) : '',
      missing.length > 0 ? strings.beside.missing(missing.join(strings.comma)) : '',
      gaps.length > 0 ? strings.beside.gaps(gaps.join(strings.comma)) : '',
    ];
    setText(this.#note, parts.filter((part) => part !== '').join(strings.space));
  }
}

const tasksOf = ({ rows }: RunsBeside): readonly string[] => [...new Set(rows.map(({ task }) => task))];
