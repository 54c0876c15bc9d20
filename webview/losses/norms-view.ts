/** The tab *norms*: the norm of each task's gradient over the shared parameters. */
import { trendOf, type LossHistory } from '../../src/messages/history.ts';
import { checkbox } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { ChartBox } from '../charts/chart-box.ts';
import { gradientsCsv } from './csv.ts';
import { normsBelowLog, normSource } from './sources.ts';
import { TaskTable, type Column } from '../charts/task-table.ts';
import { logNote } from './strings.ts';
import { known, note, type ChartLegend, type Frame, type View, told, type ShownChart } from './view.ts';

export class NormsView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly legend: ChartLegend;
  readonly smooths = false;
  readonly #frame: Frame;
  readonly #table: TaskTable;
  readonly #box: ChartBox;
  readonly #columns: readonly Column[];
  readonly #logNote = note('norms-log-note');
  readonly #note = element('p', { class: 'note', 'data-testid': 'norms-note' });

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, state, set } = frame;
    this.#columns = [
      { series: 'norm', title: strings.norm },
      { series: 'mean-norm', title: strings.meanNorm },
      { series: 'gradient-share', title: strings.gradientShare },
    ];
    this.#table = new TaskTable('norms-table', strings.task);
    this.#box = new ChartBox(
      { label: strings.normsChart, hint: strings.hint, more: strings.moreCurves },
      this.#table.node,
    );
    this.node = element('div', { class: 'view' }, this.#note, this.#logNote, ...this.#box.nodes);
    this.legend = {
      entries: ({ tasks, gradients }) => {
        const last = gradients.lastNorms();
        return tasks.map(({ name }, task) => {
          return { task, name, value: known(last[task] ?? NaN), trend: trendOf(gradients.norms[task]) };
        });
      },
      key: () => [],
      value: strings.now,
    };
    const onChange = (logNorms: boolean): void => set({ logNorms });
    this.controls = [checkbox({ testId: 'norms-log', label: strings.logScale, checked: state().logNorms, onChange })];
  }

  update(history: LossHistory | null, chosen: boolean): void {
    const { strings, state } = this.#frame;
    const { axis, logNorms, hidden, table } = state();
    const gradients = history?.gradients;
    const none = history !== null && history.start !== null && gradients?.length === 0;
    this.#note.hidden = !none;
    setText(this.#note, none ? strings.noGradients : '');
    this.#table.update(
      history?.tasks.map(({ name }) => name) ?? [],
      this.#columns,
      [
        (gradients?.lastNorms() ?? []).map(known),
        (gradients?.meanNorms() ?? []).map(known),
        history?.now().map(({ gradientShare }) => gradientShare) ?? [],
      ],
      this.#frame.run(),
    );
    const options = { axis, log: logNorms, hidden: new Set(hidden), strings };
    const below = history && logNorms && !table && chosen ? normsBelowLog(history, options.hidden) : null;
    setText(this.#logNote, below === null ? '' : logNote(strings, below));
    this.#box.update(history, history && normSource(history, options), table, chosen);
  }

  picture(): ShownChart | null {
    const { shown } = this.#box;
    return shown && { ...shown, notes: told(this.#logNote) };
  }

  restyle(): void {
    this.#box.restyle();
  }

  any(history: LossHistory): boolean {
    return history.gradients.length > 0;
  }

  csv(history: LossHistory): string {
    return gradientsCsv(history);
  }
}
