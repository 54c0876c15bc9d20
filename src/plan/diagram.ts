/**
 * The picture of a plan: inputs → blocks → task branches → predictions → weighted total loss, as Mermaid text and as
 * nodes and edges for the page. Ids are `n0…`; names only ever occur as encoded label text (mermaid.ts).
 */
import { sharingTitle } from '../spec/index.ts';
import { collapseAlike, type Group } from './diagram-alike.ts';
import { sketchEdges } from './diagram-edges.ts';
import { onlyTask, type Ranks, sketchNodes } from './diagram-nodes.ts';
import { drawnParts, maximalParts } from './diagram-parts.ts';
import type { Sketch } from './diagram-sketch.ts';
import { type DrawnEdge, type DrawnNode, mermaidText } from './mermaid.ts';
import type { Diagram, DiagramFrame, Direction, LegendEntry, Plan } from './plan.ts';
import { grouped, type PlanLocale, type UnknownSizes, words } from './words.ts';

/** Where sizes come from that the spec and the header of the data do not tell. */
export type SizesOrigin =
  | { readonly from: 'spec' | 'rows' }
  | { readonly from: 'run'; readonly run: string }
  | { readonly from: 'nowhere'; readonly why: UnknownSizes };

export interface DiagramOptions {
  readonly direction?: Direction | undefined;
  /** Draw siblings alike as one, but for the groups that are opened; absent: each for itself. */
  readonly alike?: { readonly opened: ReadonlySet<string> } | undefined;
  readonly sizes?: SizesOrigin | undefined;
}

/** Many parts may be few once those alike are one. */
export const maximalPartsAlike = 2000;

/** What stands beside the picture. */
type About = Pick<Diagram, 'title' | 'description' | 'note'>;

/** Mermaid text and its nodes and edges for a plan, with labels in one language. */
export function diagramOf(plan: Plan, locale: PlanLocale, options: DiagramOptions = {}): Diagram {
  const ranks = ranksOf(plan);
  const draw = (mostParts: number): Sketch => sketchOf(plan, ranks, locale, mostParts);
  return drawnWithin(draw, ranks, about(plan, locale, options.sizes), locale, options);
}

/** What is said of a plan as a whole. */
export function about(plan: Plan, locale: PlanLocale, sizes: SizesOrigin | undefined): About {
  const shared = [...plan.blocks.values()].filter((block) => block.shared).length;
  const title = words[locale].title(plan.spec.name ?? '');
  const description = words[locale].description(plan.inputs.size, shared, plan.blocks.size, [...plan.tasks.keys()]);
  return { title, description, note: noteOf(plan, locale, sizes) };
}

/**
 * A sketch as a picture that a person can look at: siblings alike as one where that is asked for, and no wall of parts.
 *
 * @param draw with at most so many parts of a block
 */
export function drawnWithin(
  draw: (mostParts: number) => Sketch,
  ranks: Ranks,
  texts: About,
  locale: PlanLocale,
  options: Pick<DiagramOptions, 'direction' | 'alike'> & { readonly legend?: readonly LegendEntry[] },
): Diagram {
  const { direction = 'TB', alike, legend = [] } = options;
  const { sketch, groups } = sketchWithin(draw, locale, alike?.opened);
  return written(sketch, ranks, texts, { direction, groups, legend });
}

/** Every node and edge of a plan, none collapsed. */
export function sketchOf(plan: Plan, ranks: Ranks, locale: PlanLocale, mostParts: number): Sketch {
  const nodes = sketchNodes(plan, ranks, locale, mostParts);
  const edges = sketchEdges(plan, new Set(nodes.map(({ key }) => key)), mostParts);
  const frames = [...plan.blocks.values()].flatMap((block) => {
    const { sharing, name } = block;
    if (!sharing || drawnParts(block, mostParts).length === 0) return [];
    const title = sharingTitle(sharing.type);
    return [{ block: name, title: locale === 'en' ? title.en : title.zh }];
  });
  return { nodes, edges, frames };
}

/** Index of each task of a plan in source order: its color. */
function ranksOf(plan: Plan): Ranks {
  return new Map([...plan.tasks.keys()].map((name, index) => [name, index] as const));
}

function sketchWithin(
  draw: (mostParts: number) => Sketch,
  locale: PlanLocale,
  opened: ReadonlySet<string> | undefined,
): { readonly sketch: Sketch; readonly groups: readonly Group[] } {
  if (opened === undefined) return { sketch: draw(maximalParts), groups: [] };
  const collapsed = collapseAlike(draw(maximalPartsAlike), opened, locale);
  const parts = new Map<string, number>();
  for (const { kind, frame = '' } of collapsed.sketch.nodes) {
    if (kind === 'part') parts.set(frame, (parts.get(frame) ?? 0) + 1);
  }
  if (Math.max(0, ...parts.values()) <= maximalParts) return collapsed;
  return collapseAlike(draw(maximalParts), opened, locale);
}

/** The sketch with ids and as Mermaid text. */
function written(
  { nodes, edges, frames }: Sketch,
  ranks: Ranks,
  texts: About,
  how: { readonly direction: Direction; readonly groups: readonly Group[]; readonly legend: readonly LegendEntry[] },
): Diagram {
  const { direction, groups, legend } = how;
  const drawnFrames = frames.map((frame, index): DiagramFrame => ({ id: `f${String(index)}`, ...frame }));
  const ids = new Map(nodes.map(({ key }, index) => [key, `n${String(index)}`] as const));
  const drawnNodes = nodes.map(({ key, lines, frame, size: _size, ...node }): DrawnNode => ({
    node: { id: ids.get(key) ?? '', ...node, label: lines.map((line) => line.text) },
    lines,
    ...(frame === undefined ? {} : { frame: drawnFrames.find(({ block }) => block === frame)?.id }),
  }));
  const drawnEdges = edges.map(({ from, to, label, tasks, shared, cut, change }): DrawnEdge => {
    const task = shared ? null : onlyTask(ranks, tasks);
    const ends = { from: ids.get(from) ?? '', to: ids.get(to) ?? '' };
    return { edge: { ...ends, label, shared, task, ...(change === undefined ? {} : { change }) }, cut };
  });
  return {
    ...texts,
    direction,
    groups,
    frames: drawnFrames,
    mermaid: mermaidText({ ...texts, direction, frames: drawnFrames, legend }, drawnNodes, drawnEdges),
    nodes: drawnNodes.map((drawn) => drawn.node),
    edges: drawnEdges.map((drawn) => drawn.edge),
  };
}

function noteOf({ parameters }: Plan, locale: PlanLocale, sizes: SizesOrigin | undefined): string {
  const say = words[locale];
  const { total, shared } = parameters;
  const count = total === null ? say.allUnknown : say.inAll(grouped(total), shared === null ? '?' : grouped(shared));
  return [count, originText(sizes, locale)].filter((part) => part !== '').join(locale === 'en' ? ' ' : '');
}

function originText(sizes: SizesOrigin | undefined, locale: PlanLocale): string {
  const say = words[locale];
  switch (sizes?.from) {
    case undefined:
    case 'spec':
      return '';
    case 'rows':
      return say.sizesOfRows;
    case 'run':
      return say.sizesOfRun(sizes.run);
    case 'nowhere':
      return say.why[sizes.why];
  }
}
