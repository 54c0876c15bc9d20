/** One run a task: what is gained or lost by learning the tasks together is measured against it. */
import { text, type Text } from '../../common/text.ts';
import type { Spec } from '../../spec/index.ts';
import type { ArmNote, Base } from '../contract.ts';
import type { SizeFacts } from '../facts.ts';
import { singleTaskText } from '../single-task.ts';
import { baseOf } from '../variant.ts';
import { matchWidths, parametersOf, type MatchedWidths } from '../widths.ts';
import type { ArmBases, ArmRow } from './contract.ts';

export const singleTask: ArmRow<'single-task'> = {
  bases: (spec, base, { id, match, set }, facts) => {
    const tasks = [...spec.tasks.keys()];
    const bases = tasks.map((task) => baseOf(singleTaskText(spec, task, match), task));
    const refusals = overwritten(match, [...(set?.keys() ?? [])]);
    if (match === 'parameters') {
      const matched = asLarge(id, spec, bases, facts);
      return { ...matched, refusals: [...refusals, ...(matched.refusals ?? [])] };
    }
    if (match === 'time') return { bases, refusals, asLongAs: base, notes: [paceNote(id)] };
    return { bases };
  },
  points: () => [{ label: '', point: new Map(), settings: [] }],
  frontier: false,
};

/** Places that a match fills in: what an arm sets there would be what its runs do not have the same of. */
const filled: Readonly<Partial<Record<string, readonly string[]>>> = {
  parameters: ['/network', '/tasks'],
  time: ['/training/epochs', '/training/steps'],
};

/** Pointers among these that `match` fills in. */
export function filledBy(match: string, pointers: readonly string[]): readonly string[] {
  const places = filled[match] ?? [];
  return pointers.filter((pointer) => places.some((place) => pointer === place || pointer.startsWith(`${place}/`)));
}

function overwritten(match: string, pointers: readonly string[]): readonly ArmNote[] {
  return filledBy(match, pointers).map((pointer) => ({ code: 'match-set', message: matchSetText(match, pointer) }));
}

export const matchSetText = (match: string, pointer: string): Text =>
  text(
    `${pointer} follows from "match": "${match}" and cannot be set beside it. Leave it out here, or take "match": "steps".`,
    `${pointer} 由 "match": "${match}" 决定，不能同时设置。请在此处去掉，或改用 "match": "steps"。`,
  );

const paceNote = (id: string): ArmNote => ({
  code: 'time-matched',
  message: text(
    `"${id}" trains each task for as long as the spec as it stands takes. One run of that and one of each task measure the pace first, on this machine; the epochs follow from it and are told then.`,
    `“${id}”中每个任务的训练时长与当前描述文件的训练时长相同。先各运行一次以测得本机的速度，再由此确定轮数并予以说明。`,
  ),
});

/** Each network with widths by which it has as many parameters as the joint one. */
function asLarge(id: string, spec: Spec, bases: readonly Base[], facts: SizeFacts | null | undefined): ArmBases {
  const known = facts ?? null;
  const wanted = parametersOf(spec, known);
  const matched = bases.map((base) => {
    const own = base.reading.spec;
    return wanted === null || own === undefined ? ('unknown' as const) : matchWidths(own, wanted, known);
  });
  const fixed = bases.filter((_, index) => matched[index] === 'nothing').map(({ task }) => task ?? '');
  if (fixed.length > 0) return { bases, refusals: fixed.map((task) => nothingToScale(id, task)) };
  const found = matched.filter((one): one is MatchedWidths => typeof one !== 'string');
  if (wanted === null || found.length < bases.length) {
    // Before the data have been read nobody can know, and nothing is wrong.
    return facts === undefined
      ? { bases, notes: [laterNote(id)] }
      : { bases, refusals: [unknownSize(id, spec, facts)] };
  }
  return {
    bases: found.map(({ text: own }, index) => baseOf(own, bases[index]?.task ?? null)),
    notes: [reachedNote(id, wanted, bases, found)],
  };
}

function reachedNote(id: string, wanted: number, bases: readonly Base[], found: readonly MatchedWidths[]): ArmNote {
  const parts = found.map(({ count, factor }, index) => {
    const task = bases[index]?.task ?? '';
    const off = count === wanted ? '' : ` (${percentOff(count, wanted)})`;
    const times = String(Number(factor.toPrecision(4)));
    return text(`${task} ${count}${off}, widths × ${times}`, `${task} ${count}${off}，宽度 × ${times}`);
  });
  return {
    code: 'parameters-matched',
    message: text(
      `"${id}" has networks with as many parameters as the joint one (${wanted}), as nearly as whole widths allow: ${parts.map(({ en }) => en).join('; ')}.`,
      `“${id}”的各网络与多任务网络的参数量（${wanted}）尽可能相等（宽度须为整数）：${parts.map(({ zh }) => zh).join('；')}。`,
    ),
  };
}

function percentOff(count: number, wanted: number): string {
  const off = (100 * (count - wanted)) / wanted;
  const size = Number(Math.abs(off).toPrecision(2));
  return `${off < 0 ? '−' : '+'}${size} %`;
}

const laterNote = (id: string): ArmNote => ({
  code: 'parameters-later',
  message: text(
    `The widths of "${id}" follow from sizes that only the data tell: "mtl plan" reads them and says what the networks come to.`,
    `“${id}”的宽度取决于只有数据才能给出的尺寸：“mtl plan”会读取数据并给出各网络的参数量。`,
  ),
});

const nothingToScale = (id: string, task: string): ArmNote => ({
  code: 'parameters-fixed',
  message: text(
    `The network of "${task}" in "${id}" has no layer with "units", "filters" or "outputDim" beside its head, so that nothing can be scaled to as many parameters. Give it such a layer, or take "match": "steps".`,
    `“${id}”中“${task}”的网络除任务头外没有带 "units"、"filters" 或 "outputDim" 的层，无法缩放到相同的参数量。请添加这样的层，或改用 "match": "steps"。`,
  ),
});

function unknownSize(id: string, spec: Spec, facts: SizeFacts | null): ArmNote {
  const [inputs, tasks] = [
    [...spec.data.inputs.keys()].filter((name) => facts?.inputShapes?.has(name) !== true),
    [...spec.tasks].filter(([name, { type }]) => type === 'classification' && facts?.classes?.has(name) !== true),
  ];
  const names = [...inputs, ...tasks.map(([name]) => name)].map((name) => JSON.stringify(name)).join(', ');
  return {
    code: 'parameters-unknown',
    message: text(
      `How many parameters the networks of "${id}" have is not known: sizes depend on data that were not read (${names}; they are too large for it, or wrong). Write "classes" and widths out, or take "match": "steps".`,
      `无法得知“${id}”各网络的参数量：尺寸取决于尚未读取的数据（${names}；数据过大或有误）。请写明 "classes" 与各尺寸，或改用 "match": "steps"。`,
    ),
  };
}
