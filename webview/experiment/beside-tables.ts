/** The tables of single runs: their metrics beside those of the reference, and where their specs differ. */
import { besideReference } from '../../src/common/beside.ts';
import type { BesideRow, RunsBeside } from '../../src/experiment/comparison/contract.ts';
import { runSwatch } from '../charts/swatch.ts';
import { element, numberText } from '../dom.ts';
import { none, plain, signed } from './numbers.ts';
import type { BesideStrings } from './strings.ts';

/** What the tables are drawn for. */
export interface Shown {
  readonly beside: RunsBeside;
  /** Id of the run that others are compared with. */
  readonly reference: string;
  /** Null: it is not drawn. */
  readonly line: (run: string) => number | null;
  readonly strings: BesideStrings;
  readonly task: string;
  readonly setting: string;
  readonly absent: string;
  readonly separator: string;
  readonly open: (run: string) => void;
}

/** A run's line in the chart; nothing where it has none. */
export const lineSwatch = (line: number | null): Element => (line === null ? element('span') : runSwatch(line));

function heads({ beside, reference, line, strings, separator, open }: Shown): readonly HTMLElement[] {
  return beside.runs.map(({ id, label, pinned, seed, engine, strategy, fork }) => {
    const facts = [
      ...(id === reference ? [strings.reference] : []),
      ...(pinned ? [strings.pinned] : []),
      strings.seed(seed),
      strategy,
      ...(engine === null ? [] : [engine]),
      ...(fork === null ? [] : [strings.fork(fork.run, fork.step)]),
    ];
    const name = element('button', { class: 'run-name', title: strings.open(`${label} (${id})`) }, label);
    name.addEventListener('click', () => open(id));
    const about = element('div', { class: 'run-facts' }, facts.join(separator));
    const own = { scope: 'col', 'data-run': id, 'data-reference': String(id === reference) };
    return element('th', own, lineSwatch(line(id)), name, about);
  });
}

/** A row a metric and split, a column a run. */
export function numbersTable(shown: Shown): HTMLElement {
  const { beside, strings, task } = shown;
  const head = [task, strings.metric, strings.split].map((title) => element('th', { scope: 'col' }, title));
  const table = element('table', { 'data-testid': 'beside-table', class: 'beside-table' });
  const body = element('tbody', {}, ...beside.rows.map((row, at) => numbersRow(row, beside.rows[at - 1], shown)));
  table.append(
    element('caption', {}, strings.numbers),
    element('thead', {}, element('tr', {}, ...head, ...heads(shown))),
    body,
  );
  return table;
}

function numbersRow(row: BesideRow, before: BesideRow | undefined, { beside, reference, strings }: Shown): HTMLElement {
  const place = beside.runs.findIndex(({ id }) => id === reference);
  const numbers = row.values.map(({ value }) => value);
  const found = besideReference(numbers, place, row.higherIsBetter);
  const [higher, lower] = strings.directions;
  const direction = row.higherIsBetter ? higher : lower;
  const arrow = element(
    'span',
    { title: direction, role: 'img', 'aria-label': direction },
    row.higherIsBetter ? '↑' : '↓',
  );
  const first = before?.task !== row.task;
  const rows = beside.rows.filter(({ task }) => task === row.task).length;
  const cells = row.values.map(({ value, state, epoch }, at) => {
    const { delta = null, best = false } = found[at] ?? {};
    const of = {
      ...{ 'data-testid': 'beside-cell', 'data-run': beside.runs[at]?.id ?? '', 'data-task': row.task },
      ...{ 'data-metric': row.metric, 'data-split': row.split, 'data-value': numberText(value) },
      ...{ 'data-delta': numberText(delta), 'data-best': String(best) },
    };
    if (value === null || state !== 'value') {
      const why = state === 'value' ? '' : strings.states[state];
      return element('td', { ...of, title: why }, none, element('span', { class: 'visually-hidden' }, ` ${why}`));
    }
    return element(
      'td',
      { ...of, title: numberText(value) },
      element('span', { class: best ? 'best' : '' }, plain(value)),
      best
        ? element('span', { class: 'best-mark', title: strings.best, role: 'img', 'aria-label': strings.best }, ' ★')
        : null,
      delta === null ? null : element('span', { class: 'delta' }, ` Δ ${signed(delta)}`),
      epoch === null ? null : element('span', { class: 'at-epoch' }, ` ${strings.atEpoch(epoch)}`),
    );
  });
  return element(
    'tr',
    first ? { class: 'first-of-task' } : {},
    first ? element('th', { scope: 'rowgroup', rowspan: String(rows) }, row.task) : null,
    element('td', {}, row.metric, ' ', arrow),
    element('td', {}, strings.splits[row.split]),
    ...cells,
  );
}

/** A row a place of the long form. */
export function specsTable(shown: Shown): HTMLElement {
  const { beside, strings, setting, absent } = shown;
  if (beside.differences.length === 0) return element('p', { class: 'note' }, strings.sameSpecs);
  const own = beside.runs.findIndex(({ id }) => id === shown.reference);
  const rows = beside.differences.map(({ pointer, values }) =>
    element(
      'tr',
      { 'data-testid': 'beside-difference', 'data-pointer': pointer },
      element('th', { scope: 'row' }, element('code', {}, pointer)),
      ...values.map((value) => {
        const other = value !== values[own];
        const text = value === null ? absent : value;
        return element('td', { 'data-differs': String(other) }, element('code', { class: other ? 'differs' : '', title: text }, other ? `≠ ${text}` : text)); // prettier-ignore
      }),
    ),
  );
  return element(
    'table',
    { 'data-testid': 'beside-specs', class: 'beside-table' },
    element('caption', {}, strings.specs),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, setting), ...heads(shown))),
    element('tbody', {}, ...rows),
  );
}
