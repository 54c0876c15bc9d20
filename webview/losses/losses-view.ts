/** The tab *losses*: training and validation loss of every task, and their weighted total. */
import { trendOf, type LossHistory } from '../../src/messages/history.ts';
import { checkbox } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { ChartBox } from '../charts/chart-box.ts';
import { lossesCsv } from './csv.ts';
import { firstBroken } from '../charts/series.ts';
import { lossesBelowLog, lossSource } from './sources.ts';
import { TaskTable, type Column } from '../charts/task-table.ts';
import type { LegendEntry } from '../charts/legend-order.ts';
import { logNote } from './strings.ts';
import { note, told, type ChartLegend, type Frame, type ShownChart, type View } from './view.ts';

export class LossesView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly legend: ChartLegend;
  readonly smooths = true;
  readonly #frame: Frame;
  readonly #table: TaskTable;
  readonly #box: ChartBox;
  /** Its count changes with every record: for the eye alone. */
  readonly #logNote = note('log-note');
  readonly #brokenNote = note('not-finite-note', { role: 'status' });
  readonly #columns: readonly Column[];

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings } = frame;
    this.#columns = [
      { series: 'train', title: strings.train },
      { series: 'validation', title: strings.validation },
      { series: 'weight', title: strings.weight },
      { series: 'share', title: strings.share },
      { series: 'gradient-share', title: strings.gradientShare },
    ];
    this.#table = new TaskTable('loss-table', strings.task);
    const { overlays } = frame;
    const tables = element('div', {}, this.#table.node, overlays.table);
    this.#box = new ChartBox({ label: strings.chart, hint: strings.hint, more: strings.moreCurves }, tables);
    const notes = element('div', { class: 'notes' }, this.#brokenNote, this.#logNote, overlays.note);
    this.node = element('div', { class: 'view' }, notes, overlays.legend, ...this.#box.nodes);
    this.controls = [...overlays.controls, this.#log()];
    this.legend = {
      entries: (history) => this.#entries(history),
      key: () => [['bold', strings.smoothed], ['faint', strings.raw], ['dots', strings.validationShort]], // prettier-ignore
      value: strings.now,
    };
  }

  #log(): HTMLElement {
    const { strings, state, set } = this.#frame;
    const onChange = (log: boolean): void => set({ log });
    return checkbox({ testId: 'scale-log', label: strings.logScale, checked: state().log, onChange });
  }

  update(history: LossHistory | null, chosen: boolean): void {
    const now = history?.now() ?? [];
    this.#table.update(
      history?.tasks.map(({ name }) => name) ?? [],
      this.#columns,
      [
        now.map(({ train }) => train),
        now.map(({ validation }) => validation),
        now.map(({ weight }) => weight),
        now.map(({ share }) => share),
        now.map(({ gradientShare }) => gradientShare),
      ],
      this.#frame.run(),
    );
    const { strings, state, overlays } = this.#frame;
    const { axis, log, smoothing, hidden, table } = state();
    const tasks = history?.tasks.map(({ name }) => name) ?? [];
    const under = overlays.underlays(tasks, axis);
    overlays.tell(tasks);
    const options = { axis, log, smoothing, hidden: new Set(hidden), strings, under };
    const broken = history ? [...firstBroken(history)] : [];
    const below = history && log && !table && chosen ? lossesBelowLog(history, options.hidden) : null;
    setText(this.#logNote, below === null ? '' : logNote(strings, below));
    setText(this.#brokenNote, broken.map(([task, { word, step }]) => strings.notFinite(task, word, step)).join(' '));
    this.#box.update(history, history && lossSource(history, options), table, chosen);
  }

  #entries(history: LossHistory): readonly LegendEntry[] {
    const broken = firstBroken(history);
    const now = history.now();
    const tasks = history.tasks.map(({ name }, task): LegendEntry => {
      const { train = null, trend = null } = now[task] ?? {};
      const since = broken.get(name);
      return { task, name, value: train, trend, ...(since === undefined ? {} : { broken: since }) };
    });
    const { total } = history.steps;
    const all = { task: null, name: this.#frame.strings.total, value: history.lastTotal(), trend: trendOf(total) };
    return [...tasks, all];
  }

  picture(): ShownChart | null {
    const { shown } = this.#box;
    return shown && { ...shown, notes: told(this.#brokenNote, this.#logNote) };
  }

  restyle(): void {
    this.#box.restyle();
  }

  any(history: LossHistory): boolean {
    return history.points > 0;
  }

  csv(history: LossHistory): string {
    return lossesCsv(history);
  }
}
