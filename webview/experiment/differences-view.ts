/** The tab *differences*: what differs between the specs of two arms. */
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import { element, setText } from '../dom.ts';
import { Choice, sameTexts } from './choice.ts';
import { table } from './plain-table.ts';
import { chosenOf, type Frame, type View } from './view.ts';

export class DifferencesView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = false;
  readonly #frame: Frame;
  readonly #first: Choice;
  readonly #second: Choice;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'differences-sentence' });
  readonly #tables: HTMLElement;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, set } = frame;
    this.#first = new Choice('first', strings.first, (first) => set({ first }));
    this.#second = new Choice('second', strings.second, (second) => set({ second }));
    this.controls = [this.#first.node, this.#second.node];
    const region = { class: 'tables', tabindex: '0', role: 'region', 'aria-label': strings.tabs.differences };
    this.#tables = element('div', region);
    this.node = element('div', { class: 'view', 'data-testid': 'differences' }, this.#sentence, this.#tables);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    if (comparison === null || !chosen) return;
    const { strings, state } = this.#frame;
    const { arms, differences } = comparison.differences;
    const { sentences } = strings;
    if (arms.length < 2) {
      setText(this.#sentence, sentences.noDifferences);
      this.#tables.replaceChildren();
      return;
    }
    const fallback = Math.max(0, arms.indexOf(comparison.baseline));
    const first = chosenOf(state().first, arms, fallback);
    const second = chosenOf(state().second, arms, first === arms[0] ? 1 : 0);
    this.#first.update(sameTexts(arms), first);
    this.#second.update(sameTexts(arms), second);
    const [a, b] = [arms.indexOf(first), arms.indexOf(second)];
    const rows = differences.filter(({ values }) => values[a] !== values[b]);
    setText(this.#sentence, sentences.differences(rows.length, first, second));
    const value = (text: string | null | undefined): HTMLElement =>
      element('td', {}, text === null || text === undefined ? strings.absent : element('code', {}, text));
    this.#tables.replaceChildren(
      table(
        'differences-table',
        strings.differencesTable(first, second),
        [strings.setting, first, second],
        rows.map(({ pointer, values }) =>
          element(
            'tr',
            { 'data-testid': 'difference', 'data-pointer': pointer },
            element('th', { scope: 'row' }, element('code', {}, pointer)),
            value(values[a]),
            value(values[b]),
          ),
        ),
      ),
    );
  }
}
