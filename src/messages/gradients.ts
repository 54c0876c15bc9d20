/**
 * The gradient statistics of one run: norms and cosines of the task gradients as they were recorded, and what other
 * strategies would have chosen. Cosines are those of the raw gradients of the data losses (conventions 1): what the
 * optimizer makes of them may still conflict.
 */
import type { BlockGradients, ByTask, GradientsEvent, JsonNumber } from '../runs/events.ts';
import { NumberColumn } from './columns.ts';

/** Two tasks, by their places in the list of tasks, first < second. */
export interface Pair {
  readonly first: number;
  readonly second: number;
}

/** What the records say of a pair. */
export interface PairConflict extends Pair {
  /** Records in which both tasks were present and their cosine is a number. */
  readonly records: number;
  /** Records with a cosine below 0. */
  readonly conflicting: number;
  /** conflicting / records; NaN without records. */
  readonly share: number;
  /** Mean cosine; NaN without records. */
  readonly mean: number;
}

interface Counter {
  records: number;
  conflicting: number;
  sum: number;
}

const newCounter = (): Counter => ({ records: 0, conflicting: 0, sum: 0 });

/** What a record tells of one block, over all tasks: NaN where there is no number. */
export interface BlockRecord {
  readonly norms: readonly number[];
  /** Mean cosine with the other tasks. */
  readonly agreement: readonly number[];
}

const numberOf = (value: JsonNumber | null | undefined): number =>
  value === null || value === undefined ? NaN : Number(value);

/** Where a gradients record stands in the run. */
export interface Moment {
  readonly seq: number;
  /** Epochs as a fraction. */
  readonly epoch: number;
  /** Seconds since the first record. */
  readonly seconds: number;
}

/** The pairs of so many tasks, in the order in which their columns stand. */
export function pairsOf(tasks: number): Pair[] {
  return Array.from({ length: tasks }, (_, first) => first).flatMap((first) =>
    Array.from({ length: tasks - first - 1 }, (_, more) => ({ first, second: first + 1 + more })),
  );
}

function blocksOf(blocks: ByTask<BlockGradients>, places: readonly number[]): ReadonlyMap<string, BlockRecord> {
  const over = (values: BlockGradients['norms']): number[] => places.map((place) => numberOf(values[place]));
  return new Map(
    Object.entries(blocks).map(([name, { norms, agreement }]) => [
      name,
      { norms: over(norms), agreement: over(agreement) },
    ]),
  );
}

/** Gradients records as columns; all have the same length. */
export class GradientHistory {
  readonly tasks: readonly string[];
  readonly pairs: readonly Pair[];
  readonly seq: NumberColumn;
  readonly step: NumberColumn;
  readonly epoch: NumberColumn;
  readonly seconds: NumberColumn;
  /** Per task: norm of its gradient over the shared parameters; NaN where absent. */
  readonly norms: readonly NumberColumn[];
  /** Per pair, as in `pairs`; NaN where a task was absent or a gradient was 0. */
  readonly cosines: readonly NumberColumn[];
  /** Weights that other strategies would have chosen, per task, by the strategy's name, in order of appearance. */
  readonly observed = new Map<string, readonly NumberColumn[]>();
  /** Per record: what it tells of single blocks, by name; mostly nothing. */
  readonly blocks: ReadonlyMap<string, BlockRecord>[] = [];
  readonly #counters: Counter[];
  #normSums: { n: number; sum: number }[];

  /**
   * @param tasks the run's tasks, in source order
   * @param columns what stands in the places, norms and cosines at first (see `of`)
   */
  constructor(tasks: readonly string[], columns: readonly Float64Array[] = []) {
    this.tasks = tasks;
    this.pairs = pairsOf(tasks.length);
    const column = (at: number): NumberColumn => new NumberColumn(columns[at]);
    [this.seq, this.step, this.epoch, this.seconds] = [column(0), column(1), column(2), column(3)];
    this.norms = tasks.map((_, task) => column(4 + task));
    this.cosines = this.pairs.map((_, pair) => column(4 + tasks.length + pair));
    this.#counters = this.pairs.map(newCounter);
    this.#normSums = tasks.map(() => ({ n: 0, sum: 0 }));
  }

  get length(): number {
    return this.seq.length;
  }

  /** All columns in a fixed order: places, norms, cosines, and what was observed, strategy by strategy. */
  columns(): readonly NumberColumn[] {
    return [...this.#places(), ...this.norms, ...this.cosines, ...[...this.observed.values()].flat()];
  }

  #places(): readonly NumberColumn[] {
    return [this.seq, this.step, this.epoch, this.seconds];
  }

  /**
   * The history whose `columns()` these are.
   *
   * @param observed names of the strategies, in order
   * @param blocks per record
   * @returns undefined where number or lengths of the columns do not fit
   */
  static of(
    tasks: readonly string[],
    columns: readonly Float64Array[],
    observed: readonly string[],
    blocks: readonly ReadonlyMap<string, BlockRecord>[],
  ): GradientHistory | undefined {
    const made = new GradientHistory(tasks, columns);
    const names = new Set(observed);
    const known = 4 + made.norms.length + made.cosines.length;
    if (columns.length !== known + names.size * tasks.length || names.size !== observed.length) return undefined;
    if (columns.some(({ length }) => length !== blocks.length)) return undefined;
    observed.forEach((name, at) => {
      const from = known + at * tasks.length;
      const own = columns.slice(from, from + tasks.length);
      made.observed.set(name, own.map((values) => new NumberColumn(values))); // prettier-ignore
    });
    for (const record of blocks) made.blocks.push(record);
    made.#countAll();
    return made;
  }

