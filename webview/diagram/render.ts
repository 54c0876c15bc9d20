/**
 * Mermaid text → SVG in the colors of the window or of paper. Labels are text only (`htmlLabels: false`, `securityLevel:
 * strict`), so a name from a stranger's file can never become markup; for the same reason bold and small letters are a
 * matter of style here, not of Mermaid's markdown, which would read names too.
 */
import mermaid from 'mermaid';
import type { Change, Diagram, DiagramNode } from '../../src/plan/plan.ts';
import { element, svg } from '../dom.ts';
import type { PictureStyle } from '../export/paper-style.ts';
import { tidy } from './tidy.ts';

let drawings = 0;

function configure({ foreground, muted, background, fill, fontFamily, fontSize }: PictureStyle): void {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    htmlLabels: false,
    theme: 'base',
    fontFamily,
    // A page of tasks is more than Mermaid expects of one text.
    maxTextSize: 2_000_000,
    maxEdges: 20_000,
    flowchart: {
      useMaxWidth: false,
      curve: 'basis',
      nodeSpacing: 30,
      rankSpacing: 52,
      padding: 12,
      wrappingWidth: 460,
    },
    themeVariables: {
      background: fill,
      primaryColor: fill,
      primaryTextColor: foreground,
      primaryBorderColor: foreground,
      secondaryColor: fill,
      tertiaryColor: fill,
      lineColor: muted,
      textColor: foreground,
      titleColor: muted,
      clusterBkg: 'transparent',
      clusterBorder: muted,
      edgeLabelBackground: background === 'transparent' ? fill : background,
      fontSize: `${String(fontSize)}px`,
    },
    // In the picture's own style sheet, so that a label is measured as it is drawn and a saved file looks the same.
    themeCSS: `
      .node .text-outer-tspan:first-child > .text-inner-tspan { font-weight: 700; }
      .node .text-outer-tspan:last-child:not(:first-child) > .text-inner-tspan { font-size: 85%; fill: ${muted}; }
      .cluster rect { stroke-dasharray: 3 3; rx: 6px; }
      .cluster-label text { font-style: italic; fill: ${muted}; }
      .edgeLabel .text-inner-tspan { font-size: 92%; }
    `,
  });
}

/**
 * Draws the diagram and marks its parts with the handles that checks and the rest of the page use.
 *
 * @returns the finished svg element, not yet in the page
 * @throws Error with Mermaid's message when it cannot draw the text
 */
export async function draw(diagram: Diagram, style: PictureStyle): Promise<SVGSVGElement> {
  configure(style);
  const rendered = await mermaid.render(`mtl-diagram-${String(++drawings)}`, diagram.mermaid);
  const parsed = new DOMParser().parseFromString(rendered.svg, 'image/svg+xml').documentElement;
  const picture = document.importNode(parsed, true) as unknown as SVGSVGElement;
  picture.removeAttribute('style');
  // A group, not an image: its nodes are controls of their own.
  picture.setAttribute('role', 'group');
  picture.removeAttribute('aria-roledescription');
  picture.setAttribute('aria-label', `${diagram.title}. ${diagram.description}`);
  markNodes(picture, diagram, style);
  markEdges(picture, diagram, style);
  markFrames(picture, diagram, style);
  markLegend(picture, diagram, style);
  decodeLabels(picture);
  const place = element('div', { class: 'visually-hidden', 'aria-hidden': 'true', inert: '' }, picture);
  document.body.append(place);
  tidy(picture, diagram);
  stackLegend(picture, diagram);
  stackGroups(picture, diagram);
  place.remove();
  return picture;
}

function stackGroups(picture: SVGSVGElement, { nodes }: Diagram): void {
  const counts = new Map(nodes.map(({ id, group }) => [id, group?.members.length ?? 0]));
  for (const group of picture.querySelectorAll<SVGGElement>('g[data-testid="node"]')) {
    const count = counts.get(group.dataset['id'] ?? '') ?? 0;
    if (count > 0) stack(group, count);
  }
}

