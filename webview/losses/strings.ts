/** The panel's words in both languages; terms as in the glossary. */
import type { Locale, RunState } from '../../src/messages/protocol.ts';

export interface Strings {
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
  readonly stepsPerSecond: string;
  readonly hint: string;
  readonly notFinite: string;
  readonly chart: string;
  readonly progress: (epoch: number, epochs: number) => string;
  readonly summary: (state: string, epoch: number, epochs: number, losses: string) => string;
  readonly preparing: (phase: string, percent: number) => string;
  readonly legend: (task: string) => string;
}

const en: Strings = {
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
  hint: 'Drag to zoom, double-click to reset. Legend: click hides a task, double-click shows it alone.',
  notFinite: 'not a finite number',
  chart: 'Loss curves; the same numbers stand in the table',
  progress: (epoch, epochs) => `Epoch ${epoch} of ${epochs}`,
  summary: (state, epoch, epochs, losses) => `${state}, epoch ${epoch} of ${epochs}. ${losses}`,
  preparing: (phase, percent) => `${phase} ${percent} %`,
  legend: (task) => `Show or hide ${task}`,
};

const zh: Strings = {
  heading: '损失',
  nothing: '还没有运行。右键单击 .mtl.json 文件,选择“训练多任务模型”。',
  states: {
    idle: '空闲',
    preparing: '准备中',
    running: '训练中',
    paused: '已暂停',
    stopping: '正在停止',
    stopped: '已停止',
    completed: '已完成',
    failed: '失败',
    crashed: '已崩溃',
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
  hint: '拖动放大,双击还原。图例:单击隐藏任务,双击只看该任务。',
  notFinite: '不是有限数',
  chart: '损失曲线;表格中有相同的数值',
  progress: (epoch, epochs) => `第 ${epoch} / ${epochs} 轮`,
  summary: (state, epoch, epochs, losses) => `${state},第 ${epoch} / ${epochs} 轮。${losses}`,
  preparing: (phase, percent) => `${phase} ${percent} %`,
  legend: (task) => `显示或隐藏 ${task}`,
};

export function stringsFor(locale: Locale): Strings {
  return locale === 'zh-cn' ? zh : en;
}
