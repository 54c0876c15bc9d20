/** The tab *conflict*: cosines of the task gradients at a recorded step, and how often each pair conflicts. */
import type { LossHistory } from '../../src/messages/history.ts';
import { dropdown } from '../controls.ts';
import { element, numberText, setText } from '../dom.ts';
import { tick } from '../charts/scale.ts';
import { gradientsCsv } from './csv.ts';
import { HeatTable } from '../charts/heat-table.ts';
import { averages, type Average } from './strings.ts';
import type { Frame, View } from './view.ts';

export class ConflictView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly legend = null;
  readonly smooths = false;
  readonly #frame: Frame;
  readonly #note = element('p', { class: 'note', 'data-testid': 'conflict-note' });
  readonly #matrix: HeatTable;
  readonly #slider: HTMLInputElement;
  readonly #sliderBox: HTMLElement;
  readonly #place = element('output', { class: 'muted', 'data-testid': 'conflict-place' });
  readonly #pairs = element('tbody');
  readonly #tables: HTMLElement;
  #rows: { name: HTMLElement; cells: readonly HTMLElement[] }[] = [];
  #names = '';
  /** At the last record, and to stay there while more come. */
  #following = true;
  #history: LossHistory | null = null;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, state, set } = frame;
    this.#matrix = new HeatTable('conflict-matrix', strings.task, strings.cosines);
    this.#slider = element('input', {
      ...{ type: 'range', 'data-testid': 'conflict-step', 'aria-label': strings.recordedStep, class: 'wide' },
      ...{ min: '0', max: '0', step: '1', value: '0' },
    }) as HTMLInputElement;
    this.#slider.addEventListener('input', () => {
      this.#following = this.#slider.value === this.#slider.max;
      this.update(this.#history);
    });
    this.#sliderBox = element('span', { class: 'labeled' }, this.#slider, this.#place);
    const average = dropdown<Average>({
      testId: 'conflict-average',
      label: strings.average,
      choices: averages.map((value) => [value, strings.averages[value]]),
      value: state().average,
      onChange: (value) => set({ average: value }),
    });
    this.controls = [this.#sliderBox, element('span', { class: 'labeled' }, `${strings.average} `, average)];
    this.#tables = element(
      'div',
      { class: 'tables', tabindex: '0', role: 'region', 'aria-label': strings.tabs.conflict },
      this.#matrix.node,
      this.#pairTable(),
    );
    this.node = element('div', { class: 'view' }, this.#note, this.#tables);
  }

  #pairTable(): HTMLElement {
    const { pair, conflicting, recorded, conflictShare, meanCosine, conflicts } = this.#frame.strings;
    const titles = [pair, conflicting, recorded, conflictShare, meanCosine];
    const head = element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)));
    const label = { 'data-testid': 'conflict-pairs', 'aria-label': conflicts };
    return element('table', label, element('thead', {}, head), this.#pairs);
  }

  update(history: LossHistory | null): void {
    if (this.#history !== history) this.#following = true;
    this.#history = history;
    const { strings } = this.#frame;
    const records = history?.gradients.length ?? 0;
    const none = history !== null && history.start !== null && records === 0;
    setText(this.#note, none ? strings.noGradients : strings.cosineNote);
    this.#tables.hidden = this.#sliderBox.hidden = records === 0;
    if (!history || records === 0) return;
    this.#showMatrix(history, this.#move(history, records));
    this.#showPairs(history);
  }

  /** Puts the slider where it belongs and says where that is. */
  #move(history: LossHistory, records: number): number {
    const { gradients } = history;
    this.#slider.max = String(records - 1);
    if (this.#following || Number(this.#slider.value) >= records) this.#slider.value = String(records - 1);
    const index = Number(this.#slider.value);
    const { strings, state } = this.#frame;
    const step = gradients.step.at(index);
    const text = strings.stepText(step, tick(gradients.epoch.at(index)), index + 1, records);
    setText(this.#place, text);
    this.#slider.setAttribute('aria-valuetext', text);
    this.#slider.disabled = state().average === 'all';
    this.node.dataset['step'] = String(step);
    return index;
  }

  #showMatrix({ gradients }: LossHistory, index: number): void {
    const { strings, state } = this.#frame;
    const { average } = state();
    const matrix = average === 'all' ? gradients.meanMatrix() : gradients.matrix(index, Number(average));
    const { tasks } = gradients;
    this.#matrix.update(tasks, (row, column) => {
      const value = matrix[row]?.[column] ?? NaN;
      const known = Number.isFinite(value);
      const text = known ? value.toFixed(3).replace('-', '−') : '';
      const title = strings.cosineOf(tasks[row] ?? '', tasks[column] ?? '', known ? text : '–');
      // The diagonal says nothing: it stays without a color.
      return { text, heat: row === column ? NaN : value, title };
    });
  }

  #showPairs({ gradients }: LossHistory): void {
    const names = JSON.stringify(gradients.tasks);
    if (names !== this.#names) this.#rebuild(gradients.tasks);
    this.#names = names;
    gradients.conflicts().forEach(({ conflicting, records, share, mean }, index) => {
      const values = [conflicting, records, share, mean];
      this.#rows[index]?.cells.forEach((cell, column) => setText(cell, numberText(values[column])));
    });
  }

  #rebuild(tasks: readonly string[]): void {
    this.#rows = (this.#history?.gradients.pairs ?? []).map(({ first, second }) => {
      const [a = '', b = ''] = [tasks[first], tasks[second]];
      const cell = (series: string): HTMLElement =>
        element('td', { 'data-task': a, 'data-other': b, 'data-series': series });
      const cells = ['conflicting', 'records', 'conflict-share', 'mean-cosine'].map(cell);
      return { name: element('th', { scope: 'row' }, `${a} – ${b}`), cells };
    });
    this.#pairs.replaceChildren(...this.#rows.map(({ name, cells }) => element('tr', {}, name, ...cells)));
  }

  restyle(): void {
    // Colors are the style sheet's.
  }

  any(history: LossHistory): boolean {
    return history.gradients.length > 0;
  }

  csv(history: LossHistory): string {
    return gradientsCsv(history);
  }
}
