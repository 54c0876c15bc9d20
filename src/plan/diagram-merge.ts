/**
 * Two sketches as one: what only the first has (`added`), what only the second has (`removed`), what both have and not
 * alike (`changed`), and the rest. Nodes are matched by their keys, edges by the nodes that they join; what was renamed is
 * one removed and one added, for nothing else is known. Pure.
 */
import { signed, signedName } from './diagram-signs.ts';
import { phraseLine, type Sketch, type SketchEdge, type SketchFrame, type SketchNode } from './diagram-sketch.ts';
import type { Line } from './mermaid.ts';
import { compact, grouped, type PlanLocale, words } from './words.ts';

export interface MergeOptions {
  readonly locale: PlanLocale;
  /** What a node of both differs in that is not drawn, as lines of text, by its key. */
  readonly details: ReadonlyMap<string, readonly string[]>;
  /** Names of the tasks by their index. */
  readonly tasks: readonly string[];
}

/** @param second what the first is held against: values are told from the second to the first */
export function mergeSketches(first: Sketch, second: Sketch, options: MergeOptions): Sketch {
  const nodes = inOrder(
    first.nodes.map((node) => [node.key, node] as const),
    second.nodes.map((node) => [node.key, node] as const),
  );
  const edges = inOrder(keyed(first.edges), keyed(second.edges));
  const frames = inOrder(
    first.frames.map((frame) => [frame.block, frame] as const),
    second.frames.map((frame) => [frame.block, frame] as const),
  );
  return {
    nodes: nodes.map(([now, before]) => mergedNode(now, before, options)),
    edges: edges.map(([now, before]) => mergedEdge(now, before, options.locale)),
    frames: frames.map(([now, before]) => mergedFrame(now, before)),
  };
}

type Pair<T> = readonly [now: T, before: T | undefined] | readonly [now: undefined, before: T];

/** Those of the first in their order; what only the second has stands behind what it stands behind there. */
function inOrder<T>(first: readonly (readonly [string, T])[], second: readonly (readonly [string, T])[]): Pair<T>[] {
  const [own, other] = [new Map(first), new Map(second)];
  const keys = [...own.keys()];
  let place = -1;
  for (const key of other.keys()) {
    if (own.has(key)) {
      place = keys.indexOf(key);
    } else {
      place += 1;
      keys.splice(place, 0, key);
    }
  }
  return keys.map((key): Pair<T> => {
    const [now, before] = [own.get(key), other.get(key)];
    if (now !== undefined) return [now, before];
    if (before !== undefined) return [undefined, before];
    throw new RangeError('A key comes from one of the two.');
  });
}

/** Two edges may join the same nodes: the first and the second of them are told apart. */
function keyed(edges: readonly SketchEdge[]): readonly (readonly [string, SketchEdge])[] {
  const seen = new Map<string, number>();
  return edges.map((edge) => {
    const ends = JSON.stringify([edge.from, edge.to]);
    const count = seen.get(ends) ?? 0;
    seen.set(ends, count + 1);
    return [`${ends} ${String(count)}`, edge] as const;
  });
}

function mergedNode(now: SketchNode | undefined, before: SketchNode | undefined, options: MergeOptions): SketchNode {
  const { locale } = options;
  if (now === undefined || before === undefined) {
    const change = now === undefined ? 'removed' : 'added';
    const only = now ?? before;
    if (only === undefined) throw new RangeError('A node comes from one of the two.');
    const { lines, spoken, pointer } = only;
    const [head = '', ...rest] = spoken;
    return {
      ...only,
      change,
      lines: lines.map((line, index) => (index === 0 ? signed(change, line) : line)),
      spoken: [signed(change, phraseLine(head)).text, words[locale].change[change], ...rest],
      // Its text stands in the other spec.
      pointer: now === undefined ? null : pointer,
    };
  }
  const notes = [...stateNotes(now, before, options), ...(options.details.get(now.key) ?? [])];
  if (notes.length === 0 && saidOf(now) === saidOf(before)) return now;
  const told = changedLines(now, before, notes, locale);
  return {
    ...now,
    ...(now.frame === undefined && before.frame !== undefined ? { frame: before.frame } : {}),
    change: 'changed',
    lines: told.drawn,
    spoken: [told.drawn[0]?.text ?? '', words[locale].change.changed, ...told.spoken.slice(1)],
  };
}

/** All that is drawn or said of a node. */
const saidOf = ({ kind, role, lines, spoken, frame }: SketchNode): string =>
  JSON.stringify([kind, role, lines.map(({ text }) => text), spoken, frame]);

/** Who shares it, where that is not the same: it is drawn by fill and color alone. */
function stateNotes(now: SketchNode, before: SketchNode, { locale, tasks }: MergeOptions): readonly string[] {
  if (now.shared === before.shared && now.task === before.task) return [];
  const say = words[locale];
  const stateOf = ({ shared, task }: SketchNode): string => {
    if (task !== null) return say.ofOneTask(tasks[task] ?? '');
    return shared ? say.sharedByTasks : say.ofNoTask;
  };
  return [`${stateOf(before)} → ${stateOf(now)}`];
}

interface Told {
  readonly drawn: readonly Line[];
  readonly spoken: readonly string[];
}

