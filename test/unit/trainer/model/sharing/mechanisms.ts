/** Specs with every sharing mechanism, for tests: on vectors, on maps, and on a tree of blocks. */
import { makePlan } from '../../../../../src/plan/index.ts';
import type { ColumnFacts, Plan } from '../../../../../src/plan/plan.ts';
import { readSpec } from '../../../../../src/spec/index.ts';

export const mechanisms: Readonly<Record<string, object>> = {
  soft: { type: 'soft', strength: 0.1 },
  'cross-stitch': { type: 'cross-stitch' },
  sluice: { type: 'sluice' },
  mmoe: { type: 'mmoe', experts: 3 },
  cgc: { type: 'cgc', sharedExperts: 2, taskExperts: 1 },
  ple: { type: 'ple', sharedExperts: 2, taskExperts: 1 },
  'ple of LibMTL': { type: 'ple', sharedExperts: 2, taskExperts: 1, sharedGate: false },
  mtan: { type: 'mtan' },
  'dselect-k': { type: 'dselect-k', experts: 3, selected: 2, entropy: 0.01 },
  branch: { type: 'branch' },
};

const tasks = {
  kind: { type: 'classification', target: 'kind', classes: ['down', 'up'], input: 'trunk' },
  value: { type: 'regression', target: 'value', input: 'trunk', layers: [{ type: 'dense', units: 3 }] },
};

const training = { epochs: 4, batchSize: 16, learningRate: 0.01, seed: 3 };

export function vectorSpec(sharing: object, rest: object = {}): object {
  return {
    data: { source: 'table.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } } },
    network: {
      trunk: {
        input: 'x',
        stages: [
          [
            { type: 'dense', units: 6, activation: 'relu' },
            { type: 'dense', units: 4, activation: 'tanh' },
          ],
          [{ type: 'dense', units: 4, activation: 'tanh' }],
        ],
        sharing,
      },
    },
    tasks,
    training,
    ...rest,
  };
}

/** A hard trunk, a shared block on it that a task and a second shared block read, which two tasks read. */
export function treeSpec(sharing: object): object {
  const stages = [
    [
      { type: 'dense', units: 4, activation: 'tanh' },
      { type: 'dense', units: 4, activation: 'tanh' },
    ],
  ];
  return {
    ...vectorSpec(sharing),
    network: {
      base: { input: 'x', layers: [{ type: 'dense', units: 5, activation: 'relu' }] },
      trunk: { input: 'base', stages, sharing },
      深: { input: 'trunk', stages, sharing },
    },
    tasks: {
      ...tasks,
      other: { type: 'regression', target: 'other', input: '深' },
      again: { type: 'regression', target: 'a', input: '深' },
    },
  };
}

export function mapSpec(sharing: object): object {
  const conv = { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' };
  return {
    ...vectorSpec(sharing),
    data: { source: 'images.npz', inputs: { x: { type: 'image', from: 'images', size: [6, 6], channels: 1 } } },
    network: {
      trunk: {
        input: 'x',
        stages: [
          [conv, { type: 'batchNormalization' }, conv],
          [{ type: 'maxPooling2d' }, conv, { type: 'dropout', rate: 0.2 }, conv],
        ],
        sharing,
      },
      ends: { input: 'trunk', layers: [{ type: 'flatten' }] },
      others: { input: 'trunk', layers: [{ type: 'globalAveragePooling2d' }] },
    },
    tasks: {
      kind: { ...tasks.kind, input: 'ends' },
      value: { ...tasks.value, input: 'others' },
    },
  };
}

const columns = new Map<string, ColumnFacts>([['images', { shape: [6, 6, 1], dtype: 'uint8' }]]);
for (const name of ['a', 'b', 'c', 'kind', 'value', 'other']) columns.set(name, { shape: [], dtype: 'float32' });

/** The plan of a spec without mistakes. */
export function planOfSpec(value: object): Plan {
  const { spec, tree, problems } = readSpec(JSON.stringify(value));
  const planning = spec && makePlan(spec, tree, { columns });
  const errors = [...problems, ...(planning?.problems ?? [])].filter(({ severity }) => severity === 'error');
  if (!planning?.plan || errors.length > 0) throw new Error(errors.map(({ message }) => message.en).join(' '));
  return planning.plan;
}
