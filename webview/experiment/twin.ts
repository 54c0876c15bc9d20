/** A chart and its table: one is seen, the table stays for screen readers. */
import { element } from '../dom.ts';
import type { VirtualTable } from './virtual-table.ts';

export class Twin {
  readonly node: HTMLElement;
  readonly #chart: HTMLElement;
  readonly #table: HTMLElement;
  readonly #rows: VirtualTable;

  /** @param resized called when there is another amount of room for the chart */
  constructor(chart: HTMLElement, table: VirtualTable, resized: () => void) {
    this.#chart = element('div', { class: 'chart' }, chart);
    this.#table = element('div', { class: 'table-box' }, table.node);
    this.#rows = table;
    this.node = element('div', { class: 'twin' }, this.#chart, this.#table);
    new ResizeObserver(() => {
      if (this.#chart.clientWidth > 0) resized();
    }).observe(this.#chart);
  }

  get width(): number {
    return Math.max(280, this.#chart.clientWidth);
  }

  get height(): number {
    return Math.max(200, this.#chart.clientHeight);
  }

  show(table: boolean): void {
    this.#chart.hidden = table;
    this.#table.className = table ? 'table-box' : 'table-box visually-hidden';
    this.#rows.setFocusable(table);
  }
}