function markNodes(picture: SVGSVGElement, diagram: Diagram, style: PictureStyle): void {
  const byId = new Map(diagram.nodes.map((node) => [node.id, node]));
  for (const group of picture.querySelectorAll<SVGGElement>('g.node')) {
    const node = byId.get(/(?:^|-)(n\d+)-\d+$/.exec(group.id)?.[1] ?? '');
    if (!node) continue;
    Object.assign(group.dataset, { testid: 'node', id: node.id, name: node.name, kind: node.kind });
    if (node.role !== undefined) group.dataset['role'] = node.role;
    if (node.memberOf !== undefined) group.dataset['memberOf'] = node.memberOf;
    group.dataset['shared'] = String(node.shared);
    if (node.change !== undefined) group.dataset['change'] = node.change;
    group.setAttribute('tabindex', '0');
    group.setAttribute('role', node.pointer === null && node.group === undefined ? 'img' : 'button');
    if (node.group !== undefined) group.setAttribute('aria-expanded', 'false');
    // As it is seen, since a voice command says what is read there; then what is told in full.
    const full = node.spoken.filter((line) => !node.label.includes(line));
    group.setAttribute('aria-label', [...node.label, ...full].join(' '));
    group.prepend(svg('title', {}, node.spoken.join('\n')));
    // Lines of a label are separate elements; without a space they read as one word.
    for (const line of group.querySelectorAll('tspan.text-outer-tspan')) line.append(' ');
    color(group, node, style, diagram.difference !== undefined);
  }
}

/** Mermaid leaves entities as they are in labels of one line. Those of several lines it has decoded: not twice. */
function decodeLabels(picture: SVGSVGElement): void {
  const single = '.edgeLabel, .cluster-label, g[data-testid="difference-legend"]';
  for (const label of picture.querySelectorAll(single)) {
    for (const word of label.querySelectorAll('.text-inner-tspan'))
      word.textContent = word.textContent.replace(/&#(\d{1,7});/g, (_, code: string) =>
        String.fromCodePoint(Number(code)),
      );
  }
}

function color(group: SVGGElement, { task, shared, change }: DiagramNode, style: PictureStyle, ofTwo: boolean): void {
  for (const shape of shapesOf(group)) {
    plain(shape);
    // In the picture of two, colors say what differs.
    if (task !== null && !ofTwo) shape.style.stroke = style.taskColor(task);
    if (shared) shape.style.strokeWidth = '2.5px';
    if (shared) shape.style.fill = style.sharedFill;
    if (change !== undefined) mark(shape, change, style);
  }
}

/** Width and dash of what differs, as the Mermaid text has them: told apart without their color. */
const changeStrokes: Readonly<Record<Change, readonly [width: string, dash: string]>> = {
  added: ['4px', 'none'],
  removed: ['2px', '4 4'],
  changed: ['3px', '12 3 2 3'],
};

function mark(shape: SVGElement, change: Change, style: PictureStyle): void {
  const [width, dash] = changeStrokes[change];
  // Mermaid has written the colors of white paper with the word that makes them the last.
  shape.style.setProperty('stroke', style.changeColor[change], 'important');
  shape.style.setProperty('stroke-width', width, 'important');
  shape.style.setProperty('stroke-dasharray', dash, 'important');
}

/** Without what Mermaid has written of a class: the page has colors of its own. */
function plain(shape: SVGElement): void {
  for (const property of ['stroke', 'stroke-width', 'stroke-dasharray']) shape.style.removeProperty(property);
}

/** Below one another without the room that Mermaid leaves for edges; sideways the picture is below. */
function stackLegend(picture: SVGSVGElement, { direction }: Diagram): void {
  if (direction === 'LR') return;
  let next: { readonly x: number; readonly y: number } | undefined;
  for (const group of picture.querySelectorAll<SVGGElement>('g[data-testid="difference-legend"]')) {
    const { e, f } = group.transform.baseVal.consolidate()?.matrix ?? new DOMMatrix();
    const { height } = group.getBBox();
    const { x, y }: { readonly x: number; readonly y: number } = next ?? { x: e, y: f - height / 2 };
    group.setAttribute('transform', `translate(${String(x)}, ${String(y + height / 2)})`);
    next = { x, y: y + height + 8 };
  }
}

