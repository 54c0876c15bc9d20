/**
 * A table of any length, of which the rows in sight are in the page: rows are equally high. One tab stop; arrows move, right
 * and left open and close, Enter does what the row is for.
 */
import { element, type Attributes } from '../dom.ts';
import type { Sort } from './rows.ts';

export interface TableColumn {
  readonly id: string;
  readonly title: string;
  /** Pixels. */
  readonly width: number;
  readonly sortable?: boolean;
  /** Something in place of the title's text. */
  readonly head?: Element;
}

export interface TableRow {
  readonly key: string;
  readonly level: 1 | 2;
  /** Null where there is nothing to open. */
  readonly expanded: boolean | null;
  readonly attributes: Attributes;
  /** Made when the row comes into sight. */
  readonly cells: () => readonly HTMLElement[];
}

interface Options {
  readonly testId: string;
  readonly label: string;
  readonly tree?: boolean;
  readonly onSort?: (column: string) => void;
  /** @param open null: the other way round */
  readonly onOpen?: (key: string, open: boolean | null) => void;
  readonly onActive?: () => void;
}

const rowHeight = 26;
/** Rows above and below those in sight. */
const spare = 6;

export class VirtualTable {
  readonly node: HTMLElement;
  readonly #options: Options;
  readonly #table: HTMLElement;
  readonly #columns = element('colgroup');
  readonly #head = element('tr', { 'aria-rowindex': '1' });
  readonly #body = element('tbody');
  readonly #above = spacer();
  readonly #below = spacer();
  #rows: readonly TableRow[] = [];
  /** Rows that are in the page. */
  #drawn = new Map<number, HTMLElement>();
  #active: string | null = null;
  #frame = 0;
  #shape = '';

