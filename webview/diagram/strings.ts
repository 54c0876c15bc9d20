/** The diagram page's words in both languages. */
import type { DiagramNodeKind } from '../../src/plan/plan.ts';
import { exportWords, type ExportWords } from '../export/strings.ts';
import type { Locale } from '../../src/messages/protocol.ts';

export interface Strings extends ExportWords {
  readonly heading: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly copy: string;
  readonly saveSvg: string;
  readonly savePng: string;
  readonly leftToRight: string;
  readonly collapse: string;
  readonly stale: (problem: string) => string;
  readonly nothing: (problem: string) => string;
  readonly kinds: Readonly<Record<DiagramNodeKind, string>>;
  readonly shared: string;
  readonly hint: string;
  readonly ledger: string;
  readonly noLedger: string;
  readonly recordedStep: string;
  readonly ledgerPlace: (step: number, record: number, records: number) => string;
  readonly ledgerNote: string;
  readonly blockNote: (block: string) => string;
  readonly sharedOf: string;
  readonly allBlocks: string;
  readonly weightless: string;
  readonly cosines: string;
  readonly task: string;
  readonly weight: string;
  readonly norm: string;
  readonly weighted: string;
  readonly cosine: string;
  readonly against: string;
  readonly hardest: (task: string, norm: string) => string;
  readonly noPull: string;
  readonly leastAgreeing: (task: string, cosine: string) => string;
  readonly noCosine: string;
  readonly arrival: (task: string, norm: string, cosine: string) => string;
  readonly splitTask: string;
  readonly mostAgainst: string;
  readonly split: string;
  /** Opens a choice of what to compare with. */
  readonly compare: string;
  readonly difference: string;
  readonly back: string;
  readonly differenceOf: (first: string, second: string) => string;
  readonly samePicture: string;
  readonly countsOf: (added: number, removed: number, changed: number, alike: number) => string;
  readonly sameLines: string;
  readonly differentLines: (count: number) => string;
  readonly linesThatDiffer: string;
  readonly changeHeading: string;
  readonly placeHeading: string;
  readonly absent: string;
  readonly changes: Readonly<Record<'added' | 'removed' | 'changed', string>>;
  /** Between sentences. */
  readonly space: string;
}

const en: Strings = {
  ...exportWords.en,
  heading: 'Task mapping diagram',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit to window',
  copy: 'Copy Mermaid text',
  saveSvg: 'Save as SVG',
  savePng: 'Save as PNG',
  leftToRight: 'From left to right',
  collapse: 'Draw siblings alike as one',
  stale: (problem) => `Last good picture; the text has a problem: ${problem}`,
  nothing: (problem) => `Nothing can be drawn yet: ${problem}`,
  kinds: {
    input: 'input',
    block: 'block',
    part: 'part of a block',
    task: 'task',
    prediction: 'prediction',
    total: 'total loss',
  },
  shared: 'shared',
  hint: 'Drag to pan, Alt+wheel or pinch to zoom, click a node to find it in the text, arrow keys follow the edges. Enter opens siblings drawn as one, Escape closes them.',
  ledger: 'Transfer ledger',
  noLedger:
    'The last run of this spec has recorded no gradients. They are recorded every ten steps or so under strategies that read gradients and every hundred under others, where at least two tasks share parameters.',
  recordedStep: 'Recorded step',
  ledgerPlace: (step, record, records) => `Step ${String(step)} · record ${String(record)} of ${String(records)}`,
  ledgerNote:
    'Width: weight × norm of the task’s gradient where it arrives at what is shared, as a share of the run’s largest. Blue: with the others; red and dashed: against them.',
  blockNote: (block) =>
    `Numbers are those of the shared parameters of ${block} (outlined), at the steps where they were recorded block by block; – stands for a task that does not reach it. The cosines of every two tasks are over all that is shared.`,
  sharedOf: 'Shared parameters of',
  allBlocks: 'all blocks',
  weightless: 'Dotted: this strategy makes no weighting of the tasks, so that there is no weighted norm.',
  cosines: 'Cosines of the task gradients',
  task: 'Task',
  weight: 'Weight',
  norm: 'Gradient norm',
  weighted: 'Weight × norm',
  cosine: 'Mean cosine with the others',
  against: 'Records against the others',
  hardest: (task, norm) => `${task} pulls hardest (weight × norm ${norm}).`,
  noPull: 'No weighted norm is known at this step.',
  leastAgreeing: (task, cosine) => `${task} agrees least with the others (mean cosine ${cosine}).`,
  noCosine: 'No cosine is known at this step.',
  arrival: (task, norm, cosine) => `${task}: weight × norm ${norm}, mean cosine ${cosine}`,
  splitTask: 'Part from the others',
  mostAgainst: 'the one that agrees least',
  split: 'Split the trunk here',
  compare: 'Compare diagram with…',
  difference: 'Difference of two',
  back: 'Back to the diagram',
  differenceOf: (first, second) => `${first} against ${second}`,
  samePicture: 'In the picture nothing differs.',
  countsOf: (added, removed, changed, alike) =>
    `+ ${String(added)} · − ${String(removed)} · ≠ ${String(changed)} · alike ${String(alike)}`,
  sameLines: 'The two specs say the same.',
  differentLines: (count) =>
    count === 1 ? '1 line of the specs differs' : `${String(count)} lines of the specs differ`,
  linesThatDiffer: 'Lines of the specs that differ',
  changeHeading: 'Sign',
  placeHeading: 'Place',
  absent: 'not there',
  changes: { added: 'only in the first', removed: 'only in the second', changed: 'different' },
  space: ' ',
};

