/** The implied last layer of each task type: what it takes, and how many numbers it gives. One row a type. */
import type { TaskSpec } from '../spec/index.ts';
import { scaled } from './layers/sizes.ts';
import type { WeightShape } from './layers/contract.ts';
import type { DataFacts, Dim, Shape } from './types.ts';

/** What a head needs to know of its task. */
export interface HeadContext {
  readonly name: string;
  /** Numbers in a row of its target. */
  readonly width: Dim;
  readonly facts: DataFacts | undefined;
}

export interface HeadRule {
  /** Axes of the input it takes, without the batch: 1 a vector, 2 a sequence, 3 a map. */
  readonly axes: 1 | 2 | 3;
  /** Numbers for each sample (each token, each pixel); null while unknown. */
  readonly units: (task: TaskSpec, context: HeadContext) => Dim;
}

/** Classes written in the spec or found in the data. */
export function classCount(task: TaskSpec, { name, facts }: Pick<HeadContext, 'name' | 'facts'>): Dim {
  const written = 'classes' in task ? task.classes : undefined;
  if (typeof written === 'number') return written;
  return written?.length ?? facts?.classes?.get(name)?.length ?? null;
}

export const headRules: Readonly<Record<TaskSpec['type'], HeadRule>> = {
  classification: { axes: 1, units: classCount },
  multilabel: { axes: 1, units: (task, context) => classCount(task, context) ?? context.width },
  regression: {
    axes: 1,
    units: (task, context) => {
      const quantiles = task.type === 'regression' && task.loss.type === 'quantile' ? task.loss.quantiles.length : 1;
      return scaled(context.width, quantiles);
    },
  },
  ordinal: {
    axes: 1,
    units: (task, context) => {
      const count = classCount(task, context);
      return count !== null && task.type === 'ordinal' && task.loss.type === 'coral' ? count - 1 : count;
    },
  },
  box: { axes: 1, units: () => 4 },
  detection: {
    axes: 3,
    // A heat map per class, two offsets and two sizes (CenterNet).
    units: (task, context) => {
      const count = classCount(task, context);
      return count === null ? null : count + 4;
    },
  },
  segmentation: { axes: 3, units: classCount },
  translation: { axes: 2, units: () => null },
  tagging: { axes: 2, units: classCount },
  survival: {
    axes: 1,
    units: (task) => {
      if (task.type !== 'survival' || task.loss.type === 'cox') return 1;
      return task.bins ?? 10;
    },
  },
  similarity: { axes: 1, units: (task) => (task.type === 'similarity' ? task.units : null) },
};

/** The head is a dense layer on the last axis. */
export function headShape(input: Shape, units: Dim): Shape {
  return [...input.slice(0, -1), units];
}

export function headWeights(input: Shape, units: Dim): readonly WeightShape[] {
  return [
    { name: 'kernel', shape: [input.at(-1) ?? null, units], trainable: true },
    { name: 'bias', shape: [units], trainable: true },
  ];
}
