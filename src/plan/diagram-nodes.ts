/** The nodes of the picture: what each is called, what it does, and how large it is. */
import type { Text } from '../common/text.ts';
import { inputTitle, taskTitle } from '../spec/index.ts';
import { drawnParts, partName, partTitle } from './diagram-parts.ts';
import { nameLine, phraseLine, type SketchNode } from './diagram-sketch.ts';
import { summaryOf } from './layers/table.ts';
import { formatShape } from './layers/sizes.ts';
import type { Line } from './mermaid.ts';
import { pointerTo } from './pointers.ts';
import type { Plan, PlanBlock, PlanLayer, PlanPart } from './plan.ts';
import { compact, grouped, type PlanLocale, words } from './words.ts';

const maximalLayers = 6;
const maximalPartLayers = 3;
const maximalColumns = 4;

/** Index of each task in source order. */
export type Ranks = ReadonlyMap<string, number>;

/** @param mostParts of a block: beyond that it stands for all of them */
export function sketchNodes(plan: Plan, ranks: Ranks, locale: PlanLocale, mostParts: number): readonly SketchNode[] {
  return [
    ...inputNodes(plan, ranks, locale),
    ...[...plan.blocks.values()].flatMap((block) => blockNodes(block, ranks, locale, mostParts)),
    ...taskNodes(plan, locale),
    ...predictionNodes(plan, locale),
    totalNode(locale),
  ];
}

type Draft = Omit<SketchNode, 'spoken'>;

/** A node whose last line is its size: `[32] · 2.08 k parameters`; who listens is told what is seen, and the exact number. */
function sized(draft: Draft, size: readonly string[], count: number | null, locale: PlanLocale): SketchNode {
  const counted = (number: string): string => words[locale].parameters(number);
  const known = (text: string): string => [...size, text].join(' · ');
  const drawn = known(count === null ? words[locale].unknownParameters : counted(compact(count)));
  const exact =
    count === null || compact(count) === grouped(count) ? drawn : words[locale].exactly(drawn, grouped(count));
  return {
    ...draft,
    lines: [...draft.lines, phraseLine(drawn)],
    size: { shape: size, parameters: count },
    spoken: [...draft.lines.map(({ text }) => text), exact],
  };
}

/** A node of a name and a type with its shape. */
function typed(said: string, shape: string, draft: Draft): SketchNode {
  return { ...draft, spoken: [draft.lines[0]?.text ?? '', `${said} ${shape}`] };
}

function plain(draft: Draft): SketchNode {
  return { ...draft, spoken: draft.lines.map(({ text }) => text) };
}

/** What a type is called: in English its identifier; in Chinese its name, and the identifier for those who hover or listen. */
function typeWords(type: string, title: Text, locale: PlanLocale): { readonly drawn: string; readonly said: string } {
  if (locale === 'en' || title.zh === type) return { drawn: type, said: type };
  return { drawn: title.zh, said: `${title.zh}（${type}）` };
}

function inputNodes(plan: Plan, ranks: Ranks, locale: PlanLocale): readonly SketchNode[] {
  return [...plan.inputs.values()].map((input) => {
    const tasks = tasksOfInput(plan, input.name);
    const { drawn, said } = typeWords(input.spec.type, inputTitle(input.spec.type), locale);
    const shape = formatShape(input.shape);
    return typed(said, shape, {
      key: `input:${input.name}`,
      kind: 'input',
      name: input.name,
      shared: tasks.length > 1,
      task: onlyTask(ranks, tasks),
      lines: [nameLine(input.name), phraseLine(`${drawn} ${shape}`)],
      pointer: input.pointer,
    });
  });
}

function blockNodes(block: PlanBlock, ranks: Ranks, locale: PlanLocale, mostParts: number): readonly SketchNode[] {
  const { sharing } = block;
  const parts = drawnParts(block, mostParts);
  const framed = parts.length > 0 ? { frame: block.name } : {};
  // What each expert or column consists of stands there.
  const layers = parts.some(isStack) ? [] : layerLines(block.layers, locale);
  const whole = sized(
    {
      key: `block:${block.name}`,
      kind: 'block',
      name: block.name,
      shared: block.shared,
      task: onlyTask(ranks, block.tasks),
      lines: [nameLine(block.name), ...(sharing ? [phraseLine(sharing.type)] : []), ...layers],
      pointer: block.pointer,
      ...framed,
    },
    [formatShape(block.outputShape)],
    block.parameters,
    locale,
  );
  return [whole, ...parts.map((part) => partNode(block, part, ranks, locale))];
}

