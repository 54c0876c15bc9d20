/** Tabs as the WAI-ARIA authoring practices describe them: one tab stop, arrows choose, Home and End go to the ends. */
import { element } from '../dom.ts';
import { tabs, type Strings, type Tab } from '../losses/strings.ts';

export class Tabs {
  /** The row of tabs. */
  readonly node: HTMLElement;
  /** One panel a tab. */
  readonly panels: readonly HTMLElement[];
  readonly #tabs: readonly HTMLElement[];

  /** @param contents what stands in the panel of each tab */
  constructor(strings: Strings, contents: Readonly<Record<Tab, HTMLElement>>, choose: (tab: Tab) => void) {
    this.#tabs = tabs.map((tab) => {
      const node = element(
        'button',
        { role: 'tab', id: `tab-${tab}`, 'data-testid': `tab-${tab}`, 'aria-controls': `panel-${tab}`, class: 'tab' },
        strings.tabs[tab],
      );
      node.addEventListener('click', () => choose(tab));
      return node;
    });
    this.panels = tabs.map((tab) =>
      element(
        'div',
        { role: 'tabpanel', id: `panel-${tab}`, 'aria-labelledby': `tab-${tab}`, class: 'tab-panel' },
        contents[tab],
      ),
    );
    this.node = element(
      'div',
      { role: 'tablist', 'aria-label': strings.tabList, class: 'tabs', 'data-testid': 'tabs' },
      ...this.#tabs,
    );
    this.node.addEventListener('keydown', (event) => {
      const next = this.#next(event.key);
      const tab = next === undefined ? undefined : tabs[next];
      if (next === undefined || tab === undefined) return;
      event.preventDefault();
      choose(tab);
      this.#tabs[next]?.focus();
    });
  }

  #next(key: string): number | undefined {
    const at = this.#tabs.findIndex((tab) => tab === document.activeElement);
    const count = this.#tabs.length;
    switch (key) {
      case 'ArrowRight':
        return (at + 1) % count;
      case 'ArrowLeft':
        return (at - 1 + count) % count;
      case 'Home':
        return 0;
      case 'End':
        return count - 1;
      default:
        return undefined;
    }
  }

  show(chosen: Tab): void {
    tabs.forEach((tab, index) => {
      const selected = tab === chosen;
      const node = this.#tabs[index];
      node?.setAttribute('aria-selected', String(selected));
      node?.setAttribute('tabindex', selected ? '0' : '-1');
      const panel = this.panels[index];
      if (panel) panel.hidden = !selected;
    });
  }
}
