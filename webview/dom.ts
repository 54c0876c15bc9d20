/** Makes DOM nodes. Text only ever enters as text nodes and attributes: names come from strangers' files. */

export type Attributes = Readonly<Record<string, string>>;
type Child = Node | string | null;

function fill<T extends Element>(node: T, attributes: Attributes, children: readonly Child[]): T {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function element(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** The page's root element, made by the host's HTML. */
export function root(): HTMLElement {
  const found = document.getElementById('root');
  if (!found) throw new Error('The page has no #root.');
  return found;
}

/** A plain number of up to six figures, so that a program can read the cell too; nothing where there is none. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  return String(Number(value.toPrecision(6)));
}

/** Leaves the node alone when nothing changed: screen readers notice every change. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
