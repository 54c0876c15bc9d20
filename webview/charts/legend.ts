/** The legend: one toggle a task with its color and dash; double-click shows a task alone. */
import { element, svg } from '../dom.ts';
import { taskColor, taskDash } from '../theme.ts';

export class Legend {
  readonly node = element('div', { class: 'legend', role: 'group' });
  readonly #label: (task: string) => string;
  readonly #onChange: () => void;
  #tasks: readonly string[] = [];
  readonly hidden = new Set<string>();

  /** @param label what pressing a task does, for who cannot see it */
  constructor(label: (task: string) => string, onChange: () => void) {
    this.#label = label;
    this.#onChange = onChange;
  }

  /** @param broken the first step at which the loss of a task was no finite number */
  update(tasks: readonly string[], broken: ReadonlyMap<string, { readonly step: number }>): void {
    if (JSON.stringify(tasks) !== JSON.stringify(this.#tasks)) {
      this.#tasks = tasks;
      for (const name of this.hidden) if (!tasks.includes(name)) this.hidden.delete(name);
      this.redraw();
    }
    for (const item of this.node.children) {
      const step = broken.get(item.getAttribute('data-task') ?? '')?.step;
      if (step === undefined) item.removeAttribute('data-nan-from');
      else item.setAttribute('data-nan-from', String(step));
    }
  }

  redraw(): void {
    this.node.replaceChildren(...this.#tasks.map((task, index) => this.#item(task, index)));
  }

  #item(task: string, index: number): HTMLElement {
    const line = svg(
      'svg',
      { width: '24', height: '8', 'aria-hidden': 'true' },
      svg('line', {
        x1: '0',
        x2: '24',
        y1: '4',
        y2: '4',
        stroke: taskColor(index),
        'stroke-width': '3',
        'stroke-dasharray': taskDash(index).join(' '),
      }),
    );
    const item = element(
      'button',
      {
        class: 'legend-item',
        'data-testid': 'legend-item',
        'data-task': task,
        'aria-pressed': String(!this.hidden.has(task)),
        'aria-label': this.#label(task),
      },
      line,
      task,
    );
    item.addEventListener('click', () => this.#toggle(task));
    item.addEventListener('dblclick', () => this.#solo(task));
    return item;
  }

  #toggle(task: string): void {
    if (!this.hidden.delete(task)) this.hidden.add(task);
    this.#changed();
  }

  /** Shows the task alone, or everything again when it already was alone. */
  #solo(task: string): void {
    const alone = this.#tasks.every((other) => this.hidden.has(other) === (other !== task));
    this.hidden.clear();
    if (!alone) for (const other of this.#tasks) if (other !== task) this.hidden.add(other);
    this.#changed();
  }

  #changed(): void {
    for (const item of this.node.children) {
      item.setAttribute('aria-pressed', String(!this.hidden.has(item.getAttribute('data-task') ?? '')));
    }
    this.#onChange();
  }
}
