/** The words of the picture of a difference in both languages. */
import { counted } from '../common/text.ts';
import type { Change, DiagramDifference } from './plan.ts';

export interface DifferenceWords {
  /** What is said of a node whose sign is not seen. */
  readonly change: Readonly<Record<Change, string>>;
  readonly sharedByTasks: string;
  readonly ofOneTask: (task: string) => string;
  readonly ofNoTask: string;
  readonly gradientFlows: string;
  readonly gradientStops: string;
  /** How many tasks' gradients flow along an edge, or whose where it is one. */
  readonly tasksAlong: (before: readonly string[], now: readonly string[]) => string;
  readonly moreDifferences: (count: number) => string;
  /** A remark behind what it is about. */
  readonly remark: (said: string, remark: string) => string;
  /** Name of what the following sentence is about. */
  readonly labeled: (name: string) => string;
  readonly deltaInAll: (delta: string) => string;
  readonly differenceTitle: (first: string, second: string) => string;
  readonly differenceDescription: (counts: DiagramDifference['counts']) => string;
  readonly sameNetworks: string;
  readonly onlyIn: (name: string) => string;
  readonly differsFromTo: (second: string, first: string) => string;
  readonly alikeInBoth: string;
  /** Between sentences. */
  readonly space: string;
}

export const differenceWords: Readonly<Record<'en' | 'zh-cn', DifferenceWords>> = {
  en: {
    change: { added: 'only in the first', removed: 'only in the second', changed: 'different in the two' },
    sharedByTasks: 'shared',
    ofOneTask: (task) => `of ${task} alone`,
    ofNoTask: 'of no task',
    gradientFlows: 'gradient flows',
    gradientStops: 'gradient stops',
    tasksAlong: (before, now) =>
      before.length === 1 && now.length === 1
        ? `${before.join('')} → ${now.join('')}`
        : `${String(before.length)} → ${counted(now.length, 'task')}`,
    moreDifferences: (count) => `… ${String(count)} more, see the list`,
    remark: (said, remark) => `${said} (${remark})`,
    labeled: (name) => `${name}: `,
    deltaInAll: (delta) => `In all ${delta} parameters.`,
    differenceTitle: (first, second) => `${first} against ${second}`,
    differenceDescription: ({ added, removed, changed, alike }) =>
      `Of nodes and edges ${String(added)} are only in the first, ${String(removed)} only in the second, ${String(changed)} differ and ${String(alike)} are alike`,
    sameNetworks: 'The two networks are alike',
    onlyIn: (name) => `only in ${name}`,
    differsFromTo: (second, first) => `differs: ${second} → ${first}`,
    alikeInBoth: 'without a sign: alike in both',
    space: ' ',
  },
  'zh-cn': {
    change: { added: '仅在前者中', removed: '仅在后者中', changed: '两者不同' },
    sharedByTasks: '共享',
    ofOneTask: (task) => `仅属于 ${task}`,
    ofNoTask: '不属于任何任务',
    gradientFlows: '梯度回传',
    gradientStops: '梯度截断',
    tasksAlong: (before, now) =>
      before.length === 1 && now.length === 1
        ? `${before.join('')} → ${now.join('')}`
        : `${String(before.length)} → ${String(now.length)} 个任务`,
    moreDifferences: (count) => `… 另有 ${String(count)} 处，见列表`,
    remark: (said, remark) => `${said}（${remark}）`,
    labeled: (name) => `${name}：`,
    deltaInAll: (delta) => `参数总量变化 ${delta}。`,
    differenceTitle: (first, second) => `${first} 与 ${second} 对比`,
    differenceDescription: ({ added, removed, changed, alike }) =>
      `节点与连线中，${String(added)} 个仅在前者中，${String(removed)} 个仅在后者中，${String(changed)} 个不同，${String(alike)} 个相同`,
    sameNetworks: '两个网络相同',
    onlyIn: (name) => `仅在 ${name} 中`,
    differsFromTo: (second, first) => `不同：${second} → ${first}`,
    alikeInBoth: '无符号：两者相同',
    space: '',
  },
};
