/** The tab *differences*: what differs between the specs of two arms, and their networks in one picture. */
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import type { ExperimentToPage } from '../../src/messages/protocol.ts';
import { element, setText } from '../dom.ts';
import { Choice, sameTexts } from './choice.ts';
import { NetworkPlot } from './network-plot.ts';
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
  readonly #network: NetworkPlot;
  /** The networks that the page has, or has asked for: of which comparison, which two arms. */
  #asked: readonly [Comparison, string, string] | null = null;
  #answer: Extract<ExperimentToPage, { type: 'networks' }> | null = null;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, set } = frame;
    this.#network = new NetworkPlot(frame);
    this.#first = new Choice('first', strings.first, (first) => set({ first }));
    this.#second = new Choice('second', strings.second, (second) => set({ second }));
    this.controls = [this.#first.node, this.#second.node];
    const region = { class: 'tables', tabindex: '0', role: 'region', 'aria-label': strings.tabs.differences };
    this.#tables = element('div', region);
    this.node = element('div', { class: 'view', 'data-testid': 'differences' }, this.#sentence, this.#tables);
  }

  receive(message: ExperimentToPage): void {
    if (message.type !== 'networks' || this.#asked === null) return;
    if (message.first !== this.#asked[1] || message.second !== this.#asked[2]) return;
    this.#answer = message;
    this.#showNetworks();
  }

  /** Asks once for every two arms of a comparison; what was there stays until the answer comes. */
  #askNetworks(comparison: Comparison, first: string, second: string): void {
    const [known, a, b] = this.#asked ?? [];
    if (known !== comparison || a !== first || b !== second) {
      if (a !== first || b !== second) this.#answer = null;
      this.#asked = [comparison, first, second];
      this.#frame.post({ type: 'networks', first, second });
    }
    this.#showNetworks();
  }

  #showNetworks(): void {
    const { strings } = this.#frame;
    if (this.#answer === null) this.#network.say(strings.loading);
    else if (this.#answer.network === null) this.#network.say(this.#answer.problem ?? '');
    else this.#network.show(this.#answer.network, this.#answer.first, this.#answer.second);
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
      this.#network.node,
    );
    this.#askNetworks(comparison, first, second);
  }
}
