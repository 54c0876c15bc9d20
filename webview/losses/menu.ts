/**
 * What opens from a button where the panel is narrow, and stands in its place where it is not: which of the two, the style
 * sheet says. Escape and a press elsewhere close it.
 */
import { element, setText } from '../dom.ts';

export class Menu {
  readonly button: HTMLElement;
  readonly #content: HTMLElement;
  readonly #name = element('span', { class: 'menu-name' });

  /**
   * @param sign stands for the name where there is no room for that either
   * @param content keeps its place in the page; it is given the class `menu`
   */
  constructor(testId: string, sign: string, content: HTMLElement) {
    this.#content = content;
    content.id = testId;
    content.classList.add('menu');
    const attributes = { class: 'menu-button', 'data-testid': testId, 'aria-expanded': 'false' };
    this.button = element(
      'button',
      { ...attributes, 'aria-controls': testId },
      element('span', { class: 'menu-sign', 'aria-hidden': 'true' }, sign),
      this.#name,
    );
    this.button.addEventListener('click', () => this.#open(this.button.getAttribute('aria-expanded') !== 'true'));
    for (const node of [this.button, content]) {
      node.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape' || this.button.getAttribute('aria-expanded') !== 'true') return;
        this.#open(false);
        this.button.focus();
      });
    }
    document.addEventListener('pointerdown', ({ target }) => {
      const inside = target instanceof Node && (content.contains(target) || this.button.contains(target));
      if (!inside) this.#open(false);
    });
  }

  name(text: string): void {
    setText(this.#name, text);
    this.button.title = text;
  }

  #open(open: boolean): void {
    this.button.setAttribute('aria-expanded', String(open));
    this.#content.classList.toggle('open', open);
  }
}
