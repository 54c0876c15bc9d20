/** A drop-down whose choices come and go with the comparison. */
import { element } from '../dom.ts';

export class Choice {
  readonly node: HTMLElement;
  readonly #select: HTMLSelectElement;
  #shape = '';

  constructor(testId: string, label: string, choose: (value: string) => void) {
    this.#select = element('select', { 'data-testid': testId, 'aria-label': label, title: label }) as HTMLSelectElement;
    this.#select.addEventListener('change', () => choose(this.#select.value));
    this.node = element('span', { class: 'labeled' }, `${label} `, this.#select);
  }

  /** @param choices [value, text] */
  update(choices: readonly (readonly [string, string])[], value: string): void {
    const shape = JSON.stringify(choices);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#select.replaceChildren(...choices.map(([id, text]) => element('option', { value: id }, text)));
    }
    this.#select.value = value;
  }
}

export const sameTexts = (values: readonly string[]): readonly (readonly [string, string])[] =>
  values.map((value) => [value, value]);
