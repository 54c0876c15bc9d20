/** Tabs as the WAI-ARIA authoring practices describe them: one tab stop, arrows choose, Home and End go to the ends. */
import { element } from '../dom.ts';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** What stands in its panel. */
  readonly content: HTMLElement;
}

export class Tabs<Id extends string> {
  /** The row of tabs. */
  readonly node: HTMLElement;
  /** One panel a tab. */
  readonly panels: readonly HTMLElement[];
  readonly #ids: readonly Id[];
  readonly #tabs: readonly HTMLElement[];

  /** @param label what choosing among them does, for who cannot see it */
  constructor(label: string, tabs: readonly Tab<Id>[], choose: (tab: Id) => void) {
    this.#ids = tabs.map(({ id }) => id);
    this.#tabs = tabs.map(({ id, title }) => {
      const node = element(
        'button',
        { role: 'tab', id: `tab-${id}`, 'data-testid': `tab-${id}`, 'aria-controls': `panel-${id}`, class: 'tab' },
        title,
      );
      node.addEventListener('click', () => choose(id));
      return node;
    });
    this.panels = tabs.map(({ id, content }) =>
      element(
        'div',
        { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}`, class: 'tab-panel' },
        content,
      ),
    );
    this.node = element(
      'div',
      { role: 'tablist', 'aria-label': label, class: 'tabs', 'data-testid': 'tabs' },
      ...this.#tabs,
    );
    this.node.addEventListener('keydown', (event) => {
      const next = this.#next(event.key);
      const tab = next === undefined ? undefined : this.#ids[next];
      if (next === undefined || tab === undefined) return;
      event.preventDefault();
      choose(tab);
      this.#tabs[next]?.focus();
    });
  }

  #next(key: string): number | undefined {
    const shown = [...this.#tabs.keys()].filter((index) => this.#tabs[index]?.hidden !== true);
    const at = shown.findIndex((index) => this.#tabs[index] === document.activeElement);
    switch (key) {
      case 'ArrowRight':
        return shown[(at + 1) % shown.length];
      case 'ArrowLeft':
        return shown.at((at - 1) % shown.length);
      case 'Home':
        return shown[0];
      case 'End':
        return shown.at(-1);
      default:
        return undefined;
    }
  }

  /** Takes a tab away that has nothing to say, or brings it back. */
  offer(id: Id, there: boolean): void {
    const tab = this.#tabs[this.#ids.indexOf(id)];
    if (tab) tab.hidden = !there;
  }

  show(chosen: Id): void {
    this.#ids.forEach((id, index) => {
      const selected = id === chosen;
      const node = this.#tabs[index];
      node?.setAttribute('aria-selected', String(selected));
      node?.setAttribute('tabindex', selected ? '0' : '-1');
      const panel = this.panels[index];
      if (panel) panel.hidden = !selected;
    });
  }
}