  append(record: GradientsEvent, { seq, epoch, seconds }: Moment): void {
    const places = this.tasks.map((task) => record.tasks.indexOf(task));
    this.seq.push(seq);
    this.step.push(record.step);
    this.epoch.push(epoch);
    this.seconds.push(seconds);
    this.norms.forEach((column, task) => {
      const norm = numberOf(record.norms[places[task] ?? -1]);
      column.push(norm);
      this.#addNorm(task, norm);
    });
    this.pairs.forEach(({ first, second }, pair) => {
      const value = numberOf(record.cosines[places[first] ?? -1]?.[places[second] ?? -1]);
      this.cosines[pair]?.push(value);
      this.#count(pair, value);
    });
    this.blocks.push(blocksOf(record.blocks ?? {}, places));
    this.#observe(record.observed ?? {}, places);
  }

  #observe(observed: ByTask<readonly JsonNumber[]>, places: readonly number[]): void {
    for (const name of Object.keys(observed)) {
      if (!this.observed.has(name)) {
        const columns = this.tasks.map(() => new NumberColumn());
        // A strategy that is seen for the first time was not known before.
        for (const column of columns) while (column.length < this.length - 1) column.push(NaN);
        this.observed.set(name, columns);
      }
    }
    for (const [name, columns] of this.observed) {
      const weights = Object.hasOwn(observed, name) ? observed[name] : undefined;
      columns.forEach((column, task) => column.push(numberOf(weights?.[places[task] ?? -1])));
    }
  }

  #addNorm(task: number, norm: number): void {
    const sums = this.#normSums[task];
    if (!sums || !Number.isFinite(norm)) return;
    sums.n++;
    sums.sum += norm;
  }

  #count(pair: number, value: number): void {
    const counter = this.#counters[pair];
    if (!counter || !Number.isFinite(value)) return;
    counter.records++;
    counter.sum += value;
    if (value < 0) counter.conflicting++;
  }

  /** Forgets the records after one with this `seq`: a resume supersedes them. */
  dropAfter(lastSeq: number): void {
    let length = this.length;
    while (this.seq.at(length - 1) > lastSeq) length--;
    for (const column of this.columns()) column.truncate(length);
    this.blocks.length = length;
    this.#countAll();
  }

  #countAll(): void {
    this.#normSums = this.tasks.map(() => ({ n: 0, sum: 0 }));
    this.norms.forEach((column, task) => {
      for (const norm of column.values()) this.#addNorm(task, norm);
    });
    this.pairs.forEach((_, pair) => {
      this.#counters[pair] = newCounter();
      const values = this.cosines[pair]?.values() ?? [];
      for (const value of values) this.#count(pair, value);
    });
  }

  /** How often each pair of tasks conflicts, over all records. */
  conflicts(): readonly PairConflict[] {
    return this.pairs.map((pair, index) => {
      const { records, conflicting, sum } = this.#counters[index] ?? newCounter();
      return { ...pair, records, conflicting, share: conflicting / records, mean: sum / records };
    });
  }

  /**
   * The cosine matrix [T][T] around a record: the mean over the last `window` records up to it. 1 on the diagonal, NaN
   * where there is no number.
   */
  matrix(index: number, window = 1): number[][] {
    return this.#square((pair) => {
      const values = this.cosines[pair];
      return values ? meanOf(values, Math.max(0, index - window + 1), index + 1) : NaN;
    });
  }

  /** The mean cosine matrix over all records. */
  meanMatrix(): number[][] {
    return this.#square((pair) => (this.#counters[pair]?.sum ?? NaN) / (this.#counters[pair]?.records ?? 0));
  }

  #square(valueOf: (pair: number) => number): number[][] {
    const matrix = this.tasks.map((_, row) => this.tasks.map((__, column) => (row === column ? 1 : NaN)));
    this.pairs.forEach(({ first, second }, pair) => {
      const value = valueOf(pair);
      const [upper, lower] = [matrix[first], matrix[second]];
      if (upper) upper[second] = value;
      if (lower) lower[first] = value;
    });
    return matrix;
  }

  /** The last known norm of each task's gradient; NaN where there is none. */
  lastNorms(): readonly number[] {
    return this.norms.map(lastKnown);
  }

  /** The mean norm of each task's gradient over all records; NaN where there is none. */
  meanNorms(): readonly number[] {
    return this.#normSums.map(({ n, sum }) => sum / n);
  }
}

/** The last value that is a number, looking back a bounded way: an absent task keeps what was known of it. */
export function lastKnown(column: NumberColumn): number {
  for (let index = column.length - 1; index >= Math.max(0, column.length - 200); index--) {
    if (!Number.isNaN(column.at(index))) return column.at(index);
  }
  return NaN;
}

function meanOf(column: NumberColumn, from: number, to: number): number {
  let sum = 0;
  let n = 0;
  for (let index = from; index < to; index++) {
    const value = column.at(index);
    if (!Number.isFinite(value)) continue;
    sum += value;
    n++;
  }
  return sum / n;
}
