/** The panel's words in both languages; terms as in the glossary. */
import type { Language } from '../../src/common/text.ts';
import type { RunState } from '../../src/common/run-state.ts';
import type { NotPositive } from '../charts/scale.ts';
import type { Locale } from '../../src/messages/protocol.ts';

/** What the panel can show: a tab has its word here and its row in `tabs.ts`. */
export type Tab = 'losses' | 'weights' | 'conflict' | 'norms' | 'affinity';

/** Over how many records cosines are averaged. */
export const averages = ['1', '10', '100', 'all'] as const;
export type Average = (typeof averages)[number];

export interface Strings {
  /** Of what comes with both. */
  readonly language: Language;
  readonly heading: string;
  readonly nothing: string;
  readonly states: Readonly<Record<RunState, string>>;
  readonly stop: string;
  readonly pause: string;
  readonly resume: string;
  readonly resumeFromCheckpoint: string;
  readonly openLog: string;
  readonly exportCsv: string;
  readonly logScale: string;
  readonly smoothing: string;
  readonly viewTable: string;
  readonly xAxis: string;
  readonly step: string;
  readonly epoch: string;
  readonly time: string;
  readonly task: string;
  readonly train: string;
  readonly validation: string;
  readonly weight: string;
  readonly share: string;
  readonly total: string;
  readonly engine: string;
  readonly toolbar: string;
  readonly smoothed: string;
  readonly raw: string;
  readonly memory: string;
  readonly remaining: (time: string) => string;
  readonly validationShort: string;
  /** Curves for which the tooltip has no room. */
  readonly moreCurves: (count: number) => string;
  readonly trends: Readonly<Record<'-1' | '0' | '1', string>>;
  readonly trend: string;
  readonly now: string;
  readonly legendGroup: string;
  readonly alone: (name: string) => string;
  readonly brokenSince: (word: string, step: number) => string;
  /** What opens the legend and the controls where the panel is narrow. */
  readonly legendMenu: (count: number) => string;
  readonly viewMenu: string;
  readonly stepsPerSecond: string;
  readonly hint: string;
  readonly notFinite: (task: string, word: string, step: number) => string;
  readonly notOnLogScale: (values: string) => string;
  readonly zeros: (count: number) => string;
  readonly negatives: (count: number) => string;
  readonly and: string;
  readonly chart: string;
  readonly progress: (epoch: number, epochs: number) => string;
  readonly summary: (state: string, epoch: number, epochs: number, losses: string) => string;
  readonly preparing: (phase: string, percent: number) => string;
  readonly reading: (percent: number) => string;
  readonly legend: (task: string) => string;
  readonly tabs: Readonly<Record<Tab, string>>;
  readonly tabList: string;
  readonly effective: string;
  readonly weightShare: string;
  readonly gradientShare: string;
  readonly compare: string;
  readonly compareNothing: string;
  readonly asShares: string;
  readonly weightsChart: string;
  readonly noWeights: string;
  readonly noGradients: string;
  readonly cosines: string;
  readonly cosineNote: string;
  readonly cosineOf: (first: string, second: string, value: string) => string;
  readonly recordedStep: string;
  readonly stepText: (step: number, epoch: string, number: number, all: number) => string;
  readonly average: string;
  readonly averages: Readonly<Record<Average, string>>;
  readonly conflicts: string;
  readonly pair: string;
  readonly conflicting: string;
  readonly recorded: string;
  readonly conflictShare: string;
  readonly meanCosine: string;
  readonly norm: string;
  readonly meanNorm: string;
  readonly normsChart: string;
  readonly affinity: string;
  readonly affinityNote: string;
  readonly noAffinity: string;
  readonly affinityAt: (step: number) => string;
  readonly affinityHead: string;
  readonly proposeGroups: string;
  /** The picker: what may lie under the losses. */
  readonly overlayAdd: string;
  readonly overlaySeries: string;
  readonly overlayLegend: string;
  readonly overlaid: string;
  readonly overlayArm: (arm: string, runs: number) => string;
  readonly overlayReference: (name: string) => string;
  /** @param most that differ by their lines */
  readonly overlayAlike: (most: number) => string;
  readonly overlayBand: string;
  readonly overlayRemove: (name: string) => string;
  readonly overlayMissing: (names: string) => string;
  readonly overlayLeft: (count: number) => string;
  readonly forkedFrom: (name: string, step: number) => string;
  readonly overlayTable: string;
  readonly overlayRuns: string;
  readonly mean: string;
  readonly sd: string;
  readonly captured: string;
  readonly eager: string;
}

