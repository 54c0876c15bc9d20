/** A table with one row a task and one plain number a column: the twin of a chart, for keyboard, screen readers and copying. */
import { element, numberText, setText } from '../dom.ts';
import { wordOf } from './series.ts';

export interface Column {
  /** `data-series` of its cells. */
  readonly series: string;
  readonly title: string;
  /** `data-strategy` of its cells, where they are those of an observed strategy. */
  readonly strategy?: string;
}

export class TaskTable {
  readonly node: HTMLElement;
  readonly #task: string;
  readonly #head = element('tr');
  readonly #body = element('tbody');
  #cells: HTMLElement[][] = [];
  #shape = '';

  /** @param task heading of the first column */
  constructor(testId: string, task: string) {
    this.#task = task;
    this.node = element('table', { 'data-testid': testId }, element('thead', {}, this.#head), this.#body);
  }

  /**
   * @param values one list a column, in the order of the tasks
   * @param run whose numbers these are: cells say it
   */
  update(
    tasks: readonly string[],
    columns: readonly Column[],
    values: readonly (readonly (number | null)[])[],
    run: string,
  ): void {
    const shape = JSON.stringify([tasks, columns, run]);
    if (shape !== this.#shape) this.#rebuild(tasks, columns, run);
    this.#shape = shape;
    this.#cells.forEach((row, task) => {
      row.forEach((cell, column) => setText(cell, cellText(values[column]?.[task])));
    });
  }

  #rebuild(tasks: readonly string[], columns: readonly Column[], run: string): void {
    const titles = [this.#task, ...columns.map(({ title }) => title)];
    this.#head.replaceChildren(...titles.map((title) => element('th', { scope: 'col' }, title)));
    this.#cells = tasks.map((task) =>
      columns.map(({ series, strategy }) =>
        element('td', {
          'data-task': task,
          'data-series': series,
          'data-run': run,
          ...(strategy === undefined ? {} : { 'data-strategy': strategy }),
        }),
      ),
    );
    const rows = tasks.map((task, index) =>
      element('tr', {}, element('th', { scope: 'row' }, task), ...(this.#cells[index] ?? [])),
    );
    this.#body.replaceChildren(...rows);
  }
}

/** What is no finite number is said, not left out. */
function cellText(value: number | null | undefined): string {
  return typeof value === 'number' && !Number.isFinite(value) ? wordOf(value) : numberText(value);
}
