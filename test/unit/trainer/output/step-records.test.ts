import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventInput } from '../../../../src/runs/events.ts';
import { StepReporter } from '../../../../src/trainer/output/step-records.ts';

type StepRecord = Extract<EventInput, { readonly kind: 'step' }>;

function setUp(): { reporter: StepReporter; records: StepRecord[]; clock: { time: number } } {
  const records: StepRecord[] = [];
  const clock = { time: 0 };
  const reporter = new StepReporter(
    ['10', '2'],
    new Map([
      ['10', 0.5],
      ['2', 2],
    ]),
    (record) => records.push(record),
    () => clock.time,
  );
  return { reporter, records, clock };
}

const outcome = (first: number | null, second: number | null) => ({
  losses: [first, second].map((loss) => (loss === null ? null : { sum: loss * 4, weight: 4 })),
  weights: [first === null ? null : 0.5, second === null ? null : 2],
  objective: 1,
  penalty: 0.25,
});
const place = (step: number, lastOfEpoch = false) => ({ step, epoch: 1, learningRate: 0.1, lastOfEpoch });

test('averages steps between two records, an absent task over the steps in which it was present', () => {
  const { reporter, records, clock } = setUp();
  clock.time = 1000;
  reporter.add(place(1), outcome(1, 4));
  assert.equal(records.length, 1);
  reporter.add(place(2), outcome(2, null));
  reporter.add(place(3), outcome(4, 8));
  assert.equal(records.length, 1);
  clock.time = 1200;
  reporter.add(place(4), outcome(3, null));
  const record = records[1];
  assert.ok(record);
  assert.deepEqual([record.step, record.steps], [4, 3]);
  assert.deepEqual(
    [...record.losses],
    [
      ['10', 3],
      ['2', 8],
    ],
  );
  // Total is the spec's weights times the losses, and nothing else.
  assert.equal(record.total, 0.5 * 3 + 2 * 8);
  assert.deepEqual([record.objective, record.penalty, record.learningRate], [1, 0.25, 0.1]);
});

test('a step without any label is no step of objective 0, and a task of weight 0 is no part of the total', () => {
  const records: StepRecord[] = [];
  const weights = new Map([
    ['10', 0],
    ['2', 2],
  ]);
  const reporter = new StepReporter(
    ['10', '2'],
    weights,
    (record) => records.push(record),
    () => 0,
  );
  reporter.add(place(1), outcome(NaN, 3));
  reporter.add(place(2), outcome(null, null));
  reporter.add(place(3, true), outcome(1, null));
  reporter.flush();
  assert.deepEqual(
    records.map(({ steps, total, objective, penalty }) => ({ steps, total, objective, penalty })),
    [
      { steps: 1, total: 6, objective: 1, penalty: 0.25 },
      { steps: 2, total: null, objective: 1, penalty: 0.25 },
    ],
  );
});

test('the last step of an epoch is always written, and a flush writes nothing twice', () => {
  const { reporter, records } = setUp();
  reporter.add(place(1), outcome(1, 1));
  reporter.add(place(2, true), outcome(null, null));
  reporter.flush();
  reporter.flush();
  const record = records.at(-1);
  assert.ok(record);
  assert.deepEqual(
    [...record.losses],
    [
      ['10', null],
      ['2', null],
    ],
  );
  // Over nothing there is no total, and nothing was minimized.
  assert.deepEqual([record.total, record.objective, record.penalty], [null, null, null]);
  assert.equal(
    records.reduce((sum, { steps }) => sum + steps, 0),
    2,
  );
  // Weights stay those of the step in which a task was last present.
  assert.deepEqual(record.weights && [...record.weights], [
    ['10', 0.5],
    ['2', 2],
  ]);
});
