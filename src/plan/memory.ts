/**
 * How much memory a run takes: the least that it certainly needs, by which it is refused, and what it is likely to
 * take, by which is warned. All numbers are float32 (4 bytes). With
 *
 *   W weights of the network, L those of the largest variable, P the shared ones, T tasks, S slots of the optimizer,
 *   U tensors that an update makes for a variable, R rows of task gradients, A numbers that the layers put out for a row,
 *   B rows of a batch:
 *
 *   embedded engine, inside WebAssembly's memory, which never shrinks
 *     least   (1 + S) W + W (gradients) + A B / T: a batch may have labels of one task alone
 *     likely  1.2 ((1 + S) W + max(W + 2L + U L, R P + W) + 3 A B)
 *             2L: turned and packed copies; 1.2: gaps between tensors. Where rows are combined, the maximum is of
 *             R P + W + 2L + U L and 2 R P + 2W + 2L: each row once more, weighed, then their sum and its parts
 *   embedded engine, outside of it (checkpoint: weights and slots copied, then joined in one piece, with the best weights)
 *     least   2 (1 + S) W
 *     likely  (7 + 2S) W + M, and 90 MB for Node
 *   native engine
 *     least   3 (1 + S) W + W + A B / T
 *     likely  (8 + 7 (1 + S)) W + r R P + 6 A B + M, and 500 MB for TensorFlow. The many copies are those of the first
 *             captured step, which is compared with the same step operation by operation; r = 8 where rows are combined, else 4
 *
 * Evaluations pass 256 rows forwards alone: for 3 A B stands 2 · 256 A where that is more (and twice that for 6 A B).
 * M are the vectors that some strategies keep of each task. The data are not in it: they have a budget of their own. The
 * figures behind the likely sizes are in docs/performance.md.
 */
import { innermost, optimizerMemory, traitsOf } from '../spec/index.ts';
import { product } from './layers/sizes.ts';
import { layerRule } from './layers/table.ts';
import type { Plan, PlanLayer, Shape, WeightShape } from './plan.ts';

export type EngineName = 'native' | 'wasm';

/** What a machine has, told by who knows: this room knows of no machine. */
export interface Machine {
  /** Bytes of the machine, or of the container where that has less. */
  readonly total: number;
  /** Bytes of it that may still be taken. */
  readonly available: number;
  /** Whether the native engine is installed, so that `auto` takes it. */
  readonly native: boolean;
  /** An engine asked for beside the spec. */
  readonly engine?: string | undefined;
}

/** Bytes. */
export interface Amount {
  readonly least: number;
  readonly likely: number;
}

export interface MemoryEstimate {
  readonly engine: EngineName;
  /** Of the whole process. */
  readonly process: Amount;
  /** Of the process's, what must fit into WebAssembly's memory; null for the native engine. */
  readonly heap: Amount | null;
  /** Of the likely bytes, what the outputs of layers take, which depend on the size of the batch. */
  readonly activations: number;
}

export type MemoryVerdict = 'fits' | 'near' | 'beyond-engine' | 'beyond-machine';

/** WebAssembly addresses 4 GB; tfjs's binary stops a page before. */
export const heapLimit = 2 ** 32 - 2 ** 16;

/** What takes less is never remarked on. */
const small = 2 ** 30;
/** Share of what there is from which on it counts as near. */
export const nearShare = 0.85;
const float = 4;
const MiB = 2 ** 20;
const base: Readonly<Record<EngineName, number>> = { wasm: 90 * MiB, native: 500 * MiB };
/** The tensors lie apart: what they take of WebAssembly's memory, by what they hold. */
const gaps = 1.2;
/** Rows that are evaluated at once, whatever `batchSize` says. */
const evaluated = 256;

/** What a spec or a command asks for, on this machine. */
export function engineOn({ spec }: Pick<Plan, 'spec'>, { engine, native }: Machine): EngineName {
  const asked = engine === 'native' || engine === 'wasm' ? engine : spec.training.engine;
  if (asked === 'auto') return native ? 'native' : 'wasm';
  return asked;
}

/**
 * The estimate for a plan.
 * @param rows of the training split; batches are no larger
 */
