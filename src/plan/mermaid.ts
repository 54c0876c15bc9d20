/** Nodes and edges as a Mermaid `graph`: one statement a line, classes without colors (the page styles them). */
import { escapePhrase, escapeName } from './escape.ts';
import type {
  Change,
  Diagram,
  DiagramEdge,
  DiagramFrame,
  DiagramNode,
  DiagramNodeKind,
  LegendEntry,
  PartRole,
} from './plan.ts';

/** A line of a label: as a person reads it, and as Mermaid reads it. */
export interface Line {
  readonly text: string;
  readonly encoded: string;
}

export interface DrawnNode {
  readonly node: DiagramNode;
  readonly lines: readonly Line[];
  /** Id of the frame that it is in. */
  readonly frame?: string | undefined;
}

export interface DrawnEdge {
  readonly edge: DiagramEdge;
  /** No gradient flows back along it: dotted. */
  readonly cut: boolean;
}

/** Opening and closing of each kind's shape. */
const shapes: Readonly<Record<DiagramNodeKind, readonly [string, string]>> = {
  input: ['[/', '/]'],
  block: ['[', ']'],
  part: ['[[', ']]'],
  task: ['(', ')'],
  prediction: ['([', '])'],
  total: ['{{', '}}'],
};

/**
 * Parts of a sharing mechanism by what they do: layers are boxes; what chooses among or mixes many has the shape of a
 * multiplexer, wide above and narrow below; a learned sum that of the total, which is a sum too; a mask is a flag.
 */
const partShapes: Readonly<Record<PartRole, readonly [string, string]>> = {
  expert: ['[[', ']]'],
  column: ['[[', ']]'],
  trunk: ['[[', ']]'],
  gate: ['[\\', '/]'],
  mixture: ['[\\', '/]'],
  unit: ['{{', '}}'],
  attention: ['>', ']'],
};

function shapeOf({ kind, role, shared }: DiagramNode): readonly [string, string] {
  if (role === undefined) return shapes[kind];
  // The convolutions between masks are layers that all tasks go through.
  return partShapes[role === 'attention' && shared ? 'trunk' : role];
}

/** A plus at the beginning would be taken for the sign of a list. */
const phrase = (text: string): string => escapePhrase(text).replace(/^\+/, '#43;');

const kinds: readonly DiagramNodeKind[] = ['input', 'block', 'part', 'task', 'prediction', 'total'];

type Picture = Pick<Diagram, 'title' | 'description' | 'direction' | 'frames'> & {
  /** Of a difference; none for one plan. */
  readonly legend?: readonly LegendEntry[];
};

export function mermaidText(
  { title, description, direction, frames, legend = [] }: Picture,
  nodes: readonly DrawnNode[],
  edges: readonly DrawnEdge[],
): string {
  const lines = [
    `graph ${direction}`,
    `  accTitle: ${escapeName(title)}`,
    `  accDescr: ${escapePhrase(description)}`,
    ...nodeLines(nodes, frames),
    ...edges.map((drawn) => `  ${edgeText(drawn)}`),
    ...legendLines(legend).map((line) => `  ${line}`),
    ...classLines(nodes.map((drawn) => drawn.node)).map((line) => `  ${line}`),
    ...changeLines(nodes, edges, frames, legend).map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Nodes in their order; those of a frame together, where its first one stands. */
function nodeLines(nodes: readonly DrawnNode[], frames: readonly DiagramFrame[]): readonly string[] {
  const written = new Set<string>();
  return nodes.flatMap((drawn) => {
    const frame = frames.find(({ id }) => id === drawn.frame);
    if (frame === undefined) return [`  ${nodeText(drawn)}`];
    if (written.has(frame.id)) return [];
    written.add(frame.id);
    const inside = nodes.filter((other) => other.frame === frame.id);
    return [
      `  subgraph ${frame.id}["${phrase(frame.title)}"]`,
      ...inside.map((other) => `    ${nodeText(other)}`),
      '  end',
    ];
  });
}

function nodeText({ node, lines }: DrawnNode): string {
  const [open, close] = shapeOf(node);
  return `${node.id}${open}"${lines.map((line) => line.encoded).join('<br/>')}"${close}`;
}

/** Thick: the gradients of several tasks flow here; thin: one task's; dotted: none (`stopGradient`). */
function edgeText({ edge, cut }: DrawnEdge): string {
  const arrow = cut ? '-.->' : edge.shared ? '==>' : '-->';
  const label = edge.label === '' ? '' : `|"${phrase(edge.label)}"|`;
  return `${edge.from} ${arrow}${label} ${edge.to}`;
}

function classLines(nodes: readonly DiagramNode[]): readonly string[] {
  const lines: string[] = ['classDef shared stroke-width:3px'];
  const assign = (name: string, members: readonly DiagramNode[]): void => {
    if (members.length > 0) lines.push(`class ${members.map((node) => node.id).join(',')} ${name}`);
  };
  for (const kind of kinds) {
    assign(
      kind,
      nodes.filter((node) => node.kind === kind),
    );
  }
  assign(
    'shared',
    nodes.filter((node) => node.shared),
  );
  const tasks = new Set(nodes.map((node) => node.task).filter((task) => typeof task === 'number'));
  for (const task of [...tasks].sort((a, b) => a - b)) {
    assign(
      `task${String(task)}`,
      nodes.filter((node) => node.task === task),
    );
  }
  return lines;
}

/** Below one another, without a line between them that could be seen. */
function legendLines(legend: readonly LegendEntry[]): readonly string[] {
  const entries = legend.map(({ id, text }) => `${id}["${phrase(text)}"]`);
  return legend.length === 0 ? [] : [...entries, legend.map(({ id }) => id).join(' ~~~ ')];
}

/** By color, width and dash: a difference is to be read on paper too, and beside the lines stand the signs of the labels. */
const changeStyles: Readonly<Record<Change, string>> = {
  added: 'stroke:#1a7f37,stroke-width:4px',
  removed: 'stroke:#b32424,stroke-width:2px,stroke-dasharray:4 4',
  changed: 'stroke:#9a6700,stroke-width:3px,stroke-dasharray:12 3 2 3',
};
const changes: readonly Change[] = ['added', 'removed', 'changed'];

function changeLines(
  nodes: readonly DrawnNode[],
  edges: readonly DrawnEdge[],
  frames: readonly DiagramFrame[],
  legend: readonly LegendEntry[],
): readonly string[] {
  if (legend.length === 0) return [];
  const drawn = [...nodes.map(({ node }) => node), ...frames, ...legend];
  return changes.flatMap((change) => {
    const ids = drawn.flatMap((one) => (one.change === change ? [one.id] : []));
    const places = edges.flatMap(({ edge }, index) => (edge.change === change ? [index] : []));
    return [
      `classDef ${change} ${changeStyles[change]}`,
      ...(ids.length === 0 ? [] : [`class ${ids.join(',')} ${change}`]),
      ...(places.length === 0 ? [] : [`linkStyle ${places.join(',')} ${changeStyles[change]}`]),
    ];
  });
}
