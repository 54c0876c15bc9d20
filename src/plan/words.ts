/** The words of the diagram in both languages. */
export type PlanLocale = 'en' | 'zh-cn';

interface Words {
  readonly parameters: (count: string) => string;
  readonly unknownParameters: string;
  readonly more: (count: number) => string;
  readonly totalLoss: string;
  readonly weightedSum: string;
  readonly prediction: string;
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
    title: (name) => (name === '' ? '任务映射' : `${name} 的任务映射`),
    description: (inputs, shared, blocks, tasks) =>
      `${String(inputs)} 个输入、${String(blocks)} 个模块（其中 ${String(shared)} 个共享）、${String(tasks.length)} 个任务（${tasks.join('、')}）`,
  },
};

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** 270450 → `270,450` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
