/**
 * The picture of a plan: inputs → blocks → task branches → predictions → weighted total loss, as Mermaid text and as
 * nodes and edges for the page. Ids are `n0…`; names only ever occur as encoded label text (mermaid.ts).
 */
import { drawnParts, partEdges, partKeys, partName, partTitle } from './diagram-parts.ts';
import { escapeName, escapePhrase } from './escape.ts';
import { summaryOf } from './layers/table.ts';
import { formatShape } from './layers/sizes.ts';
import { type DrawnEdge, type DrawnNode, type Line, mermaidText } from './mermaid.ts';
import { pointerTo } from './pointers.ts';
import type { Diagram, DiagramNodeKind, PartRole, Plan, PlanBlock, PlanLayer, PlanPart, PlanSource } from './plan.ts';
import { grouped, type PlanLocale, words } from './words.ts';

const maximalLayers = 6;
const maximalPartLayers = 3;
const maximalColumns = 4;

/** Mermaid text and its nodes and edges for a plan, with labels in one language. */
export function diagramOf(plan: Plan, locale: PlanLocale): Diagram {
  const ranks = new Map([...plan.tasks.keys()].map((name, index) => [name, index] as const));
  const nodes = numbered([
    ...inputNodes(plan, ranks),
    ...[...plan.blocks.values()].flatMap((block) => blockNodes(block, ranks, locale)),
    ...taskNodes(plan, locale),
    ...predictionNodes(plan),
    totalNode(locale),
  ]);
  const edges = edgesOf(
    plan,
    ranks,
    new Map(nodes.map((drawn) => [`${drawn.node.kind}:${drawn.node.name}`, drawn.node.id])),
  );
  const shared = [...plan.blocks.values()].filter((block) => block.shared).length;
  const title = words[locale].title(plan.spec.name ?? '');
  const description = words[locale].description(plan.inputs.size, shared, plan.blocks.size, [...plan.tasks.keys()]);
  return {
    title,
    description,
    mermaid: mermaidText(title, description, nodes, edges),
    nodes: nodes.map((drawn) => drawn.node),
    edges: edges.map((drawn) => drawn.edge),
  };
}

// ---- nodes ---------------------------------------------------------------------------------------------------

interface Draft {
  readonly kind: DiagramNodeKind;
  readonly role?: PartRole;
  readonly name: string;
  readonly shared: boolean;
  readonly task: number | null;
  readonly lines: readonly Line[];
  readonly pointer: string | null;
}

function numbered(drafts: readonly Draft[]): readonly DrawnNode[] {
  return drafts.map(({ lines, ...draft }, index) => ({
    node: { id: `n${String(index)}`, ...draft, label: lines.map((line) => line.text) },
    lines,
  }));
}

function inputNodes(plan: Plan, ranks: Ranks): readonly Draft[] {
  return [...plan.inputs.values()].map((input) => {
    const tasks = tasksOfInput(plan, input.name);
    return {
      kind: 'input',
      name: input.name,
      shared: tasks.length > 1,
      task: onlyTask(ranks, tasks),
      lines: [name(input.name), phrase(`${input.spec.type} ${formatShape(input.shape)}`)],
      pointer: input.pointer,
    };
  });
}

function blockNodes(block: PlanBlock, ranks: Ranks, locale: PlanLocale): readonly Draft[] {
  const { sharing } = block;
  const whole: Draft = {
    kind: 'block',
    name: block.name,
    shared: block.shared,
    task: onlyTask(ranks, block.tasks),
    lines: [
      name(block.name),
      ...(sharing ? [phrase(sharing.type)] : []),
      ...layerLines(block.layers, locale),
      phrase(formatShape(block.outputShape)),
      countLine(block.parameters, locale),
    ],
    pointer: block.pointer,
  };
  const parts = drawnParts(block).map((part): Draft => {
    const [title = '', ...rest] = partTitle(part, locale);
    return {
      kind: 'part',
      role: part.role,
      name: partName(block.name, part.id),
      shared: part.tasks.length > 1,
      task: onlyTask(ranks, part.tasks),
      lines: [
        name(title),
        ...rest.map(phrase),
        ...partLayers(part, locale),
        ...(part.parameters === 0 ? [] : [countLine(part.parameters, locale)]),
      ],
      pointer: block.pointer,
    };
  });
  return [whole, ...parts];
}

/** A stack tells by its layers which stage it is; what gates and masks compute stands in their title. */
function partLayers(part: PlanPart, locale: PlanLocale): readonly Line[] {
  return ['expert', 'column', 'trunk'].includes(part.role) ? layerLines(part.layers, locale, maximalPartLayers) : [];
}

function taskNodes(plan: Plan, locale: PlanLocale): readonly Draft[] {
  return [...plan.tasks.values()].map((task, index) => ({
    kind: 'task',
    name: task.name,
    shared: false,
    task: index,
    lines: [
      name(task.name),
      ...layerLines(task.layers, locale),
      phrase(`dense ${formatShape(task.outputShape).slice(1, -1)}`),
      countLine(task.parameters, locale),
    ],
    pointer: task.pointer,
  }));
}

