/** Places of a merged network's nodes: a row a rank, inputs on top. Pure. */
import type { MergedNetwork, MergedNode } from '../../src/experiment/networks/merge.ts';

export interface PlacedNode {
  readonly node: MergedNode;
  /** Lines as drawn: the name, what it is made of; a long list is cut, which the last line says. */
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
}

const box = { width: 164, line: 15, padding: 9, gapX: 22, gapY: 44, margin: 12 };
const mostLines = 5;
/** Characters of 11 px that fit; Chinese ones count twice. */
const mostCharacters = 25;

export function layoutOf({ nodes }: MergedNetwork): NetworkLayout {
  const ranks = [...new Set(nodes.map(({ rank }) => rank))].toSorted((a, b) => a - b);
  const rows = ranks.map((rank) => nodes.filter((node) => node.rank === rank));
  const widest = Math.max(0, ...rows.map((row) => row.length));
  const width = 2 * box.margin + widest * box.width + Math.max(0, widest - 1) * box.gapX;
  const placed: PlacedNode[] = [];
  let y = box.margin;
  for (const row of rows) {
    const drawn = row.map((node) => ({ node, lines: linesOf(node) }));
    const height = Math.max(...drawn.map(({ lines }) => lines.length)) * box.line + 2 * box.padding;
    const own = row.length * box.width + (row.length - 1) * box.gapX;
    drawn.forEach(({ node, lines }, at) => {
      const x = (width - own) / 2 + at * (box.width + box.gapX);
      placed.push({ node, lines, x, y, width: box.width, height });
    });
    y += height + box.gapY;
  }
  return { width, height: Math.max(2 * box.margin, y - box.gapY + box.margin), nodes: placed };
}

function linesOf({ first, second }: MergedNode): readonly string[] {
  const lines = first.length > 0 ? first : second;
  const kept = lines.length > mostLines ? [...lines.slice(0, mostLines - 1), '…'] : lines;
  return kept.map(shortened);
}

export function shortened(text: string): string {
  let room = mostCharacters;
  let kept = '';
  for (const character of text) {
    room -= character.charCodeAt(0) > 0x2e7f ? 2 : 1;
    if (room < 0) return `${kept}…`;
    kept += character;
  }
  return kept;
}
