/** The tab *arms*: a row an arm with its seeds below; sorted, filtered, with the columns that were chosen. */
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import { button, checkbox, type Control } from '../controls.ts';
import { element, numberText, setText } from '../dom.ts';
import { ArmTable, type Column, type Row } from './rows.ts';
import type { ColumnKind } from './strings.ts';
import { armName, verdictMark, type Frame, type View } from './view.ts';
import { VirtualTable, type TableRow } from './virtual-table.ts';

const widths: Readonly<Record<ColumnKind, number>> = {
  ...{ arm: 210, seeds: 80, mean: 150, delta: 250, deltaM: 130, rank: 90, seconds: 80 },
  ...{ parameters: 100, stage: 100, setting: 150 },
};

export class ArmsView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = false;
  readonly #frame: Frame;
  readonly #table: VirtualTable;
  readonly #filter: HTMLInputElement;
  readonly #count = element('span', { class: 'muted', role: 'status', 'data-testid': 'arms-count' });
  readonly #pin: Control;
  readonly #chooser = element('div', { class: 'chooser' });
  #known: { readonly comparison: Comparison; readonly arms: ArmTable } | null = null;
  #rows = new Map<string, Row>();
  #chooserShape = '';

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, state } = frame;
    this.#table = new VirtualTable({
      ...{ testId: 'arms-table', label: strings.armsTable, tree: true },
      onSort: (column) => this.#sort(column),
      onOpen: (key, open) => this.#open(key, open),
      onActive: () => this.#showPin(),
    });
    const hint = strings.filterHint;
    this.#filter = element('input', {
      ...{ type: 'search', 'data-testid': 'filter', class: 'filter', placeholder: hint, title: hint },
      ...{ 'aria-label': strings.filter, value: state().filter },
    }) as HTMLInputElement;
    this.#filter.addEventListener('input', () => frame.set({ filter: this.#filter.value }));
    this.#pin = button({ testId: 'pin', label: strings.pinNothing, onClick: () => this.#pinActive() });
    this.#pin.disabled = true;
    const chooser = element(
      'details',
      { class: 'columns', 'data-testid': 'columns' },
      element('summary', {}, strings.chooseColumns),
      this.#chooser,
    );
    this.controls = [this.#filter, this.#count, this.#pin, chooser];
    this.node = element('div', { class: 'view' }, this.#table.node);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    if (comparison === null || !chosen) return;
    if (this.#known?.comparison !== comparison) {
      this.#known = { comparison, arms: new ArmTable(comparison, this.#frame.strings) };
    }
    const { arms } = this.#known;
    const { strings, state } = this.#frame;
    const { filter, sort, open, hidden } = state();
    const columns = arms.columns.filter(({ id }) => id === 'arm' || !hidden.includes(id));
    const rows = arms.rows(filter, sort, new Set(open));
    this.#rows = new Map(rows.map((row) => [keyOf(row), row]));
    this.#table.update(
      columns.map(({ id, kind, title }) => ({ id, title, width: widths[kind], sortable: true })),
      rows.map((row) => this.#rowOf(row, columns)),
      sort,
    );
    const shown = rows.filter(({ seed }) => seed === null).length;
    setText(this.#count, strings.shownArms(shown, comparison.arms.length));
    this.#choose(arms);
    this.#showPin();
  }

  #rowOf(row: Row, columns: readonly Column[]): TableRow {
    const { arm, seed } = row;
    const own = seed === null;
    const { open } = this.#frame.state();
    const baseline = arm.id === this.#known?.comparison.baseline;
    return {
      key: keyOf(row),
      level: own ? 1 : 2,
      expanded: own && arm.seeds.length > 0 ? open.includes(arm.id) : null,
      attributes: {
        'data-testid': own ? 'arm' : 'seed',
        'data-arm': arm.id,
        ...(own ? {} : { 'data-seed': String(arm.seeds[seed]) }),
        ...(own && baseline ? { 'data-baseline': 'true', class: 'baseline' } : {}),
      },
      cells: () => columns.map((column) => this.#cell(row, column)),
    };
  }

  #cell(row: Row, column: Column): HTMLElement {
    const { arms } = this.#known ?? {};
    const { text = '', title = '', verdict = null, key = null } = arms?.cell(row, column) ?? {};
    if (column.kind === 'arm') return this.#nameCell(row, text, title);
    const attributes = {
      ...(column.kind === 'mean' ? { 'data-measure': column.of, 'data-value': valueText(key) } : {}),
      ...(column.kind === 'delta' ? { 'data-delta': column.of, 'data-value': valueText(key) } : {}),
      'data-column': column.kind,
      ...(title === '' ? {} : { title }),
    };
    const mark = verdict === null ? null : verdictMark(verdict, this.#frame.strings);
    return element('td', attributes, text, mark === null ? null : ' ', mark);
  }

  #nameCell({ arm, seed }: Row, text: string, title: string): HTMLElement {
    if (seed !== null) return element('th', { scope: 'row', class: 'child' }, text);
    const open = this.#frame.state().open.includes(arm.id);
    const twist = element('span', { class: 'twist', 'aria-hidden': 'true' }, open ? '▾' : '▸');
    const baseline = arm.id === this.#known?.comparison.baseline ? ` · ${this.#frame.strings.baseline}` : '';
    const name = element('th', { scope: 'row' }, twist, armName(arm.id, this.#frame), baseline);
    name.title = [arm.id, title].filter((part) => part !== '').join('\n');
    return name;
  }

  #sort(column: string): void {
    const { sort } = this.#frame.state();
    // Up, down, and as planned again.
    if (sort.column !== column) this.#frame.set({ sort: { column, down: false } });
    else this.#frame.set({ sort: sort.down ? { column: '', down: false } : { column, down: true } });
  }

  #open(key: string, wanted: boolean | null): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    const { arm, seed } = row;
    if (seed !== null) {
      const run = arm.runs.find((one) => one.seed === arm.seeds[seed]);
      if (run !== undefined) this.#frame.post({ type: 'showRun', run: run.id });
      return;
    }
    const { open } = this.#frame.state();
    const others = open.filter((id) => id !== arm.id);
    this.#frame.set({ open: (wanted ?? !open.includes(arm.id)) ? [...others, arm.id] : others });
  }

  #pinActive(): void {
    const row = this.#rows.get(this.#table.active ?? '');
    if (row !== undefined) this.#frame.set({ baseline: row.arm.id });
  }

  #showPin(): void {
    const { strings } = this.#frame;
    const row = this.#rows.get(this.#table.active ?? '');
    const fits = row !== undefined && row.arm.id !== this.#known?.comparison.baseline;
    const label = row !== undefined && fits ? strings.pin(row.arm.id) : strings.pinNothing;
    this.#pin.disabled = !fits;
    this.#pin.title = label;
    this.#pin.setAttribute('aria-label', label);
    setText(this.#pin, label);
  }

  #choose(arms: ArmTable): void {
    const { hidden } = this.#frame.state();
    const shape = JSON.stringify(arms.columns.map(({ id }) => id));
    if (shape === this.#chooserShape) return;
    this.#chooserShape = shape;
    const boxes = arms.columns
      .filter(({ id }) => id !== 'arm')
      .map(({ id, title }) =>
        checkbox({
          ...{ testId: `column-${id}`, label: title, checked: !hidden.includes(id) },
          onChange: (checked) => {
            const others = this.#frame.state().hidden.filter((one) => one !== id);
            this.#frame.set({ hidden: checked ? others : [...others, id] });
          },
        }),
      );
    this.#chooser.replaceChildren(...boxes);
  }
}

const keyOf = ({ arm, seed }: Row): string => JSON.stringify([arm.id, seed]);
const valueText = (key: number | string | null): string => (typeof key === 'number' ? numberText(key) : '');
