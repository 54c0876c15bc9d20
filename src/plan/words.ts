/** The words of the diagram in both languages. */
import { counted } from '../common/text.ts';

export type PlanLocale = 'en' | 'zh-cn';

interface Words {
  readonly parameters: (count: string) => string;
  readonly unknownParameters: string;
  readonly more: (count: number) => string;
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
    parameters: (count) => `${count} parameters`,
    unknownParameters: 'parameters not known yet',
    more: (count) => `… ${String(count)} more layers`,
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
    parameters: (count) => `${count} 个参数`,
    unknownParameters: '参数个数暂未知',
    more: (count) => `… 另有 ${String(count)} 层`,
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

/** 270450 → `270,450` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
