/** Records of runs that were never trained: their numbers follow from one value. */
import type { EventInput } from '../../../src/runs/events.ts';
import type { RunResultInput } from '../../../src/runs/result.ts';

const engine = { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true };
const tasks = [
  { name: 'kind', type: 'classification', metric: 'accuracy' },
  { name: 'y', type: 'regression', metric: 'mae' },
] as const;

export function startBody(attempt: number, seed: number, resumedSeq?: number): EventInput {
  return {
    ...{ kind: 'start', attempt, engine, seed },
    tasks: tasks.map(({ name, type, metric }) => ({
      ...{ name, type, loss: 'mse', metrics: [metric], primary: metric, higherIsBetter: metric === 'accuracy' },
    })),
    parameters: { total: 5, shared: 3, byTask: new Map() },
    samples: { train: 8, validation: 2, test: 2, labelled: new Map() },
    ...{ stepsPerEpoch: 1, epochs: 2, strategy: 'static' },
    ...(resumedSeq === undefined ? {} : { resumedFrom: { step: 0, epoch: 0, seq: resumedSeq } }),
  };
}

export function epochBody(epoch: number, value: number): EventInput {
  const losses = new Map([['kind', value], ['y', 2 * value]]); // prettier-ignore
  const metrics = new Map([['kind', new Map([['accuracy', value]])], ['y', new Map([['mae', 3 * value]])]]); // prettier-ignore
  const split = { losses, metrics };
  return {
    kind: 'epoch',
    epoch,
    train: split,
    validation: { ...split, total: 4 * value, skill: value / 2 },
    seconds: 1,
  };
}

/** `result.json` of a run whose numbers follow from `value`; its best epoch is the first of two. */
export function resultOf(value: number, seed: number, changes: Partial<RunResultInput> = {}): RunResultInput {
  const split = (factor: number) => ({
    n: 2,
    losses: new Map([['kind', factor * value], ['y', 2 * factor * value]]), // prettier-ignore
    metrics: new Map([['kind', new Map<string, number | null>([['accuracy', factor * value]])], ['y', new Map<string, number | null>([['mae', 3 * factor * value]])]]), // prettier-ignore
  });
  return {
    ...{ v: 1, status: 'completed', seed, engine, epochs: 2, seconds: 1.5, warnings: [] },
    parameters: { total: 5, shared: 3, byTask: new Map() },
    samples: { train: 8, validation: 2, test: 2, labelled: new Map() },
    best: { epoch: 1, monitor: 'validation/skill', value },
    splits: new Map([['train', split(1)], ['validation', split(10)], ['test', split(100)]]), // prettier-ignore
    ...changes,
  };
}
