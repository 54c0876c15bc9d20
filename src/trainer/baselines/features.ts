/**
 * The raw inputs of a task as one matrix of numbers, for linear models: everything the task can see before the network
 * has made anything of it. Numbers as prepared for training, categories one-hot, images as pixels (large ones averaged
 * over equal patches); every column then has mean 0 and standard deviation 1, and columns that never change are left out.
 */
import type { Plan, PlanSource } from '../../plan/plan.ts';
import type { PreparedSplit, RowStore } from '../../samples/contract.ts';
import { cholesky } from '../../numbers/dense.ts';
import { keyed } from '../../numbers/random.ts';

/** A dense matrix, row by row. */
export interface Features {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** Numbers an image may give; larger ones are averaged over patches. */
const imageLimit = 400;
/** Values of an index that are written one-hot; more are hashed into this many columns by remainder. */
const indexLimit = 2048;
/** Multiplications that a Gram matrix and an iteration of the logistic model may cost, and rows looked at in any case. */
const gramWork = 2e8;
const iterationWork = 2e6;
const mostRows = 5000;
const fewestRows = 500;

/** Inputs that a task's prediction depends on, in the order of the spec. */
export function inputsOf(plan: Plan, task: string): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (sources: readonly PlanSource[]): void => {
    for (const source of sources) {
      if (source.kind === 'input') found.add(source.name);
      const key = `${source.kind}:${source.name}`;
      if (source.kind === 'input' || seen.has(key)) continue;
      seen.add(key);
      visit((source.kind === 'block' ? plan.blocks : plan.tasks).get(source.name)?.sources ?? []);
    }
  };
  visit(plan.tasks.get(task)?.sources ?? []);
  return [...plan.inputs.keys()].filter((name) => found.has(name));
}

/**
 * Labeled rows to look at: all of them up to a limit that keeps the work bounded, otherwise a random sample.
 *
 * @param outputs numbers a linear model would predict for a row
 * @returns positions in the split, ascending
 */
export function sampleRows(labeled: Int32Array, columns: number, outputs: number, key: SampleKey): Int32Array {
  // Of n rows and d columns a Gram matrix costs n·d·min(n, d), an iteration of K outputs n·min(n, d)·K.
  const byGram = Math.max(Math.sqrt(gramWork / Math.max(columns, 1)), gramWork / columns ** 2);
  const byIteration = Math.max(Math.sqrt(iterationWork / outputs), iterationWork / (columns * outputs));
  const most = Math.floor(Math.min(mostRows, Math.max(fewestRows, Math.min(byGram, byIteration))));
  if (labeled.length <= most) return labeled;
  const chosen = keyed(key.seed, 'linear-rows', key.task).permutation(labeled.length).subarray(0, most);
  return Int32Array.from(chosen, (index) => labeled[index] ?? 0).sort();
}

export interface SampleKey {
  readonly seed: number;
  readonly task: string;
}

/** Width of the matrix that `featuresOf` would make, before constant columns are left out. */
export function featureCount(split: PreparedSplit, inputs: readonly string[]): number {
  return inputs.reduce((sum, name) => {
    const store = split.inputs.get(name);
    return sum + (store ? readerOf(store, split.n).width : 0);
  }, 0);
}

/** The standardized matrix of these rows. */
export function featuresOf(split: PreparedSplit, inputs: readonly string[], positions: Int32Array): Features {
  const readers = inputs.flatMap((name) => {
    const store = split.inputs.get(name);
    return store ? [{ store, reader: readerOf(store, split.n) }] : [];
  });
  const columns = readers.reduce((sum, { reader }) => sum + reader.width, 0);
  const data = new Float64Array(positions.length * columns);
  let offset = 0;
  for (const { store, reader } of readers) {
    const size = sizeOf(store.shape);
    for (let row = 0; row < positions.length; row++) {
      const sample = store.gather(positions.subarray(row, row + 1));
      reader.read(
        sample.subarray(0, size),
        data.subarray(row * columns + offset, row * columns + offset + reader.width),
      );
    }
    offset += reader.width;
  }
  return standardized({ rows: positions.length, columns, data });
}

