/** What the charts of the panel draw: curves from a run's history, thinned to what a chart of limited width can show. Pure. */
import type { NumberColumn } from '../../src/messages/columns.ts';
import { toNumber, type LossHistory } from '../../src/messages/history.ts';
import { smooth } from '../../src/messages/smooth.ts';
import { notPositive, type NotPositive } from '../charts/scale.ts';
import { chartData, choose, lowerBound, marksOf, validationByIndex, type XAxis } from '../charts/series.ts';
import { allTasks, type Curve, type Picture, type Reading, type Source, type Underlay } from '../charts/source.ts';
import type { Strings } from './strings.ts';

interface Common {
  readonly axis: XAxis;
  readonly log: boolean;
  readonly hidden: ReadonlySet<string>;
  readonly strings: Strings;
}

const ofTask = (picture: Picture, task: number | null, index: number): (number | null)[] =>
  picture.curves.filter((curve) => curve.task === task).map(({ values }) => values[index] ?? null);

/** NaN in a curve is a place without a value; what is no finite number is marked there. */
const value = (number: number | null | undefined): number | null =>
  typeof number === 'number' && !Number.isNaN(number) ? number : null;

const names = (history: LossHistory): string[] => history.tasks.map(({ name }) => name);

function common(history: LossHistory, kind: string, { axis, log, hidden, strings }: Common) {
  const tasks = names(history);
  return { shape: JSON.stringify([kind, tasks, log, axis]), axis, xLabel: strings[axis], log, hidden, tasks };
}

/** Raw and smoothed training losses, validation, and the weighted total. */
export function lossSource(
  history: LossHistory,
  options: Common & { readonly smoothing: number; readonly under?: readonly Underlay[] },
): Source {
  const { strings, axis, smoothing } = options;
  return {
    ...common(history, 'losses', options),
    under: options.under ?? [],
    any: history.points > 0,
    picture: (limit, zoom) => {
      const data = chartData(history, { axis, smoothing, limit, ...(zoom ?? {}) });
      const curves = data.tasks.flatMap(({ raw, smoothed, validation }, task): Curve[] => {
        const name = history.tasks[task]?.name ?? '';
        return [
          { label: `${name} raw`, task, style: 'faint', values: raw },
          { label: name, task, style: 'bold', values: smoothed, derived: true },
          { label: `${name} validation`, task, style: 'dots', values: validation },
        ];
      });
      const total: readonly Curve[] = [
        { label: `${strings.total} raw`, task: null, style: 'total-faint', values: data.total.raw },
        { label: strings.total, task: null, style: 'total', values: data.total.smoothed, derived: true },
        { label: `${strings.total} validation`, task: null, style: 'dots', values: data.total.validation },
      ];
      return { x: data.x, curves: [...curves, ...total], marks: marksOf(history, axis, zoom) };
    },
    columns: [strings.smoothed, strings.raw, strings.validationShort],
    readings: (picture, index) =>
      [...names(history).keys(), null].map((task): Reading => {
        const [raw, smoothed, validation] = ofTask(picture, task, index).map(value);
        // A curve has a gap there, as where the task was absent.
        const marked = picture.marks.find((mark) => mark.task === task && mark.x === picture.x[index])?.word;
        const name = task === null ? strings.total : (history.tasks[task]?.name ?? '');
        return { task, name, values: [marked ?? smoothed ?? null, marked ?? raw ?? null, validation ?? null] };
      }),
  };
}

export interface WeightOptions extends Common {
  /** Divide by the sum over tasks. */
  readonly shares: boolean;
  /** An observed strategy to draw beside, or '' for none. */
  readonly compare: string;
  readonly smoothing: number;
}

