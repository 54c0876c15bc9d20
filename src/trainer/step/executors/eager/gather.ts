/** Collects task gradients over the batches of a step, by the shared parameters or by the representation. */
import { tf } from '../../../../engine/tfjs.ts';
import { taskGradients, unflatten, type Passed, type TaskGradient } from '../../passes/passes.ts';
import { gramOf, gramOfRows, normsOfRows } from '../../passes/to-host.ts';
import {
  disposePart,
  representedPart,
  representedRow,
  slopesOfRow,
  throughShared,
  weighedSlopes,
  type RepresentedPart,
} from '../../passes/representation.ts';
import type {
  Batch,
  Combination,
  GradientRequest,
  Segment,
  Statistic,
  StepContext,
  TaskGradients,
} from '../../contract.ts';

type FactorsOf = (passed: Passed) => readonly number[];

export interface Gathering {
  /** One batch; `model.setStep` must have been called. */
  add(batch: Batch, here: readonly number[], factorsOf: FactorsOf): void;
  finish(): Gathered;
}

/** Lists are over the tasks present in the step. */
export interface Gathered {
  readonly segments: readonly Segment[];
  readonly rows: readonly tf.Tensor1D[];
  /** Gradients by path of everything but the shared parameters. */
  readonly own: readonly ReadonlyMap<string, tf.Tensor>[];
  /** Gradients by path of the shared parameters; the caller owns them. */
  combine(shared: Combination['shared']): Map<string, tf.Tensor>;
  dispose(): void;
}

export function gather(context: StepContext, request: GradientRequest, present: readonly number[]): Gathering {
  return request.representation
    ? gatherNode(context, request, request.representation, present)
    : gatherShared(context, request, present);
}

function gatherShared(context: StepContext, request: GradientRequest, present: readonly number[]): Gathering {
  const { layout, segments, rowsFor } = request;
  const sums = new Map<number, TaskGradient>();
  return {
    add: (batch, here, factorsOf) => {
      const found = taskGradients(context, batch, here, layout, factorsOf, rowsFor);
      here.forEach((index, place) => addTask(sums, index, found[place] as TaskGradient));
    },
    finish: () => {
      const all = present.flatMap((index) => sums.get(index) ?? []);
      const rows = all.map(({ row }) => row);
      const own = all.map((task) => task.own);
      return {
        ...{ segments, rows, own },
        combine: (shared) => {
          const row = 'weights' in shared ? combineRows(rows, shared.weights, segments) : tf.tensor1d(shared.direction);
          const byPath = unflatten(row, layout);
          row.dispose();
          return byPath;
        },
        dispose: () => tf.dispose([...rows, ...own.flatMap((task) => [...task.values()])]),
      };
    },
  };
}

function gatherNode(
  context: StepContext,
  { layout }: GradientRequest,
  { block, inner }: NonNullable<GradientRequest['representation']>,
  present: readonly number[],
): Gathering {
  const parts: RepresentedPart[] = [];
  return {
    add: (batch, here, factorsOf) => {
      parts.push(representedPart(context, batch, here, block, layout, factorsOf));
    },
    finish: () => {
      const rows = present.map((task) => representedRow(parts, task, inner));
      const own = present.map((task) => {
        const sums = new Map<string, tf.Tensor>();
        for (const part of parts) addGradients(sums, cloned(part.own.get(task)));
        return sums;
      });
      return {
        segments: [{ name: '', offset: 0, size: rows[0]?.size ?? 0 }],
        ...{ rows, own },
        combine: (shared) => {
          const slopes =
            'weights' in shared
              ? weighedSlopes(parts, present, shared.weights[0] ?? [])
              : slopesOfRow(parts, shared.direction);
          return throughShared(context, parts, slopes, layout);
        },
        dispose: () => {
          parts.forEach(disposePart);
          tf.dispose([...rows, ...own.flatMap((task) => [...task.values()])]);
        },
      };
    },
  };
}

function cloned(tensors: ReadonlyMap<string, tf.Tensor> | undefined): Map<string, tf.Tensor> {
  return new Map([...(tensors ?? [])].map(([path, tensor]) => [path, tf.clone(tensor)]));
}

/** What was asked of the rows, on the host. */
export function statisticsOfRows(
  { rows, segments }: Gathered,
  statistic: Statistic,
): Pick<TaskGradients, 'segments' | 'norms' | 'grams' | 'rows'> {
  const values = statistic === 'rows' ? rows.map((row) => row.dataSync() as Float32Array) : [];
  const gramOfSegment = (segment: Segment): number[][] =>
    statistic === 'rows' ? gramOf(values, segment) : gramOfRows(rows, segment);
  const grams = statistic === 'norms' ? [] : segments.map(gramOfSegment);
  return {
    ...{ segments, grams, rows: values },
    norms: segments.map((segment, place) =>
      statistic === 'norms' ? normsOfRows(rows, segment) : diagonalRoots(grams[place] ?? []),
    ),
  };
}

function diagonalRoots(gram: readonly (readonly number[])[]): number[] {
  return gram.map((line, i) => Math.sqrt(Math.max(line[i] ?? 0, 0)));
}

/** Σ wᵢ rowᵢ, with weights of its own for each segment. The caller owns it. */
function combineRows(
  rows: readonly tf.Tensor1D[],
  weights: readonly (readonly number[])[],
  segments: readonly Segment[],
): tf.Tensor1D {
  return tf.tidy(() => {
    const pieces = segments.map(({ offset, size }, place) => {
      const terms = rows.map((row, i) => {
        const piece = segments.length === 1 ? row : tf.slice(row, [offset], [size]);
        return tf.mul(piece, weights[place]?.[i] ?? 0);
      });
      return tf.addN<tf.Tensor1D>(terms as tf.Tensor1D[]);
    });
    return pieces.length === 1 ? (pieces[0] as tf.Tensor1D) : tf.concat(pieces);
  });
}

/** Adds one batch's gradient of a task; takes it over. */
function addTask(sums: Map<number, TaskGradient>, index: number, more: TaskGradient): void {
  const before = sums.get(index);
  if (!before) {
    sums.set(index, more);
    return;
  }
  addGradients(before.own, more.own);
  sums.set(index, { row: tf.add(before.row, more.row), own: before.own });
  tf.dispose([before.row, more.row]);
}

/** Adds into `total`; takes over or disposes the tensors of `more`. */
export function addGradients(total: Map<string, tf.Tensor>, more: ReadonlyMap<string, tf.Tensor>): void {
  for (const [path, gradient] of more) {
    const before = total.get(path);
    if (!before) {
      total.set(path, gradient);
      continue;
    }
    total.set(path, tf.add(before, gradient));
    before.dispose();
    gradient.dispose();
  }
}
