/**
 * The legend: a list beside the chart with the sample, name, current value and trend of every curve. A row is pressed to
 * show or hide it; arrows go from row to row, `S` shows one alone; the headings sort.
 */
import { element, setText } from '../dom.ts';
import { sorted, sortKeys, type LegendEntry, type Sort, type SortKey } from './legend-order.ts';
import { tick } from './scale.ts';
import { wordOf } from './series.ts';
import { allTasks } from './source.ts';
import { swatch } from './swatch.ts';

export interface LegendWords {
  readonly legend: (name: string) => string;
  readonly alone: (name: string) => string;
  readonly headings: Readonly<Record<SortKey, string>>;
  readonly trends: Readonly<Record<'-1' | '0' | '1', string>>;
  readonly since: (word: string, step: number) => string;
}

interface Row {
  readonly node: HTMLElement;
  readonly button: HTMLElement;
  readonly value: HTMLElement;
  /** An arrow for the eye. */
  readonly trend: HTMLElement;
  /** The same as a word. */
  readonly said: HTMLElement;
}

export class Legend {
  readonly node: HTMLElement;
  /** Names of what is not drawn; `allTasks` for what is of all of them. */
  readonly hidden = new Set<string>();
  readonly #words: LegendWords;
  readonly #changed: () => void;
  readonly #list = element('ul', { class: 'legend-list' });
  readonly #headings: ReadonlyMap<SortKey, HTMLElement>;
  #entries: readonly LegendEntry[] = [];
  #rows: ReadonlyMap<string, Row> = new Map();
  #sort: Sort = '';
  #run = '';

