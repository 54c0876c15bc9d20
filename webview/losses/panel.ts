/** The loss panel: toolbar, legend, chart and table over one run. It holds no truth of its own: the host hydrates it. */
import { LossHistory } from '../../src/messages/history.ts';
import type { RunState } from '../../src/common/run-state.ts';
import type { LossesToHost, LossesToPage, RunSummary } from '../../src/messages/protocol.ts';
import { unpack, type PackedHistory } from '../../src/messages/snapshot.ts';
import { checkbox, dropdown, slider } from '../controls.ts';
import { element } from '../dom.ts';
import { onThemeChange } from '../theme.ts';
import { wordOf, type XAxis } from '../charts/series.ts';
import type { ChartScene } from '../charts/chart-picture.ts';
import { base64 } from '../export/picture-file.ts';
import { exportWords } from '../export/strings.ts';
import { ChartExport, legendLines } from './chart-export.ts';
import { LegendSide } from './legend-side.ts';
import { Menu } from './menu.ts';
import type { Strings, Tab } from './strings.ts';
import { Tabs } from '../charts/tabs.ts';
import { Overlays } from './overlays.ts';
import { RunBar } from './run-bar.ts';
import { makeTabs, type LossTab } from './tabs.ts';
import { defaults, type View, type ViewState } from './view.ts';

/** Milliseconds between two sentences to a screen reader. */
const announceEvery = 15_000;

export class LossPanel {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #post: (message: LossesToHost) => void;
  readonly #save: (state: ViewState) => void;
  readonly #view: { -readonly [Key in keyof ViewState]: ViewState[Key] };
  /** Each tab with the controls of its own. */
  readonly #tabs: readonly (LossTab & { readonly controls: HTMLElement })[];
  readonly #overlays: Overlays;
  readonly #row: Tabs<Tab>;
  readonly #bar: RunBar;
  readonly #picture: ChartExport;
  readonly #legend: LegendSide;
  /** Controls that several tabs share: the x axis, and the table in place of the chart. */
  readonly #shared: readonly HTMLElement[];
  readonly #smoothing: HTMLElement;
  readonly #problem = element('pre', { class: 'problem', 'data-testid': 'problem', role: 'alert' });
  readonly #empty: HTMLElement;
  readonly #live = element('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  #run: RunSummary | null = null;
  /** How much of the run's history the host has read. */
  #reading = 1;
  #history: LossHistory | null = null;
  #announced = 0;
  #announcedState: RunState | '' = '';
  #announcedRun = '';