const en: Strings = {
  language: 'en',
  heading: 'Losses',
  nothing: 'No run yet. Right-click a .mtl.json file and choose “Train multi-task model”.',
  states: {
    idle: 'Idle',
    preparing: 'Preparing',
    running: 'Running',
    paused: 'Paused',
    stopping: 'Stopping',
    stopped: 'Stopped',
    completed: 'Completed',
    failed: 'Failed',
    crashed: 'Crashed',
  },
  stop: 'Stop after a checkpoint',
  pause: 'Pause',
  resume: 'Resume',
  resumeFromCheckpoint: 'Resume from checkpoint',
  openLog: 'Open log',
  exportCsv: 'Export CSV',
  logScale: 'Log scale',
  smoothing: 'Smoothing',
  viewTable: 'Table',
  xAxis: 'Horizontal axis',
  step: 'Step',
  epoch: 'Epoch',
  time: 'Seconds',
  task: 'Task',
  train: 'Training loss',
  validation: 'Validation loss',
  weight: 'Weight',
  share: 'Share of total',
  total: 'Weighted total',
  engine: 'Engine',
  stepsPerSecond: 'steps/s',
  toolbar: 'Run',
  smoothed: 'Smoothed',
  raw: 'Raw',
  validationShort: 'Validation',
  memory: 'Memory of the training process',
  remaining: (time) => `about ${time} left`,
  moreCurves: (count) => `${count} more: see the table`,
  trends: { '-1': 'falling', '0': 'flat', '1': 'rising' },
  trend: 'Trend',
  now: 'Now',
  legendGroup: 'Curves',
  alone: (name) => `Show ${name} alone, or everything again`,
  brokenSince: (word, step) => `${word} from step ${step}`,
  legendMenu: (count) => `Curves (${count})`,
  viewMenu: 'View',
  hint: 'Drag or Ctrl+wheel to zoom, Shift+drag or Shift+wheel to move along, double-click to reset. By keyboard: arrows move the cursor, + and − zoom, Escape resets.',
  notFinite: (task, word, step) => `The loss of “${task}” is ${word}, first at step ${step}.`,
  notOnLogScale: (values) => `${values} not shown on the log scale.`,
  zeros: (count) => `${count} ${count === 1 ? 'zero' : 'zeros'}`,
  negatives: (count) => `${count} negative ${count === 1 ? 'value' : 'values'}`,
  and: ' and ',
  chart: 'Loss curves; the same numbers stand in the table',
  progress: (epoch, epochs) => `Epoch ${epoch} of ${epochs}`,
  summary: (state, epoch, epochs, losses) => `${state}, epoch ${epoch} of ${epochs}. ${losses}`,
  preparing: (phase, percent) => `${phase} ${percent} %`,
  reading: (percent) => `reading ${percent} %`,
  legend: (task) => `Show or hide ${task}`,
  tabs: { losses: 'Losses', weights: 'Weights', conflict: 'Conflict', norms: 'Norms', affinity: 'Affinity' },
  tabList: 'What is shown',
  effective: 'Effective weight',
  weightShare: 'Share of weights',
  gradientShare: 'Share of weight × gradient norm',
  compare: 'Compare with',
  compareNothing: 'nothing else',
  asShares: 'As shares',
  weightsChart: 'Effective weights over time; the same numbers stand in the table',
  noWeights: 'No weights were recorded: the strategy combines the gradients entry by entry.',
  noGradients:
    'No gradient statistics yet. They are recorded every ten steps or so under strategies that read gradients and every hundred under others, where at least two tasks share parameters.',
  cosines: 'Cosines of the task gradients',
  cosineNote:
    'Cosines of the raw gradients over the shared parameters: below 0 the tasks conflict. The step that the optimizer makes of them may still conflict.',
  cosineOf: (first, second, value) => `${first} and ${second}: ${value}`,
  recordedStep: 'Recorded step',
  stepText: (step, epoch, number, all) => `Step ${step} · epoch ${epoch} · record ${number} of ${all}`,
  average: 'Mean over',
  averages: { '1': 'this record', '10': '10 records', '100': '100 records', all: 'all records' },
  conflicts: 'How often each pair conflicts',
  pair: 'Pair',
  conflicting: 'Conflicting',
  recorded: 'Recorded',
  conflictShare: 'Share',
  meanCosine: 'Mean cosine',
  norm: 'Gradient norm',
  meanNorm: 'Mean norm',
  normsChart: 'Gradient norms over time; the same numbers stand in the table',
  affinity: 'Lookahead affinity',
  affinityNote:
    'How much a step on the task of a row lowers the loss of the task of a column (mean ± standard deviation, number of steps). It correlates weakly with real gains and changes with learning rate, width and data: a proposal, not a result.',
  noAffinity:
    'No task affinity was measured in this run. With "affinity": 50 in "training" it is measured every 50 steps.',
  affinityAt: (step) => `as of step ${step}`,
  affinityHead: 'Step on ↓ · effect on →',
  proposeGroups: 'Create a spec with task groups…',
  overlayAdd: 'Overlay…',
  overlaySeries: 'Overlaid loss',
  overlayLegend: 'What is overlaid',
  overlaid: 'Overlaid',
  overlayArm: (arm, runs) => `${runs} seeds of ${arm}`,
  overlayReference: (name) => `reference: ${name}`,
  overlayAlike: (most) => `More than ${most} are overlaid: lines repeat. The values at the cursor tell which is which.`,
  overlayBand: 'each faint, mean ± standard deviation as a band',
  overlayRemove: (name) => `Take away: ${name}`,
  overlayMissing: (names) => `Without a finished epoch yet, or without this loss: ${names}.`,
  overlayLeft: (count) => `${count} more seeds are too many to be overlaid; the mean is that of those drawn.`,
  forkedFrom: (name, step) => `Forked from ${name} at step ${step}`,
  overlayTable: 'Overlaid runs, at the last epoch that all of them have',
  overlayRuns: 'Runs',
  mean: 'Mean',
  sd: 'Standard deviation',
  captured: 'captured graph',
  eager: 'eager',
};