  constructor(words: LegendWords, label: string, sort: Sort, changed: () => void) {
    this.#words = words;
    this.#changed = changed;
    this.#sort = sort;
    this.#headings = new Map(sortKeys.map((key) => [key, this.#heading(key)]));
    const head = element('div', { class: 'legend-head' }, ...this.#headings.values());
    this.node = element('div', { class: 'legend-side', role: 'group', 'aria-label': label }, head, this.#list);
    this.#list.addEventListener('keydown', (event) => this.#key(event));
  }

  get sort(): Sort {
    return this.#sort;
  }

  /** @param run whose curves these are: rows say it */
  update(entries: readonly LegendEntry[], run: string): void {
    const same = run === this.#run && entries.length === this.#entries.length && entries.every((entry, at) => keyOf(entry) === keyOf(this.#entries[at])); // prettier-ignore
    this.#entries = entries;
    this.#run = run;
    if (!same) this.redraw();
    for (const entry of entries) this.#fill(entry);
    this.#arrange();
  }

  /** With new colors, too. */
  redraw(): void {
    const names = new Set(this.#entries.map(keyOf));
    // Of another run: a choice is kept where a task is called the same. Not every chart has something of all tasks.
    for (const name of this.hidden) if (name !== allTasks && !names.has(name)) this.hidden.delete(name);
    const focused = this.#focused();
    this.#rows = new Map(this.#entries.map((entry) => [keyOf(entry), this.#row(entry)]));
    this.#list.replaceChildren(...[...this.#rows.values()].map(({ node }) => node));
    for (const entry of this.#entries) this.#fill(entry);
    this.#press();
    this.#roam(focused ?? keyOf(this.#entries[0]));
    if (focused !== undefined) this.#rows.get(focused)?.button.focus();
  }

  #row(entry: LegendEntry): Row {
    const { task, name } = entry;
    const value = element('span', { class: 'legend-value' });
    const trend = element('span', { class: 'legend-trend', 'aria-hidden': 'true' });
    const said = element('span', { class: 'visually-hidden' });
    const named = element('span', { class: 'legend-name' }, name);
    const own = task === null ? { 'data-testid': 'legend-total' } : { 'data-testid': 'legend-item', 'data-task': name };
    const of = { ...own, 'data-run': this.#run };
    const button = element(
      'button',
      { class: 'legend-item', ...of, title: this.#words.legend(name), 'aria-keyshortcuts': 'S' },
      swatch(task, task === null ? 'total' : 'bold'),
      ...[named, value, trend, said],
    );
    button.addEventListener('click', () => this.#toggle(keyOf(entry)));
    button.addEventListener('dblclick', () => this.#solo(keyOf(entry)));
    const alone = this.#words.alone(name);
    // By keyboard this is `S` on the row: one stop a row is enough.
    const only = element('button', { class: 'legend-only', tabindex: '-1', title: alone, 'aria-label': alone }, '◉');
    only.addEventListener('click', () => this.#solo(keyOf(entry)));
    return { node: element('li', {}, button, only), button, value, trend, said };
  }

  #fill({ task, name, value, trend, broken }: LegendEntry): void {
    const row = this.#rows.get(task === null ? allTasks : name);
    if (!row) return;
    const since = broken === undefined ? '' : this.#words.since(broken.word, broken.step);
    const now = value === null || Number.isFinite(value) ? tick(value) : wordOf(value);
    setText(row.value, since === '' ? now : since);
    const arrow = trend === null ? '' : { '-1': '↓', '0': '→', '1': '↑' }[String(trend) as '-1' | '0' | '1'];
    setText(row.trend, broken === undefined ? arrow : '');
    row.node.classList.toggle('broken', broken !== undefined);
    if (broken === undefined) row.button.removeAttribute('data-nan-from');
    else row.button.setAttribute('data-nan-from', String(broken.step));
    setText(
      row.said,
      trend === null || broken !== undefined ? '' : this.#words.trends[String(trend) as '-1' | '0' | '1'],
    );
  }

  #heading(key: SortKey): HTMLElement {
    const button = element('button', { class: `legend-sort legend-sort-${key}`, 'data-testid': `legend-sort-${key}` });
    button.addEventListener('click', () => {
      // Up, down, and back to the order of the spec.
      this.#sort = this.#sort === key ? `-${key}` : this.#sort === `-${key}` ? '' : key;
      this.#arrange(true);
      this.#changed();
    });
    return button;
  }

  /** Puts the rows in order; not under the pointer or the focus, where they would jump with every record. */
  #arrange(asked = false): void {
    for (const [key, heading] of this.#headings) {
      const mark = this.#sort === key ? ' ▴' : this.#sort === `-${key}` ? ' ▾' : '';
      setText(heading, `${this.#words.headings[key]}${mark}`);
      heading.setAttribute('aria-pressed', String(mark !== ''));
    }
    if (!asked && (this.node.matches(':hover') || this.node.contains(document.activeElement))) return;
    const nodes = sorted(this.#entries, this.#sort).flatMap((entry) => this.#rows.get(keyOf(entry))?.node ?? []);
    if (nodes.every((node, at) => this.#list.children[at] === node)) return;
    this.#list.replaceChildren(...nodes);
  }

  #key(event: KeyboardEvent): void {
    const buttons = [...this.#list.querySelectorAll<HTMLElement>('.legend-item')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }; // prettier-ignore
    const next = steps[event.key];
    const focused = this.#focused();
    if (next !== undefined) {
      const button = buttons[Math.min(buttons.length - 1, Math.max(0, next))];
      event.preventDefault();
      if (button) this.#roam([...this.#rows].find(([, row]) => row.button === button)?.[0]);
      button?.focus();
    } else if (event.key.toLowerCase() === 's' && !event.ctrlKey && !event.metaKey && focused !== undefined) {
      event.preventDefault();
      this.#solo(focused);
    }
  }

  #focused(): string | undefined {
    return [...this.#rows].find(([, { button }]) => button === document.activeElement)?.[0];
  }

  /** One tab stop for the list. */
  #roam(key: string | undefined): void {
    for (const [name, { button }] of this.#rows) button.tabIndex = name === key ? 0 : -1;
  }

  #toggle(key: string): void {
    if (!this.hidden.delete(key)) this.hidden.add(key);
    this.#press();
    this.#changed();
  }

  /** Shows one alone, or everything again when it already was alone. */
  #solo(key: string): void {
    const names = this.#entries.map(keyOf);
    const alone = names.every((other) => this.hidden.has(other) === (other !== key));
    this.hidden.clear();
    if (!alone) for (const other of names) if (other !== key) this.hidden.add(other);
    this.#press();
    this.#changed();
  }

  #press(): void {
    for (const [key, { button }] of this.#rows) button.setAttribute('aria-pressed', String(!this.hidden.has(key)));
  }
}

const keyOf = (entry: LegendEntry | undefined): string =>
  entry === undefined || entry.task === null ? allTasks : entry.name;