const zh: Strings = {
  ...exportWords['zh-cn'],
  heading: '任务映射图',
  zoomIn: '放大',
  zoomOut: '缩小',
  fit: '适应窗口',
  copy: '复制 Mermaid 文本',
  saveSvg: '保存为 SVG',
  savePng: '保存为 PNG',
  leftToRight: '从左到右',
  collapse: '相同的同级节点合并绘制',
  stale: (problem) => `显示的是上一张正确的图；文本有问题：${problem}`,
  nothing: (problem) => `暂时无法绘制：${problem}`,
  kinds: { input: '输入', block: '模块', part: '模块的一部分', task: '任务', prediction: '预测', total: '总损失' },
  shared: '共享',
  hint: '拖动平移，Alt+滚轮或双指缩放，单击节点定位到文本，方向键沿边移动。Enter 键展开合并绘制的节点，Esc 键收起。',
  ledger: '迁移账本',
  noLedger:
    '此描述文件的上次运行没有记录梯度。至少两个任务共享参数时，读取梯度的策略约每 10 步、其他策略约每 100 步记录一次。',
  recordedStep: '记录步',
  ledgerPlace: (step, record, records) => `第 ${String(step)} 步 · 第 ${String(record)} / ${String(records)} 条记录`,
  ledgerNote:
    '线宽：任务梯度到达共享部分处的权重 × 范数，相对于本次运行的最大值。蓝色：与其他任务同向；红色虚线：反向。',
  blockNote: (block) =>
    `数值针对模块 ${block}（带轮廓）的共享参数，仅有按模块记录的那些步；“–”表示该任务不经过此模块。两两任务的余弦针对全部共享参数。`,
  sharedOf: '共享参数属于',
  allBlocks: '全部模块',
  weightless: '点线：此策略并非对任务加权，因此没有加权范数。',
  cosines: '任务梯度的余弦',
  task: '任务',
  weight: '权重',
  norm: '梯度范数',
  weighted: '权重 × 范数',
  cosine: '与其他任务的平均余弦',
  against: '反向的记录',
  hardest: (task, norm) => `${task} 的拉力最大（权重 × 范数为 ${norm}）。`,
  noPull: '此步没有已知的加权范数。',
  leastAgreeing: (task, cosine) => `${task} 与其他任务最不一致（平均余弦 ${cosine}）。`,
  noCosine: '此步没有已知的余弦。',
  arrival: (task, norm, cosine) => `${task}：权重 × 范数 ${norm}，平均余弦 ${cosine}`,
  splitTask: '与其他任务分开',
  mostAgainst: '最不一致的任务',
  split: '在此拆分主干',
  compare: '与…比较映射图',
  difference: '两者的差异',
  back: '返回映射图',
  differenceOf: (first, second) => `${first} 与 ${second} 对比`,
  samePicture: '图中没有不同之处。',
  countsOf: (added, removed, changed, alike) =>
    `+ ${String(added)} · − ${String(removed)} · ≠ ${String(changed)} · 相同 ${String(alike)}`,
  sameLines: '两个实验描述文件内容相同。',
  differentLines: (count) => `实验描述文件中有 ${String(count)} 行不同`,
  linesThatDiffer: '实验描述文件中不同的各行',
  changeHeading: '符号',
  placeHeading: '位置',
  absent: '无',
  changes: { added: '仅在前者中', removed: '仅在后者中', changed: '不同' },
  space: '',
};

export function stringsFor(locale: Locale): Strings {
  return locale === 'zh-cn' ? zh : en;
}
