/** The loss panel: toolbar, legend, chart and table over one run. It holds no truth of its own: the host hydrates it. */
import { LossHistory } from '../../src/messages/history.ts';
import { phaseText } from '../../src/common/phase.ts';
import type { RunState } from '../../src/common/run-state.ts';
import type { LossesToHost, LossesToPage, RunSummary } from '../../src/messages/protocol.ts';
import { button, checkbox, dropdown, slider, type Control } from '../controls.ts';
import { element } from '../dom.ts';
import { icon } from '../icons.ts';
import { onThemeChange } from '../theme.ts';
import { engineDetail, engineText } from './engine.ts';
import { Legend } from '../charts/legend.ts';
import { firstBroken, wordOf, type XAxis } from '../charts/series.ts';
import type { Strings, Tab } from './strings.ts';
import { Tabs } from '../charts/tabs.ts';
import { Overlays } from './overlays.ts';
import { makeTabs, type LossTab } from './tabs.ts';
import { defaults, type View, type ViewState } from './view.ts';

type Buttons = Readonly<Record<'stop' | 'pause' | 'resume' | 'openLog' | 'export', Control>>;

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
  readonly #legend: Legend;
  /** Controls that several tabs share: the x axis, and the table in place of the chart. */
  readonly #shared: readonly HTMLElement[];
  readonly #smoothing: HTMLElement;
  readonly #buttons: Buttons;
  readonly #status = element('span', { class: 'status', 'data-testid': 'state' });
  readonly #progress = element('progress', { 'data-testid': 'progress', max: '1' }) as HTMLProgressElement;
  readonly #progressText = element('span', { class: 'muted' });
  readonly #engine = element('span', { class: 'muted engine', 'data-testid': 'engine' });
  readonly #problem = element('pre', { class: 'problem', 'data-testid': 'problem', role: 'alert' });
  readonly #empty: HTMLElement;
  readonly #live = element('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  #run: RunSummary | null = null;
  /** How much of the run's history the host has read. */
  #reading = 1;
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
    this.#overlays = new Overlays({ strings, state: () => this.#view, set: (change) => this.#set(change), post });
    this.#tabs = this.#makeTabs();
    // What an older version of the page remembered may name a tab that is no more.
    if (!this.#tabs.some(({ id }) => id === this.#view.tab)) this.#view.tab = defaults.tab;
    const contents = this.#tabs.map(({ id, title, view }) => ({ id, title, content: view.node }));
    this.#row = new Tabs(strings.tabList, contents, (tab) => this.#set({ tab }));
    this.#smoothing = this.#smoothingControl();
    this.#shared = this.#sharedControls();
    this.#legend = new Legend(strings.legend, () => this.#viewChanged());
    for (const name of this.#view.hidden) this.#legend.hidden.add(name);
    this.#empty = element('p', { class: 'empty' }, strings.nothing);
    this.#buttons = this.#makeButtons();
    this.#problem.hidden = true;
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
      this.#toolbar(),
      this.#problem,
      element(
        'div',
        { class: 'legend-row' },
        this.#row.node,
        this.#legend.node,
        element('span', { class: 'spring' }),
        this.#smoothing,
        ...this.#tabs.map(({ controls }) => controls),
        ...this.#shared,
      ),
      this.#empty,
      ...this.#row.panels,
      this.#live,
    );
    onThemeChange(() => {
      this.#legend.redraw();
      for (const { view } of this.#tabs) view.restyle();
    });
    this.#show();
  }

  receive(message: LossesToPage): void {
    switch (message.type) {
      case 'hydrate':
        this.#run = message.run;
        this.#reading = 1;
        this.#history = message.run ? new LossHistory(message.run.weights) : null;
        this.#history?.append(message.records);
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
    const attributes = { class: 'toolbar', role: 'toolbar' };
    return element('div', attributes, ...controls, this.#status, this.#progress, this.#progressText, this.#engine);
  }

  #makeTabs(): readonly (LossTab & { readonly controls: HTMLElement })[] {
    const tabs = makeTabs({
      strings: this.#strings,
      state: () => this.#view,
      set: (change) => this.#set(change),
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
    this.#legend.update(history?.tasks.map((task) => task.name) ?? [], history ? firstBroken(history) : new Map());
    this.#overlays.update(this.#run?.id ?? '', history?.epochs.length ?? 0);
    this.#showViews(history);
    this.#announce(state, history);
  }

  #showViews(history: LossHistory | null): void {
    const { tab } = this.#view;
    this.node.dataset['tab'] = tab;
    this.#row.show(tab);
    const { chart, smooths } = this.#chosen();
    this.#smoothing.hidden = !smooths;
    this.#legend.node.hidden = !chart;
    for (const control of this.#shared) control.hidden = !chart;
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
    save.disabled = !this.#history || !this.#chosen().any(this.#history);
  }

  #showStatus(state: RunState, history: LossHistory | null): void {
    const strings = this.#strings;
    const known = this.#reading < 1 ? strings.reading(Math.floor(100 * this.#reading)) : strings.states[state];
    this.#status.textContent = this.#run ? `${this.#run.name} · ${known}` : '';
    const start = history?.start;
    this.#engine.textContent = start ? engineText(strings, start.engine) : '';
    this.#engine.title = start ? engineDetail(strings, start.engine) : '';
    const progress = history?.progress;
    this.#progress.hidden = this.#progressText.hidden = this.#run === null;
    if (!start) {
      const done = progress && progress.total > 0 ? progress.done / progress.total : 0;
      this.#progress.value = done;
      this.#progressText.textContent = progress
        ? strings.preparing(phaseText(progress.phase)[strings.language], Math.round(done * 100))
        : '';
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
    const { tab } = this.#view;
    const csv = this.#chosen().csv(this.#history);
    // A byte order mark, since spreadsheets read UTF-8 with Chinese names wrongly without it.
    const bytes = new TextEncoder().encode(`\uFEFF${csv}`);
    const name = tab === 'losses' ? `${this.#run.id}.csv` : `${this.#run.id}-${tab}.csv`;
    this.#post({ type: 'export', format: 'csv', name, base64: toBase64(bytes) });
  }
}

function spoken(loss: number): string {
  return Number.isFinite(loss) ? loss.toPrecision(3) : wordOf(loss);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  }
  return btoa(text);
}