  constructor(
    strings: Strings,
    post: (message: LossesToHost) => void,
    saved: Partial<ViewState>,
    save: (state: ViewState) => void,
  ) {
    this.#strings = strings;
    this.#post = post;
    this.#save = save;
    this.#view = { ...defaults, ...saved };
    this.#overlays = new Overlays({ strings, state: () => this.#view, set: (change) => this.#set(change), post });
    this.#tabs = this.#makeTabs();
    // What an older version of the page remembered may name a tab that is no more.
    if (!this.#tabs.some(({ id }) => id === this.#view.tab)) this.#view.tab = defaults.tab;
    const contents = this.#tabs.map(({ id, title, view }) => ({ id, title, content: view.node }));
    this.#row = new Tabs(strings.tabList, contents, (tab) => this.#set({ tab }));
    this.#smoothing = this.#smoothingControl();
    this.#shared = this.#sharedControls();
    this.#legend = new LegendSide(strings, this.#view, () => this.#viewChanged());
    this.#picture = new ChartExport({
      words: exportWords[strings.language === 'zh' ? 'zh-cn' : 'en'],
      saved: this.#view.exporting,
      remember: (exporting) => this.#set({ exporting }),
      scene: () => this.#scene(),
      save: (format, file) =>
        this.#post({ type: 'export', format, name: `${this.#fileName()}.${format}`, base64: file }),
      saveNumbers: () => this.#export(),
      fail: (message) => this.#post({ type: 'error', message }),
    });
    this.#bar = new RunBar(strings, post, () => this.#export(), this.#picture.button);
    this.#empty = element('p', { class: 'empty' }, strings.nothing);
    this.#problem.hidden = true;
    const controls = element(
      'span',
      { class: 'view-controls' },
      this.#smoothing,
      ...this.#tabs.map((tab) => tab.controls),
      ...this.#shared,
    );
    // Where there is no room for them, the controls and the legend open from a button each.
    const menu = new Menu('view-menu', '⚙', controls);
    menu.name(strings.viewMenu);
    this.node = element(
      'main',
      {
        'data-testid': 'loss-panel',
        class: 'panel',
        'data-state': 'idle',
        'data-run': '',
        'data-points': '0',
        'data-engine': '',
        'data-tab': '',
      },
      element('h1', { class: 'visually-hidden' }, strings.heading),
      this.#bar.node,
      this.#picture.node,
      this.#problem,
      element(
        'div',
        { class: 'tab-row' },
        this.#row.node,
        element('span', { class: 'spring' }),
        controls,
        menu.button,
        this.#legend.menu.button,
      ),
      this.#empty,
      element(
        'div',
        { class: 'body' },
        element('div', { class: 'tab-panels' }, ...this.#row.panels),
        this.#legend.node,
      ),
      this.#live,
    );
    onThemeChange(() => {
      this.#legend.restyle();
      this.#show();
      for (const { view } of this.#tabs) view.restyle();
    });
    this.#show();
  }

  receive(message: LossesToPage): void {
    switch (message.type) {
      case 'hydrate':
        this.#run = message.run;
        this.#reading = 1;
        this.#history = message.run && historyOf(message.run, message.history);
        break;
      case 'records':
        if (message.run !== this.#run?.id) return;
        this.#history?.append(message.records);
        break;
      case 'reading':
        if (message.run !== this.#run?.id) return;
        this.#reading = message.fraction;
        break;
      case 'state':
        if (message.run.id !== this.#run?.id) return;
        this.#run = message.run;
        break;
      case 'overlays':
      case 'overlay':
        this.#overlays.receive(message);
        break;
    }
    this.#show();
  }

  #makeTabs(): readonly (LossTab & { readonly controls: HTMLElement })[] {
    const tabs = makeTabs({
      strings: this.#strings,
      state: () => this.#view,
      set: (change) => this.#set(change),
      run: () => this.#run?.id ?? '',
      overlays: this.#overlays,
      proposeGroups: () => {
        if (this.#run) this.#post({ type: 'proposeGroups', run: this.#run.id });
      },
    });
    return tabs.map((tab) => ({ ...tab, controls: element('span', { class: 'controls' }, ...tab.view.controls) }));
  }

  #smoothingControl(): HTMLElement {
    const { smoothing: label } = this.#strings;
    const range = slider({
      testId: 'smoothing',
      label,
      min: 0,
      max: 0.99,
      step: 0.01,
      value: this.#view.smoothing,
      onInput: (smoothing) => this.#set({ smoothing }),
    });
    return element('span', { class: 'labeled' }, `${label} `, range);
  }

  #sharedControls(): HTMLElement[] {
    const strings = this.#strings;
    const axis = dropdown<XAxis>({
      testId: 'x-axis',
      label: strings.xAxis,
      choices: [
        ['step', strings.step],
        ['epoch', strings.epoch],
        ['time', strings.time],
      ],
      value: this.#view.axis,
      onChange: (value) => this.#set({ axis: value }),
    });
    const table = checkbox({
      testId: 'view-table',
      label: strings.viewTable,
      checked: this.#view.table,
      onChange: (checked) => this.#set({ table: checked }),
    });
    return [axis, table];
  }

  #set(change: Partial<ViewState>): void {
    Object.assign(this.#view, change);
    this.#viewChanged();
  }

  #viewChanged(): void {
    this.#view.hidden = [...this.#legend.hidden];
    this.#view.sort = this.#legend.sort;
    this.#save({ ...this.#view });
    this.#show();
  }

  #show(): void {
    const history = this.#history;
    const state = this.#run?.state ?? 'idle';
    const data = this.node.dataset;
    data['run'] = this.#run?.id ?? '';
    data['state'] = state;
    data['points'] = String(history?.points ?? 0);
    data['engine'] = history?.start?.engine.name ?? '';
    this.#problem.hidden = !this.#run?.problem;
    this.#problem.textContent = this.#run?.problem ?? '';
    this.#empty.hidden = this.#run !== null;
    this.#overlays.update(this.#run, history?.epochs.length ?? 0);
    this.#showViews(history);
    this.#announce(state, history);
  }

