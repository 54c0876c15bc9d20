/**
 * What the peers train: four networks, each with the heads of the article (10 classes, one number, four numbers), on made
 * data. A workload is an ordinary spec and an ordinary `.npz` file, so that the workbench is timed on its own way in.
 */
import fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { keyed } from '../../../src/numbers/random.ts';

export const workloadNames = ['mlp', 'cnn', 'cnn64', 'mmoe'] as const;
export type WorkloadName = (typeof workloadNames)[number];
export const batchSizes = [16, 64, 256] as const;

/** `static`: one backward pass; `imtl-g`: a gradient for each task over the shared parameters, their Gram matrix, a combination. */
export const strategyNames = ['static', 'imtl-g'] as const;
export type StrategyName = (typeof strategyNames)[number];

export interface Workload {
  readonly name: WorkloadName;
  readonly title: string;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  readonly samples: number;
  /** Most that our time may be, as a part of the better of PyTorch's eager and fused Adam. */
  readonly target: number;
  readonly network: object;
  /** Layers of each task between the network and the head. */
  readonly towers: readonly object[];
}

const dense = (units: number): object => ({ type: 'dense', units, activation: 'relu' });
const pool = { type: 'maxPooling2d', poolSize: 2 };
const conv = (filters: number, padding: string): object => ({
  ...{ type: 'conv2d', filters, kernelSize: 3, padding, activation: 'relu' },
});

export const workloads: Readonly<Record<WorkloadName, Workload>> = {
  mlp: {
    ...{ name: 'mlp', title: 'MLP 64-128-128', shape: [64], samples: 2048, target: 0.4, towers: [] },
    network: { trunk: { input: 'x', layers: [dense(128), dense(128)] } },
  },
  cnn: {
    ...{ name: 'cnn', title: "article's CNN, 28×28×1", shape: [28, 28, 1], samples: 1024, target: 0.8, towers: [] },
    network: { trunk: { input: 'x', layers: [conv(10, 'valid'), { type: 'flatten' }, dense(50)] } },
  },
  cnn64: {
    ...{ name: 'cnn64', title: '1 M parameters, 64×64×3', shape: [64, 64, 3], samples: 512, target: 1, towers: [] },
    network: {
      trunk: { input: 'x', layers: [conv(32, 'same'), pool, conv(64, 'same'), pool, { type: 'flatten' }, dense(64)] },
    },
  },
  mmoe: {
    ...{ name: 'mmoe', title: 'MMoE, 4 experts', shape: [64], samples: 2048, target: 0.4, towers: [dense(32)] },
    network: { trunk: { input: 'x', layers: [dense(128)], sharing: { type: 'mmoe', experts: 4 } } },
  },
};

export const lossWeights = [0.5, 0.3, 0.2] as const;

export interface SpecOptions {
  readonly batch: number;
  readonly strategy: StrategyName;
}

/** The spec that trains a workload; `data.npz` lies beside it. */
export function specOf({ network, towers, shape }: Workload, { batch, strategy }: SpecOptions): object {
  const flat = shape.length === 1;
  const task = (own: object, target: string): object => ({
    ...own,
    target,
    input: 'trunk',
    ...(towers.length > 0 ? { layers: towers } : {}),
  });
  const [kind, value, corners] = lossWeights;
  return {
    data: {
      source: 'data.npz',
      inputs: {
        x: flat ? { type: 'number', from: 'x', normalize: 'none' } : { type: 'image', from: 'x', normalize: 'none' },
      },
      split: { train: 1, validation: 0, test: 0 },
    },
    network,
    tasks: {
      kind: task({ type: 'classification', classes: 10, metrics: ['accuracy'] }, 'kind'),
      value: task({ type: 'regression', metrics: ['mse'] }, 'value'),
      corners: task({ type: 'regression', metrics: ['mse'] }, 'corners'),
    },
    // A strategy that reads no weights refuses unequal ones.
    weights: strategy === 'static' ? { kind, value, corners } : { kind: 1, value: 1, corners: 1 },
    strategy,
    training: {
      ...{ optimizer: 'adam', learningRate: 0.001, batchSize: batch, steps: 10_000_000, seed: 1 },
      conventions: 'tf',
    },
  };
}

/** Writes `data.npz`: inputs of unit variance, and targets that follow from them, so that the losses fall. */
export function writeData(folder: string, { shape, samples }: Workload): void {
  const random = keyed(1, 'data');
  const size = shape.reduce((product, extent) => product * extent, 1);
  const x = Float32Array.from({ length: samples * size }, () => random.normal());
  const seen = Math.min(size, 10);
  const at = (sample: number, index: number): number => x[sample * size + Math.floor((index * size) / seen)] ?? 0;
  const kind = Int32Array.from({ length: samples }, (_, sample) => {
    const values = Array.from({ length: seen }, (__, index) => at(sample, index));
    return values.indexOf(Math.max(...values));
  });
  // All ten classes occur, whatever the draw.
  for (let label = 0; label < 10; label++) kind[label] = label;
  const value = Float32Array.from({ length: samples }, (_, sample) => 2 * at(sample, 0) - at(sample, 1));
  const corners = Float32Array.from(
    { length: samples * 4 },
    (_, index) => at(Math.floor(index / 4), index % 4) * at(Math.floor(index / 4), 4),
  );
  const files = {
    'x.npy': npy('<f4', [samples, ...shape], x),
    'kind.npy': npy('<i4', [samples], kind),
    'value.npy': npy('<f4', [samples], value),
    'corners.npy': npy('<f4', [samples, 4], corners),
  };
  fs.writeFileSync(path.join(folder, 'data.npz'), zipSync(files, { level: 0 }));
}

/** numpy's format, version 1.0. */
function npy(type: string, shape: readonly number[], data: Float32Array | Int32Array): Uint8Array {
  const tuple = shape.length === 1 ? `(${String(shape[0])},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = Buffer.from(`\x93NUMPY\x01\x00  ${text.padEnd(length - 1)}\n`, 'latin1');
  header.writeUInt16LE(length, 8);
  return Buffer.concat([header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** Positions of the batches that every peer takes in turn: a fixed permutation, cut into whole batches. */
export function batchPositions({ samples }: Workload, batch: number): Int32Array[] {
  const order = keyed(1, 'order').permutation(samples);
  return Array.from({ length: Math.floor(samples / batch) }, (_, index) =>
    order.slice(index * batch, (index + 1) * batch),
  );
}
