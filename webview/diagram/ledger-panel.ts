/** The transfer ledger below the picture: a slider over the recorded steps, tables, and the action that splits the trunk. */
import type { Ledger } from '../../src/messages/ledger.ts';
import { HeatTable } from '../charts/heat-table.ts';
import { button, dropdown } from '../controls.ts';
import { element, numberText, setText } from '../dom.ts';
import type { Shown } from './ledger-edges.ts';
import { allBlocks, mostAgainst, pullsAt, recordsOf, type Pull } from './ledger.ts';
import type { Strings } from './strings.ts';

interface Listener {
  /** To be drawn. */
  readonly onShow: (shown: Shown) => void;
  /** Gives this task a trunk of its own. */
  readonly onSplit: (task: string) => void;
}

export class LedgerPanel {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #listener: Listener;
  readonly #sentence = element('p', { 'data-testid': 'ledger-sentence', 'aria-live': 'polite' });
  readonly #note = element('p', { class: 'ledger-note' });
  readonly #slider: HTMLInputElement;
  readonly #place = element('output', { 'data-testid': 'ledger-place' });
  readonly #rows = element('tbody');
  readonly #matrix: HeatTable;
  readonly #split = element('span', { class: 'ledger-controls' });
  readonly #blocks = element('span', { class: 'ledger-controls' });
  readonly #content: HTMLElement;
  #ledger: Ledger | null = null;
  #names = '';
  /** At the last record, and to stay there while more come. */
  #following = true;
  /** Chosen by the person. */
  #task = '';
  #block = allBlocks;

