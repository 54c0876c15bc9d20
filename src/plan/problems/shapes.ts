/** What does not fit together: layers on each other, inputs side by side, heads on what they read. */
import { text, type Text } from '../../common/text.ts';
import { type Fix } from '../../spec/index.ts';
import { keyOf, type Vertex } from '../graph.ts';
import { formatShape } from '../layers/sizes.ts';
import type { Mistake } from '../network.ts';
import { pointerTo } from '../pointers.ts';
import type { PlanLayer, PlanSource, Shape } from '../plan.ts';
import type { Context } from './context.ts';
import { listOf } from './quote.ts';

type LayerMistake = Extract<Mistake, { kind: 'layer' }>;
type JoinMistake = Extract<Mistake, { kind: 'join' }>;
type IndexMistake = Extract<Mistake, { kind: 'indices' }>;
type SharingMistake = Extract<Mistake, { kind: 'sharing' }>;
type HeadMistake = Extract<Mistake, { kind: 'head' }>;

export function checkShapes(context: Context): void {
  const heads: HeadMistake[] = [];
  for (const mistake of context.mistakes) {
    if (mistake.kind === 'layer') reportLayer(mistake, context);
    else if (mistake.kind === 'join') reportJoin(mistake, context);
    else if (mistake.kind === 'indices') reportIndices(mistake, context);
    else if (mistake.kind === 'sharing') reportSharing(mistake, context);
    else heads.push(mistake);
  }
  for (const group of groupedHeads(heads, context)) reportHeads(group, context);
}

// ---- layers --------------------------------------------------------------------------------------------------

function layersOf({ plan }: Pick<Context, 'plan'>, reader: Vertex): readonly PlanLayer[] {
  return (reader.kind === 'block' ? plan.blocks : plan.tasks).get(reader.name)?.layers ?? [];
}

function ownerPointer(reader: Vertex): string {
  return pointerTo(reader.kind === 'block' ? 'network' : 'tasks', reader.name);
}

function reportLayer({ reader, at }: LayerMistake, context: Context): void {
  const { report } = context;
  const layers = layersOf(context, reader);
  const layer = layers[at.layer];
  if (layer === undefined) return;
  const before = layers[at.layer - 1];
  const from =
    before === undefined
      ? text(`It reads ${sourceList(reader.sources).en}.`, `它读取 ${sourceList(reader.sources).zh}。`)
      : text(
          `That is what layer ${String(at.layer)} (${before.spec.type}) of "${reader.name}" gives.`,
          `这是 “${reader.name}” 第 ${String(at.layer)} 层（${before.spec.type}）的输出。`,
        );
  const { mistake } = at;
  const place = mistake.argument === undefined ? pointerTo('type') : pointerTo(mistake.argument);
  report.error(
    mistake.code,
    layer.pointer + place,
    text(`${mistake.message.en} ${from.en}`, `${mistake.message.zh}${from.zh}`),
    { fixes: layerFixes(at, layer, before, context) },
  );
}

function sourceList(sources: readonly PlanSource[]): Text {
  return listOf(sources.map((source) => (source.kind === 'task' ? `task:${source.name}` : source.name)));
}

function layerFixes(
  { mistake, input }: LayerMistake['at'],
  layer: PlanLayer,
  before: PlanLayer | undefined,
  { report }: Context,
): readonly Fix[] {
  if (mistake.code === 'kernel-too-large') {
    return [
      report.fix(
        text('Add "padding": "same"', '添加 "padding": "same"'),
        report.setProperties(layer.pointer, [['padding', '"same"']]),
      ),
    ];
  }
  if (mistake.code === 'strides-and-dilation') {
    return [
      report.fix(
        text('Set "strides" to 1', '将 "strides" 设为 1'),
        report.replaceValue(layer.pointer + pointerTo('strides'), '1'),
      ),
    ];
  }
  if (layer.spec.type === 'flatten' && input.shape.length === 1) {
    return [report.fix(text('Remove this flatten', '删除该 flatten 层'), report.removeItem(layer.pointer))];
  }
  if (before?.spec.type === 'flatten') {
    return [
      report.fix(text('Remove the flatten before it', '删除其前的 flatten 层'), report.removeItem(before.pointer)),
    ];
  }
  return [];
}

function reportSharing({ reader, mistake }: SharingMistake, { report }: Context): void {
  report.error(mistake.code, ownerPointer(reader) + pointerTo('sharing'), mistake.message);
}

// ---- concatenation -------------------------------------------------------------------------------------------

function reportJoin({ reader, left, right, shapes, reason }: JoinMistake, { report }: Context): void {
  const [first, second] = [reader.sources[left], reader.sources[right]];
  const [one, other] = [shapes[left] ?? [], shapes[right] ?? []];
  const names = [first, second].map((source) => (source === undefined ? '?' : source.name));
  const why =
    reason === 'axes'
      ? text('they have a different number of axes', '两者维数不同')
      : text('all axes but the last must be equal', '除最后一轴外各轴必须相等');
  report.error(
    'shape-mismatch',
    ownerPointer(reader) + pointerTo('input', right),
    text(
      `"${names[0] ?? ''}" ${formatShape(one)} and "${names[1] ?? ''}" ${formatShape(other)} cannot be joined in the input of "${reader.name}": ${why.en}. End both in a vector with flatten or a global pooling layer, or give them the same size.`,
      `“${names[0] ?? ''}” ${formatShape(one)} 与 “${names[1] ?? ''}” ${formatShape(other)} 无法在 “${reader.name}” 的输入中拼接：${why.zh}。请用 flatten 或全局池化把两者变为向量，或使大小一致。`,
    ),
  );
}

