/** Other runs under the losses of the shown one: what may be overlaid, what is, and what the legend and the table say of it. */
import type {
  LossesToHost,
  LossesToPage,
  OverlayChoice,
  OverlaySeries,
  RunSummary,
} from '../../src/messages/protocol.ts';
import type { LegendLine } from '../charts/chart-picture.ts';
import type { XAxis } from '../charts/series.ts';
import type { Underlay } from '../charts/source.ts';
import { dropdown } from '../controls.ts';
import { element, numberText, setText } from '../dom.ts';
import { runStrokes } from '../charts/run-stroke.ts';
import { runSwatch } from '../charts/swatch.ts';
import { linesOf, overlayRows, underlaysOf, type Drawn } from './overlay-curves.ts';
import type { Strings } from './strings.ts';
import { note, type LaidUnder, type ViewState } from './view.ts';

type Answer = Extract<LossesToPage, { type: 'overlay' }>;

interface Services {
  readonly strings: Strings;
  readonly state: () => Pick<ViewState, 'overlaid' | 'overlaySeries' | 'withoutReference'>;
  readonly set: (change: Partial<ViewState>) => void;
  readonly post: (message: LossesToHost) => void;
}

export class Overlays implements LaidUnder {
  readonly controls: readonly HTMLElement[];
  readonly legend: HTMLElement;
  readonly table: HTMLElement;
  readonly note = note('overlay-note', { role: 'status' });
  readonly #services: Services;
  readonly #add: HTMLSelectElement;
  readonly #series: HTMLElement;
  readonly #body = element('tbody');
  #run = '';
  #fork: RunSummary['fork'] | null = null;
  /** The run whose parent has been laid under it. */
  #parentOf = '';
  #choices: readonly OverlayChoice[] = [];
  #answer: Answer | null = null;
  #asked = '';
  /** Lines that choices have, as long as they are overlaid: another one that comes or goes changes none. */
  #lines: ReadonlyMap<string, number> = new Map();
  /** What legend and table were made for. */
  #made = '';

