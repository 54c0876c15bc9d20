/** What `mtl train` shows of a run, made of its records: the live table, the plain lines, the closing words. Pure. */
import type { EventRecord, JsonNumber, SplitResult, TaskRecord } from '../runs/events.ts';
import { phaseText } from '../common/phase.ts';
import { metricTitle } from '../spec/index.ts';
import { paceEpochs, remainingSeconds } from '../common/remaining.ts';
import { sizeText } from '../common/size.ts';
import { say, t } from './language.ts';
import { plain } from './output.ts';
import { errorLine } from './problems.ts';
import { columns, cut } from './width.ts';

type Kind<K extends EventRecord['kind']> = Extract<EventRecord, { kind: K }>;

/** The newest numbers of a run. */
export class TrainingView {
  start: Kind<'start'> | null = null;
  step: Kind<'step'> | null = null;
  epoch: Kind<'epoch'> | null = null;
  best: Kind<'best'> | null = null;
  progress: Kind<'progress'> | null = null;
  state: Kind<'state'> | null = null;
  end: Kind<'end'> | null = null;
  /** Of the last finished epochs. */
  #epochSeconds: readonly number[] = [];
  /** The spec's weights, for records that hold none. */
  readonly #specWeights: ReadonlyMap<string, number>;

  constructor(specWeights: readonly (readonly [string, number])[] = []) {
    this.#specWeights = new Map(specWeights);
  }

  /** Takes a record; returns the plain line that tells it, if it deserves one. */
  take(record: EventRecord): string | null {
    switch (record.kind) {
      case 'start':
        this.start = record;
        this.end = null;
        this.state = null;
        return this.startLine();
      case 'step':
        this.step = record;
        return null;
      case 'epoch':
        this.epoch = record;
        this.#epochSeconds = [...this.#epochSeconds, record.seconds].slice(-paceEpochs);
        return this.epochLine(record);
      case 'best':
        this.best = record;
        return null;
      case 'progress': {
        const changed = this.progress?.phase !== record.phase;
        this.progress = record;
        return changed ? progressText(record) : null;
      }
      case 'state':
        this.state = record;
        return stateText(record);
      case 'end':
        this.end = record;
        return null;
      default:
        return null;
    }
  }

  get tasks(): readonly TaskRecord[] {
    return this.start?.tasks ?? [];
  }

  startLine(): string {
    const { start } = this;
    if (!start) return '';
    const { engine, samples, parameters, resumedFrom, storage } = start;
    const resumed = resumedFrom ? t(`, resumed at step ${resumedFrom.step}`, `，从第 ${resumedFrom.step} 步继续`) : '';
    const disk = storage?.streamed
      ? t(
          `; data from disk (${sizeText(storage.memory)} in memory)`,
          `；数据从磁盘读取（内存上限 ${sizeText(storage.memory)}）`,
        )
      : '';
    const { detail, zh = detail } = engine;
    const told = plain(say({ en: detail, zh }));
    const graph = engine.graph ? t(', steps as graphs', '，训练步为计算图') : '';
    return t(
      `Engine ${plain(engine.name)} (${plain(engine.device)}${graph}: ${told}); ${samples.train} training, ${samples.validation} validation, ${samples.test} test samples; ${parameters.total} parameters${disk}${resumed}`,
      `引擎 ${plain(engine.name)}（${plain(engine.device)}${graph}：${told}）；训练 ${samples.train}、验证 ${samples.validation}、测试 ${samples.test} 个样本；${parameters.total} 个参数${disk}${resumed}`,
    );
  }

  epochLine(record: Kind<'epoch'>): string {
    const tasks = this.tasks.map((task) => {
      const train = numberText(own(record.train.losses, task.name));
      const validation = record.validation;
      if (!validation) return `${plain(task.name)} ${train}`;
      const loss = numberText(own(validation.losses, task.name));
      const metric = numberText(own(own(validation.metrics, task.name), task.primary));
      const name = metricText(task.primary);
      const bracket = t(` (val ${loss}, ${name} ${metric})`, `（验证 ${loss}，${name} ${metric}）`);
      return `${plain(task.name)} ${train}${bracket}`;
    });
    const total = record.validation ? `${t('val total', '验证总损失')} ${numberText(record.validation.total)}  ` : '';
    return `${t('epoch', '轮次')} ${record.epoch}/${this.start?.epochs ?? '?'}  ${total}${tasks.join('  ')}  ${seconds(record.seconds)}`;
  }

