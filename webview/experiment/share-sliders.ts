/** A slider a task: its share of the weights, and the weight that it makes. */
import { element, setText } from '../dom.ts';

interface Row {
  readonly input: HTMLInputElement;
  readonly output: HTMLElement;
}

export class ShareSliders {
  readonly node = element('div', { class: 'brushes' });
  readonly #label: (task: string) => string;
  readonly #change: (place: number, share: number) => void;
  #rows: readonly Row[] = [];
  #names = '';

  /** @param change place of the task whose share was set, and the share */
  constructor(label: (task: string) => string, change: (place: number, share: number) => void) {
    this.#label = label;
    this.#change = change;
  }

  update(tasks: readonly string[], shares: readonly number[], weights: readonly number[]): void {
    const names = JSON.stringify(tasks);
    if (names !== this.#names) this.#rebuild(tasks);
    this.#names = names;
    this.#rows.forEach(({ input, output }, at) => {
      const text = `${(shares[at] ?? 0).toFixed(3)} (${String(weights[at])})`;
      if (Number(input.value) !== shares[at]) input.value = String(shares[at]);
      input.setAttribute('aria-valuetext', text);
      setText(output, text);
    });
  }

  #rebuild(tasks: readonly string[]): void {
    this.#rows = tasks.map((task, place) => {
      const input = element('input', {
        ...{ type: 'range', min: '0', max: '1', step: '0.001', 'aria-label': this.#label(task) },
        ...{ 'data-testid': 'share', 'data-task': task },
      }) as HTMLInputElement;
      input.addEventListener('input', () => this.#change(place, Number(input.value)));
      return { input, output: element('output', { class: 'muted' }) };
    });
    const rows = this.#rows.map(({ input, output }, at) =>
      element('div', { class: 'brush-pair' }, element('span', {}, tasks[at] ?? ''), input, output),
    );
    this.node.replaceChildren(...rows);
  }
}
