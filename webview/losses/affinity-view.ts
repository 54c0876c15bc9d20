/** The tab *affinity*: how much a step on one task helps another, as far as it was measured. */
import { toNumber, type LossHistory } from '../../src/messages/history.ts';
import type { AffinityEvent } from '../../src/runs/events.ts';
import { button } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { affinityCsv } from './csv.ts';
import { HeatTable, type HeatCell } from '../charts/heat-table.ts';
import type { Frame, View } from './view.ts';

/** Three figures: more would be noise. */
const brief = (value = NaN): string => (Number.isNaN(value) ? '–' : String(Number(value.toPrecision(3))));

const nothing: HeatCell = { text: '', heat: NaN, title: '' };

export class AffinityView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly legend = null;
  readonly smooths = false;
  readonly #frame: Frame;
  readonly #note = element('p', { class: 'note', 'data-testid': 'affinity-note' });
  readonly #place = element('span', { class: 'muted', 'data-testid': 'affinity-place' });
  readonly #matrix: HeatTable;
  readonly #cosines: HeatTable;
  readonly #box: HTMLElement;
  readonly #create: HTMLElement;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, proposeGroups } = frame;
    this.#matrix = new HeatTable('affinity-matrix', strings.affinityHead, strings.affinity);
    this.#cosines = new HeatTable('affinity-cosines', strings.meanCosine, strings.cosines);
    const region = { class: 'tables', tabindex: '0', role: 'region', 'aria-label': strings.affinity };
    this.#box = element('div', region, this.#matrix.node, this.#cosines.node);
    this.node = element('div', { class: 'view' }, this.#note, this.#box);
    this.#create = button({ testId: 'propose-groups', label: strings.proposeGroups, onClick: proposeGroups });
    this.controls = [this.#place, this.#create];
  }

  update(history: LossHistory | null): void {
    const { strings } = this.#frame;
    const last = history?.affinity.at(-1);
    const none = history !== null && history.start !== null && !last;
    setText(this.#note, none ? strings.noAffinity : strings.affinityNote);
    this.#box.hidden = this.#create.hidden = !last;
    setText(this.#place, last ? strings.affinityAt(last.step) : '');
    if (!last) return;
    const largest = Math.max(
      1e-12,
      ...last.mean.flatMap((row, from) =>
        row.filter((_, to) => to !== from).map((value) => Math.abs(toNumber(value)) || 0),
      ),
    );
    this.#matrix.update(last.tasks, (row, column) => {
      const [mean, sd, n] = [last.mean, last.sd, last.n].map((matrix) => toNumber(matrix[row]?.[column]));
      // A step on a task helps the task itself: never part of a grouping, so not shown as affinity.
      if (row === column || mean === undefined || Number.isNaN(mean)) return nothing;
      const text = `${brief(mean)} ± ${brief(sd)} (${brief(n)})`.replaceAll('-', '−');
      return { text, heat: mean / largest, title: `${last.tasks[row] ?? ''} → ${last.tasks[column] ?? ''}: ${text}` };
    });
    this.#showCosines(last);
  }

  /** Of the same steps, since the two often disagree. */
  #showCosines({ tasks, cosines }: AffinityEvent): void {
    this.#cosines.node.hidden = cosines === undefined;
    this.#cosines.update(tasks, (row, column) => {
      const value = toNumber(cosines?.[row]?.[column]);
      if (row === column || Number.isNaN(value)) return nothing;
      const text = value.toFixed(3).replace('-', '−');
      return { text, heat: value, title: this.#frame.strings.cosineOf(tasks[row] ?? '', tasks[column] ?? '', text) };
    });
  }

  restyle(): void {
    // Colors are the style sheet's.
  }

  any(history: LossHistory): boolean {
    return history.affinity.length > 0;
  }

  csv(history: LossHistory): string {
    return affinityCsv(history);
  }
}
