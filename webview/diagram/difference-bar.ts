/** Above the picture of a difference: what is compared, how much differs, the way back, and the lines of the specs that differ. */
import type { DiagramDifference, DifferentLine } from '../../src/plan/plan.ts';
import { button } from '../controls.ts';
import { element, setText } from '../dom.ts';
import type { Strings } from './strings.ts';

type Change = 'added' | 'removed' | 'changed';

const signs: Readonly<Record<Change, string>> = { added: '+', removed: '−', changed: '≠' };

export class DifferenceBar {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #headline = element('h2', { class: 'difference-headline', 'data-testid': 'difference-headline' });
  readonly #counts = element('span', { class: 'difference-counts', 'data-testid': 'difference-counts' });
  readonly #summary = element('summary');
  readonly #body = element('tbody');
  readonly #first = element('th', { scope: 'col' });
  readonly #second = element('th', { scope: 'col' });
  readonly #list: HTMLElement;
  #shown = '';

  constructor(strings: Strings, onBack: () => void) {
    this.#strings = strings;
    const head = element('tr', {}, ...[strings.changeHeading, strings.placeHeading].map((title) => element('th', { scope: 'col' }, title)), this.#second, this.#first); // prettier-ignore
    const table = element('table', { 'data-testid': 'difference-lines' }, element('thead', {}, head), this.#body);
    const region = { class: 'difference-table', tabindex: '0', role: 'region', 'aria-label': strings.linesThatDiffer };
    this.#list = element('details', { 'data-testid': 'difference-list' }, this.#summary, element('div', region, table));
    this.node = element(
      'section',
      { class: 'difference', 'data-testid': 'difference', 'aria-label': strings.difference },
      element(
        'div',
        { class: 'difference-row' },
        button({ testId: 'difference-back', label: strings.back, onClick: onBack }),
        this.#headline,
        this.#counts,
      ),
      this.#list,
    );
    this.node.hidden = true;
  }

  /** @param difference undefined where the picture is that of one spec */
  show(difference: DiagramDifference | undefined): void {
    this.node.hidden = difference === undefined;
    if (difference === undefined) return;
    const told = JSON.stringify(difference);
    if (told === this.#shown) return;
    this.#shown = told;
    const { first, second, counts, lines } = difference;
    const { differenceOf, samePicture, countsOf, sameLines, differentLines } = this.#strings;
    setText(this.#headline, differenceOf(first, second));
    const { added, removed, changed, alike } = counts;
    const same = added + removed + changed === 0;
    setText(this.#counts, same ? samePicture : countsOf(added, removed, changed, alike));
    setText(this.#summary, lines.length === 0 ? sameLines : differentLines(lines.length));
    setText(this.#first, first);
    setText(this.#second, second);
    this.#body.replaceChildren(...lines.map((line) => this.#row(line)));
  }

  #row(line: DifferentLine): HTMLElement {
    const change: Change = line.second === null ? 'added' : line.first === null ? 'removed' : 'changed';
    const { absent, changes } = this.#strings;
    return element(
      'tr',
      { 'data-change': change, 'data-pointer': line.pointer },
      element('td', { title: changes[change], 'aria-label': changes[change] }, signs[change]),
      element('th', { scope: 'row' }, element('code', {}, line.pointer)),
      element('td', {}, line.second === null ? absent : element('code', {}, line.second)),
      element('td', {}, line.first === null ? absent : element('code', {}, line.first)),
    );
  }
}