/** Effective weights, and those that an observed strategy would have chosen. */
export function weightSource(history: LossHistory, options: WeightOptions): Source {
  const { steps, gradients } = history;
  const { axis, shares, compare, smoothing, strings } = options;
  const observed = gradients.observed.get(compare);
  const base = common(history, `weights ${String(shares)} ${observed ? compare : ''}`, options);
  return {
    ...base,
    any: history.points > 0,
    picture: (limit, zoom) => {
      const x = { step: steps.step, epoch: steps.epoch, time: steps.seconds }[axis].values();
      const columns = steps.weights.map((column) => column.values());
      const chosen = choose(x, columns, { limit, ...(zoom ?? {}) });
      const pick = (values: Float64Array): Float64Array => Float64Array.from(chosen, (index) => values[index] ?? NaN);
      const own = columns.map(pick);
      const smoothed = columns.map((values) => pick(smooth(values, smoothing)));
      const others = observed?.map((column) => between(chosen, steps.step, gradients.step, column)) ?? [];
      const share = (curves: readonly ArrayLike<number | null>[]) => (shares ? asShares(curves) : curves);
      const [raw, bold, beside] = [share(own), share(smoothed), share(others)];
      return {
        x: Float64Array.from(chosen, (index) => x[index] ?? NaN),
        curves: base.tasks.flatMap((name, task): Curve[] => [
          { label: `${name} raw`, task, style: 'faint', values: raw[task] ?? [] },
          { label: name, task, style: 'bold', values: bold[task] ?? [], derived: true },
          ...(beside[task]
            ? [{ label: `${name} ${compare}`, task, style: 'dots' as const, values: beside[task] }]
            : []),
        ]),
        marks: [],
      };
    },
    columns: [strings.smoothed, strings.raw, ...(observed ? [compare] : [])],
    readings: (picture, index) =>
      base.tasks.map((name, task): Reading => {
        const [raw = null, smoothed = null, other = null] = ofTask(picture, task, index).map(value);
        return { task, name, values: [smoothed, raw, ...(observed ? [other] : [])] };
      }),
  };
}

/** Norms of the task gradients. */
export function normSource(history: LossHistory, options: Common): Source {
  const { gradients } = history;
  const base = common(history, 'norms', options);
  return {
    ...base,
    any: gradients.length > 0,
    picture: (limit, zoom) => {
      const x = { step: gradients.step, epoch: gradients.epoch, time: gradients.seconds }[options.axis].values();
      const columns = gradients.norms.map((column) => column.values());
      const chosen = choose(x, columns, { limit, ...(zoom ?? {}) });
      const pick = (values: Float64Array): Float64Array => Float64Array.from(chosen, (index) => values[index] ?? NaN);
      const curves = base.tasks.map((label, task): Curve => ({
        label,
        task,
        style: 'bold',
        values: pick(columns[task] ?? new Float64Array()),
      }));
      return { x: pick(x), curves, marks: [] };
    },
    columns: [options.strings.norm],
    readings: (picture, index) =>
      base.tasks.map((name, task): Reading => {
        const [norm = null] = ofTask(picture, task, index).map(value);
        return { task, name, values: [norm] };
      }),
  };
}

/** Recorded losses that a log scale has no place for, of the tasks that are drawn, and of the total where that is. */
export function lossesBelowLog(history: LossHistory, hidden: ReadonlySet<string>): NotPositive {
  const shown = history.tasks.map(({ name }) => !hidden.has(name));
  const train = history.steps.losses.filter((_, task) => shown[task]);
  const evaluated = validationByIndex(history);
  const validation = history.tasks.flatMap(({ name }, task) =>
    shown[task] ? [evaluated.map(([, { losses }]) => toNumber(losses[name]))] : [],
  );
  const total = hidden.has(allTasks)
    ? []
    : [history.steps.total.values(), evaluated.map(([, record]) => toNumber(record.total))];
  return notPositive([...train.map((column) => column.values()), ...validation, ...total]);
}

/** Recorded norms that a log scale has no place for. */
export function normsBelowLog({ gradients, tasks }: LossHistory, hidden: ReadonlySet<string>): NotPositive {
  const shown = gradients.norms.filter((_, task) => !hidden.has(tasks[task]?.name ?? ''));
  return notPositive(shown.map((column) => column.values()));
}

/** The last value that was recorded since the point drawn before; null where there was none. */
function between(
  chosen: readonly number[],
  steps: NumberColumn,
  recorded: NumberColumn,
  column: NumberColumn,
): (number | null)[] {
  const at = recorded.values();
  return chosen.map((index, place) => {
    const before = place === 0 ? -Infinity : steps.at(chosen[place - 1] ?? NaN);
    const found = lowerBound(at, steps.at(index) + 1) - 1;
    const value = found >= 0 && (at[found] ?? NaN) > before ? column.at(found) : NaN;
    return Number.isFinite(value) ? value : null;
  });
}

/** Each point divided by the sum over tasks; null where the sum is not positive. */
export function asShares(columns: readonly ArrayLike<number | null>[]): (number | null)[][] {
  const length = columns[0]?.length ?? 0;
  const sums = Array.from({ length }, (_, index) =>
    columns.reduce((sum, values) => {
      const value = values[index];
      return typeof value === 'number' && Number.isFinite(value) ? sum + value : sum;
    }, 0),
  );
  return columns.map((values) =>
    Array.from({ length }, (_, index) => {
      const [value, sum = 0] = [values[index], sums[index]];
      return typeof value === 'number' && sum > 0 ? value / sum : null;
    }),
  );
}
