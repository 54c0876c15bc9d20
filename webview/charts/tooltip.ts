/** What a chart has at the place of the cursor, shown beside it. */
import { element } from '../dom.ts';
import { nearest, placeText, readingsAt, textOf } from './readings.ts';
import type { Picture, Source } from './source.ts';
import { swatch } from './swatch.ts';

/** Height of a row in CSS pixels: as the style sheet has it. */
const rowHeight = 18;

export class Tooltip {
  readonly node = element('div', { class: 'tooltip', 'aria-hidden': 'true', 'data-testid': 'tooltip' });
  readonly #more: (count: number) => string;

  /** @param more says how many curves are left out, since a chart of little height has no room for them */
  constructor(more: (count: number) => string) {
    this.#more = more;
    this.hide();
  }

  hide(): void {
    this.node.hidden = true;
  }

  /**
   * @param place pixels in the node's parent
   * @param value at the height of the cursor: where there is not room for all curves, those nearest are shown
   */
  show(
    source: Source,
    picture: Picture,
    index: number,
    place: { readonly left: number; readonly top: number; readonly value: number },
  ): void {
    const [width, height] = [this.node.parentElement?.clientWidth ?? 0, this.node.parentElement?.clientHeight ?? 0];
    const readings = readingsAt(source, picture, index);
    const shown = nearest(readings, place.value, Math.max(3, Math.floor(height / rowHeight) - 2));
    const more = readings.length - shown.length;
    const head = element(
      'tr',
      {},
      element('th', { colspan: '2' }, placeText(source, picture, index)),
      ...source.columns.map((title) => element('th', {}, title)),
    );
    const rows = shown.map(({ task, name, values }) =>
      element(
        'tr',
        {},
        element('td', {}, swatch(task, task === null ? 'total' : 'bold')),
        element('td', { class: 'name' }, name),
        ...values.map((value) => element('td', { class: 'number' }, textOf(value))),
      ),
    );
    const foot = more > 0 ? [element('tr', {}, element('td', { colspan: '2' }, this.#more(more)))] : [];
    this.node.replaceChildren(element('table', {}, head, ...rows, ...foot));
    this.node.hidden = false;
    const [own, tall] = [this.node.offsetWidth, this.node.offsetHeight];
    // On the other side of the cursor where there is no room.
    const left = place.left + 16 + own <= width ? place.left + 16 : place.left - 16 - own;
    this.node.style.left = `${String(Math.max(0, left))}px`;
    this.node.style.top = `${String(Math.max(0, Math.min(place.top + 12, height - tall)))}px`;
  }
}
