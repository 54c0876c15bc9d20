/** What the tabs of the panel have in common. */
import type { LossHistory } from '../../src/messages/history.ts';
import { element } from '../dom.ts';
import type { LegendEntry, Sort } from '../charts/legend-order.ts';
import type { CurveStyle } from '../charts/stroke.ts';
import type { XAxis } from '../charts/series.ts';
import type { LegendLine } from '../charts/chart-picture.ts';
import type { Source, Underlay, Zoom } from '../charts/source.ts';
import type { ExportChoice } from '../export/choice.ts';
import type { OverlaySeries } from '../../src/messages/protocol.ts';
import type { Average, Strings, Tab } from './strings.ts';

/** What the page remembers of itself through hiding and reloading. */
export interface ViewState {
  readonly tab: Tab;
  readonly axis: XAxis;
  readonly log: boolean;
  readonly smoothing: number;
  readonly table: boolean;
  readonly hidden: readonly string[];
  readonly sort: Sort;
  /** Observed strategy that is drawn beside the effective weights; '' for none. */
  readonly compare: string;
  readonly shares: boolean;
  readonly logNorms: boolean;
  readonly average: Average;
  /** Ids of what lies under the losses: an arm's seeds, other runs. */
  readonly overlaid: readonly string[];
  readonly overlaySeries: OverlaySeries;
  /** The pinned run is not to lie under others. */
  readonly withoutReference: boolean;
  /** What was chosen for pictures. */
  readonly exporting?: ExportChoice;
}

export const defaults: ViewState = {
  ...{ tab: 'losses', axis: 'step', log: false, smoothing: 0.6, table: false, hidden: [], sort: '' },
  ...{ compare: '', shares: false, logNorms: true, average: '1' },
  ...{ overlaid: [], overlaySeries: 'validation', withoutReference: false },
};

/** Other runs under the losses. */
export interface LaidUnder {
  readonly controls: readonly HTMLElement[];
  readonly legend: HTMLElement;
  readonly note: HTMLElement;
  readonly table: HTMLElement;
  readonly underlays: (tasks: readonly string[], axis: XAxis) => readonly Underlay[];
  /** What a saved picture's legend says of them. */
  readonly said: () => readonly LegendLine[];
  /** Fills the table. */
  readonly tell: (tasks: readonly string[]) => void;
}

/** What a view is made with. */
export interface Frame {
  readonly strings: Strings;
  readonly state: () => ViewState;
  readonly set: (change: Partial<ViewState>) => void;
  /** Id of the run that is shown. */
  readonly run: () => string;
  /** Asks the editor for a spec with groups made from what this run measured. */
  readonly proposeGroups: () => void;
  /** Other runs under the losses. */
  readonly overlays: LaidUnder;
}

/** What a chart's legend says. */
export interface ChartLegend {
  readonly entries: (history: LossHistory) => readonly LegendEntry[];
  /** What the styles of curves mean. */
  readonly key: () => readonly (readonly [CurveStyle, string])[];
  /** Heading of the values. */
  readonly value: string;
}

export interface ShownChart {
  readonly source: Source;
  readonly zoom: Zoom | null;
  readonly notes: readonly string[];
}

export interface View {
  /** Inside of the tab's panel. */
  readonly node: HTMLElement;
  /** Shown beside the legend while this tab is chosen. */
  readonly controls: readonly HTMLElement[];
  /** Of the tab's chart; null where there is none: then the choice of the x axis and that of the table mean nothing either. */
  readonly legend: ChartLegend | null;
  /** Whether curves are smoothed. */
  readonly smooths: boolean;
  readonly update: (history: LossHistory | null, chosen: boolean) => void;
  readonly restyle: () => void;
  /** Whether there is anything to export. */
  readonly any: (history: LossHistory) => boolean;
  /** What its chart shows, and what stands above it for what it cannot show; null where there is no chart to be saved. */
  readonly picture?: () => ShownChart | null;
  /** What the tab shows. */
  readonly csv: (history: LossHistory) => string;
}

/** A line above a chart for what it cannot show; as tall as its text. */
export function note(testId: string, attributes: Readonly<Record<string, string>> = {}): HTMLElement {
  return element('div', { class: 'note', 'data-testid': testId, ...attributes });
}

/** Nothing where a column has no number. */
export function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The notes that say something. */
export function told(...notes: readonly HTMLElement[]): readonly string[] {
  return notes.flatMap(({ textContent }) => (textContent === '' ? [] : [textContent]));
}
