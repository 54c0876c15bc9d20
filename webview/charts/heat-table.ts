/**
 * A square of numbers between tasks as a table whose cells are colored: the heat map and its twin in one. Signs, not
 * colors alone, tell what is above and below 0.
 */
import { element, setText } from '../dom.ts';

export interface HeatCell {
  /** What stands in the cell, '' where there is nothing. */
  readonly text: string;
  /** −1…1 for the color; NaN for none. */
  readonly heat: number;
  /** For a pointer and a screen reader. */
  readonly title: string;
}

export class HeatTable {
  readonly node: HTMLElement;
  readonly #corner: string;
  readonly #head = element('tr');
  readonly #body = element('tbody');
  #cells: HTMLElement[][] = [];
  #names = '';

  /**
   * @param corner what rows and columns mean
   * @param label the table's accessible name
   */
  constructor(testId: string, corner: string, label: string) {
    this.#corner = corner;
    const parts = [element('thead', {}, this.#head), this.#body];
    this.node = element('table', { 'data-testid': testId, class: 'heat', 'aria-label': label }, ...parts);
  }

  /** @param cell what stands at (row, column) */
  update(tasks: readonly string[], cell: (row: number, column: number) => HeatCell): void {
    const names = JSON.stringify(tasks);
    if (names !== this.#names) this.#rebuild(tasks);
    this.#names = names;
    this.#cells.forEach((row, first) => {
      row.forEach((node, second) => paint(node, cell(first, second)));
    });
  }

  #rebuild(tasks: readonly string[]): void {
    this.#head.replaceChildren(
      element('th', { scope: 'col', class: 'corner' }, this.#corner),
      ...tasks.map((task) => element('th', { scope: 'col' }, task)),
    );
    this.#cells = tasks.map((task) => tasks.map((other) => element('td', { 'data-task': task, 'data-other': other })));
    const rows = tasks.map((task, index) =>
      element('tr', {}, element('th', { scope: 'row' }, task), ...(this.#cells[index] ?? [])),
    );
    this.#body.replaceChildren(...rows);
  }
}

function paint(node: HTMLElement, { text, heat, title }: HeatCell): void {
  setText(node, text);
  if (node.title !== title) node.title = title;
  const known = Number.isFinite(heat);
  const sign = !known || heat === 0 ? 'none' : heat < 0 ? 'negative' : 'positive';
  if (node.dataset['sign'] !== sign) node.dataset['sign'] = sign;
  const strength = known ? String(Math.round(Math.min(1, Math.abs(heat)) * 100)) : '0';
  if (node.dataset['heat'] === strength) return;
  node.dataset['heat'] = strength;
  // Through the object model, which the page's policy allows; never as an attribute of style.
  node.style.setProperty('--heat', `${strength}%`);
}
