/** Which part of the spread between runs comes from the split, from the seed, and from arms that react differently to splits. */
import { spreadNotes } from '../../src/common/spread-notes.ts';
import type { VarianceView } from '../../src/experiment/comparison/contract.ts';
import { element, svg } from '../dom.ts';
import { palette, taskColor } from '../theme.ts';
import { percent, plain } from './numbers.ts';
import { table } from './plain-table.ts';
import type { Strings } from './strings.ts';

const bar = { width: 220, height: 16 };

/** The table and, below it, what the design cannot tell; nothing where no arm has two runs. */
export function spreadNodes(views: readonly VarianceView[], strings: Strings): readonly HTMLElement[] {
  if (views.length === 0) return [];
  const heads = [strings.task, strings.spreadFrom, '', strings.share, strings.deviation, strings.design];
  const rows = views.flatMap((view) => rowsOf(view, strings));
  const notes = spreadNotes(views).map((note) => note[strings.language]);
  return [
    ...(rows.length === 0 ? [] : [table('spread-table', strings.spreadTable, heads, rows)]),
    element('p', { class: 'note', 'data-testid': 'spread-note' }, notes.join(' ')),
  ];
}

function rowsOf({ task, metric, parts, arms, splits, seeds }: VarianceView, strings: Strings): readonly HTMLElement[] {
  return parts.map(({ source, name, variance, share }) =>
    element(
      'tr',
      { 'data-testid': 'spread', 'data-task': task, 'data-source': source },
      element('th', { scope: 'row' }, `${task} ${metric}`),
      element('td', {}, name[strings.language]),
      element('td', {}, picture(share)),
      ...[percent(share), plain(Math.sqrt(variance)), `${arms} × ${splits} × ${seeds}`].map((text) =>
        element('td', {}, text),
      ),
    ),
  );
}

function picture(share: number | null): SVGElement {
  const rect = (width: number, fill: string): SVGElement =>
    svg('rect', { x: '0', y: '3', width: String(width), height: '10', fill });
  const size = { width: String(bar.width), height: String(bar.height), 'aria-hidden': 'true' };
  return svg('svg', size, rect(bar.width, palette().grid), rect((share ?? 0) * bar.width, taskColor(0)));
}