export function estimateMemory(plan: Plan, engine: EngineName, rows?: number): MemoryEstimate {
  const { total, shared, largest, outputs: perRow } = sizesOf(plan);
  const { batchSize, optimizer } = plan.spec.training;
  const { slots, scratch } = optimizerMemory(optimizer);
  const strategy = strategyMemory(plan);
  const kept = (1 + slots) * total;
  const rowed = strategy.rows * shared;
  const memory = strategy.kept * shared;
  // Without a count of rows a batch is at least one of them.
  const leastBatch = rows === undefined ? 1 : Math.min(batchSize, rows);
  const likelyBatch = Math.min(batchSize, rows ?? batchSize);
  const activations = Math.max(3 * likelyBatch, 2 * Math.min(evaluated, rows ?? evaluated)) * perRow;
  const leastStep = total + (leastBatch * perRow) / Math.max(1, plan.tasks.size);
  if (engine === 'native') {
    const copies = strategy.combined ? 8 : 4;
    return {
      ...{ engine, heap: null, activations: float * 2 * activations },
      process: {
        least: float * (3 * kept + leastStep),
        likely: float * (8 * total + 7 * kept + copies * rowed + memory + 2 * activations) + base.native,
      },
    };
  }
  const update = total + (2 + scratch) * largest;
  const step = strategy.combined
    ? Math.max(rowed + update, 2 * (rowed + total + largest))
    : Math.max(update, rowed + total);
  const heap = {
    least: float * (kept + leastStep),
    likely: gaps * float * (kept + step + activations),
  };
  return {
    ...{ engine, heap, activations: gaps * float * activations },
    process: {
      least: heap.least + float * 2 * kept,
      likely: heap.likely + float * (2 * kept + 5 * total + memory) + base.wasm,
    },
  };
}

/** Whether it fits. Only what is certain to fail is beyond. */
export function judgeMemory({ heap, process }: MemoryEstimate, { total, available }: Machine): MemoryVerdict {
  if (heap !== null && heap.least > heapLimit) return 'beyond-engine';
  if (process.least > total) return 'beyond-machine';
  const near =
    process.likely > small &&
    ((heap !== null && heap.likely > nearShare * heapLimit) || process.likely > nearShare * available);
  return near ? 'near' : 'fits';
}

interface StrategyMemory {
  /** Rows of task gradients that a step may hold at once: all others now and then measure them. */
  readonly rows: number;
  readonly combined: boolean;
  /** Vectors that are kept from step to step. */
  readonly kept: number;
}

function strategyMemory({ spec, tasks }: Plan): StrategyMemory {
  const strategy = innermost(spec.strategy);
  const { reads, keepsVectors } = traitsOf(strategy);
  const rows = tasks.size > 1 ? tasks.size : 0;
  const several = reads === 'three' || reads === 'halves';
  // Every strategy on gradients of shared parameters, and no other, has the key `heads`.
  const onRows = 'heads' in strategy && !('over' in strategy && strategy.over === 'representation');
  return { rows: rows * (several ? 2 : 1), combined: onRows, kept: keepsVectors ? 2 * rows : 0 };
}

interface Owner {
  readonly weights: readonly WeightShape[];
  /** Tasks whose loss reaches it. */
  readonly tasks: readonly string[];
}

/** Everything that has weights or puts numbers out: layers, and parts of sharing mechanisms. */
interface Pieces {
  readonly owners: readonly Owner[];
  readonly shapes: readonly Shape[];
}

function piecesOf({ blocks, tasks }: Plan): Pieces {
  const owners: Owner[] = [];
  const shapes: Shape[] = [];
  const addLayers = (layers: readonly PlanLayer[], reached: readonly string[]): void => {
    for (const { spec, weights, outputShape } of layers) {
      owners.push({ weights, tasks: reached });
      if (layerRule(spec.type)?.rearranges !== true) shapes.push(outputShape);
    }
  };
  for (const block of blocks.values()) {
    if (!block.sharing) addLayers(block.layers, block.tasks);
    for (const part of block.sharing?.parts ?? []) {
      owners.push(part);
      addLayers(part.layers, part.tasks);
      if (part.layers.length === 0) shapes.push(part.outputShape);
    }
  }
  for (const task of tasks.values()) addLayers([...task.layers, task.head], task.tasks);
  return { owners, shapes };
}

/** Sizes that only the data can tell count as nothing: the estimate is then a lower one. */
const sizeOf = (shape: Shape): number => product(shape) ?? 0;

const count = (owners: readonly Owner[]): number =>
  owners.reduce((sum, { weights }) => weights.reduce((all, { shape }) => all + sizeOf(shape), sum), 0);

/** W, P, L and A of the formulas. */
function sizesOf(plan: Plan): Readonly<Record<'total' | 'shared' | 'largest' | 'outputs', number>> {
  const { owners, shapes } = piecesOf(plan);
  return {
    total: count(owners),
    shared: count(owners.filter(({ tasks }) => tasks.length > 1)),
    largest: owners.reduce(
      (most, { weights }) => weights.reduce((larger, { shape }) => Math.max(larger, sizeOf(shape)), most),
      0,
    ),
    outputs: shapes.reduce((sum, shape) => sum + sizeOf(shape), 0),
  };
}
