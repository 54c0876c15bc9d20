/** A chart and its table, one of which is seen. */
import type { LossHistory } from '../../src/messages/history.ts';
import { element } from '../dom.ts';
import { Chart } from './chart.ts';
import type { Source } from './source.ts';
import { Tooltip } from './tooltip.ts';

export interface ChartWords {
  /** What the chart shows. */
  readonly label: string;
  /** How it is used. */
  readonly hint: string;
  /** Curves for which the tooltip has no room. */
  readonly more: (count: number) => string;
}

/** A chart with its tooltip, and the table twin that takes its place or stays for screen readers alone. */
export class ChartBox {
  readonly nodes: readonly HTMLElement[];
  readonly #chart: Chart;
  readonly #plotBox: HTMLElement;
  readonly #tableBox: HTMLElement;

  constructor({ label, hint, more }: ChartWords, table: HTMLElement) {
    const tooltip = new Tooltip(more);
    const slider = { role: 'slider', 'aria-orientation': 'horizontal', 'aria-valuenow': '0', 'aria-valuetext': '' };
    const plot = element('div', { class: 'plot', tabindex: '0', ...slider, 'aria-label': label, title: hint });
    this.#plotBox = element('div', { class: 'plot-box' }, plot, tooltip.node);
    this.#chart = new Chart(plot, tooltip);
    this.#tableBox = element('div', {}, table);
    this.nodes = [this.#plotBox, this.#tableBox];
  }

  /**
   * @param source what to draw; null: nothing
   * @param table the table is shown, not the chart
   * @param drawn the tab is chosen: what nobody sees is not drawn
   */
  update(run: LossHistory | null, source: Source | null, table: boolean, drawn: boolean): void {
    this.#plotBox.hidden = table || source === null;
    // Hidden from the eye only: the table stays readable for screen readers while the chart is shown.
    this.#tableBox.className = table ? 'table-box' : 'table-box visually-hidden';
    if (table) this.#tableBox.tabIndex = 0;
    else this.#tableBox.removeAttribute('tabindex');
    if (drawn) this.#chart.update(run, source);
  }

  /** What the chart shows. */
  get shown(): Chart['shown'] {
    return this.#chart.shown;
  }

  restyle(): void {
    this.#chart.restyle();
  }
}
