/** The tab *hypotheses*: what was claimed before the runs, and what has become of it. */
import type { Comparison, HypothesisResult } from '../../src/experiment/comparison/contract.ts';
import { element, setText } from '../dom.ts';
import { table } from './plain-table.ts';
import { estimate, plain, probability } from './numbers.ts';
import type { Frame, View } from './view.ts';

const icons: Readonly<Record<HypothesisResult['result'], string>> = { supported: '✓', refuted: '✗', undecided: '?' };

export class HypothesesView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[] = [];
  readonly twin = false;
  readonly #frame: Frame;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'hypotheses-sentence' });
  readonly #tables: HTMLElement;

  constructor(frame: Frame) {
    this.#frame = frame;
    const region = { class: 'tables', tabindex: '0', role: 'region', 'aria-label': frame.strings.tabs.hypotheses };
    this.#tables = element('div', region);
    this.node = element('div', { class: 'view', 'data-testid': 'hypotheses' }, this.#sentence, this.#tables);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    if (comparison === null || !chosen) return;
    const { strings } = this.#frame;
    const { hypotheses } = comparison;
    const count = (wanted: HypothesisResult['result']): number =>
      hypotheses.filter(({ result }) => result === wanted).length;
    const { sentences } = strings;
    const said = sentences.hypotheses(count('supported'), count('refuted'), count('undecided'));
    setText(this.#sentence, hypotheses.length === 0 ? sentences.noHypotheses : said);
    const heads = ['#', strings.claim, strings.result, strings.why, strings.difference, strings.pValue, strings.margin];
    const rows = hypotheses.map((hypothesis) => this.#row(hypothesis));
    this.#tables.replaceChildren(
      ...(rows.length === 0 ? [] : [table('hypotheses-table', strings.hypothesesTable, heads, rows)]),
    );
  }

  #row({ id, claim, measure, arms: [first, second], result, reason, ...numbers }: HypothesisResult): HTMLElement {
    const { strings } = this.#frame;
    const icon = element('span', { 'aria-hidden': 'true', class: 'icon' }, icons[result]);
    const word = element('span', { class: 'verdict', 'data-result': result }, icon, ` ${strings.results[result]}`);
    return element(
      'tr',
      { 'data-testid': 'hypothesis', 'data-hypothesis': id, 'data-result': result },
      element('th', { scope: 'row' }, id),
      element('td', { class: 'wrap' }, strings.claimOf(first, second, strings.claims[claim], measure)),
      element('td', {}, word),
      element('td', { class: 'wrap' }, reason[strings.language]),
      element('td', {}, estimate(numbers.mean, numbers.interval, true)),
      element('td', {}, probability(numbers.adjustedP ?? numbers.p)),
      element('td', {}, plain(numbers.margin)),
    );
  }
}