interface Reader {
  readonly width: number;
  read(sample: ArrayLike<number>, into: Float64Array): void;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

function readerOf(store: RowStore, rows: number): Reader {
  if (store.dtype === 'int32') return indexReader(store, rows);
  const [height = 1, width = 1, channels = 1] = store.shape;
  if (store.shape.length !== 3 || sizeOf(store.shape) <= imageLimit) {
    return { width: sizeOf(store.shape), read: (sample, into) => into.set(sample) };
  }
  const patch = Math.ceil(Math.sqrt(sizeOf(store.shape) / imageLimit));
  return patchReader(height, width, channels, patch);
}

/** Means over patches of `patch` × `patch` pixels; those at the edge may be smaller. */
function patchReader(height: number, width: number, channels: number, patch: number): Reader {
  const [down, across] = [Math.ceil(height / patch), Math.ceil(width / patch)];
  const extent = (index: number, whole: number): number => Math.min(patch, whole - index * patch);
  return {
    width: down * across * channels,
    read: (sample, into) => {
      into.fill(0);
      for (let at = 0; at < sample.length; at++) {
        const channel = at % channels;
        const pixel = Math.floor(at / channels);
        const [y, x] = [Math.floor(Math.floor(pixel / width) / patch), Math.floor((pixel % width) / patch)];
        const place = (y * across + x) * channels + channel;
        into[place] = (into[place] ?? 0) + (sample[at] ?? 0) / (extent(y, height) * extent(x, width));
      }
    },
  };
}

/** Whole numbers are names: each counts how often it stands in the sample. */
function indexReader(store: RowStore, rows: number): Reader {
  const every = Int32Array.from({ length: rows }, (_, row) => row);
  let largest = 0;
  for (const value of store.gather(every)) largest = Math.max(largest, value);
  const width = Math.min(largest + 1, indexLimit);
  return {
    width,
    read: (sample, into) => {
      into.fill(0);
      for (let at = 0; at < sample.length; at++) {
        const place = (sample[at] ?? 0) % width;
        into[place] = (into[place] ?? 0) + 1;
      }
    },
  };
}

/** Mean 0 and population standard deviation 1 by column; constant columns are left out. */
export function standardized({ rows, columns, data }: Features): Features {
  const mean = new Float64Array(columns);
  const square = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      mean[column] = (mean[column] ?? 0) + (data[row * columns + column] ?? 0);
  }
  for (let column = 0; column < columns; column++) mean[column] = (mean[column] ?? 0) / rows;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const away = (data[row * columns + column] ?? 0) - (mean[column] ?? 0);
      square[column] = (square[column] ?? 0) + away * away;
    }
  }
  const sd = square.map((value) => Math.sqrt(value / rows));
  // Rounding alone moves a constant column by its own size times machine epsilon.
  const kept = [...sd.keys()].filter((column) => (sd[column] ?? 0) > 1e-12 * (1 + Math.abs(mean[column] ?? 0)));
  const result = new Float64Array(rows * kept.length);
  for (let row = 0; row < rows; row++) {
    for (const [place, column] of kept.entries()) {
      const away = (data[row * columns + column] ?? 0) - (mean[column] ?? 0);
      result[row * kept.length + place] = away / (sd[column] ?? 1);
    }
  }
  return { rows, columns: kept.length, data: result };
}

/**
 * A matrix Z with as many columns as rows and Z Zᵀ = X Xᵀ. A linear model with an L2 penalty predicts the same from
 * either, since its weights lie in the span of the rows; where X is wider than long, Z is the smaller one.
 *
 * X itself where it is not wider than long.
 */
export function narrowed(x: Features): Features {
  const { rows, columns, data } = x;
  if (columns <= rows) return x;
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let total = 0;
      for (let k = 0; k < columns; k++) total += (data[i * columns + k] ?? 0) * (data[j * columns + k] ?? 0);
      gram[i * rows + j] = total;
      gram[j * rows + i] = total;
    }
  }
  // Standardized columns make X Xᵀ singular in one direction; a millionth of a millionth of its size mends that.
  const ridge = gram.reduce((most, value) => Math.max(most, value), 0) * 1e-12;
  for (let i = 0; i < rows; i++) gram[i * rows + i] = (gram[i * rows + i] ?? 0) + ridge;
  const factor = cholesky(gram, rows);
  if (!factor) return x;
  return { rows, columns: rows, data: factor };
}