function predictionNodes(plan: Plan): readonly Draft[] {
  return [...plan.tasks.values()].map((task, index) => {
    const columns = task.targetColumns.slice(0, maximalColumns).join(', ');
    const rest = task.targetColumns.length > maximalColumns ? ', …' : '';
    return {
      kind: 'prediction',
      name: task.name,
      shared: false,
      task: index,
      lines: [phrase(`${task.spec.type} ${formatShape(task.outputShape)}`), name(columns + rest)],
      pointer: pointerTo('tasks', task.name, 'target'),
    };
  });
}

function totalNode(locale: PlanLocale): Draft {
  const { totalLoss, weightedSum } = words[locale];
  return {
    kind: 'total',
    name: 'total',
    shared: true,
    task: null,
    lines: [phrase(totalLoss), phrase(weightedSum)],
    pointer: null,
  };
}

/** One line a layer; a long list keeps its ends. */
function layerLines(layers: readonly PlanLayer[], locale: PlanLocale, most = maximalLayers): readonly Line[] {
  const lines = layers.map((layer) => phrase(summaryOf(layer.spec)));
  if (lines.length <= most) return lines;
  const hidden = lines.length - (most - 1);
  return [...lines.slice(0, most - 2), phrase(words[locale].more(hidden)), ...lines.slice(-1)];
}

function countLine(count: number | null, locale: PlanLocale): Line {
  return phrase(count === null ? words[locale].unknownParameters : words[locale].parameters(grouped(count)));
}

function name(text: string): Line {
  return { text, encoded: escapeName(text) };
}

function phrase(text: string): Line {
  return { text, encoded: escapePhrase(text) };
}

// ---- edges ---------------------------------------------------------------------------------------------------

function edgesOf(plan: Plan, ranks: Ranks, ids: ReadonlyMap<string, string>): readonly DrawnEdge[] {
  const edges: DrawnEdge[] = [];
  const connect = (from: string, to: string, tasks: readonly string[], label = '', cut = false): void => {
    const [start, end] = [ids.get(from), ids.get(to)];
    if (start === undefined || end === undefined) return;
    const edge = { from: start, to: end, label, shared: tasks.length > 1, task: onlyTask(ranks, tasks) };
    edges.push({ edge, cut });
  };
  const read = readKeys(plan);
  for (const block of plan.blocks.values()) {
    for (const source of block.sources)
      connect(read(source, `block:${block.name}`), `block:${block.name}`, block.tasks, '', isCut(source));
    if (!block.sharing) continue;
    for (const { from, to, tasks } of partEdges(block, block.sharing)) connect(from, to, tasks);
  }
  for (const task of plan.tasks.values()) {
    for (const source of task.sources) {
      connect(read(source, `task:${task.name}`), `task:${task.name}`, [task.name], '', isCut(source));
    }
  }
  for (const task of plan.tasks.values()) {
    connect(`task:${task.name}`, `prediction:${task.name}`, [task.name]);
  }
  const total = 'total:total';
  for (const task of plan.tasks.values()) {
    connect(`prediction:${task.name}`, total, [task.name], `× ${String(task.weight)}`);
  }
  return edges;
}

/** Key of what a reader reads: a task through its prediction, a block through the part that is the reader's. */
function readKeys(plan: Plan): (source: PlanSource, reader: string) => string {
  const keys = new Map([...plan.blocks.values()].map((block) => [block.name, partKeys(block)] as const));
  return (source, reader) => {
    const part = source.kind === 'block' ? plan.blocks.get(source.name)?.sharing?.outputs.get(reader) : undefined;
    if (part !== undefined) return keys.get(source.name)?.(part) ?? `block:${source.name}`;
    return `${source.kind === 'task' ? 'prediction' : source.kind}:${source.name}`;
  };
}

function isCut(source: PlanSource): boolean {
  return source.kind === 'task' && source.stopGradient;
}

/** Tasks that read an input, directly or through blocks. */
function tasksOfInput(plan: Plan, input: string): readonly string[] {
  const reads = (sources: readonly PlanSource[]): boolean =>
    sources.some((source) => source.kind === 'input' && source.name === input);
  const tasks = new Set<string>();
  for (const block of plan.blocks.values()) if (reads(block.sources)) block.tasks.forEach((task) => tasks.add(task));
  for (const task of plan.tasks.values()) if (reads(task.sources)) tasks.add(task.name);
  return [...tasks];
}

/** Index of each task in source order. */
type Ranks = ReadonlyMap<string, number>;

function onlyTask(ranks: Ranks, tasks: readonly string[]): number | null {
  const only = tasks.length === 1 ? tasks[0] : undefined;
  return only === undefined ? null : (ranks.get(only) ?? null);
}
