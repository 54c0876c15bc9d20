/**
 * Siblings that are alike drawn as one: sixty tasks with the same head behind the same block, eight experts with the same
 * layers. Two nodes are alike when they say the same but for their names and their neighbors are alike too, all the way:
 * the coarsest such division is found by refining classes until no neighbor tells two members apart. What tasks share
 * stands for itself, so that two groups of tasks behind two blocks stay two.
 */
import { signed } from './diagram-signs.ts';
import { nameLine, phraseLine, type Sketch, type SketchEdge, type SketchNode } from './diagram-sketch.ts';
import { type PlanLocale, words } from './words.ts';

/** Fewer than this are drawn one by one. */
const leastAlike = 9;

export interface Group {
  /** Stable while the text changes elsewhere: the key of its first member. */
  readonly id: string;
  readonly count: number;
  readonly open: boolean;
}

export interface Collapsed {
  readonly sketch: Sketch;
  readonly groups: readonly Group[];
}

/** @param opened groups, by id, whose members are drawn one by one */
export function collapseAlike(sketch: Sketch, opened: ReadonlySet<string>, locale: PlanLocale): Collapsed {
  const classes = alike(sketch).filter((members) => members.length >= leastAlike);
  const groups = new Map<string, Group>();
  const closed = new Map<string, SketchNode>();
  const member = new Map<string, string>();
  for (const members of classes) {
    const id = groupOf(members, sketch);
    const open = opened.has(id);
    groups.set(id, { id, count: Math.max(groups.get(id)?.count ?? 0, members.length), open });
    const whole = open ? undefined : standIn(members, id, locale);
    for (const { key } of members) {
      if (whole === undefined) member.set(key, id);
      else closed.set(key, whole);
    }
  }
  const nodes = new Map<string, SketchNode>();
  for (const node of sketch.nodes) {
    const memberOf = member.get(node.key);
    const drawn = closed.get(node.key) ?? (memberOf === undefined ? node : { ...node, memberOf });
    if (!nodes.has(drawn.key)) nodes.set(drawn.key, drawn);
  }
  const edges = mergedEdges(sketch.edges, (key) => closed.get(key)?.key ?? key, locale);
  return { sketch: { ...sketch, nodes: [...nodes.values()], edges }, groups: [...groups.values()] };
}

/** Classes of nodes that are alike, in the order of the picture. */
function alike({ nodes, edges }: Sketch): readonly (readonly SketchNode[])[] {
  const [into, from] = [new Map<string, SketchEdge[]>(), new Map<string, SketchEdge[]>()];
  for (const edge of edges) {
    into.set(edge.to, [...(into.get(edge.to) ?? []), edge]);
    from.set(edge.from, [...(from.get(edge.from) ?? []), edge]);
  }
  let colors = numbered(nodes, formOf);
  for (;;) {
    const seen = (found: readonly SketchEdge[] | undefined, end: 'from' | 'to'): string =>
      (found ?? []).map((edge) => `${String(colors.get(edge[end]))}${edge.cut ? '-' : ''}${changeOf(edge)}`).toSorted().join(); // prettier-ignore
    const next = numbered(nodes, (node) =>
      [colors.get(node.key), seen(into.get(node.key), 'from'), seen(from.get(node.key), 'to')].join(';'),
    );
    const count = new Set(next.values()).size;
    const settled = count === new Set(colors.values()).size;
    colors = next;
    if (settled) break;
  }
  const classes = new Map<number | undefined, SketchNode[]>();
  for (const node of nodes) {
    const color = colors.get(node.key);
    classes.set(color, [...(classes.get(color) ?? []), node]);
  }
  return [...classes.values()];
}

/** Nothing where it is alike in both. Weights of what only one has are told as a range; what changed must have changed alike. */
const changeOf = ({ change, label }: SketchEdge): string =>
  change === undefined ? '' : change === 'changed' ? JSON.stringify([change, label]) : change;

/** The same number for nodes with the same text. */
function numbered(nodes: readonly SketchNode[], textOf: (node: SketchNode) => string): Map<string, number> {
  const numbers = new Map<string, number>();
  return new Map(
    nodes.map((node) => {
      const text = textOf(node);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return [node.key, number] as const;
    }),
  );
}

/** All that a node says but its name; its own key where it is never one of many. */
function formOf({ key, kind, role, shared, task, frame, spoken, change }: SketchNode): string {
  const alone = kind === 'total' || (kind === 'block' && task === null);
  return JSON.stringify(alone ? key : [kind, role, shared, task === null, frame, change, spoken.slice(1)]);
}

/** Classes that belong to the same tasks open together: columns, heads and predictions. */
function groupOf(members: readonly SketchNode[], sketch: Sketch): string {
  const [first] = members;
  if (first === undefined) return '';
  if (members.some(({ task }) => task === null)) return first.key;
  return sketch.nodes.find(({ kind, task }) => kind === 'task' && task === first.task)?.key ?? first.key;
}

/** One node for all of them. */
function standIn(members: readonly SketchNode[], id: string, locale: PlanLocale): SketchNode {
  const [first] = members;
  const last = members.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A group has members.');
  const say = words[locale];
  const nameOf = (node: SketchNode): string => node.lines[0]?.text ?? node.name;
  const title = say.alike(members.length, first.kind, first.role);
  const names = nameOf(first) === nameOf(last) ? nameOf(first) : `${nameOf(first)} … ${nameOf(last)}`;
  const rest = first.lines.slice(1);
  const size = rest.at(-1);
  return {
    ...first,
    key: `alike:${first.key}`,
    name: `${first.name} … ${last.name}`,
    task: null,
    lines: [
      phraseLine(title),
      nameLine(names),
      ...rest.slice(0, -1),
      ...(size === undefined ? [] : [phraseLine(say.each(size.text))]),
    ],
    spoken: [title, members.map(nameOf).join(say.comma), ...first.spoken.slice(1), say.opens],
    group: { id, members: members.map(({ name }) => name) },
  };
}

function mergedEdges(
  edges: readonly SketchEdge[],
  keyOf: (key: string) => string,
  locale: PlanLocale,
): readonly SketchEdge[] {
  const merged = new Map<string, SketchEdge>();
  for (const edge of edges) {
    const [from, to] = [keyOf(edge.from), keyOf(edge.to)];
    const key = JSON.stringify([from, to, edge.cut, changeOf(edge)]);
    const known = merged.get(key);
    if (from === to) continue;
    const weights = [...(known?.weights ?? []), ...edge.weights];
    merged.set(key, {
      ...edge,
      ...{ from, to, weights, label: known === undefined ? edge.label : labelOf(edge, weights, locale) },
      tasks: known === undefined ? edge.tasks : [...new Set([...known.tasks, ...edge.tasks])],
      shared: edge.shared || known?.shared === true,
    });
  }
  return [...merged.values()];
}

/** Of several edges as one. */
function labelOf({ change, label }: SketchEdge, weights: readonly number[], locale: PlanLocale): string {
  if (change === undefined) return weightsText(weights, locale);
  // All of them have changed alike: their labels are the same.
  if (change === 'changed') return words[locale].each(label);
  return signed(change, phraseLine(weightsText(weights, locale))).text;
}

/** `× 0.1 each`, `× 0.1 … 0.3`; nothing where there are no weights. */
function weightsText(weights: readonly number[], locale: PlanLocale): string {
  if (weights.length === 0) return '';
  const [least, most] = [Math.min(...weights), Math.max(...weights)];
  return least === most ? words[locale].each(`× ${String(least)}`) : `× ${String(least)} … ${String(most)}`;
}
