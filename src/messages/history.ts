/**
 * The history of one run as curves: made from event records, in the editor (lenses, status bar) and in the loss panel
 * alike. Records are appended in order; a `start` that resumes drops what it supersedes.
 */
import type {
  EventRecord,
  JsonNumber,
  Losses,
  SplitResult,
  StartEvent,
  StepEvent,
  TaskRecord,
} from '../runs/events.ts';
import { paceEpochs, remainingSeconds } from '../common/remaining.ts';
import { NumberColumn } from './columns.ts';
import { GradientHistory } from './gradients.ts';
import type { HistorySnapshot } from './snapshot.ts';

/** Step records as columns; all have the same length. */
export interface StepColumns {
  readonly seq: NumberColumn;
  readonly step: NumberColumn;
  /** Epochs as a fraction of steps per epoch, so that points of one epoch lie side by side. */
  readonly epoch: NumberColumn;
  /** Seconds since the first record. */
  readonly seconds: NumberColumn;
  readonly total: NumberColumn;
  readonly learningRate: NumberColumn;
  /** Per task, in the order of `tasks`: unweighted loss; NaN where absent. */
  readonly losses: readonly NumberColumn[];
  /** Per task: effective weight; NaN where unknown. */
  readonly weights: readonly NumberColumn[];
  /** Points whose loss was not finite, as [index, task]: marked in the chart, never hidden. */
  readonly notFinite: (readonly [number, number])[];
}

/** One finished epoch with the step it ended at. */
export interface EpochPoint {
  readonly seq: number;
  readonly step: number;
  readonly seconds: number;
  readonly record: Extract<EventRecord, { kind: 'epoch' }>;
}

/** What a table row or a lens shows of a task. Null = not known yet; losses may be NaN or infinite. */
export interface TaskNow {
  readonly train: number | null;
  readonly validation: number | null;
  readonly weight: number | null;
  /** Share of the weighted total, 0…1: a share of losses, not of their influence. */
  readonly share: number | null;
  /** Effective weight as recorded; null where the strategy gives a direction that is no weighting. */
  readonly effective: number | null;
  /** Share of weight × gradient norm, 0…1, where norms were recorded. */
  readonly gradientShare: number | null;
  /** Sign of the change between the last two smoothed stretches: −1 falls, 0 flat, 1 rises. */
  readonly trend: -1 | 0 | 1;
}

/** The number behind its JSON form. */
export function toNumber(value: JsonNumber | null | undefined): number {
  return value === null || value === undefined ? NaN : Number(value);
}

