/** A table that is drawn whole. */
import { element } from '../dom.ts';

/** A table of few rows, each of which is there. A column without a title is a picture of the next one. */
export function table(
  testId: string,
  label: string,
  heads: readonly string[],
  rows: readonly HTMLElement[],
): HTMLElement {
  const head = heads.map((title) => (title === '' ? element('td') : element('th', { scope: 'col' }, title)));
  const parts = [element('caption', {}, label), element('thead', {}, element('tr', {}, ...head))];
  return element('table', { 'data-testid': testId }, ...parts, element('tbody', {}, ...rows));
}
