/** The loss panel: toolbar, legend, chart and table over one run. It holds no truth of its own: the host hydrates it. */
import { LossHistory } from '../../src/messages/history.ts';
import type { LossesToHost, LossesToPage, RunState, RunSummary } from '../../src/messages/protocol.ts';
import { button, checkbox, dropdown, slider, type Control } from '../controls.ts';
import { element } from '../dom.ts';
import { icon } from '../icons.ts';
import { onThemeChange } from '../theme.ts';
import { LossChart, type ChartSettings } from './chart.ts';
import { Legend } from './legend.ts';
import { toCsv, type XAxis } from './series.ts';
import type { Strings } from './strings.ts';
import { LossTable } from './table.ts';

/** What the page remembers of itself through hiding and reloading. */
export interface ViewState {
  readonly axis: XAxis;
  readonly log: boolean;
  readonly smoothing: number;
  readonly table: boolean;
  readonly hidden: readonly string[];
}

const defaults: ViewState = { axis: 'step', log: false, smoothing: 0.6, table: false, hidden: [] };

type Buttons = Readonly<Record<'stop' | 'pause' | 'resume' | 'openLog' | 'export', Control>>;

/** Milliseconds between two sentences to a screen reader. */
const announceEvery = 15_000;

export class LossPanel {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #post: (message: LossesToHost) => void;
  readonly #save: (state: ViewState) => void;
  readonly #view: { -readonly [Key in keyof ViewState]: ViewState[Key] };
  readonly #chart: LossChart;
  readonly #table: LossTable;
  readonly #legend: Legend;
  readonly #buttons: Buttons;
  readonly #status = element('span', { class: 'status', 'data-testid': 'state' });
  readonly #progress = element('progress', { 'data-testid': 'progress', max: '1' }) as HTMLProgressElement;
  readonly #progressText = element('span', { class: 'muted' });
  readonly #engine = element('span', { class: 'muted engine', 'data-testid': 'engine' });
  readonly #problem = element('pre', { class: 'problem', 'data-testid': 'problem', role: 'alert' });
  readonly #empty: HTMLElement;
  readonly #live = element('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  readonly #plotBox: HTMLElement;
  readonly #tableBox: HTMLElement;
  #run: RunSummary | null = null;
  #history: LossHistory | null = null;
  #announced = 0;
  #announcedState: RunState | '' = '';

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
    const tooltip = element('div', { class: 'tooltip', 'aria-hidden': 'true' });
    const plot = element('div', { class: 'plot', role: 'img', 'aria-label': strings.chart, title: strings.hint });
    this.#plotBox = element('div', { class: 'plot-box' }, plot, tooltip);
    this.#chart = new LossChart(plot, tooltip, strings);
    this.#table = new LossTable(strings);
    this.#tableBox = element('div', {}, this.#table.node);
    this.#legend = new Legend(strings, () => this.#viewChanged());
    for (const name of this.#view.hidden) this.#legend.hidden.add(name);
    this.#empty = element('p', { class: 'empty' }, strings.nothing);
    this.#buttons = this.#makeButtons();
    this.#problem.hidden = true;
    tooltip.hidden = true;
    this.node = element(
      'main',
      {
        'data-testid': 'loss-panel',
        class: 'panel',
        'data-state': 'idle',
        'data-run': '',
        'data-points': '0',
        'data-engine': '',
      },
      element('h1', { class: 'visually-hidden' }, strings.heading),
      this.#toolbar(),
      this.#problem,
      element(
        'div',
        { class: 'legend-row' },
        this.#legend.node,
        element('span', { class: 'spring' }),
        ...this.#viewControls(),
      ),
      this.#empty,
      this.#plotBox,
      this.#tableBox,
      this.#live,
    );
    onThemeChange(() => {
      this.#legend.redraw();
      this.#chart.restyle();
    });
    this.#show();
  }