/** A number, also one that is not finite; null where there is none. */
function known(value: JsonNumber | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Own property only: a task may be called anything that is not a prototype's name, but records come from files. */
function of<T>(named: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return named && Object.hasOwn(named, name) ? named[name] : undefined;
}

/** @param values in the order of `allOf`; empty columns where there are none */
function stepColumns(tasks: number, values: readonly Float64Array[] = []): StepColumns {
  const column = (at: number): NumberColumn => new NumberColumn(values[at]);
  return {
    seq: column(0),
    step: column(1),
    epoch: column(2),
    seconds: column(3),
    total: column(4),
    learningRate: column(5),
    losses: Array.from({ length: tasks }, (_, task) => column(6 + task)),
    weights: Array.from({ length: tasks }, (_, task) => column(6 + tasks + task)),
    notFinite: [],
  };
}

const allOf = ({ seq, step, epoch, seconds, total, learningRate, losses, weights }: StepColumns): NumberColumn[] => [
  ...[seq, step, epoch, seconds, total, learningRate],
  ...losses,
  ...weights,
];

export class LossHistory {
  start: Extract<EventRecord, { kind: 'start' }> | null = null;
  tasks: readonly TaskRecord[] = [];
  steps: StepColumns = stepColumns(0);
  gradients = new GradientHistory([]);
  /** Lookahead affinity, as recorded; the last one holds the running means. */
  affinity: Extract<EventRecord, { kind: 'affinity' }>[] = [];
  epochs: EpochPoint[] = [];
  end: Extract<EventRecord, { kind: 'end' }> | null = null;
  best: Extract<EventRecord, { kind: 'best' }> | null = null;
  progress: Extract<EventRecord, { kind: 'progress' }> | null = null;
  warnings: Extract<EventRecord, { kind: 'warning' }>[] = [];
  stepsPerSecond = NaN;
  /** Resident memory of the training process in bytes, as last recorded; NaN before. */
  residentBytes = NaN;
  #firstTime = NaN;

  readonly #specWeights: readonly (readonly [string, number])[];

  /** @param specWeights the run's frozen weights, [task, weight]; used for shares where a record has no weights */
  constructor(specWeights: readonly (readonly [string, number])[] = []) {
    this.#specWeights = specWeights;
  }

  append(records: readonly EventRecord[]): void {
    for (const record of records) this.#take(record);
  }

  /** All that the history holds; the columns are views that hold until the next `append`. */
  snapshot(): HistorySnapshot {
    const { start, epochs, affinity, best, end, progress, warnings, steps, gradients } = this;
    const { notFinite } = steps;
    const places = [0, 1] as const;
    return {
      told: {
        ...{ start, affinity, best, end, progress, warnings },
        epochs: epochs.map((epoch) => ({ ...epoch, step: finite(epoch.step) })),
        stepsPerSecond: finite(this.stepsPerSecond),
        residentBytes: finite(this.residentBytes),
        firstTime: finite(this.#firstTime),
        observed: [...gradients.observed.keys()],
        blocks: gradients.blocks.map((blocks) =>
          [...blocks].map(([name, { norms, agreement }]) => ({
            ...{ name, norms: norms.map(finite), agreement: agreement.map(finite) },
          })),
        ),
      },
      steps: allOf(steps).map((column) => column.values()),
      notFinite: places.map((place) => Float64Array.from(notFinite, (one) => one[place])),
      gradients: gradients.columns().map((column) => column.values()),
    };
  }

  /**
   * The history that a snapshot was taken of; it takes the columns over.
   *
   * @returns undefined where the parts of the snapshot do not fit each other
   */
  static of(
    { told, steps, notFinite, gradients }: HistorySnapshot,
    specWeights: readonly (readonly [string, number])[],
  ): LossHistory | undefined {
    const history = new LossHistory(specWeights);
    const tasks = told.start?.tasks ?? [];
    const names = tasks.map(({ name }) => name);
    const blocks = told.blocks.map(
      (record) =>
        new Map(
          record.map(({ name, norms, agreement }) => [
            name,
            { norms: norms.map(toNumber), agreement: agreement.map(toNumber) },
          ]),
        ),
    );
    const conflicts = GradientHistory.of(names, gradients, told.observed, blocks);
    const points = steps[0]?.length ?? 0;
    const fits = steps.length === 6 + 2 * tasks.length && steps.every(({ length }) => length === points);
    const [at, task] = notFinite;
    if (!conflicts || !fits || at?.length !== task?.length || at === undefined) return undefined;
    history.steps = stepColumns(tasks.length, steps);
    at.forEach((index, place) => history.steps.notFinite.push([index, task?.[place] ?? NaN]));
    history.gradients = conflicts;
    const { start, affinity, best, end, progress, warnings, epochs } = told;
    Object.assign(history, { start, tasks, best, end, progress, affinity: [...affinity], warnings: [...warnings] });
    history.epochs = epochs.map((epoch) => ({ ...epoch, step: toNumber(epoch.step) }));
    history.stepsPerSecond = toNumber(told.stepsPerSecond);
    history.residentBytes = toNumber(told.residentBytes);
    history.#firstTime = toNumber(told.firstTime);
    return history;
  }

  #take(record: EventRecord): void {
    if (Number.isNaN(this.#firstTime)) this.#firstTime = record.t;
    switch (record.kind) {
      case 'start':
        this.#restart(record);
        break;
      case 'progress':
        this.progress = record;
        break;
      case 'step':
        this.#step(record.seq, (record.t - this.#firstTime) / 1000, record);
        break;
      case 'epoch':
        this.epochs.push({
          seq: record.seq,
          step: this.steps.step.last(),
          seconds: (record.t - this.#firstTime) / 1000,
          record,
        });
        break;
      case 'gradients':
        this.gradients.append(record, {
          seq: record.seq,
          epoch: this.#epochOf(record.step),
          seconds: (record.t - this.#firstTime) / 1000,
        });
        break;
      case 'affinity':
        this.affinity.push(record);
        break;
      case 'best':
        this.best = record;
        break;
      case 'warning':
        this.warnings.push(record);
        break;
      case 'end':
        this.end = record;
        break;
      default:
        break;
    }
  }

  #restart(record: EventRecord & StartEvent): void {
    const kept = record.resumedFrom?.seq ?? -1;
    const sameTasks = this.tasks.length === record.tasks.length;
    if (record.resumedFrom && sameTasks) {
      this.#drop(kept);
      this.gradients.dropAfter(kept);
    } else {
      this.steps = stepColumns(record.tasks.length);
      this.gradients = new GradientHistory(record.tasks.map(({ name }) => name));
    }
    this.affinity = this.affinity.filter((one) => one.seq <= kept);
    this.epochs = this.epochs.filter((epoch) => epoch.seq <= kept);
    if (this.best && this.best.seq > kept) this.best = null;
    this.warnings = this.warnings.filter((warning) => warning.seq <= kept);
    this.start = record;
    this.tasks = record.tasks;
    this.end = null;
    this.progress = null;
  }

  #drop(lastSeq: number): void {
    const columns = this.steps;
    let length = columns.seq.length;
    while (columns.seq.at(length - 1) > lastSeq) length--;
    for (const column of allOf(columns)) column.truncate(length);
    const first = columns.notFinite.findIndex(([index]) => index >= length);
    if (first >= 0) columns.notFinite.length = first;
  }

  #step(seq: number, seconds: number, record: StepEvent): void {
    const columns = this.steps;
    const index = columns.seq.length;
    columns.seq.push(seq);
    columns.step.push(record.step);
    columns.epoch.push(this.#epochOf(record.step));
    columns.seconds.push(seconds);
    columns.total.push(toNumber(record.total));
    columns.learningRate.push(toNumber(record.learningRate));
    this.tasks.forEach((task, number) => {
      const loss = of(record.losses, task.name);
      columns.losses[number]?.push(toNumber(loss));
      columns.weights[number]?.push(toNumber(of(record.weights, task.name)));
      if (typeof loss === 'string') columns.notFinite.push([index, number]);
    });
    this.stepsPerSecond = record.stepsPerSecond;
    this.residentBytes = record.residentBytes ?? this.residentBytes;
  }

  #epochOf(step: number): number {
    return step / Math.max(1, this.start?.stepsPerEpoch ?? 1);
  }

  /** The latest weighted total; null before, and where no task that counts had a loss. What is no finite number is told. */
  lastTotal(): number | null {
    const [index, value] = [this.points - 1, this.steps.total.last()];
    if (!Number.isNaN(value)) return value;
    return this.steps.notFinite.some(([at]) => at === index) ? NaN : null;
  }

  /** Seconds to the last epoch of the spec; null before the first step, and where there is no pace yet. */
  remainingSeconds(): number | null {
    const { start, steps, epochs, stepsPerSecond } = this;
    if (start === null || steps.step.length === 0) return null;
    const epochSeconds = epochs.slice(-paceEpochs).map(({ record }) => record.seconds);
    return remainingSeconds({ ...start, steps: steps.step.last(), stepsPerSecond, epochSeconds });
  }

  /** Number of step records held. */
  get points(): number {
    return this.steps.seq.length;
  }

  /** The latest numbers of each task, in the order of `tasks`. */
  now(): readonly TaskNow[] {
    const train = this.tasks.map((task, number) => this.#latestLoss(task.name, number));
    const weights = this.tasks.map((task, number) => this.#latestWeight(task.name, number));
    const parts = train.map((loss, number) => (loss ?? NaN) * (weights[number] ?? NaN));
    const total = finiteSum(parts);
    const effective = this.steps.weights.map((column) => finite(column.last()));
    const norms = this.gradients.lastNorms();
    const pulls = norms.map((norm, number) => norm * Math.abs(effective[number] ?? NaN));
    const pull = finiteSum(pulls);
    return this.tasks.map((task, number) => {
      return {
        train: train[number] ?? null,
        validation: known(of(this.#lastValidation()?.losses, task.name)),
        weight: weights[number] ?? null,
        share: shareOf(parts[number] ?? NaN, total),
        effective: effective[number] ?? null,
        gradientShare: shareOf(pulls[number] ?? NaN, pull),
        trend: trendOf(this.steps.losses[number]),
      };
    });
  }

  #lastValidation(): SplitResult | null {
    return this.epochs.findLast((epoch) => epoch.record.validation !== null)?.record.validation ?? null;
  }

  #latestLoss(name: string, number: number): number | null {
    const column = this.steps.losses[number];
    if (!column) return null;
    const [broken = -1] = this.steps.notFinite.findLast(([, task]) => task === number) ?? [];
    // A task absent from the last batch keeps its last known loss; one that is no number is known, too.
    for (let index = column.length - 1; index >= 0 && index > column.length - 200; index--) {
      if (index === broken || !Number.isNaN(column.at(index))) return column.at(index);
    }
    const epoch: Losses | undefined = this.epochs.at(-1)?.record.train.losses;
    return known(of(epoch, name));
  }

  #latestWeight(name: string, number: number): number | null {
    const column = this.steps.weights[number];
    const latest = column ? column.last() : NaN;
    if (!Number.isNaN(latest)) return latest;
    return this.#specWeights.find(([task]) => task === name)?.[1] ?? null;
  }
}

/** Compares the mean of the last tenth of the points (at most 50) with that of the tenth before; under 1 % is flat. */
export function trendOf(column: NumberColumn | undefined): -1 | 0 | 1 {
  if (!column) return 0;
  const stretch = Math.min(50, Math.max(1, Math.floor(column.length / 10)));
  const late = meanOf(column, column.length - stretch, column.length);
  const early = meanOf(column, column.length - 2 * stretch, column.length - stretch);
  if (!Number.isFinite(late) || !Number.isFinite(early)) return 0;
  const change = late - early;
  if (Math.abs(change) <= 0.01 * Math.abs(early)) return 0;
  return change < 0 ? -1 : 1;
}

function finite(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** A finite part of the finite parts' sum; null where that is nothing. */
function shareOf(part: number, sum: number): number | null {
  return sum > 0 && Number.isFinite(part) ? part / sum : null;
}

function finiteSum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0);
}

function meanOf(column: NumberColumn, from: number, to: number): number {
  let sum = 0;
  let n = 0;
  for (let index = Math.max(0, from); index < to; index++) {
    const value = column.at(index);
    if (Number.isFinite(value)) {
      sum += value;
      n++;
    }
  }
  return sum / n;
}
