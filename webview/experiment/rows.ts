/** The table of arms: its columns, what stands in its cells, and its rows sorted, filtered and opened. Pure. */
import type { ArmMeasure, Comparison, ComparisonArm, Verdict } from '../../src/experiment/comparison/contract.ts';
import { clock, estimate, none, plain } from './numbers.ts';
import type { ColumnKind, Strings } from './strings.ts';

export interface Column {
  /** Kind, and what it is of: `mean:分类`, `setting:/weights/0`. */
  readonly id: string;
  readonly kind: ColumnKind;
  /** Task or pointer; empty for columns that there is one of. */
  readonly of: string;
  readonly title: string;
}

export interface Cell {
  readonly text: string;
  /** More of it, for a pointer and a screen reader; empty where the text says all. */
  readonly title: string;
  /** What it is sorted by; null comes last. */
  readonly key: number | string | null;
  readonly verdict: Verdict | null;
}

export interface Sort {
  /** Id of a column; empty: in the order of the experiment. */
  readonly column: string;
  readonly down: boolean;
}

export interface Row {
  readonly arm: ComparisonArm;
  /** Place among the arm's seeds; null for the arm itself. */
  readonly seed: number | null;
}

const blank: Cell = { text: '', title: '', key: null, verdict: null };
const nothing: Cell = { ...blank, text: none };

export const measureOf = ({ measures }: ComparisonArm, task: string): ArmMeasure | undefined =>
  measures.find((measure) => measure.task === task);

export class ArmTable {
  readonly columns: readonly Column[];
  readonly #comparison: Comparison;
  readonly #strings: Strings;
  /** By pointer, then by arm, as JSON. */
  readonly #settings: ReadonlyMap<string, ReadonlyMap<string, string | null>>;
  readonly #haystacks = new Map<string, string>();