const zh: Strings = {
  language: 'zh',
  heading: '损失',
  nothing: '还没有运行。右键单击 .mtl.json 文件，选择“训练多任务模型”。',
  states: {
    idle: '未开始',
    preparing: '准备中',
    running: '训练中',
    paused: '已暂停',
    stopping: '正在停止',
    stopped: '已停止',
    completed: '已完成',
    failed: '失败',
    crashed: '意外中断',
  },
  stop: '保存检查点后停止',
  pause: '暂停',
  resume: '继续',
  resumeFromCheckpoint: '从检查点继续训练',
  openLog: '打开日志',
  exportCsv: '导出 CSV',
  logScale: '对数坐标',
  smoothing: '平滑',
  viewTable: '表格',
  xAxis: '横轴',
  step: '步',
  epoch: '轮',
  time: '秒',
  task: '任务',
  train: '训练损失',
  validation: '验证损失',
  weight: '权重',
  share: '占总损失比例',
  total: '加权和',
  engine: '引擎',
  stepsPerSecond: '步/秒',
  toolbar: '运行',
  smoothed: '平滑值',
  raw: '原始值',
  validationShort: '验证值',
  memory: '训练进程占用的内存',
  remaining: (time) => `约剩 ${time}`,
  moreCurves: (count) => `另有 ${count} 条，见表格`,
  trends: { '-1': '下降', '0': '持平', '1': '上升' },
  trend: '趋势',
  now: '当前值',
  legendGroup: '曲线',
  alone: (name) => `只看 ${name}，或恢复全部`,
  brokenSince: (word, step) => `第 ${step} 步起为 ${word}`,
  legendMenu: (count) => `曲线（${count}）`,
  viewMenu: '视图',
  hint: '拖动或 Ctrl+滚轮缩放，Shift+拖动或 Shift+滚轮左右移动，双击还原。键盘：方向键移动光标，+ 和 − 缩放，Esc 还原。',
  notFinite: (task, word, step) => `“${task}”的损失为 ${word}，最早出现于第 ${step} 步。`,
  notOnLogScale: (values) => `对数坐标上不显示 ${values}。`,
  zeros: (count) => `${count} 个零`,
  negatives: (count) => `${count} 个负值`,
  and: '和 ',
  chart: '损失曲线；表格中有相同的数值',
  progress: (epoch, epochs) => `第 ${epoch} / ${epochs} 轮`,
  summary: (state, epoch, epochs, losses) => `${state}，第 ${epoch} / ${epochs} 轮。${losses}`,
  preparing: (phase, percent) => `${phase} ${percent} %`,
  reading: (percent) => `正在读取 ${percent} %`,
  legend: (task) => `显示或隐藏 ${task}`,
  tabs: { losses: '损失', weights: '权重', conflict: '冲突', norms: '范数', affinity: '亲和度' },
  tabList: '显示内容',
  effective: '有效权重',
  weightShare: '占权重之和比例',
  gradientShare: '占“权重 × 梯度范数”比例',
  compare: '对比',
  compareNothing: '无',
  asShares: '按比例',
  weightsChart: '有效权重随时间的变化；表格中有相同的数值',
  noWeights: '没有记录权重：该策略逐元素合成梯度。',
  noGradients: '还没有梯度统计量。至少两个任务共享参数时，读取梯度的策略约每 10 步、其他策略约每 100 步记录一次。',
  cosines: '任务梯度的余弦',
  cosineNote: '余弦由共享参数上的原始梯度计算：小于 0 即任务冲突。优化器实际走出的一步仍可能冲突。',
  cosineOf: (first, second, value) => `${first} 与 ${second}：${value}`,
  recordedStep: '记录的步',
  stepText: (step, epoch, number, all) => `第 ${step} 步 · 第 ${epoch} 轮 · 第 ${number} / ${all} 条记录`,
  average: '平均范围',
  averages: { '1': '本条记录', '10': '10 条记录', '100': '100 条记录', all: '全部记录' },
  conflicts: '各任务对的冲突频率',
  pair: '任务对',
  conflicting: '冲突',
  recorded: '记录数',
  conflictShare: '占比',
  meanCosine: '平均余弦',
  norm: '梯度范数',
  meanNorm: '平均范数',
  normsChart: '梯度范数随时间的变化；表格中有相同的数值',
  affinity: '前瞻亲和度',
  affinityNote:
    '对行任务走一步后，列任务的损失下降多少（平均 ± 标准差，步数）。它与真实收益仅弱相关，并随学习率、宽度和数据变化：是建议，不是结论。',
  noAffinity: '本次运行没有测量任务亲和度。在 "training" 中写 "affinity": 50，即每 50 步测量一次。',
  affinityAt: (step) => `截至第 ${step} 步`,
  affinityHead: '走一步的任务 ↓ · 受影响的任务 →',
  proposeGroups: '按任务分组新建实验描述文件…',
  overlayAdd: '叠加…',
  overlaySeries: '叠加的损失',
  overlayLegend: '已叠加',
  overlaid: '叠加',
  overlayArm: (arm, runs) => `${arm} 的 ${runs} 个种子`,
  overlayReference: (name) => `参照：${name}`,
  overlayAlike: (most) => `叠加超过 ${most} 项：线型会重复，光标处的数值可以分辨。`,
  overlayBand: '各种子为淡线，均值 ± 标准差为色带',
  overlayRemove: (name) => `移除：${name}`,
  overlayMissing: (names) => `尚无完成的轮，或没有此损失：${names}。`,
  overlayLeft: (count) => `另有 ${count} 个种子，过多而未叠加；均值只取所画的种子。`,
  forkedFrom: (name, step) => `自 ${name} 第 ${step} 步分支`,
  overlayTable: '叠加的运行，取各运行共有的最后一轮',
  overlayRuns: '运行数',
  mean: '均值',
  sd: '标准差',
  captured: '捕获的计算图',
  eager: '逐算子执行',
};

export function stringsFor(locale: Locale): Strings {
  return locale === 'zh-cn' ? zh : en;
}

/** What a log scale has no place for, in words; nothing where it has room for all. */
export function logNote(strings: Strings, { zeros, negative }: NotPositive): string {
  const parts = [zeros > 0 ? strings.zeros(zeros) : '', negative > 0 ? strings.negatives(negative) : ''];
  const said = parts.filter((part) => part !== '').join(strings.and);
  return said === '' ? '' : strings.notOnLogScale(said);
}
