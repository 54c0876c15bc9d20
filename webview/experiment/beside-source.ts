/** What the chart of single runs draws: color is the task, line and opacity the run. Pure. */
import type { OverlayCurve } from '../../src/messages/protocol.ts';
import type { XAxis } from '../charts/series.ts';
import type { Reading, Source, Underlay } from '../charts/source.ts';
import { underlayAt } from '../charts/underlay.ts';

interface Shown {
  readonly tasks: readonly string[];
  /** Of those that are drawn, in their order; `place` gives dash and opacity. */
  readonly runs: readonly { readonly id: string; readonly label: string; readonly place: number }[];
  readonly curves: readonly OverlayCurve[];
  readonly axis: XAxis;
  readonly xLabel: string;
  readonly log: boolean;
  readonly hidden: ReadonlySet<string>;
}

export function besideSource({ tasks, runs, curves, axis, xLabel, log, hidden }: Shown): Source {
  const lines = runs.flatMap(({ id, place }) =>
    tasks.flatMap((name, task): (Underlay & { readonly id: string })[] => {
      const curve = curves.find((one) => one.run === id && one.task === name);
      if (curve === undefined) return [];
      const x = { step: curve.step, epoch: curve.epoch, time: curve.seconds }[axis];
      return [{ id, task, x, y: curve.y, style: 'other', run: place }];
    }),
  );
  const x = Float64Array.from(new Set(lines.flatMap((line) => line.x))).toSorted();
  return {
    shape: JSON.stringify(['beside', tasks, log, axis]),
    ...{ axis, xLabel, log, hidden, tasks, under: lines },
    any: x.length > 0,
    reach: { from: x[0] ?? NaN, to: x.at(-1) ?? NaN },
    picture: (_limit, zoom) => ({
      x: zoom === null ? x : x.filter((one) => one >= zoom.from && one <= zoom.to),
      // The chart finds its height by a curve of its own: one without a value leaves that to what lies under it.
      curves: [{ label: '', task: null, style: 'faint', values: x.map(() => NaN) }],
      marks: [],
    }),
    columns: runs.map(({ label }) => label),
    readings: (picture, index) =>
      tasks.map((name, task): Reading => {
        const at = picture.x[index] ?? NaN;
        const values = runs.map(({ id }) => {
          const line = lines.find((one) => one.id === id && one.task === task);
          return line === undefined ? null : underlayAt(line, at);
        });
        return { task, name, values };
      }),
  };
}

/** Curves with a place that has no finite number. */
export const withGaps = (curves: readonly OverlayCurve[]): readonly OverlayCurve[] =>
  curves.filter(({ y }) => y.includes(null));
