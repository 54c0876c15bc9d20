/** The words of the diagram in both languages. */
import { counted, text, type Text } from '../common/text.ts';
import { differenceWords, type DifferenceWords } from './difference-words.ts';
import type { DiagramNodeKind, PartRole } from './plan.ts';

export type PlanLocale = 'en' | 'zh-cn';

/** Why sizes that the data tell are not known. */
export type UnknownSizes = 'reading' | 'unsaved' | 'restricted' | 'off' | 'unread';

const kindWords: Readonly<Record<Exclude<DiagramNodeKind, 'part'>, Text>> = {
  input: text('inputs', '输入'),
  block: text('blocks', '模块'),
  task: text('tasks', '任务'),
  prediction: text('predictions', '预测'),
  total: text('total losses', '总损失'),
};

const roleWords: Readonly<Record<PartRole, Text>> = {
  expert: text('experts', '专家'),
  gate: text('gates', '门控'),
  mixture: text('mixtures', '混合'),
  column: text('columns', '列'),
  unit: text('units', '单元'),
  trunk: text('stages', '阶段'),
  attention: text('attention masks', '注意力掩码'),
};

const wordOf = (kind: DiagramNodeKind, role: PartRole | undefined): Text =>
  kind === 'part' ? roleWords[role ?? 'expert'] : kindWords[kind];

interface Words extends DifferenceWords {
  readonly parameters: (count: string) => string;
  readonly unknownParameters: string;
  /** A rounded number with the exact one. */
  readonly exactly: (rounded: string, exact: string) => string;
  readonly more: (count: number) => string;
  /** `10 tasks alike` */
  readonly alike: (count: number, kind: DiagramNodeKind, role: PartRole | undefined) => string;
  /** What is said of one of many: `33 parameters each`. */
  readonly each: (text: string) => string;
  readonly opens: string;
  readonly comma: string;
  /** Of the whole network. */
  readonly inAll: (count: string, shared: string) => string;
  readonly allUnknown: string;
  readonly sizesOfRows: string;
  readonly sizesOfRun: (run: string) => string;
  readonly why: Readonly<Record<UnknownSizes, string>>;
  readonly totalLoss: string;
  readonly weightedSum: string;
  readonly prediction: string;
  readonly expert: (label: string) => string;
  readonly gate: (label: string) => string;
  readonly column: (label: string) => string;
  readonly stitch: (label: string) => string;
  readonly branch: (label: string) => string;
  readonly trunk: (label: string) => string;
  readonly convolution: (label: string) => string;
  readonly mask: (label: string) => string;
  readonly among: (count: number) => string;
  readonly selects: (selected: number, count: number) => string;
  readonly title: (name: string) => string;
  readonly description: (inputs: number, shared: number, blocks: number, tasks: readonly string[]) => string;
}

