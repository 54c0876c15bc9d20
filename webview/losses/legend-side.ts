/** Beside the chart: the legend, and what the styles of its curves mean. Where the panel is narrow it opens from a button. */
import type { LossHistory } from '../../src/messages/history.ts';
import { Legend } from '../charts/legend.ts';
import type { Sort } from '../charts/legend-order.ts';
import { swatch } from '../charts/swatch.ts';
import { element } from '../dom.ts';
import { Menu } from './menu.ts';
import type { Strings } from './strings.ts';
import type { ChartLegend, ViewState } from './view.ts';

export class LegendSide {
  readonly node: HTMLElement;
  readonly menu: Menu;
  readonly #strings: Strings;
  readonly #legend: Legend;
  readonly #key = element('div', { class: 'legend-key' });
  #keyed = '';

  constructor(strings: Strings, saved: Pick<ViewState, 'hidden' | 'sort'>, changed: () => void) {
    this.#strings = strings;
    const { legend, alone, trends, brokenSince: since, task, now: value, trend } = strings;
    const words = { legend, alone, trends, since, headings: { task, value, trend } };
    this.#legend = new Legend(words, strings.legendGroup, saved.sort, changed);
    for (const name of saved.hidden) this.#legend.hidden.add(name);
    this.node = element('aside', { class: 'side' }, this.#legend.node, this.#key);
    this.menu = new Menu('legend-menu', '☰', this.node);
  }

  get hidden(): ReadonlySet<string> {
    return this.#legend.hidden;
  }

  get sort(): Sort {
    return this.#legend.sort;
  }

  /** @param legend null: nothing that is shown has curves */
  update(run: string, legend: ChartLegend | null, history: LossHistory | null): void {
    const shown = legend !== null && history !== null && history.tasks.length > 0;
    this.node.hidden = !shown;
    this.menu.button.hidden = !shown;
    if (!shown) return;
    const entries = legend.entries(history);
    this.#legend.update(entries, run);
    this.menu.name(this.#strings.legendMenu(entries.length));
    const key = legend.key();
    const keyed = JSON.stringify(key);
    if (keyed === this.#keyed) return;
    this.#keyed = keyed;
    this.#showKey(legend);
  }

  /** The theme has other colors. */
  restyle(): void {
    this.#legend.redraw();
    this.#keyed = '';
  }

  #showKey(legend: ChartLegend): void {
    const key = legend.key().map(([style, text]) => element('span', {}, swatch('neutral', style), text));
    this.#key.replaceChildren(...key);
    this.#key.hidden = key.length === 0;
  }
}