  constructor(comparison: Comparison, strings: Strings) {
    this.#comparison = comparison;
    this.#strings = strings;
    const { arms, differences } = comparison.differences;
    this.#settings = new Map(
      differences.map(({ pointer, values }) => [pointer, new Map(arms.map((arm, at) => [arm, values[at] ?? null]))]),
    );
    this.columns = this.#columnsOf();
  }

  #columnsOf(): Column[] {
    const { measures, arms } = this.#comparison;
    const { columns } = this.#strings;
    const single = (kind: Exclude<ColumnKind, 'mean' | 'delta' | 'setting'>, there = true): Column[] =>
      there ? [{ id: kind, kind, of: '', title: columns[kind] }] : [];
    return [
      ...single('arm'),
      ...single('seeds'),
      ...measures.flatMap(({ task, metric }): Column[] => [
        { id: `mean:${task}`, kind: 'mean', of: task, title: `${task} ${metric}` },
        { id: `delta:${task}`, kind: 'delta', of: task, title: `Δ ${task}` },
      ]),
      ...single(
        'deltaM',
        arms.some(({ deltaM }) => deltaM !== null),
      ),
      ...single(
        'rank',
        arms.some(({ meanRank }) => meanRank !== null),
      ),
      ...single('seconds'),
      ...single(
        'parameters',
        arms.some(({ parameters }) => parameters !== null),
      ),
      ...single(
        'stage',
        arms.some(({ stage }) => stage !== null),
      ),
      ...[...this.#settings.keys()].map((pointer): Column => ({
        id: `setting:${pointer}`,
        kind: 'setting',
        of: pointer,
        title: pointer,
      })),
    ];
  }

  cell({ arm, seed }: Row, column: Column): Cell {
    return seed === null ? this.#armCell(arm, column) : this.#seedCell(arm, seed, column);
  }

  #armCell(arm: ComparisonArm, { kind, of }: Column): Cell {
    switch (kind) {
      case 'arm':
        return { ...blank, text: arm.id, title: this.#notesOf(arm), key: arm.id };
      case 'seeds':
        return this.#seeds(arm);
      case 'mean':
        return this.#mean(arm, of);
      case 'delta':
        return this.#delta(arm, of);
      case 'deltaM': {
        const { deltaM } = arm;
        if (deltaM === null) return nothing;
        const title = deltaM.reason?.[this.#strings.language] ?? '';
        return { ...blank, text: share(deltaM.mean, deltaM.interval), title, key: deltaM.mean };
      }
      case 'rank':
        return { ...blank, text: plain(arm.meanRank), key: arm.meanRank };
      case 'seconds': {
        const { seconds, secondsPerEpoch } = arm.costs;
        const title = secondsPerEpoch === null ? '' : this.#strings.perEpoch(clock(secondsPerEpoch));
        return { ...blank, text: clock(seconds), title, key: seconds };
      }
      case 'parameters':
        return { ...blank, text: arm.parameters === null ? none : String(arm.parameters), key: arm.parameters };
      case 'stage':
        return { ...blank, text: arm.stage ?? none, key: arm.stage };
      case 'setting':
        return this.#setting(arm, of);
    }
  }

  #notesOf(arm: ComparisonArm): string {
    const { notes, separator } = this.#strings;
    const marks = [
      arm.confirmed ? '' : notes.notConfirmed,
      arm.tuned ? notes.tuned : '',
      arm.singleTask ? notes.singleTask : '',
      arm.split === 'validation' ? notes.validation : '',
    ];
    return [
      ...marks.filter((mark) => mark !== ''),
      ...arm.point.map(({ factor, level }) => `${factor} = ${level}`),
    ].join(separator);
  }

  #seeds({ n, failed, missing }: ComparisonArm): Cell {
    const { failedRuns, missingRuns, separator } = this.#strings;
    const lacks = [...(failed > 0 ? [failedRuns(failed)] : []), ...(missing > 0 ? [missingRuns(missing)] : [])];
    const text = [String(n), ...(failed > 0 ? [`✗${failed}`] : []), ...(missing > 0 ? [`…${missing}`] : [])].join(' ');
    return { ...blank, text, title: lacks.join(separator), key: n };
  }

  #mean(arm: ComparisonArm, task: string): Cell {
    const measure = measureOf(arm, task);
    if (measure === undefined) return { ...nothing, title: this.#strings.withoutTask };
    const { mean, interval, reason, n, sd } = measure;
    const title = reason?.[this.#strings.language] ?? this.#strings.spread(n, plain(sd));
    return { ...blank, text: estimate(mean, interval), title, key: mean };
  }

  #delta(arm: ComparisonArm, task: string): Cell {
    if (arm.id === this.#comparison.baseline) return { ...blank, text: this.#strings.baseline };
    const delta = measureOf(arm, task)?.delta ?? null;
    if (delta === null) return { ...nothing, title: measureOf(arm, task)?.reason?.[this.#strings.language] ?? '' };
    const { mean, interval, verdict, reason } = delta;
    const title = reason?.[this.#strings.language] ?? '';
    return { ...blank, text: estimate(mean, interval, true), title, key: mean, verdict };
  }

  #setting(arm: ComparisonArm, pointer: string): Cell {
    const value = this.#settings.get(pointer)?.get(arm.id);
    // Single-task baselines train a spec a task: they have no value of their own.
    if (value === undefined) return { ...nothing, title: this.#strings.severalSpecs };
    if (value === null) return nothing;
    const number = Number(value);
    return { ...blank, text: value, title: value, key: value === '' || Number.isNaN(number) ? value : number };
  }

  #seedCell(arm: ComparisonArm, seed: number, { kind, of }: Column): Cell {
    if (kind === 'arm') return { ...blank, text: this.#strings.seed(arm.seeds[seed] ?? seed) };
    if (kind === 'deltaM') {
      const value = arm.deltaM?.values[seed];
      return value === undefined ? blank : { ...blank, text: share(value, null) };
    }
    if (kind !== 'mean') return blank;
    const cell = measureOf(arm, of)?.cells[seed];
    if (cell === undefined) return blank;
    const text = cell.state === 'value' ? plain(cell.value) : this.#strings.cellStates[cell.state];
    return { ...blank, text };
  }

  /**
   * The baseline stays above all others.
   *
   * @param open ids of the arms whose seeds are shown
   */
  rows(filter: string, { column: id, down }: Sort, open: ReadonlySet<string>): readonly Row[] {
    const { arms, baseline } = this.#comparison;
    const column = this.columns.find((one) => one.id === id);
    const found = this.filtered(filter);
    const others = found.filter((arm) => arm.id !== baseline);
    if (column !== undefined) {
      const keys = new Map(others.map((arm) => [arm, this.#armCell(arm, column).key]));
      others.sort((a, b) => compareKeys(keys.get(a) ?? null, keys.get(b) ?? null, down));
    }
    const pinned = arms.filter((arm) => arm.id === baseline);
    return [...pinned, ...others].flatMap((arm): Row[] => [
      { arm, seed: null },
      ...(open.has(arm.id) ? arm.seeds.map((_, seed): Row => ({ arm, seed })) : []),
    ]);
  }

  /** Arms in which every word of the filter stands: names, factors, settings, verdicts (`hurts 分类`). */
  filtered(filter: string): ComparisonArm[] {
    const words = filter
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return this.#comparison.arms.filter((arm) => {
      const text = this.#haystack(arm);
      return words.every((word) => text.includes(word));
    });
  }

  #haystack(arm: ComparisonArm): string {
    const known = this.#haystacks.get(arm.id);
    if (known !== undefined) return known;
    const { verdicts } = this.#strings;
    const settings = [...this.#settings].map(([pointer, values]) => `${pointer}=${values.get(arm.id) ?? ''}`);
    const judged = arm.measures.map(({ task, delta }) => (delta === null ? '' : `${verdicts[delta.verdict]} ${task}`));
    const points = arm.point.map(({ factor, level }) => `${factor}=${level}`);
    const text = [arm.id, arm.of, arm.stage ?? '', ...points, ...settings, ...judged].join(' ').toLowerCase();
    this.#haystacks.set(arm.id, text);
    return text;
  }
}

/** Δm is a share of the baseline: said as percent. */
function share(mean: number | null, interval: readonly [number, number] | null): string {
  if (mean === null) return none;
  const text = estimate(100 * mean, interval === null ? null : [100 * interval[0], 100 * interval[1]], true);
  return `${text} %`;
}

/** What has no value comes last, whichever way it is sorted. */
function compareKeys(a: Cell['key'], b: Cell['key'], down: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const both = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return down ? -both : both;
}

const collator = new Intl.Collator(undefined, { numeric: true });