export const words: Readonly<Record<PlanLocale, Words>> = {
  en: {
    ...differenceWords.en,
    parameters: (count) => `${count} parameters`,
    unknownParameters: '? parameters',
    exactly: (rounded, exact) => `${rounded} (${exact})`,
    more: (count) => `… ${String(count)} more layers`,
    alike: (count, kind, role) => `${String(count)} ${wordOf(kind, role).en} alike`,
    each: (said) => `${said} each`,
    opens: 'Enter or a click shows them one by one',
    comma: ', ',
    inAll: (count, shared) => `${count} parameters, ${shared} of them shared.`,
    allUnknown: 'How many parameters there are is not known.',
    sizesOfRows: 'Sizes are those that the rows of the data give.',
    sizesOfRun: (run) => `Sizes are those that the run ${run} found.`,
    why: {
      reading: 'The data are being read for sizes.',
      unsaved: 'Some sizes come from the data: they are known once the spec is saved.',
      restricted: 'Some sizes come from the data, which are not read in Restricted Mode.',
      off: 'Some sizes come from the data, which the setting mtl.check.readData keeps from being read.',
      unread:
        'Some sizes come from the data, which are too large to read for a picture or cannot be used yet (see the problems). A run of this spec tells them.',
    },
    totalLoss: 'Total loss',
    weightedSum: 'weighted sum of the task losses',
    prediction: 'prediction',
    expert: (label) => `expert ${label}`,
    gate: (label) => `gate of ${label}`,
    column: (label) => `column of ${label}`,
    stitch: (label) => `unit of ${label}`,
    branch: (label) => `branch of ${label}`,
    trunk: (label) => `trunk, stage ${label}`,
    convolution: (label) => `attention, stage ${label}`,
    mask: (label) => `attention mask of ${label}`,
    among: (count) => `softmax over ${String(count)} experts`,
    selects: (selected, count) => `selects ${String(selected)} of ${String(count)} experts`,
    title: (name) => (name === '' ? 'Task mapping' : `Task mapping of ${name}`),
    description: (inputs, shared, blocks, tasks) =>
      `${counted(inputs, 'input')}, ${counted(blocks, 'block')} of which ${String(shared)} shared, ${counted(tasks.length, 'task')} (${tasks.join(', ')})`,
  },
  'zh-cn': {
    ...differenceWords['zh-cn'],
    parameters: (count) => `${count} 个参数`,
    exactly: (rounded, exact) => `${rounded}（${exact}）`,
    unknownParameters: '参数量未知',
    more: (count) => `… 另有 ${String(count)} 层`,
    alike: (count, kind, role) => `${String(count)} 个相同的${wordOf(kind, role).zh}`,
    each: (said) => `每个 ${said}`,
    opens: '按 Enter 键或单击可逐个显示',
    comma: '、',
    inAll: (count, shared) => `共 ${count} 个参数，其中 ${shared} 个共享。`,
    allUnknown: '参数总量未知。',
    sizesOfRows: '大小由数据各行得出。',
    sizesOfRun: (run) => `大小取自运行 ${run}。`,
    why: {
      reading: '正在读取数据以确定大小。',
      unsaved: '部分大小取决于数据，保存描述文件后可知。',
      restricted: '部分大小取决于数据，受限模式下不读取数据。',
      off: '部分大小取决于数据，而设置 mtl.check.readData 禁止读取数据。',
      unread: '部分大小取决于数据，而数据过大，不为绘图读取，或尚不可用（见“问题”）。运行此描述文件后可知。',
    },
    totalLoss: '总损失',
    weightedSum: '各任务损失的加权和',
    prediction: '预测',
    expert: (label) => `专家 ${label}`,
    gate: (label) => `${label} 的门控`,
    column: (label) => `${label} 的列`,
    stitch: (label) => `${label} 的混合单元`,
    branch: (label) => `${label} 的分支`,
    trunk: (label) => `主干，第 ${label} 阶段`,
    convolution: (label) => `注意力，第 ${label} 阶段`,
    mask: (label) => `${label} 的注意力掩码`,
    among: (count) => `对 ${String(count)} 个专家做 softmax`,
    selects: (selected, count) => `从 ${String(count)} 个专家中选 ${String(selected)} 个`,
    title: (name) => (name === '' ? '任务映射' : `${name} 的任务映射`),
    description: (inputs, shared, blocks, tasks) =>
      `${String(inputs)} 个输入、${String(blocks)} 个模块（其中 ${String(shared)} 个共享）、${String(tasks.length)} 个任务（${tasks.join('、')}）`,
  },
};

const units = ['', ' k', ' M', ' G', ' T'] as const;

/** 339 → `339`, 2080 → `2.08 k`, 1234567 → `1.23 M`: three digits are enough for a picture. */
export function compact(count: number): string {
  let [rest, unit] = [count, 0];
  // 999.5 would be written as 1000.
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return unit === 0 ? String(count) : `${String(Number(rest.toPrecision(3)))}${units[unit] ?? ''}`;
}

/** 270450 → `270,450` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
