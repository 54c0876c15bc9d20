/** Curves of other runs, as they are drawn under the shown one and told in the table. Pure. */
import type { OverlayChoice, OverlayCurve } from '../../src/messages/protocol.ts';
import { bandOf, type Band } from '../charts/band.ts';
import type { XAxis } from '../charts/series.ts';
import type { Underlay } from '../charts/source.ts';

const axisOf = (curve: OverlayCurve, axis: XAxis): readonly number[] =>
  ({ step: curve.step, epoch: curve.epoch, time: curve.seconds })[axis];

/** A choice as it is drawn: `line` tells it from others. */
export interface Drawn {
  readonly choice: OverlayChoice;
  readonly line: number;
  /** What it is called beside its numbers. */
  readonly label: string;
}

/**
 * What is drawn of the choices: every seed of an arm faint with their mean and its band, another run as one line.
 *
 * @param tasks names in the order of the spec of the shown run; curves of other tasks have no color and are not drawn
 */
export function underlaysOf(
  choices: readonly Drawn[],
  curves: readonly OverlayCurve[],
  tasks: readonly string[],
  axis: XAxis,
): readonly Underlay[] {
  return choices.flatMap(({ choice: { id, kind }, line, label }) =>
    tasks.flatMap((name, task): Underlay[] => {
      const own = curves.filter((curve) => curve.choice === id && curve.task === name);
      const lines = own.map((curve): Underlay => {
        const of = { task, x: axisOf(curve, axis), y: curve.y };
        return kind === 'arm' ? { ...of, style: 'faint' } : { ...of, style: 'other', run: line, label };
      });
      if (kind === 'run' || own.length === 0) return lines;
      const band = bandOf(own.map(({ epoch, y }) => ({ x: epoch, y })));
      return [...lines, { task, x: placesOf(band, own, axis), y: band.mean, sd: band.sd, style: 'mean', label }];
    }),
  );
}

/** Epochs of a band on another axis: where the runs were at that epoch, on average. */
function placesOf({ x }: Band, own: readonly OverlayCurve[], axis: XAxis): readonly number[] {
  if (axis === 'epoch') return x;
  const places = own.map((curve) => {
    const at = axisOf(curve, axis);
    return new Map(curve.epoch.map((epoch, index) => [epoch, at[index] ?? NaN]));
  });
  return x.map((epoch) => places.reduce((sum, of) => sum + (of.get(epoch) ?? NaN), 0) / places.length);
}

export interface OverlayRow {
  readonly choice: OverlayChoice;
  readonly task: string;
  readonly n: number;
  /** The last at which every run has a value; null where there is none. */
  readonly epoch: number | null;
  readonly mean: number | null;
  /** Null for a single run. */
  readonly sd: number | null;
}

/** A row a choice and task: the same numbers as the chart's right end. */
export function overlayRows(
  choices: readonly OverlayChoice[],
  curves: readonly OverlayCurve[],
  tasks: readonly string[],
): readonly OverlayRow[] {
  return choices.flatMap((choice) =>
    tasks.flatMap((task): OverlayRow[] => {
      const own = curves.filter((curve) => curve.choice === choice.id && curve.task === task);
      if (own.length === 0) return [];
      const { x, mean, sd, n } = bandOf(own.map(({ epoch, y }) => ({ x: epoch, y })));
      const spread = n > 1 ? (sd.at(-1) ?? null) : null;
      return [{ choice, task, n, epoch: x.at(-1) ?? null, mean: mean.at(-1) ?? null, sd: spread }];
    }),
  );
}

/** The first line is the shown run's own. Who has a line keeps it; others take the next free one. */
export function linesOf(known: ReadonlyMap<string, number>, ids: readonly string[]): ReadonlyMap<string, number> {
  const lines = new Map([...known].filter(([id]) => ids.includes(id)));
  for (const id of ids) {
    if (lines.has(id)) continue;
    const taken = new Set(lines.values());
    let line = 1;
    while (taken.has(line)) line += 1;
    lines.set(id, line);
  }
  return lines;
}