  receive(message: LossesToPage): void {
    switch (message.type) {
      case 'hydrate':
        this.#run = message.run;
        this.#history = message.run ? new LossHistory(message.run.weights) : null;
        this.#history?.append(message.records);
        break;
      case 'records':
        if (message.run !== this.#run?.id) return;
        this.#history?.append(message.records);
        break;
      case 'state':
        if (message.run.id !== this.#run?.id) return;
        this.#run = message.run;
        break;
    }
    this.#show();
  }

  #makeButtons(): Buttons {
    const post = (type: 'stop' | 'pause' | 'resume' | 'resumeFromCheckpoint' | 'openLog') => () => {
      if (this.#run) this.#post({ type, run: this.#run.id });
    };
    const { stop, pause, resume, openLog, exportCsv } = this.#strings;
    return {
      pause: button({ testId: 'pause', label: pause, icon: icon('pause'), onClick: post('pause') }),
      // One way on for a person: a paused run goes on, an ended one starts again from its checkpoint.
      resume: button({
        testId: 'resume',
        label: resume,
        icon: icon('resume'),
        onClick: () => post(this.#run?.state === 'paused' ? 'resume' : 'resumeFromCheckpoint')(),
      }),
      stop: button({ testId: 'stop', label: stop, icon: icon('stop'), onClick: post('stop') }),
      openLog: button({ testId: 'open-log', label: openLog, icon: icon('log'), onClick: post('openLog') }),
      export: button({ testId: 'export', label: exportCsv, icon: icon('export'), onClick: () => this.#export() }),
    };
  }

  #toolbar(): HTMLElement {
    const { pause, resume, stop, openLog, export: save } = this.#buttons;
    const controls = [pause, resume, stop, openLog, save];
    const spring = element('span', { class: 'spring' });
    const attributes = { class: 'toolbar', role: 'toolbar' };
    return element(
      'div',
      attributes,
      ...controls,
      this.#status,
      this.#progress,
      this.#progressText,
      spring,
      this.#engine,
    );
  }

  #viewControls(): HTMLElement[] {
    const strings = this.#strings;
    const axes = [
      ['step', strings.step],
      ['epoch', strings.epoch],
      ['time', strings.time],
    ] as const;
    const axis = dropdown<XAxis>({
      testId: 'x-axis',
      label: strings.xAxis,
      choices: axes,
      value: this.#view.axis,
      onChange: (value) => this.#set({ axis: value }),
    });
    const log = checkbox({
      testId: 'scale-log',
      label: strings.logScale,
      checked: this.#view.log,
      onChange: (checked) => this.#set({ log: checked }),
    });
    const range = slider({
      testId: 'smoothing',
      label: strings.smoothing,
      min: 0,
      max: 0.99,
      step: 0.01,
      value: this.#view.smoothing,
      onInput: (value) => this.#set({ smoothing: value }),
    });
    const table = checkbox({
      testId: 'view-table',
      label: strings.viewTable,
      checked: this.#view.table,
      onChange: (checked) => this.#set({ table: checked }),
    });
    const smoothing = element('span', { class: 'labelled' }, `${strings.smoothing} `, range);
    return [axis, smoothing, log, table];
  }

  #set(change: Partial<ViewState>): void {
    Object.assign(this.#view, change);
    this.#viewChanged();
  }

  #viewChanged(): void {
    this.#view.hidden = [...this.#legend.hidden];
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
    this.#showButtons(state);
    this.#showStatus(state, history);
    this.#problem.hidden = !this.#run?.problem;
    this.#problem.textContent = this.#run?.problem ?? '';
    this.#empty.hidden = this.#run !== null;
    this.#legend.update(history?.tasks.map((task) => task.name) ?? []);
    this.#plotBox.hidden = this.#view.table || this.#run === null;
    // Hidden from the eye only: the table stays readable for screen readers while the chart is shown.
    this.#tableBox.className = this.#view.table ? 'table-box' : 'table-box visually-hidden';
    this.#table.update(history);
    this.#chart.update(history, this.#chartSettings());
    this.#announce(state, history);
  }

  #chartSettings(): ChartSettings {
    const { axis, log, smoothing } = this.#view;
    return { axis, log, smoothing, hidden: this.#legend.hidden };
  }

  #showButtons(state: RunState): void {
    const alive = state === 'running' || state === 'paused' || state === 'preparing';
    const { pause, resume, stop, openLog, export: save } = this.#buttons;
    const resumable = state === 'paused' || state === 'stopped' || state === 'crashed' || state === 'failed';
    resume.hidden = !resumable;
    const label = state === 'paused' ? this.#strings.resume : this.#strings.resumeFromCheckpoint;
    resume.title = label;
    resume.setAttribute('aria-label', label);
    pause.hidden = resumable;
    pause.disabled = state !== 'running';
    stop.disabled = !alive;
    openLog.disabled = state === 'idle';
    save.disabled = (this.#history?.points ?? 0) === 0;
  }

  #showStatus(state: RunState, history: LossHistory | null): void {
    const strings = this.#strings;
    this.#status.textContent = this.#run ? `${this.#run.name} · ${strings.states[state]}` : '';
    const start = history?.start;
    const engine = start?.engine;
    this.#engine.textContent = engine ? `${strings.engine}: ${engine.name} · ${engine.device}` : '';
    this.#engine.title = engine?.detail ?? '';
    const progress = history?.progress;
    this.#progress.hidden = this.#progressText.hidden = this.#run === null;
    if (!start) {
      const done = progress && progress.total > 0 ? progress.done / progress.total : 0;
      this.#progress.value = done;
      this.#progressText.textContent = progress ? strings.preparing(progress.phase, Math.round(done * 100)) : '';
      return;
    }
    const steps = start.stepsPerEpoch * start.epochs;
    this.#progress.value = steps > 0 ? Math.min(1, Math.max(0, history.steps.step.last() || 0) / steps) : 0;
    const speed = Number.isFinite(history.stepsPerSecond)
      ? ` · ${history.stepsPerSecond.toFixed(1)} ${strings.stepsPerSecond}`
      : '';
    this.#progressText.textContent = `${strings.progress(history.epochs.length, start.epochs)}${state === 'running' ? speed : ''}`;
  }

  #announce(state: RunState, history: LossHistory | null): void {
    const now = Date.now();
    if (state === this.#announcedState && now - this.#announced < announceEvery) return;
    this.#announced = now;
    this.#announcedState = state;
    if (!history?.start) return;
    const losses = history
      .now()
      .map(({ train }, index) => `${history.tasks[index]?.name ?? ''} ${train?.toPrecision(3) ?? '–'}`);
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
    // A byte order mark, since spreadsheets read UTF-8 with Chinese names wrongly without it.
    const bytes = new TextEncoder().encode(`\uFEFF${toCsv(this.#history)}`);
    this.#post({ type: 'export', format: 'csv', name: `${this.#run.id}.csv`, base64: toBase64(bytes) });
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  }
  return btoa(text);
}