function markLegend(picture: SVGSVGElement, { difference }: Diagram, style: PictureStyle): void {
  const byId = new Map(difference?.legend.map((entry) => [entry.id, entry]));
  for (const group of picture.querySelectorAll<SVGGElement>('g.node')) {
    const entry = byId.get(/(?:^|-)(k\d+)-\d+$/.exec(group.id)?.[1] ?? '');
    if (!entry) continue;
    Object.assign(group.dataset, { testid: 'difference-legend', change: entry.change ?? 'alike' });
    if (entry.change === null) continue;
    for (const shape of shapesOf(group)) mark(shape, entry.change, style);
  }
}

/** Many drawn as one look like a stack of cards. */
function stack(group: SVGGElement, count: number): void {
  group.dataset['count'] = String(count);
  const shape = group.querySelector<SVGElement>('.label-container, rect, polygon, path');
  if (!shape) return;
  for (const offset of [4, 8]) {
    const card = svg('g', { class: 'card', transform: `translate(${String(offset)}, ${String(offset)})` });
    const copy = shape.cloneNode(true) as SVGElement;
    copy.classList.remove('label-container');
    card.append(copy);
    group.prepend(card);
  }
}

/** What a node is drawn with: one element, or for some shapes a group whose paths carry their own strokes. */
function shapesOf(group: SVGGElement): readonly SVGElement[] {
  const shape = group.querySelector<SVGElement>('.label-container, rect, polygon, circle, path');
  if (!shape) return [];
  return shape.tagName === 'g' ? [...shape.querySelectorAll<SVGElement>('path')] : [shape];
}

function markEdges(picture: SVGSVGElement, diagram: Diagram, style: PictureStyle): void {
  const paths = picture.querySelectorAll<SVGPathElement>('path.flowchart-link');
  paths.forEach((path) => {
    const [, from, to] = /L[-_](n\d+)[-_](n\d+)[-_]\d+$/.exec(path.dataset['id'] ?? path.id) ?? [];
    const edge = diagram.edges.find((candidate) => candidate.from === from && candidate.to === to);
    // What keeps the legend together is no edge.
    if (path.classList.contains('edge-thickness-invisible')) return;
    path.dataset['testid'] = 'edge';
    if (!edge) return;
    path.dataset['from'] = edge.from;
    path.dataset['to'] = edge.to;
    path.dataset['shared'] = String(edge.shared);
    if (edge.task !== null && diagram.difference === undefined) path.style.stroke = style.taskColor(edge.task);
    if (edge.shared) path.style.strokeWidth = '2.5px';
    if (edge.change === undefined) return;
    path.dataset['change'] = edge.change;
    mark(path, edge.change, style);
  });
}

function markFrames(picture: SVGSVGElement, { frames }: Diagram, style: PictureStyle): void {
  for (const cluster of picture.querySelectorAll<SVGGElement>('g.cluster')) {
    const frame = frames.find(({ id }) => cluster.id === id || cluster.id.endsWith(`-${id}`));
    if (!frame) continue;
    Object.assign(cluster.dataset, { testid: 'mechanism', name: frame.block });
    const outline = cluster.querySelector<SVGElement>('rect');
    if (frame.change !== undefined) cluster.dataset['change'] = frame.change;
    if (frame.change !== undefined && outline) mark(outline, frame.change, style);
    // In the corner: what is read comes in at the middle.
    const [rect, label] = [outline, cluster.querySelector<SVGGElement>('.cluster-label')];
    const left = Number(rect?.getAttribute('x') ?? Number.NaN) + 10;
    const top = Number(rect?.getAttribute('y') ?? Number.NaN) + 4;
    if (Number.isFinite(left + top)) label?.setAttribute('transform', `translate(${String(left)}, ${String(top)})`);
  }
}