function changedLines(now: SketchNode, before: SketchNode, notes: readonly string[], locale: PlanLocale): Told {
  const [head, ...rest] = now.lines;
  const [oldHead, ...oldRest] = before.lines;
  const name = head?.text ?? '';
  const first =
    head === undefined || name === oldHead?.text
      ? signed('changed', head ?? phraseLine(''))
      : signedName('changed', `${oldHead?.text ?? ''} → ${name}`);
  const sized = now.size !== undefined && before.size !== undefined;
  const bodies = sized ? [rest.slice(0, -1), oldRest.slice(0, -1)] : [rest, oldRest];
  const body = lineChanges((bodies[1] ?? []).map(textOf), (bodies[0] ?? []).map(textOf));
  const noted = notes.map((note) => signed('changed', phraseLine(note)));
  const middle = [...body, ...noted];
  const sizes = (write: (count: number) => string): readonly string[] =>
    now.size === undefined || before.size === undefined ? [] : [sizeChange(now.size, before.size, locale, write)];
  return {
    drawn: [first, ...middle, ...sizes(compact).map(phraseLine)],
    spoken: [first.text, ...middle.map(textOf), ...sizes(grouped)],
  };
}

const textOf = ({ text }: Line): string => text;

/** What both have as it is; in place of what differs `old → new`, or each with its sign where they are not as many. */
function lineChanges(before: readonly string[], now: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  let [old, fresh]: [string[], string[]] = [[], []];
  const flush = (): void => {
    if (old.length === fresh.length) {
      lines.push(...old.map((line, index) => phraseLine(`${line} → ${fresh[index] ?? ''}`)));
    } else {
      lines.push(...old.map((line) => signed('removed', phraseLine(line))));
      lines.push(...fresh.map((line) => signed('added', phraseLine(line))));
    }
    [old, fresh] = [[], []];
  };
  for (const [kind, line] of aligned(before, now)) {
    if (kind === 'both') {
      flush();
      lines.push(phraseLine(line));
    } else (kind === 'before' ? old : fresh).push(line);
  }
  flush();
  return lines;
}

/** The longest common subsequence of two short lists, and what stands between. */
function aligned(
  before: readonly string[],
  now: readonly string[],
): readonly (readonly ['both' | 'before' | 'now', string])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    for (let j = now.length - 1; j >= 0; j--)
      row[j] = before[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const found: (readonly ['both' | 'before' | 'now', string])[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < now.length) {
    const [old, fresh] = [before[i], now[j]];
    if (old !== undefined && old === fresh) {
      found.push(['both', old]);
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push(['before', old]);
      i++;
    } else if (fresh !== undefined) {
      found.push(['now', fresh]);
      j++;
    }
  }
  return found;
}

type Size = NonNullable<SketchNode['size']>;

/** `[50] → [64] · 39.2 k → 50.2 k parameters (Δ +11 k)`; Δ stands only where both counts are known. */
function sizeChange(now: Size, before: Size, locale: PlanLocale, write: (count: number) => string): string {
  const say = words[locale];
  const [oldShape, shape] = [before.shape.join(' · '), now.shape.join(' · ')];
  const shapes = shape === oldShape ? now.shape : [`${oldShape} → ${shape}`];
  const [old, fresh] = [before.parameters, now.parameters];
  if (old === fresh) return [...shapes, fresh === null ? say.unknownParameters : say.parameters(write(fresh))].join(' · '); // prettier-ignore
  const counted = (count: number | null): string => (count === null ? '?' : write(count));
  const counts = say.parameters(`${counted(old)} → ${counted(fresh)}`);
  const delta = old === null || fresh === null ? '' : deltaText(fresh - old, write);
  return [...shapes, delta === '' ? counts : say.remark(counts, delta)].join(' · ');
}

/** `Δ +11 k` */
export const deltaText = (delta: number, write: (count: number) => string): string =>
  `Δ ${delta < 0 ? '−' : '+'}${write(Math.abs(delta))}`;

function mergedEdge(now: SketchEdge | undefined, before: SketchEdge | undefined, locale: PlanLocale): SketchEdge {
  if (now === undefined || before === undefined) {
    const change = now === undefined ? 'removed' : 'added';
    const only = now ?? before;
    if (only === undefined) throw new RangeError('An edge comes from one of the two.');
    return { ...only, change, label: signed(change, phraseLine(only.label)).text };
  }
  const say = words[locale];
  const flow = ({ cut }: SketchEdge): string => (cut ? say.gradientStops : say.gradientFlows);
  /** Several tasks are drawn alike, however many there are; of one its color tells which. */
  const drawn = ({ shared, tasks }: SketchEdge): string => (shared ? '' : JSON.stringify(tasks));
  const parts = [
    now.label === before.label ? [] : [`${before.label} → ${now.label}`],
    now.cut === before.cut ? [] : [`${flow(before)} → ${flow(now)}`],
    drawn(now) === drawn(before) ? [] : [say.tasksAlong(before.tasks, now.tasks)],
  ].flat();
  if (parts.length === 0) return now;
  return { ...now, change: 'changed', label: signed('changed', phraseLine(parts.join(say.comma))).text };
}

function mergedFrame(now: SketchFrame | undefined, before: SketchFrame | undefined): SketchFrame {
  if (now === undefined || before === undefined) {
    const change = now === undefined ? 'removed' : 'added';
    const only = now ?? before;
    if (only === undefined) throw new RangeError('A frame comes from one of the two.');
    return { ...only, change, title: signed(change, phraseLine(only.title)).text };
  }
  if (now.title === before.title) return now;
  return { ...now, change: 'changed', title: signed('changed', phraseLine(`${before.title} → ${now.title}`)).text };
}
