/** Sharing mechanisms in the picture: experts, gates, columns and units as nodes between a block and its readers. */
import type { PlanBlock, PlanPart, PlanSharing } from './plan.ts';
import { type PlanLocale, words } from './words.ts';

/** More parts than this would be a wall of boxes: the block then stands for all of them. */
export const maximalParts = 80;

/** Key of the node that stands for a part: its own, or that of the part or block it is drawn with. */
export type PartKeys = (id: string) => string;

/** Parts that are drawn; none where there are too many. */
export function drawnParts(block: PlanBlock, most = maximalParts): readonly PlanPart[] {
  const { sharing } = block;
  if (!sharing) return [];
  const parts = sharing.parts.filter((part) => ownerOf(part) === null);
  return parts.length > most ? [] : parts;
}

export function partName(block: string, id: string): string {
  return `${block}/${id}`;
}

export function partKeys(block: PlanBlock, most = maximalParts): PartKeys {
  const drawn = new Set(drawnParts(block, most).map((part) => part.id));
  const byId = new Map(block.sharing?.parts.map((part) => [part.id, part] as const) ?? []);
  return (id) => {
    let at: string | null = id;
    while (at !== null && !drawn.has(at)) {
      const part = byId.get(at);
      at = part === undefined ? null : ownerOf(part);
      if (drawn.size === 0) at = null;
    }
    return at === null ? `block:${block.name}` : `part:${partName(block.name, at)}`;
  };
}

/** The part (or the block's `input`) that a part is drawn with; null for one of its own. */
function ownerOf(part: PlanPart): string | null {
  if (part.drawnWith !== undefined) return part.drawnWith;
  if (part.layersOf !== undefined) return part.layersOf;
  const passes = part.operation.kind === 'join' && part.role === 'gate' && part.parameters === 0;
  return passes ? (part.reads[0] ?? null) : null;
}

/** What a part is, and what it does in a few words. */
export function partTitle(part: PlanPart, locale: PlanLocale): readonly string[] {
  const say = words[locale];
  const { label, operation } = part;
  const units = part.outputShape.at(-1) ?? 0;
  switch (part.role) {
    case 'expert':
      return [say.expert(label)];
    case 'gate':
      return [
        say.gate(label),
        operation.kind === 'selector' ? say.selects(operation.selected, operation.codes.length) : say.among(units),
      ];
    case 'column':
      return [say.column(label)];
    case 'unit':
      return [operation.kind === 'choice' ? say.branch(label) : say.stitch(label)];
    case 'trunk':
      return [say.trunk(label)];
    case 'attention':
      return [part.id.startsWith('masks/') ? say.mask(label) : say.convolution(label)];
    case 'mixture':
      return [label];
  }
}

/** Every edge inside a block once: keys of its ends and the tasks whose gradients flow along it. */
export function partEdges(
  block: PlanBlock,
  sharing: PlanSharing,
  most = maximalParts,
): readonly { readonly from: string; readonly to: string; readonly tasks: readonly string[] }[] {
  const keys = partKeys(block, most);
  const edges = new Map<string, { from: string; to: string; tasks: Set<string> }>();
  const tasksOf = new Map(sharing.parts.map((part) => [part.id, part.tasks] as const));
  for (const part of sharing.parts) {
    const to = keys(part.id);
    for (const read of part.reads) {
      const from = keys(read);
      if (from === to) continue;
      const key = `${from} → ${to}`;
      const edge = edges.get(key) ?? { from, to, tasks: new Set<string>() };
      // Layers that several streams go through have the tasks of all; along one stream only its own flow back.
      const upstream = tasksOf.get(read) ?? block.tasks;
      for (const task of part.tasks) if (upstream.includes(task)) edge.tasks.add(task);
      edges.set(key, edge);
    }
  }
  return [...edges.values()].map(({ from, to, tasks }) => ({ from, to, tasks: [...tasks] }));
}