  constructor(services: Services) {
    this.#services = services;
    const { strings, state, set } = services;
    const label = { 'data-testid': 'overlay-add', 'aria-label': strings.overlayAdd, title: strings.overlayAdd };
    this.#add = element('select', label) as HTMLSelectElement;
    this.#add.addEventListener('change', () => this.#toggle(this.#add.value));
    this.#series = dropdown<OverlaySeries>({
      testId: 'overlay-series',
      label: strings.overlaySeries,
      choices: [
        ['validation', strings.validation],
        ['train', strings.train],
      ],
      value: state().overlaySeries,
      onChange: (overlaySeries) => set({ overlaySeries }),
    });
    this.controls = [this.#add, this.#series];
    this.legend = element('div', { class: 'overlaid', role: 'group', 'aria-label': strings.overlayLegend });
    const titles = [strings.overlaid, strings.task, strings.overlayRuns, strings.epoch, strings.mean, strings.sd];
    const head = element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)));
    const caption = element('caption', {}, strings.overlayTable);
    this.table = element('table', { 'data-testid': 'overlay-table' }, caption, element('thead', {}, head), this.#body);
  }

  receive(message: LossesToPage): void {
    if (message.type === 'overlays' && message.run === this.#run) {
      this.#choices = message.choices;
      this.#showParent();
    }
    // Of a question before: another answer is on its way.
    if (message.type === 'overlay' && message.run === this.#run && this.#fits(message)) this.#answer = message;
  }

  /** @param epochs finished ones of the shown run: with each, what lies under it may have grown */
  update(shown: RunSummary | null, epochs: number): void {
    const run = shown?.id ?? '';
    this.#fork = shown?.fork ?? null;
    if (run !== this.#run) {
      this.#run = run;
      this.#choices = [];
      this.#answer = null;
      this.#asked = '';
    }
    const chosen = this.#chosen();
    this.#lines = linesOf(
      this.#lines,
      chosen.map(({ id }) => id),
    );
    const series = this.#services.state().overlaySeries;
    const choices = chosen.map(({ id }) => id);
    const wanted = JSON.stringify([series, choices, epochs]);
    if (chosen.length === 0) this.#answer = null;
    else if (wanted !== this.#asked) this.#services.post({ type: 'overlay', run, series, choices });
    this.#asked = wanted;
    this.#show(chosen);
  }

  underlays(tasks: readonly string[], axis: XAxis): readonly Underlay[] {
    if (this.#answer === null) return [];
    const drawn = this.#chosen().map((choice): Drawn => {
      return { choice, line: this.#lines.get(choice.id) ?? 1, label: this.#nameOf(choice) };
    });
    return underlaysOf(drawn, this.#answer.curves, tasks, axis);
  }

  said(): readonly LegendLine[] {
    const { strings, state } = this.#services;
    const series = state().overlaySeries === 'train' ? strings.train : strings.validation;
    return this.#chosen().map((choice) => ({
      text: this.#saidOf(choice, series),
      task: 'neutral',
      style: choice.kind === 'arm' ? 'mean' : 'other',
      run: this.#lines.get(choice.id) ?? 1,
    }));
  }

  /** Fills the table: the same numbers, of the last epoch that all of a choice have. */
  tell(tasks: readonly string[]): void {
    const rows = this.#answer === null ? [] : overlayRows(this.#chosen(), this.#answer.curves, tasks);
    this.table.hidden = rows.length === 0;
    this.#body.replaceChildren(
      ...rows.map(({ choice, task, n, epoch, mean, sd }) => {
        const cell = (series: string, value: number | null): HTMLElement =>
          element('td', { 'data-run': choice.id, 'data-task': task, 'data-series': series }, numberText(value));
        return element(
          'tr',
          {},
          element('th', { scope: 'row' }, this.#nameOf(choice)),
          element('td', {}, task),
          cell('overlay-runs', n),
          cell('overlay-epoch', epoch),
          cell('overlay-mean', mean),
          cell('overlay-sd', sd),
        );
      }),
    );
  }

  /** A fork is compared with its parent without being asked; who takes the parent away is not asked again. */
  #showParent(): void {
    const parent = this.#fork?.run;
    if (parent === undefined || this.#parentOf === this.#run) return;
    if (!this.#choices.some(({ id }) => id === parent)) return;
    this.#parentOf = this.#run;
    const { overlaid } = this.#services.state();
    if (!overlaid.includes(parent)) this.#services.set({ overlaid: [...overlaid, parent] });
  }

  #fits({ series, choices }: Answer): boolean {
    const chosen = this.#chosen().map(({ id }) => id);
    return series === this.#services.state().overlaySeries && JSON.stringify(choices) === JSON.stringify(chosen);
  }

  #chosen(): readonly OverlayChoice[] {
    const { overlaid, withoutReference } = this.#services.state();
    return this.#choices.filter(
      ({ id, reference }) => overlaid.includes(id) || (reference === true && !withoutReference),
    );
  }

  #nameOf({ kind, name, runs, reference }: OverlayChoice): string {
    const { strings } = this.#services;
    const called = kind === 'arm' ? strings.overlayArm(name, runs) : name;
    return reference === true ? strings.overlayReference(called) : called;
  }

  #toggle(id: string): void {
    if (id === '') return;
    const { overlaid } = this.#services.state();
    const taken = this.#chosen().some((choice) => choice.id === id);
    const next = overlaid.filter((one) => one !== id);
    // Whoever takes the reference away wants none under the next run either.
    if (this.#choices.some((choice) => choice.id === id && choice.reference === true))
      this.#services.set({ overlaid: next, withoutReference: taken });
    else this.#services.set({ overlaid: taken ? next : [...next, id] });
  }

  #show(chosen: readonly OverlayChoice[]): void {
    const { strings, state } = this.#services;
    this.#add.hidden = this.#choices.length === 0;
    this.#series.hidden = chosen.length === 0;
    const { missing = [], left = 0 } = this.#answer ?? {};
    const fork = this.#fork;
    const parts = [
      fork ? [strings.forkedFrom(fork.name, fork.step), ...fork.changes].join(' · ') : '',
      fork?.notCarried ?? '',
      missing.length > 0 ? strings.overlayMissing(missing.join(', ')) : '',
      left > 0 ? strings.overlayLeft(left) : '',
      chosen.length >= runStrokes ? strings.overlayAlike(runStrokes - 1) : '',
    ];
    setText(this.note, parts.filter((part) => part !== '').join(' '));
    const made = JSON.stringify([this.#choices, chosen, state().overlaySeries]);
    if (made === this.#made) return;
    this.#made = made;
    const others = this.#choices.filter((choice) => !chosen.includes(choice));
    const first = element('option', { value: '' }, strings.overlayAdd);
    const rest = others.map((choice) => element('option', { value: choice.id }, this.#nameOf(choice)));
    this.#add.replaceChildren(first, ...rest);
    this.#add.value = '';
    const series = state().overlaySeries === 'train' ? strings.train : strings.validation;
    this.legend.replaceChildren(...chosen.map((choice) => this.#item(choice, series)));
  }

  #saidOf(choice: OverlayChoice, series: string): string {
    const band = choice.kind === 'arm' ? ` · ${this.#services.strings.overlayBand}` : '';
    return `${this.#nameOf(choice)} · ${series}${band}`;
  }

  #item(choice: OverlayChoice, series: string): HTMLElement {
    const { strings } = this.#services;
    const said = this.#saidOf(choice, series);
    const attributes = { class: 'legend-item', 'data-testid': 'overlay-item', 'data-run': choice.id };
    const label = strings.overlayRemove(said);
    const item = element('button', { ...attributes, 'aria-pressed': 'true', 'aria-label': label, title: label });
    if (choice.kind === 'run') item.append(runSwatch(this.#lines.get(choice.id) ?? 1));
    item.append(said);
    item.addEventListener('click', () => this.#toggle(choice.id));
    return item;
  }
}