  /** The live table: one row a task. */
  table(width: number): readonly string[] {
    const lines = [cut(this.headline(), width)];
    if (!this.start) return lines;
    const head = [
      t('task', '任务'),
      t('weight', '权重'),
      t('train loss', '训练损失'),
      t('val loss', '验证损失'),
      t('metric', '指标'),
    ];
    const rows = this.tasks.map((task) => {
      const validation = this.epoch?.validation;
      const metric = own(own(validation?.metrics, task.name), task.primary);
      return [
        cut(plain(task.name), 24),
        numberText(own(this.step?.weights, task.name) ?? this.#specWeights.get(task.name) ?? 1),
        numberText(own(this.step?.losses, task.name) ?? own(this.epoch?.train.losses, task.name)),
        numberText(own(validation?.losses, task.name)),
        `${metricText(task.primary)} ${numberText(metric)}`,
      ];
    });
    const total = [
      t('total', '总计'),
      '',
      numberText(this.step?.total),
      numberText(this.epoch?.validation?.total),
      this.best ? `${t('best: epoch', '最佳轮次')} ${this.best.epoch}` : '',
    ];
    return [...lines, ...columns([head, ...rows, total]).map((line) => cut(line, width))];
  }

  headline(): string {
    const { start, step, state, progress } = this;
    if (!start) return progress ? progressText(progress) : t('Starting…', '正在启动…');
    const steps = start.stepsPerEpoch * start.epochs;
    const done = step?.step ?? start.resumedFrom?.step ?? 0;
    const rate = step?.stepsPerSecond ?? 0;
    const remaining = remainingSeconds({
      ...start,
      steps: done,
      stepsPerSecond: rate,
      epochSeconds: this.#epochSeconds,
    });
    const left = seconds(remaining ?? NaN);
    const parts = [
      state && state.state !== 'resumed' ? stateText(state) : t('training', '训练中'),
      `${t('epoch', '轮次')} ${step?.epoch ?? 0}/${start.epochs}`,
      `${t('step', '步')} ${done}/${steps}`,
      `${rate.toFixed(1)} ${t('steps/s', '步/秒')}`,
      `${t('left', '剩余')} ${left}`,
      `${plain(start.engine.name)} ${plain(start.engine.device)}`,
    ];
    return parts.join(' · ');
  }

  /** Metrics of the test split and the best epoch, after the end. */
  closing(): readonly string[] {
    const { end } = this;
    if (!end) return [];
    const words = {
      completed: t('Completed', '训练完成'),
      'early-stopped': t('Stopped early: no more improvement', '提前停止：不再有改进'),
      stopped: t('Stopped after a checkpoint', '已在写完检查点后停止'),
      failed: t('Failed', '训练失败'),
    };
    const through = end.status === 'completed' || end.status === 'early-stopped';
    const last = through ? t(', no best epoch: the last is kept', '，无最佳轮次：保留最后一轮') : '';
    const best = end.best
      ? `${t(', best epoch', '，最佳轮次')} ${end.best.epoch} (${plain(end.best.monitor)} ${numberText(end.best.value)})`
      : last;
    const said = end.error ? [plain(errorLine(end.error))] : [];
    return [
      `${words[end.status]}${t(', ', '，')}${seconds(end.seconds)}${best}`,
      ...said,
      ...(end.test ? this.splitLines(end.test) : []),
    ];
  }

  splitLines(split: SplitResult): readonly string[] {
    return resultLines(
      t('test', '测试'),
      this.tasks.map((task) => ({
        task: task.name,
        loss: own(split.losses, task.name) ?? null,
        metrics: Object.entries(own(split.metrics, task.name) ?? {}),
      })),
    );
  }
}

export interface TaskLine {
  readonly task: string;
  readonly loss: JsonNumber | null;
  readonly metrics: readonly (readonly [string, JsonNumber | null])[];
}

/** A small table of a split's losses and metrics. */
export function resultLines(title: string, tasks: readonly TaskLine[]): readonly string[] {
  const rows = tasks.map(({ task, loss, metrics }) => [
    cut(plain(task), 40),
    `${t('loss', '损失')} ${numberText(loss)}`,
    ...metrics.map(([name, value]) => `${metricText(name)} ${numberText(value)}`),
  ]);
  return [title, ...columns(rows).map((line) => `  ${line}`)];
}

function progressText({ phase, done, total }: Kind<'progress'>): string {
  const share = total > 0 ? ` ${Math.round((100 * done) / total)} %` : '';
  return `${t('Preparing: ', '准备中：')}${plain(say(phaseText(phase)))}${share}`;
}

function stateText({ state }: Kind<'state'>): string {
  if (state === 'paused') return t('paused', '已暂停');
  if (state === 'stopping') return t('stopping after a checkpoint', '写完检查点后停止');
  return t('going on', '继续训练');
}

/** What a metric is called; records come from files. */
const metricText = (name: string): string => plain(say(metricTitle(name)));

/** Own properties only: records come from files. */
function own<T>(named: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return named && Object.hasOwn(named, name) ? named[name] : undefined;
}

export function numberText(value: JsonNumber | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(3);
  return String(Number(value.toPrecision(4)));
}

export function seconds(value: number): string {
  if (!Number.isFinite(value) || value < 0) return '?';
  if (value < 60) return `${value.toFixed(1)} s`;
  const minutes = Math.floor(value / 60);
  const rest = String(Math.floor(value % 60)).padStart(2, '0');
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}