// ---- heads ---------------------------------------------------------------------------------------------------

interface HeadGroup {
  readonly mistakes: readonly HeadMistake[];
  /** Block that all of them read, and nothing else, without layers of their own. */
  readonly block: string | undefined;
}

/** Several heads on the same block are one slip: the block should end in a vector. */
function groupedHeads(heads: readonly HeadMistake[], context: Context): readonly HeadGroup[] {
  const groups = new Map<string, { mistakes: HeadMistake[]; block: string | undefined }>();
  for (const mistake of heads) {
    const { reader } = mistake;
    const [source] = reader.sources;
    const plain = reader.sources.length === 1 && layersOf(context, reader).length === 0;
    const block = plain && source?.kind === 'block' ? source.name : undefined;
    const key = block === undefined ? keyOf(reader) : `block:${block}:${String(mistake.axes)}`;
    const group = groups.get(key) ?? { mistakes: [], block };
    group.mistakes.push(mistake);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function reportHeads({ mistakes, block }: HeadGroup, context: Context): void {
  const { plan, report } = context;
  const [first] = mistakes;
  if (first === undefined) return;
  const { reader, shape, axes } = first;
  const task = plan.tasks.get(reader.name);
  if (task === undefined) return;
  const names = listOf(mistakes.map((mistake) => mistake.reader.name));
  const from = sourceList(reader.sources);
  const place = block ?? reader.name;
  report.error(
    'head-shape',
    task.pointer + pointerTo('input'),
    axes === 1
      ? text(
          `The head of ${names.en} takes a vector, but gets the ${kindOf(shape).en} ${formatShape(shape)} from ${from.en}. Insert a flatten or a ${poolingFor(shape)} layer in "${place}".`,
          `${names.zh} 的任务头需要向量，但从 ${from.zh} 得到${kindOf(shape).zh} ${formatShape(shape)}。请在 “${place}” 中插入 flatten 或 ${poolingFor(shape)} 层。`,
        )
      : text(
          `The head of ${names.en} (${task.spec.type}) takes a ${axes === 3 ? 'map [height, width, channels]' : 'sequence [time, features]'}, but gets ${formatShape(shape)} from ${from.en}.`,
          `${names.zh}（${task.spec.type}）的任务头需要${axes === 3 ? '特征图 [高，宽，通道]' : '序列 [时间，特征]'}，但从 ${from.zh} 得到 ${formatShape(shape)}。`,
        ),
    { fixes: axes === 1 ? headFixes({ mistakes, block }, shape, context) : [] },
  );
}

function kindOf(shape: Shape): Text {
  return shape.length === 3 ? text('map', '特征图') : text('sequence', '序列');
}

function poolingFor(shape: Shape): string {
  return shape.length === 3 ? 'globalAveragePooling2d' : 'globalAveragePooling1d';
}

function headFixes(group: HeadGroup, shape: Shape, context: Context): readonly Fix[] {
  const layers = shape.length === 2 || shape.length === 3 ? ['flatten', poolingFor(shape)] : ['flatten'];
  return layers.map((type) => {
    const json = `{ "type": "${type}" }`;
    const edits = places(group, context).map((place) =>
      place.before === undefined
        ? context.report.appendItem(place.list, json)
        : context.report.insertBefore(place.before, json),
    );
    return context.report.fix(text(`Insert ${type}`, `插入 ${type}`), ...edits);
  });
}

/**
 * Where a flattening layer belongs: before the first dense layer that works on a map, else at the end; in the block when
 * all that read it want vectors, else in each task.
 */
function places(
  { mistakes, block }: HeadGroup,
  context: Context,
): readonly { readonly list: string; readonly before: string | undefined }[] {
  const readers = new Set(mistakes.map((mistake) => mistake.reader.name));
  const planned = block === undefined ? undefined : context.plan.blocks.get(block);
  if (planned !== undefined && planned.consumers.every((name) => readers.has(name))) {
    const stages = context.spec.network.get(planned.name)?.stages;
    const last = stages === undefined ? pointerTo('layers') : pointerTo('stages', Math.max(0, stages.length - 1));
    return [{ list: planned.pointer + last, before: firstDenseOnMap(planned.layers) }];
  }
  return mistakes.map(({ reader }) => ({
    list: pointerTo('tasks', reader.name, 'layers'),
    before: firstDenseOnMap(layersOf(context, reader)),
  }));
}

function firstDenseOnMap(layers: readonly PlanLayer[]): string | undefined {
  return layers.find((layer) => layer.spec.type === 'dense' && layer.inputShape.length > 1)?.pointer;
}

// ---- indices taken for quantities ----------------------------------------------------------------------------

function reportIndices({ reader, source }: IndexMistake, { report, plan }: Context): void {
  const of = reader.sources[source];
  const input = of?.kind === 'input' ? plan.inputs.get(of.name) : undefined;
  const name = reader.sources[source]?.name ?? '';
  report.warning(
    'index-as-number',
    ownerPointer(reader) + pointerTo('input', source),
    text(
      `"${name}" gives index numbers, and "${reader.name}" calculates with them as if they were quantities. Begin with an embedding layer, or use "encoding": "one-hot".`,
      `“${name}” 给出的是索引编号，而 “${reader.name}” 把它们当作数量来计算。请先接 embedding 层，或使用 "encoding": "one-hot"。`,
    ),
    {
      fixes:
        input === undefined
          ? []
          : [
              report.fix(
                text('Use "encoding": "one-hot"', '使用 "encoding": "one-hot"'),
                report.replace(`${input.pointer}/encoding`, 'one-hot'),
              ),
            ],
    },
  );
}