  #showViews(history: LossHistory | null): void {
    const { tab } = this.#view;
    this.node.dataset['tab'] = tab;
    this.#row.show(tab);
    const { legend, smooths, any } = this.#chosen();
    this.#bar.update(this.#run, history, { exportable: history !== null && any(history), read: this.#reading });
    this.#smoothing.hidden = !smooths;
    this.#picture.update(history !== null && legend !== null && any(history));
    this.#legend.update(this.#run?.id ?? '', this.#view.table ? null : legend, history);
    for (const control of this.#shared) control.hidden = legend === null;
    for (const { id, view, controls } of this.#tabs) {
      controls.hidden = id !== tab;
      view.update(history, id === tab);
    }
  }

  /** The view of the chosen tab. */
  #chosen(): View {
    const chosen = this.#tabs.find(({ id }) => id === this.#view.tab);
    if (!chosen) throw new Error(`There is no tab "${this.#view.tab}".`);
    return chosen.view;
  }

  #announce(state: RunState, history: LossHistory | null): void {
    const now = Date.now();
    const run = this.#run?.id ?? '';
    // Of another run what was said holds no more.
    if (run !== this.#announcedRun) this.#live.textContent = '';
    else if (state === this.#announcedState && now - this.#announced < announceEvery) return;
    this.#announcedRun = run;
    this.#announced = now;
    this.#announcedState = state;
    if (!history?.start) return;
    const losses = history
      .now()
      .map(({ train }, index) => `${history.tasks[index]?.name ?? ''} ${train === null ? '–' : spoken(train)}`);
    const { epochs } = history.start;
    this.#live.textContent = this.#strings.summary(
      this.#strings.states[state],
      history.epochs.length,
      epochs,
      losses.join(', '),
    );
  }

  #export(): void {
    if (!this.#history || !this.#run) return;
    const csv = this.#chosen().csv(this.#history);
    // A byte order mark, since spreadsheets read UTF-8 with Chinese names wrongly without it.
    const bytes = new TextEncoder().encode(`\uFEFF${csv}`);
    this.#post({ type: 'export', format: 'csv', name: `${this.#fileName()}.csv`, base64: base64(bytes) });
  }

  #fileName(): string {
    const { tab } = this.#view;
    const run = this.#run?.id ?? 'run';
    return tab === 'losses' ? run : `${run}-${tab}`;
  }

  /** The chart of the chosen tab, to be drawn anew for a paper. */
  #scene(): ChartScene | null {
    const chosen = this.#chosen();
    const { legend } = chosen;
    const shown = chosen.picture?.() ?? null;
    if (legend === null || shown === null || this.#history === null) return null;
    const { tab } = this.#view;
    const others = (shown.source.under ?? []).length > 0 ? this.#overlays.said() : [];
    return {
      ...shown,
      title: this.#run?.name ?? '',
      yLabel: this.#strings.tabs[tab],
      legend: legendLines(legend, this.#history, shown, others),
    };
  }
}

/** @throws Error when the parts of the history do not fit, which no host of this version sends */
function historyOf({ weights }: RunSummary, packed: PackedHistory | null): LossHistory {
  if (packed === null) return new LossHistory(weights);
  const snapshot = unpack(packed);
  const history = snapshot && LossHistory.of(snapshot, weights);
  if (history === undefined) throw new Error('The history of the run is damaged.');
  return history;
}

function spoken(loss: number): string {
  return Number.isFinite(loss) ? loss.toPrecision(3) : wordOf(loss);
}
