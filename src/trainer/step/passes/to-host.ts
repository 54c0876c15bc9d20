/** What a step's tensors become on the host: losses, answers, Gram matrices in double precision. */
import { tf } from '../../../engine/tfjs.ts';
import { at, entry } from '../../../numbers/linear.ts';
import { byTask, element, of } from '../by-task.ts';
import type { Passed } from './passes.ts';
import type { Forward, LossSum, Part, StepContext } from '../contract.ts';

/** Losses and answers of a forward pass. All losses are read at once: a read waits for the engine. */
export function readPart({ tasks }: Pick<StepContext, 'tasks'>, passed: Passed): Part {
  const numbers = tf.tidy(() => tf.stack(passed.flatMap(({ sum, weight }) => [sum, weight])).dataSync());
  const losses = passed.map(
    ({ index }, place) => [index, { sum: at(numbers, 2 * place), weight: at(numbers, 2 * place + 1) }] as const,
  );
  const answers = passed.map(({ index, raw }) => {
    const answer = tf.tidy(() => of(tasks, index).answers(raw));
    const values = answer.dataSync();
    answer.dispose();
    return [index, values] as const;
  });
  return { losses: byTask(tasks.length, losses), answers: byTask(tasks.length, answers) };
}

/** The parts of a step, with their losses summed up. */
export function together(tasks: number, parts: readonly (Part | null)[]): Forward {
  const losses = new Array<LossSum | null>(tasks).fill(null);
  for (const part of parts) {
    part?.losses.forEach((loss, index) => {
      if (!loss) return;
      const before = losses[index] ?? { sum: 0, weight: 0 };
      losses[index] = { sum: before.sum + loss.sum, weight: before.weight + loss.weight };
    });
  }
  return { losses, parts };
}

/** a · b in double precision over a part of both. */
export function dotOf(a: ArrayLike<number>, b: ArrayLike<number>, from: number, to: number): number {
  // Four running sums: the additions need not wait for one another.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = from;
  for (; k + 3 < to; k += 4) {
    s0 += (a[k] as number) * (b[k] as number);
    s1 += (a[k + 1] as number) * (b[k + 1] as number);
    s2 += (a[k + 2] as number) * (b[k + 2] as number);
    s3 += (a[k + 3] as number) * (b[k + 3] as number);
  }
  for (; k < to; k++) s0 += (a[k] as number) * (b[k] as number);
  return s0 + s1 + (s2 + s3);
}

/** Entries that are visited together, so that T rows of them stay in the cache. */
const visited = 4096;
/** Entries that are on the host together: T gradients are not all held twice. */
const transferred = 65_536;

/** Rows against rows, [A][B] in double precision; with `b` absent the symmetric A Aᵀ. */
export function gramOf(
  a: readonly ArrayLike<number>[],
  { offset, size }: { readonly offset: number; readonly size: number },
  b?: readonly ArrayLike<number>[],
): number[][] {
  const others = b ?? a;
  const gram = a.map(() => others.map(() => 0));
  for (let from = offset; from < offset + size; from += visited) {
    const to = Math.min(from + visited, offset + size);
    a.forEach((left, i) => {
      const line = element(gram, i);
      for (let j = b ? 0 : i; j < others.length; j++) line[j] = at(line, j) + dotOf(left, element(others, j), from, to);
    });
  }
  if (b) return gram;
  return gram.map((line, i) => line.map((value, j) => (j < i ? entry(gram, j, i) : value)));
}

/** The Gram matrix of a part of rows that live in the engine. */
export function gramOfRows(
  rows: readonly tf.Tensor1D[],
  { offset, size }: { readonly offset: number; readonly size: number },
): number[][] {
  const gram = rows.map(() => rows.map(() => 0));
  for (let from = offset; from < offset + size; from += transferred) {
    const count = Math.min(transferred, offset + size - from);
    const values = rows.map((row) => readSlice(row, from, count));
    gramOf(values, { offset: 0, size: count }).forEach((line, i) => {
      const total = element(gram, i);
      line.forEach((value, j) => (total[j] = at(total, j) + value));
    });
  }
  return gram;
}

/** Lengths of a part of rows that live in the engine. */
export function normsOfRows(
  rows: readonly tf.Tensor1D[],
  segment: { readonly offset: number; readonly size: number },
): number[] {
  return rows.map((row) => Math.sqrt(entry(gramOfRows([row], segment), 0, 0)));
}

function readSlice(row: tf.Tensor1D, from: number, count: number): Float32Array {
  if (count === row.size) return row.dataSync() as Float32Array;
  const slice = tf.slice(row, [from], [count]);
  const values = slice.dataSync() as Float32Array;
  slice.dispose();
  return values;
}
