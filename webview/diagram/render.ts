/**
 * Mermaid text → SVG in VS Code's colors. Labels are text only (`htmlLabels: false`, `securityLevel: strict`), so a name
 * from a stranger's file can never become markup.
 */
import mermaid from 'mermaid';
import type { Diagram } from '../../src/plan/plan.ts';
import { palette, taskColor } from '../theme.ts';

let drawings = 0;

/** Takes the theme's colors; call again before drawing when they have changed. */
function configure(): void {
  const colors = palette();
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    htmlLabels: false,
    theme: 'base',
    fontFamily: colors.fontFamily,
    flowchart: { useMaxWidth: false, curve: 'basis', nodeSpacing: 36, rankSpacing: 44 },
    themeVariables: {
      background: colors.background,
      primaryColor: colors.background,
      primaryTextColor: colors.foreground,
      primaryBorderColor: colors.foreground,
      secondaryColor: colors.background,
      tertiaryColor: colors.background,
      lineColor: colors.muted,
      textColor: colors.foreground,
      edgeLabelBackground: colors.background,
      fontSize: '13px',
    },
  });
}

/**
 * Draws the diagram and marks its parts with the handles that checks and the rest of the page use.
 *
 * @returns the finished svg element, not yet in the page
 * @throws Error with Mermaid's message when it cannot draw the text
 */
export async function draw(diagram: Diagram): Promise<SVGSVGElement> {
  configure();
  const { svg } = await mermaid.render(`mtl-diagram-${String(++drawings)}`, diagram.mermaid);
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const picture = document.importNode(parsed, true) as unknown as SVGSVGElement;
  picture.removeAttribute('style');
  // A group, not an image: its nodes are controls of their own.
  picture.setAttribute('role', 'group');
  picture.removeAttribute('aria-roledescription');
  picture.setAttribute('aria-label', `${diagram.title}. ${diagram.description}`);
  markNodes(picture, diagram);
  markEdges(picture, diagram);
  return picture;
}

function markNodes(picture: SVGSVGElement, diagram: Diagram): void {
  const byId = new Map(diagram.nodes.map((node) => [node.id, node]));
  for (const group of picture.querySelectorAll<SVGGElement>('g.node')) {
    const node = byId.get(/(?:^|-)(n\d+)-\d+$/.exec(group.id)?.[1] ?? '');
    if (!node) continue;
    group.dataset['testid'] = 'node';
    group.dataset['id'] = node.id;
    group.dataset['name'] = node.name;
    group.dataset['kind'] = node.kind;
    if (node.role !== undefined) group.dataset['role'] = node.role;
    group.dataset['shared'] = String(node.shared);
    group.setAttribute('tabindex', '0');
    group.setAttribute('role', node.pointer === null ? 'img' : 'button');
    group.setAttribute('aria-label', node.label.join(' '));
    // Lines of a label are separate elements; without a space they read as one word.
    for (const line of group.querySelectorAll('tspan.text-outer-tspan')) line.append(' ');
    for (const shape of shapesOf(group)) {
      if (node.task !== null) shape.style.stroke = taskColor(node.task);
      if (node.shared) shape.style.strokeWidth = '2.5px';
    }
  }
}

/** What a node is drawn with: one element, or for some shapes a group whose paths carry their own strokes. */
function shapesOf(group: SVGGElement): readonly SVGElement[] {
  const shape = group.querySelector<SVGElement>('.label-container, rect, polygon, circle, path');
  if (!shape) return [];
  return shape.tagName === 'g' ? [...shape.querySelectorAll<SVGElement>('path')] : [shape];
}

function markEdges(picture: SVGSVGElement, diagram: Diagram): void {
  const paths = picture.querySelectorAll<SVGPathElement>('path.flowchart-link');
  paths.forEach((path) => {
    const [, from, to] = /L[-_](n\d+)[-_](n\d+)[-_]\d+$/.exec(path.dataset['id'] ?? path.id) ?? [];
    const edge = diagram.edges.find((candidate) => candidate.from === from && candidate.to === to);
    path.dataset['testid'] = 'edge';
    if (!edge) return;
    path.dataset['from'] = edge.from;
    path.dataset['to'] = edge.to;
    path.dataset['shared'] = String(edge.shared);
    if (edge.task !== null) path.style.stroke = taskColor(edge.task);
    if (edge.shared) path.style.strokeWidth = '2.5px';
  });
}

/** The picture as a file: a standalone SVG with a background, since theme colors are light on nothing. */
export function toFile(picture: SVGSVGElement): {
  readonly text: string;
  readonly width: number;
  readonly height: number;
} {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const box = picture.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(box.height));
  copy.style.background = palette().background;
  for (const node of copy.querySelectorAll('[tabindex]')) node.removeAttribute('tabindex');
  return { text: new XMLSerializer().serializeToString(copy), width: box.width, height: box.height };
}

/** Rasterizes at twice the size. */
export async function toPng(picture: SVGSVGElement): Promise<Blob> {
  const { text, width, height } = toFile(picture);
  const image = new Image();
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    await new Promise<void>((resolve, reject) => {
      image.onload = () => resolve();
      image.onerror = () => reject(new Error('The picture could not be read back for PNG.'));
      image.src = url;
    });
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(width * 2);
    canvas.height = Math.ceil(height * 2);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no PNG.'))), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
