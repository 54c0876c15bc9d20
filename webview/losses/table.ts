/** The table twin of the chart: the latest numbers, always in the DOM, for keyboard, screen readers and copying. */
import type { LossHistory } from '../../src/messages/history.ts';
import { element } from '../dom.ts';
import type { Strings } from './strings.ts';

const columns = ['train', 'validation', 'weight', 'share'] as const;

export class LossTable {
  readonly node: HTMLElement;
  readonly #body = element('tbody');
  #cells: Record<(typeof columns)[number], HTMLElement>[] = [];
  #names = '';

  constructor(strings: Strings) {
    const head = [strings.task, ...columns.map((column) => strings[column])];
    const header = element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)));
    this.node = element('table', { 'data-testid': 'loss-table' }, element('thead', {}, header), this.#body);
  }

  update(history: LossHistory | null): void {
    const tasks = history?.tasks ?? [];
    const names = JSON.stringify(tasks.map((task) => task.name));
    if (names !== this.#names) this.#rebuild(tasks.map((task) => task.name));
    this.#names = names;
    history?.now().forEach((now, index) => {
      const row = this.#cells[index];
      if (!row) return;
      for (const column of columns) setText(row[column], now[column]);
    });
  }

  #rebuild(names: readonly string[]): void {
    this.#cells = names.map((name) => {
      const cell = (series: string): HTMLElement => element('td', { 'data-task': name, 'data-series': series });
      return { train: cell('train'), validation: cell('validation'), weight: cell('weight'), share: cell('share') };
    });
    const rows = names.map((name, index) => {
      const row = this.#cells[index];
      return element(
        'tr',
        {},
        element('th', { scope: 'row' }, name),
        ...(row ? columns.map((column) => row[column]) : []),
      );
    });
    this.#body.replaceChildren(...rows);
  }
}

/** A plain number, so that a program can read the cell too. */
function setText(cell: HTMLElement, value: number | null): void {
  const text = value === null ? '' : String(Number(value.toPrecision(6)));
  if (cell.textContent !== text) cell.textContent = text;
}
