/** What the tabs of the comparison's page have in common. */
import type { Comparison, Verdict } from '../../src/experiment/comparison/contract.ts';
import type { CurveSeries } from '../../src/messages/comparison.ts';
import type { ExperimentToHost, ExperimentToPage, OverlaySeries } from '../../src/messages/protocol.ts';
import type { XAxis } from '../charts/series.ts';
import { element, svg, type Attributes } from '../dom.ts';
import { taskColor, taskDash } from '../theme.ts';
import { pathOf, shapeAt } from './marks.ts';
import type { Brushes } from './parallel.ts';
import type { Sort } from './rows.ts';
import type { ForestOrder, Strings, Tab } from './strings.ts';

/** What the page remembers of itself through hiding and reloading. */
export interface ViewState {
  readonly tab: Tab;
  readonly table: boolean;
  readonly sort: Sort;
  readonly filter: string;
  /** Ids of columns. */
  readonly hidden: readonly string[];
  /** Arms whose seeds are shown. */
  readonly open: readonly string[];
  /** Of forest, effects and curves; empty: the first one. */
  readonly task: string;
  readonly order: ForestOrder;
  /** Two factors, as `interactionName` names them; empty: the first ones. */
  readonly interaction: string;
  /** Of the Pareto chart; empty: the first two. */
  readonly x: string;
  readonly y: string;
  readonly brushes: Brushes;
  readonly series: CurveSeries;
  /** Arms whose curves are shown; null: the first few. */
  readonly curves: readonly string[] | null;
  /** Arms that are set against each other; empty: the baseline, and the first other one. */
  readonly first: string;
  readonly second: string;
  /** Shares of the weights where the handle stands; null: those of the spec. */
  readonly shares: readonly number[] | null;
  /** Where each arm's color stands. */
  readonly places: readonly (readonly [string, number])[];
  /** Arm to compare with, where the person chose one. */
  readonly baseline: string;
  /** Of single runs: id of the one that others are compared with; '': the pinned one, or the first. */
  readonly reference: string;
  readonly besideSeries: OverlaySeries;
  readonly besideAxis: XAxis;
  readonly besideLog: boolean;
  /** Runs that are not drawn, and those drawn that would not be by themselves. */
  readonly besideHidden: readonly string[];
  readonly besideShown: readonly string[];
}

export const defaults: ViewState = {
  ...{ tab: 'arms', table: false, sort: { column: '', down: false }, filter: '', hidden: [], open: [] },
  ...{ task: '', order: 'plan', interaction: '', x: '', y: '', brushes: {}, series: 'metric', curves: null },
  ...{ shares: null, first: '', second: '', places: [], baseline: '' },
  ...{ reference: '', besideSeries: 'validation', besideAxis: 'epoch', besideLog: false },
  ...{ besideHidden: [], besideShown: [] },
};

/** What a view is made with. */
export interface Frame {
  readonly strings: Strings;
  readonly state: () => ViewState;
  readonly set: (change: Partial<ViewState>) => void;
  readonly post: (message: ExperimentToHost) => void;
  /** Place of an arm, for its color, dash and shape. */
  readonly place: (arm: string) => number;
}

export interface View {
  /** Inside of the tab's panel. */
  readonly node: HTMLElement;
  /** Shown beside the tabs while this one is chosen. */
  readonly controls: readonly HTMLElement[];
  /** Whether there is a table to take the chart's place. */
  readonly twin: boolean;
  /** @param chosen what nobody sees is not drawn */
  readonly update: (comparison: Comparison | null, chosen: boolean) => void;
  /** Of messages that are for one view alone. */
  readonly receive?: (message: ExperimentToPage) => void;
}

const verdictIcons: Readonly<Record<Verdict, string>> = {
  ...{ helps: '▲', hurts: '▼', equivalent: '=', 'non-inferior': '≥', undecided: '?', 'not-confirmed': '◌' },
};

/** A verdict as icon and word: neither by color alone. */
export function verdictMark(verdict: Verdict, strings: Strings): HTMLElement {
  const icon = element('span', { 'aria-hidden': 'true', class: 'icon' }, verdictIcons[verdict]);
  return element('span', { class: 'verdict', 'data-verdict': verdict }, icon, ` ${strings.verdicts[verdict]}`);
}

/** An arm's mark at a place of a chart. */
export function mark(place: number, x: number, y: number, size: number, attributes: Attributes = {}): SVGElement {
  const shape = { d: pathOf(shapeAt(place), size), transform: `translate(${x} ${y})`, fill: taskColor(place) };
  return svg('path', { ...shape, ...attributes });
}

/** The little picture before an arm's name: its shape and its line. */
export function swatch(place: number): SVGElement {
  const line = { x1: '0', x2: '22', y1: '6', y2: '6', stroke: taskColor(place), 'stroke-width': '2' };
  const size = { width: '22', height: '12', viewBox: '0 0 22 12', 'aria-hidden': 'true', class: 'swatch' };
  return svg(
    'svg',
    size,
    svg('line', { ...line, 'stroke-dasharray': taskDash(place).join(' ') }),
    mark(place, 11, 6, 4.5),
  );
}

/** The name of an arm behind its swatch. */
export function armName(arm: string, frame: Frame): HTMLElement {
  return element('span', { class: 'arm-name', title: arm }, swatch(frame.place(arm)), arm);
}

/** The one that was chosen where it still is there, else the first. */
export function chosenOf(wanted: string, there: readonly string[], fallback = 0): string {
  return there.includes(wanted) ? wanted : (there[fallback] ?? there[0] ?? '');
}