  constructor(strings: Strings, listener: Listener) {
    this.#strings = strings;
    this.#listener = listener;
    this.#slider = element('input', {
      ...{ type: 'range', 'data-testid': 'ledger-step', 'aria-label': strings.recordedStep },
      ...{ min: '0', max: '0', step: '1', value: '0' },
    }) as HTMLInputElement;
    this.#slider.addEventListener('input', () => {
      this.#following = this.#slider.value === this.#slider.max;
      this.#show();
    });
    this.#matrix = new HeatTable('ledger-matrix', strings.task, strings.cosines);
    const heads = [strings.task, strings.weight, strings.norm, strings.weighted, strings.cosine, strings.against];
    const head = element('tr', {}, ...heads.map((title) => element('th', { scope: 'col' }, title)));
    const caption = { 'data-testid': 'ledger-table', 'aria-label': strings.ledger };
    const table = element('table', caption, element('thead', {}, head), this.#rows);
    const controls = element('div', { class: 'ledger-controls' }, this.#slider, this.#place, this.#blocks, this.#split);
    const tables = element('div', { class: 'ledger-tables' }, table, this.#matrix.node);
    this.#content = element('div', {}, controls, tables);
    const region = { class: 'ledger', 'data-testid': 'ledger', role: 'region', 'aria-label': strings.ledger };
    this.node = element('section', { ...region, tabindex: '0' }, this.#sentence, this.#note, this.#content);
  }

  /** @param problem why there is none */
  update(ledger: Ledger | null, problem: string | null): void {
    this.#ledger = ledger;
    const none = ledger === null || ledger.records.length === 0;
    this.#content.hidden = none;
    this.#note.hidden = none;
    if (none) {
      setText(this.#sentence, problem ?? this.#strings.noLedger);
      return;
    }
    const names = JSON.stringify([ledger.tasks, ledger.blocks]);
    if (names !== this.#names) this.#rebuild(ledger);
    this.#names = names;
    this.#measureSlider(ledger);
    this.#show();
  }

  /** As long as there are records of the block. */
  #measureSlider(ledger: Ledger): void {
    const last = recordsOf(ledger, this.#block).length - 1;
    this.#slider.max = String(last);
    if (this.#following || Number(this.#slider.value) > last) this.#slider.value = String(last);
  }

  /** Draws again what is shown: the picture is another one. */
  redraw(): void {
    if (this.#ledger !== null && this.#ledger.records.length > 0) this.#show();
  }

  #rebuild({ tasks, blocks }: Ledger): void {
    const strings = this.#strings;
    this.#task = '';
    this.#block = allBlocks;
    const of = dropdown({
      ...{ testId: 'ledger-block', label: strings.sharedOf, value: allBlocks },
      choices: [[allBlocks, strings.allBlocks], ...blocks.map((block) => [block, block] as const)],
      onChange: (block) => this.#choose(block),
    });
    // One block, or a run of an earlier version: nothing to choose from.
    this.#blocks.replaceChildren(...(blocks.length === 0 ? [] : [`${strings.sharedOf} `, of]));
    const choice = dropdown({
      ...{ testId: 'split-task', label: strings.splitTask, value: '' },
      choices: [['', strings.mostAgainst], ...tasks.map((task) => [task, task] as const)],
      onChange: (task) => (this.#task = task),
    });
    const split = button({
      testId: 'split',
      label: strings.split,
      onClick: () => this.#listener.onSplit(this.#chosen()),
    });
    this.#split.replaceChildren(`${strings.splitTask} `, choice, split);
  }

  #choose(block: string): void {
    this.#block = block;
    // Another block has other records: the newest is what is looked for.
    this.#following = true;
    if (this.#ledger !== null) this.#measureSlider(this.#ledger);
    this.#show();
  }

  /** The task that is to be parted from the others. */
  #chosen(): string {
    if (this.#ledger === null || this.#task !== '') return this.#task;
    return mostAgainst(pullsAt(this.#ledger, Number(this.#slider.value), this.#block));
  }

  #show(): void {
    const ledger = this.#ledger;
    const index = Number(this.#slider.value);
    const block = this.#block;
    const records = ledger === null ? [] : recordsOf(ledger, block);
    const record = records[index];
    if (ledger === null || record === undefined) return;
    const strings = this.#strings;
    const place = strings.ledgerPlace(record.step, index + 1, records.length);
    setText(this.#place, place);
    this.#slider.setAttribute('aria-valuetext', place);
    this.node.dataset['step'] = String(record.step);
    const pulls = pullsAt(ledger, index, block);
    setText(this.#sentence, this.#say(pulls));
    const weightless = pulls.some(({ norm, weight }) => norm !== null && weight === null);
    const notes = [strings.ledgerNote, ...(block === allBlocks ? [] : [strings.blockNote(block)])];
    setText(this.#note, [...notes, ...(weightless ? [strings.weightless] : [])].join(strings.space));
    this.#rows.replaceChildren(...pulls.map((pull) => this.#row(pull)));
    this.#matrix.update(ledger.tasks, (row, column) => {
      const value = record.cosines[row]?.[column] ?? null;
      const text = value === null ? '' : value.toFixed(3).replace('-', '−');
      const title = `${ledger.tasks[row] ?? ''} – ${ledger.tasks[column] ?? ''}: ${text === '' ? '–' : text}`;
      return { text, heat: row === column || value === null ? NaN : value, title };
    });
    this.#listener.onShow({ pulls, ledger, block });
  }

  #row({ task, weight, norm, weighted, cosine, against }: Pull): HTMLElement {
    const values = [weight, norm, weighted, cosine].map((value) => numberText(value));
    const share = against === null ? '' : `${String(Math.round(100 * against))} %`;
    return element(
      'tr',
      { 'data-testid': 'ledger-row', 'data-task': task },
      element('th', { scope: 'row' }, task),
      ...[...values, share].map((text) => element('td', {}, text === '' ? '–' : text.replace('-', '−'))),
    );
  }

  #say(pulls: readonly Pull[]): string {
    const strings = this.#strings;
    const [hardest] = pulls.toSorted((a, b) => (b.weighted ?? -1) - (a.weighted ?? -1));
    const against = pulls.find(({ task }) => task === mostAgainst(pulls));
    const parts = [
      hardest === undefined || hardest.weighted === null
        ? strings.noPull
        : strings.hardest(hardest.task, numberText(hardest.weighted)),
      against === undefined || against.cosine === null
        ? strings.noCosine
        : strings.leastAgreeing(against.task, against.cosine.toFixed(2).replace('-', '−')),
    ];
    return parts.join(strings.space);
  }
}
