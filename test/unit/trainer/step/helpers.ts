// Small runs with shared parameters, for tests that walk strategies.
import { sampleRows, csvOf, trial, type Row, type Trial } from '../training-helpers.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Ways to share one trunk between three tasks. */
export const mechanisms = {
  hard: { trunk: { input: 'x', layers: [dense(5), dense(4)] } },
  mmoe: { trunk: { input: 'x', layers: [dense(4)], sharing: { type: 'mmoe', experts: 2 } } },
  'cross-stitch': { trunk: { input: 'x', stages: [[dense(3)], [dense(3)]], sharing: { type: 'cross-stitch' } } },
} as const;

export type Mechanism = keyof typeof mechanisms;

function dense(units: number): object {
  return { type: 'dense', units, activation: 'tanh' };
}

export interface Overrides {
  readonly mechanism?: Mechanism;
  readonly network?: object;
  readonly strategy?: string | Fields;
  readonly training?: object;
  readonly weights?: object;
  readonly tasks?: object;
}

export const threeTasks = {
  kind: { type: 'classification', target: 'kind', classes: ['down', 'up'], input: 'trunk' },
  value: { type: 'regression', target: 'value', input: 'trunk' },
  other: { type: 'regression', target: 'other', input: 'trunk' },
};

export function specOf({
  mechanism = 'hard',
  network,
  strategy,
  training,
  weights,
  tasks = threeTasks,
}: Overrides): object {
  return {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } }, split: { column: 'part' } },
    network: network ?? mechanisms[mechanism],
    tasks,
    ...(weights ? { weights } : {}),
    ...(strategy ? { strategy } : {}),
    training: { optimizer: 'adam', learningRate: 0.01, batchSize: 8, steps: 6, seed: 3, ...training },
  };
}

/** 48 training rows; a third of each label missing. */
export const partialRows: readonly Row[] = sampleRows(48).map((row, index) => ({
  ...row,
  kind: index % 3 === 0 ? '' : (row['kind'] ?? ''),
  value: index % 3 === 1 ? '' : (row['value'] ?? ''),
  other: index % 3 === 2 ? '' : (row['other'] ?? ''),
  part: 'train',
}));

export const fullRows: readonly Row[] = sampleRows(48).map((row) => ({ ...row, part: 'train' }));

export function smallTrial(overrides: Overrides, rows: readonly Row[] = partialRows): Promise<Trial> {
  return trial(specOf(overrides), { 'data.csv': csvOf(rows) });
}

/** Takes steps without evaluation; epochs end as in the loop. */
export function takeSteps({ training }: Trial, count: number): void {
  let left = count;
  while (left > 0 && !training.isDone()) {
    for (const positions of training.steps()) {
      training.step(positions);
      left--;
      if (left === 0 || training.isDone()) break;
    }
    if (training.progress.stepInEpoch === training.stepsPerEpoch) training.endEpoch();
  }
}