function partNode(block: PlanBlock, part: PlanPart, ranks: Ranks, locale: PlanLocale): SketchNode {
  const [title = '', ...rest] = partTitle(part, locale);
  const draft: Draft = {
    key: `part:${partName(block.name, part.id)}`,
    kind: 'part',
    role: part.role,
    name: partName(block.name, part.id),
    shared: part.tasks.length > 1,
    task: onlyTask(ranks, part.tasks),
    lines: [nameLine(title), ...rest.map(phraseLine), ...partLayers(part, locale)],
    pointer: block.pointer,
    frame: block.name,
  };
  return part.parameters === 0 ? plain(draft) : sized(draft, [], part.parameters, locale);
}

const isStack = ({ role }: PlanPart): boolean => ['expert', 'column', 'trunk'].includes(role);

/** A stack tells by its layers which stage it is; what gates and masks compute stands in their title. */
function partLayers(part: PlanPart, locale: PlanLocale): readonly Line[] {
  return isStack(part) ? layerLines(part.layers, locale, maximalPartLayers) : [];
}

function taskNodes(plan: Plan, locale: PlanLocale): readonly SketchNode[] {
  return [...plan.tasks.values()].map((task, index) =>
    sized(
      {
        key: `task:${task.name}`,
        kind: 'task',
        name: task.name,
        shared: false,
        task: index,
        lines: [
          nameLine(task.name),
          ...layerLines(task.layers, locale),
          phraseLine(`dense ${formatShape(task.outputShape).slice(1, -1)}`),
        ],
        pointer: task.pointer,
      },
      [],
      task.parameters,
      locale,
    ),
  );
}

function predictionNodes(plan: Plan, locale: PlanLocale): readonly SketchNode[] {
  return [...plan.tasks.values()].map((task, index) => {
    const columns = task.targetColumns.slice(0, maximalColumns).join(', ');
    const rest = task.targetColumns.length > maximalColumns ? ', …' : '';
    const { drawn, said } = typeWords(task.spec.type, taskTitle(task.spec.type), locale);
    const shape = formatShape(task.outputShape);
    return typed(said, shape, {
      key: `prediction:${task.name}`,
      kind: 'prediction',
      name: task.name,
      shared: false,
      task: index,
      lines: [nameLine(columns + rest), phraseLine(`${drawn} ${shape}`)],
      pointer: pointerTo('tasks', task.name, 'target'),
    });
  });
}

function totalNode(locale: PlanLocale): SketchNode {
  const { totalLoss, weightedSum } = words[locale];
  return plain({
    key: 'total:total',
    kind: 'total',
    name: 'total',
    shared: true,
    task: null,
    lines: [phraseLine(totalLoss), phraseLine(weightedSum)],
    pointer: null,
  });
}

/** One line a layer; a long list keeps its ends. */
function layerLines(layers: readonly PlanLayer[], locale: PlanLocale, most = maximalLayers): readonly Line[] {
  const lines = layers.map((layer) => phraseLine(summaryOf(layer.spec)));
  if (lines.length <= most) return lines;
  const hidden = lines.length - (most - 1);
  return [...lines.slice(0, most - 2), phraseLine(words[locale].more(hidden)), ...lines.slice(-1)];
}

/** Tasks that read an input, directly or through blocks. */
function tasksOfInput(plan: Plan, input: string): readonly string[] {
  const reads = (sources: PlanBlock['sources']): boolean =>
    sources.some((source) => source.kind === 'input' && source.name === input);
  const tasks = new Set<string>();
  for (const block of plan.blocks.values()) if (reads(block.sources)) block.tasks.forEach((task) => tasks.add(task));
  for (const task of plan.tasks.values()) if (reads(task.sources)) tasks.add(task.name);
  return [...tasks];
}

/** Index of the only one of these tasks; null where there are several, or none. */
export function onlyTask(ranks: Ranks, tasks: readonly string[]): number | null {
  const only = tasks.length === 1 ? tasks[0] : undefined;
  return only === undefined ? null : (ranks.get(only) ?? null);
}
