/** Two arms' networks in one picture, and every part of it in a table. */
import type { MergedNetwork, MergedNode, Side } from '../../src/experiment/networks/merge.ts';
import { element, setText, svg } from '../dom.ts';
import { palette, taskColor } from '../theme.ts';
import { layoutOf, type PlacedNode } from './network-layout.ts';
import { table } from './plain-table.ts';
import type { Frame } from './view.ts';

/** Beside color and dash, so that nothing hangs on either. */
const signs: Readonly<Record<Side, string>> = { both: '', changed: '≠', first: 'A', second: 'B' };
const dashes: Readonly<Record<Side, string>> = { both: '', changed: '', first: '6 3', second: '2 3' };
const order: readonly Side[] = ['first', 'second', 'changed', 'both'];

export class NetworkPlot {
  readonly node: HTMLElement;
  readonly #frame: Frame;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'network-sentence' });
  readonly #legend = element('p', { class: 'note' });
  readonly #content = element('div', { class: 'interaction' });

  constructor(frame: Frame) {
    this.#frame = frame;
    this.node = element('div', { 'data-testid': 'network' }, this.#sentence, this.#legend, this.#content);
  }

  /** What is known instead of a picture. */
  say(text: string): void {
    setText(this.#sentence, text);
    setText(this.#legend, '');
    this.#content.replaceChildren();
  }

  show(network: MergedNetwork, first: string, second: string): void {
    const { strings } = this.#frame;
    const count = (side: Side): number => network.nodes.filter((node) => node.side === side).length;
    const same = network.edges.every(({ side }) => side === 'both') && count('both') === network.nodes.length;
    const { sentences } = strings;
    setText(
      this.#sentence,
      same
        ? sentences.sameNetworks(first, second)
        : sentences.networks(count('first'), count('second'), count('changed'), count('both')),
    );
    setText(this.#legend, same ? '' : strings.networkLegend(first, second));
    const region = { tabindex: '0', role: 'region', 'aria-label': strings.networkChart(first, second) };
    this.#content.replaceChildren(
      element('div', { class: 'network-box', ...region }, this.#picture(network, first, second)),
      this.#table(network, first, second),
    );
  }

  #colorOf(side: Side, first: string, second: string): string {
    const colors = palette();
    if (side === 'both') return colors.muted;
    if (side === 'changed') return colors.foreground;
    return taskColor(this.#frame.place(side === 'first' ? first : second));
  }

  #picture(network: MergedNetwork, first: string, second: string): SVGElement {
    const { width, height, nodes } = layoutOf(network);
    const places = new Map(nodes.map((placed) => [placed.node.key, placed]));
    const edges = network.edges.flatMap(({ from, to, side }) => {
      const [a, b] = [places.get(from), places.get(to)];
      if (a === undefined || b === undefined) return [];
      const [x1, y1, x2, y2] = [a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y];
      const middle = (y1 + y2) / 2;
      // Past a row that lies between it goes through the gap beside the boxes: a curve reaches three quarters of its controls.
      const aside = b.node.rank - a.node.rank > 1 ? (a.width / 2 + 8) / 0.75 : 0;
      const d = `M${x1} ${y1}C${x1 + aside} ${middle} ${x2 + aside} ${middle} ${x2} ${y2}`;
      const stroke = { stroke: this.#colorOf(side, first, second), 'stroke-dasharray': dashes[side], fill: 'none' };
      const wide = side === 'both' ? '1' : '2';
      return [svg('path', { d, ...stroke, 'stroke-width': wide, 'data-testid': 'network-edge', 'data-side': side })];
    });
    const title = this.#frame.strings.networkChart(first, second);
    const size = { width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}` };
    const boxes = nodes.map((placed) => this.#box(placed, this.#colorOf(placed.node.side, first, second)));
    return svg('svg', { ...size, role: 'img', 'aria-label': title, 'data-testid': 'network-picture' }, ...edges, ...boxes); // prettier-ignore
  }

  #box({ node, lines, x, y, width, height }: PlacedNode, color: string): SVGElement {
    const colors = palette();
    const text = (value: string, at: number): SVGElement =>
      svg('text', { x: String(x + width / 2), y: String(y + 20 + 15 * at), 'text-anchor': 'middle', fill: colors.foreground, class: 'tick' }, value); // prettier-ignore
    const rect = { x: String(x), y: String(y), width: String(width), height: String(height), rx: '4' };
    const stroke = {
      ...{ fill: colors.background, stroke: color, 'stroke-dasharray': dashes[node.side] },
      'stroke-width': node.side === 'both' ? '1' : '2.5',
    };
    const sign = { x: String(x + 6), y: String(y + 13), fill: colors.foreground, class: 'tick', 'font-weight': 'bold' };
    return svg(
      'g',
      { 'data-testid': 'network-node', 'data-name': node.name, 'data-kind': node.kind, 'data-side': node.side },
      svg('rect', { ...rect, ...stroke }),
      svg('text', sign, signs[node.side]),
      ...lines.map(text),
      svg('title', {}, (node.first.length > 0 ? node.first : node.second).join(' · ')),
    );
  }

  #table({ nodes, edges }: MergedNetwork, first: string, second: string): HTMLElement {
    const { strings } = this.#frame;
    const names = new Map(nodes.map((node) => [node.key, this.#nameOf(node)]));
    const nodeRows = nodes.map((node) => ({ ...node, what: this.#nameOf(node), first: node.first.join(' · '), second: node.second.join(' · ') })); // prettier-ignore
    const edgeRows = edges.map((edge) => ({
      ...edge,
      what: `${names.get(edge.from) ?? edge.from} → ${names.get(edge.to) ?? edge.to}`,
    }));
    const rows = [...nodeRows, ...edgeRows].toSorted((a, b) => order.indexOf(a.side) - order.indexOf(b.side));
    return table(
      'network-table',
      strings.networkTable,
      [strings.part, strings.side, first, second],
      rows.map((row) =>
        element(
          'tr',
          { 'data-testid': 'network-row', 'data-side': row.side },
          element('th', { scope: 'row' }, row.what),
          element('td', {}, [signs[row.side], strings.sides[row.side]].filter((part) => part !== '').join(' ')),
          element('td', { class: 'wrap' }, row.side === 'second' ? strings.absent : row.first),
          element('td', { class: 'wrap' }, row.side === 'first' ? strings.absent : row.second),
        ),
      ),
    );
  }

  #nameOf({ kind, name }: MergedNode): string {
    const { strings } = this.#frame;
    return kind === 'total' ? strings.nodeKinds.total : `${strings.nodeKinds[kind]} ${name}`;
  }
}
