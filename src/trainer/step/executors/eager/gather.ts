/** Collects task gradients over the batches of a step, by the shared parameters or by the representation. */
import { tf } from '../../../../engine/tfjs.ts';
import { at } from '../../../../numbers/linear.ts';
import { element, of, type ByTask } from '../../by-task.ts';
import { taskGradients, unflatten, type FactorsOf, type TaskGradient } from '../../passes/passes.ts';
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

export interface Gathering {
  /** One batch; `model.setStep` must have been called. */
  add(batch: Batch, here: readonly number[], factorsOf: FactorsOf): void;
  finish(): Gathered;
}

export interface Gathered {
  readonly segments: readonly Segment[];
  /** One a task present in the step, in order. */
  readonly tasks: readonly TaskGradient[];
  /** Gradients by path of the shared parameters; the caller owns them. */
  combine(shared: Combination['shared']): Map<string, tf.Tensor>;
  dispose(): void;
}

export function gather(context: StepContext, request: GradientRequest, present: readonly number[]): Gathering {
  return request.representation
    ? gatherNode(context, request, request.representation, present)
    : gatherShared(context, request);
}

function gatherShared(context: StepContext, request: GradientRequest): Gathering {
  const { layout, segments, rowsFor } = request;
  const sums = new Map<number, TaskGradient>();
  return {
    add: (batch, here, factorsOf) => {
      const found = taskGradients(context, batch, here, layout, factorsOf, rowsFor);
      for (const task of found) addTask(sums, task);
    },
    finish: () => {
      const tasks = [...sums.values()].sort((a, b) => a.index - b.index);
      return {
        ...{ segments, tasks },
        combine: (shared) => {
          const row =
            'weights' in shared ? combineRows(tasks, shared.weights, segments) : tf.tensor1d(shared.direction);
          const byPath = unflatten(row, layout);
          row.dispose();
          return byPath;
        },
        dispose: () => disposeTasks(tasks),
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
      const tasks = present.map((index) => ({
        index,
        row: representedRow(parts, index, inner),
        headGradient: headGradientOf(parts, index),
      }));
      return {
        segments: [{ name: '', offset: 0, size: element(tasks, 0).row.size }],
        tasks,
        combine: (shared) => {
          const slopes =
            'weights' in shared
              ? weighedSlopes(parts, element(shared.weights, 0))
              : slopesOfRow(parts, shared.direction);
          return throughShared(context, parts, slopes, layout);
        },
        dispose: () => {
          parts.forEach(disposePart);
          disposeTasks(tasks);
        },
      };
    },
  };
}

/** The sum over the batches in which the task is present; the caller owns it. */
function headGradientOf(parts: readonly RepresentedPart[], task: number): Map<string, tf.Tensor> {
  const sums = new Map<string, tf.Tensor>();
  for (const { tasks } of parts) {
    const found = tasks.find(({ index }) => index === task);
    if (found) addGradients(sums, new Map([...found.headGradient].map(([path, tensor]) => [path, tf.clone(tensor)])));
  }
  return sums;
}

function disposeTasks(tasks: readonly TaskGradient[]): void {
  tf.dispose(tasks.flatMap(({ row, headGradient }) => [row, ...headGradient.values()]));
}

/** What was asked of the rows, on the host. */
export function statisticsOfRows(
  { tasks, segments }: Gathered,
  statistic: Statistic,
): Pick<TaskGradients, 'segments' | 'norms' | 'grams' | 'rows'> {
  const rows = tasks.map(({ row }) => row);
  const values = statistic === 'rows' ? rows.map((row) => row.dataSync() as Float32Array) : [];
  const gramOfSegment = (segment: Segment): number[][] =>
    statistic === 'rows' ? gramOf(values, segment) : gramOfRows(rows, segment);
  const grams = statistic === 'norms' ? [] : segments.map(gramOfSegment);
  return {
    ...{ segments, grams, rows: values },
    norms: segments.map((segment, place) =>
      statistic === 'norms' ? normsOfRows(rows, segment) : diagonalRoots(element(grams, place)),
    ),
  };
}

function diagonalRoots(gram: readonly (readonly number[])[]): number[] {
  return gram.map((line, i) => Math.sqrt(Math.max(at(line, i), 0)));
}

/** Σ wᵢ rowᵢ, with weights of its own for each segment. The caller owns it. */
function combineRows(
  tasks: readonly TaskGradient[],
  weights: readonly ByTask<number>[],
  segments: readonly Segment[],
): tf.Tensor1D {
  return tf.tidy(() => {
    const pieces = segments.map(({ offset, size }, place) => {
      const terms = tasks.map(({ index, row }) => {
        const piece = segments.length === 1 ? row : tf.slice(row, [offset], [size]);
        return tf.mul<tf.Tensor1D>(piece, of(element(weights, place), index));
      });
      return tf.addN<tf.Tensor1D>(terms);
    });
    return pieces.length === 1 ? element(pieces, 0) : tf.concat(pieces);
  });
}

/** Adds one batch's gradient of a task; takes it over. */
function addTask(sums: Map<number, TaskGradient>, more: TaskGradient): void {
  const { index } = more;
  const before = sums.get(index);
  if (!before) {
    sums.set(index, more);
    return;
  }
  const { headGradient } = before;
  addGradients(headGradient, more.headGradient);
  sums.set(index, { index, row: tf.add(before.row, more.row), headGradient });
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
