/** The tab *weights*: what each task's loss was multiplied by, and what observed strategies would have chosen. */
import type { NumberColumn } from '../../src/messages/columns.ts';
import { lastKnown } from '../../src/messages/gradients.ts';
import { trendOf, type LossHistory } from '../../src/messages/history.ts';
import { checkbox } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { ChartBox } from '../charts/chart-box.ts';
import { weightsCsv } from './csv.ts';
import { asShares, weightSource } from './sources.ts';
import { TaskTable, type Column } from '../charts/task-table.ts';
import { known, told, type ChartLegend, type Frame, type ShownChart, type View } from './view.ts';

export class WeightsView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly legend: ChartLegend;
  readonly smooths = true;
  readonly #frame: Frame;
  readonly #table: TaskTable;
  readonly #box: ChartBox;
  readonly #note = element('p', { class: 'note', 'data-testid': 'weights-note' });
  readonly #compare: HTMLSelectElement;
  readonly #compareBox: HTMLElement;
  #choices = '';

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, state, set } = frame;
    this.#table = new TaskTable('weights-table', strings.task);
    this.#box = new ChartBox(
      { label: strings.weightsChart, hint: strings.hint, more: strings.moreCurves },
      this.#table.node,
    );
    this.node = element('div', { class: 'view' }, this.#note, ...this.#box.nodes);
    const label = { 'data-testid': 'weights-compare', 'aria-label': strings.compare, title: strings.compare };
    this.#compare = element('select', label) as HTMLSelectElement;
    this.#compare.addEventListener('change', () => set({ compare: this.#compare.value }));
    this.#compareBox = element('span', { class: 'labeled' }, `${strings.compare} `, this.#compare);
    const onChange = (shares: boolean): void => set({ shares });
    const shares = checkbox({
      testId: 'weights-shares',
      label: strings.asShares,
      checked: state().shares,
      onChange,
    });
    this.controls = [this.#compareBox, shares];
    this.legend = {
      entries: (history) => {
        const now = history.now();
        return history.tasks.map(({ name }, task) => {
          return { task, name, value: now[task]?.effective ?? null, trend: trendOf(history.steps.weights[task]) };
        });
      },
      key: () => {
        const { compare } = state();
        const beside = compare === '' ? [] : [['dots', compare] as const];
        return [['bold', strings.smoothed], ['faint', strings.raw], ...beside]; // prettier-ignore
      },
      value: strings.now,
    };
  }

  update(history: LossHistory | null, chosen: boolean): void {
    const { strings, state } = this.#frame;
    const { axis, shares, smoothing, hidden, table } = state();
    const observed = [...(history?.gradients.observed.keys() ?? [])];
    this.#offer(observed);
    this.#fill(history, observed);
    const anyKnown = history !== null && history.steps.weights.some((column) => !Number.isNaN(lastKnown(column)));
    const none = history !== null && history.points > 0 && !anyKnown;
    this.#note.hidden = !none;
    setText(this.#note, none ? strings.noWeights : '');
    const compare = observed.includes(state().compare) ? state().compare : '';
    const options = { axis, log: false, hidden: new Set(hidden), strings, shares, compare, smoothing };
    this.#box.update(history, history && weightSource(history, options), table, chosen);
  }

  /** The strategies that can be compared with: those that the run observed. */
  #offer(observed: readonly string[]): void {
    this.#compareBox.hidden = observed.length === 0;
    const choices = JSON.stringify(observed);
    if (choices !== this.#choices) {
      this.#choices = choices;
      const { compareNothing } = this.#frame.strings;
      const options = [element('option', { value: '' }, compareNothing)];
      this.#compare.replaceChildren(...options, ...observed.map((name) => element('option', { value: name }, name)));
    }
    const { compare } = this.#frame.state();
    this.#compare.value = observed.includes(compare) ? compare : '';
  }

  #fill(history: LossHistory | null, observed: readonly string[]): void {
    const { strings } = this.#frame;
    const now = history?.now() ?? [];
    const effective = now.map((one) => one.effective);
    const last = (columns: readonly NumberColumn[]): number[] => columns.map(lastKnown);
    const columns: Column[] = [
      { series: 'effective', title: strings.effective },
      { series: 'weight-share', title: strings.weightShare },
      { series: 'gradient-share', title: strings.gradientShare },
      ...observed.map((strategy) => ({ series: 'observed', title: strategy, strategy })),
    ];
    this.#table.update(
      history?.tasks.map(({ name }) => name) ?? [],
      columns,
      [
        effective,
        asShares(effective.map((value) => [value])).map(([value = null]) => value),
        now.map(({ gradientShare }) => gradientShare),
        ...observed.map((name) => last(history?.gradients.observed.get(name) ?? []).map(known)),
      ],
      this.#frame.run(),
    );
  }

  picture(): ShownChart | null {
    const { shown } = this.#box;
    return shown && { ...shown, notes: told() };
  }

  restyle(): void {
    this.#box.restyle();
  }

  any(history: LossHistory): boolean {
    return history.points > 0;
  }

  csv(history: LossHistory): string {
    return weightsCsv(history);
  }
}