  constructor(options: Options) {
    this.#options = options;
    const { testId, label, tree = false } = options;
    this.#table = element(
      'table',
      { 'data-testid': testId, role: tree ? 'treegrid' : 'grid', 'aria-label': label, tabindex: '0', class: 'virtual' },
      this.#columns,
      element('thead', {}, this.#head),
      this.#body,
    );
    this.node = element('div', { class: 'scroller' }, this.#table);
    this.node.addEventListener('scroll', () => this.#soon());
    new ResizeObserver(() => this.#soon()).observe(this.node);
    this.#table.addEventListener('keydown', (event) => {
      if (event.target === this.#table && this.#press(event.key)) event.preventDefault();
    });
  }

  /** Key of the row that was chosen last; null before. */
  get active(): string | null {
    return this.#active;
  }

  /** Width that is left for one column beside the others. */
  widthBeside(others: readonly TableColumn[], least: number): number {
    const taken = others.reduce((sum, { width }) => sum + width, 0);
    return Math.max(least, this.node.clientWidth - taken - 16);
  }

  setLabel(label: string): void {
    if (this.#table.getAttribute('aria-label') !== label) this.#table.setAttribute('aria-label', label);
  }

  /** @param focusable false while the table is there for screen readers alone */
  setFocusable(focusable: boolean): void {
    this.#table.tabIndex = focusable ? 0 : -1;
  }

  update(columns: readonly TableColumn[], rows: readonly TableRow[], sort: Sort | null = null): void {
    this.#setColumns(columns, sort);
    this.#rows = rows;
    if (this.#active !== null && !rows.some(({ key }) => key === this.#active)) this.#active = null;
    this.#table.setAttribute('aria-rowcount', String(rows.length + 1));
    for (const row of this.#drawn.values()) row.remove();
    this.#drawn.clear();
    this.#draw();
  }

  #setColumns(columns: readonly TableColumn[], sort: Sort | null): void {
    const shape = JSON.stringify([columns, sort]);
    // What has the focus keeps it.
    if (shape === this.#shape && columns.every(({ head }) => head === undefined)) return;
    const focused = this.#head.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-sort')
      : null;
    this.#shape = shape;
    this.#columns.replaceChildren(
      ...columns.map(({ width }) => {
        const column = element('col');
        column.style.width = `${width}px`;
        return column;
      }),
    );
    this.#table.style.width = `${columns.reduce((sum, { width }) => sum + width, 0)}px`;
    this.#head.replaceChildren(...columns.map((column) => this.#headOf(column, sort)));
    for (const space of [this.#above, this.#below])
      space.firstElementChild?.setAttribute('colspan', String(columns.length));
    if (focused !== null) this.#head.querySelector<HTMLElement>(`[data-sort="${CSS.escape(focused ?? '')}"]`)?.focus();
  }

  #headOf({ id, title, sortable = false, head }: TableColumn, sort: Sort | null): HTMLElement {
    const cell = element('th', { scope: 'col', title });
    if (!sortable) {
      cell.append(head ?? title);
      return cell;
    }
    const sorted = sort?.column === id;
    cell.setAttribute('aria-sort', sorted ? (sort.down ? 'descending' : 'ascending') : 'none');
    const arrow = element('span', { 'aria-hidden': 'true' }, sorted ? (sort.down ? ' ▼' : ' ▲') : '');
    const press = element('button', { class: 'sort', 'data-sort': id }, title, arrow);
    press.addEventListener('click', () => this.#options.onSort?.(id));
    cell.append(press);
    return cell;
  }

  #soon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const count = this.#rows.length;
    const height = this.node.clientHeight || 20 * rowHeight;
    const first = Math.max(0, Math.min(count - 1, Math.floor(this.node.scrollTop / rowHeight)) - spare);
    const end = Math.min(count, Math.ceil((this.node.scrollTop + height) / rowHeight) + spare);
    for (const [at, row] of this.#drawn) {
      if (at >= first && at < end) continue;
      row.remove();
      this.#drawn.delete(at);
    }
    setHeight(this.#above, first * rowHeight);
    setHeight(this.#below, (count - end) * rowHeight);
    if (!this.#above.isConnected) this.#body.append(this.#above, this.#below);
    let before: Element = this.#above;
    for (let at = first; at < end; at++) {
      const row = this.#drawn.get(at) ?? this.#make(at);
      if (row === undefined) continue;
      if (row.previousElementSibling !== before) before.after(row);
      before = row;
    }
    this.#mark();
  }

  #make(at: number): HTMLElement | undefined {
    const row = this.#rows[at];
    if (row === undefined) return undefined;
    const { tree = false, testId } = this.#options;
    const node = element(
      'tr',
      {
        ...{ id: `${testId}-${at}`, 'aria-rowindex': String(at + 2) },
        ...(tree ? { 'aria-level': String(row.level) } : {}),
        ...(row.expanded === null ? {} : { 'aria-expanded': String(row.expanded) }),
        ...row.attributes,
      },
      ...row.cells(),
    );
    node.addEventListener('click', (event) => {
      this.#choose(at);
      if (event.target instanceof Element && event.target.closest('.twist')) this.#options.onOpen?.(row.key, null);
    });
    node.addEventListener('dblclick', () => this.#options.onOpen?.(row.key, null));
    this.#drawn.set(at, node);
    return node;
  }

  #press(key: string): boolean {
    const at = this.#rows.findIndex((row) => row.key === this.#active);
    const page = Math.max(1, Math.floor(this.node.clientHeight / rowHeight) - 2);
    const last = this.#rows.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last },
    };
    const row = this.#rows[at];
    if (Object.hasOwn(steps, key)) {
      if (last >= 0) this.#choose(Math.max(0, Math.min(last, steps[key] ?? 0)), true);
      return true;
    }
    if (row === undefined) return false;
    if (key === 'Enter' || key === ' ') this.#options.onOpen?.(row.key, null);
    else if (key === 'ArrowRight' && row.expanded === false) this.#options.onOpen?.(row.key, true);
    else if (key === 'ArrowLeft' && row.expanded === true) this.#options.onOpen?.(row.key, false);
    else return false;
    return true;
  }

  #choose(at: number, scroll = false): void {
    this.#active = this.#rows[at]?.key ?? null;
    if (scroll) {
      // The head covers one row's height at the top.
      const [top, height] = [at * rowHeight, this.node.clientHeight - rowHeight];
      if (top < this.node.scrollTop) this.node.scrollTop = top;
      else if (top + rowHeight > this.node.scrollTop + height) this.node.scrollTop = top + rowHeight - height;
      this.#draw();
    } else this.#mark();
    this.#options.onActive?.();
  }

  /** Says which row is the active one, where it is in the page. */
  #mark(): void {
    let id: string | null = null;
    for (const [at, node] of this.#drawn) {
      const active = this.#active !== null && this.#rows[at]?.key === this.#active;
      if (active) id = node.id;
      node.classList.toggle('active', active);
    }
    if (id === null) this.#table.removeAttribute('aria-activedescendant');
    else this.#table.setAttribute('aria-activedescendant', id);
  }
}

function spacer(): HTMLElement {
  return element('tr', { 'aria-hidden': 'true', class: 'space' }, element('td'));
}

function setHeight(space: HTMLElement, height: number): void {
  const text = `${height}px`;
  if (space.firstElementChild instanceof HTMLElement && space.firstElementChild.style.height !== text)
    space.firstElementChild.style.height = text;
  space.hidden = height === 0;
}
