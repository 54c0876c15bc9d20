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
    () => clock.time + 5,
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

test('a record is written a tenth of a second after the last, and not before', () => {
  const { reporter, records, clock } = setUp();
  // The first comes at once; it begins the wait.
  reporter.add(place(1), outcome(1, 1));
  assert.equal(records.length, 1);
  clock.time = 99;
  reporter.add(place(2), outcome(1, 1));
  assert.equal(records.length, 1);
  clock.time = 100;
  reporter.add(place(3), outcome(1, 1));
  assert.deepEqual(records.map(({ step, steps }) => [step, steps]), [[1, 1], [3, 2]]); // prettier-ignore
  clock.time = 150;
  reporter.add({ ...place(4), epoch: 2, learningRate: 0.05 }, outcome(1, 1));
  reporter.flush();
  assert.deepEqual([records[2]?.step, records[2]?.epoch, records[2]?.learningRate], [4, 2, 0.05]);
  clock.time = 249;
  reporter.add(place(5), outcome(1, 1));
  assert.equal(records.length, 3, 'a flush begins the wait anew');
});

test('objective and penalty are means over the steps that updated something, and begin anew with each record', () => {
  const { reporter, records, clock } = setUp();
  const step = (objective: number, penalty: number, first: number | null = 1) => ({ ...outcome(first, null), objective, penalty }); // prettier-ignore
  reporter.add(place(1), step(9, 9));
  reporter.add(place(2), step(2, 0.5));
  reporter.add(place(3), step(77, 77, null));
  clock.time = 100;
  reporter.add(place(4), step(6, 1.5));
  clock.time = 200;
  reporter.add(place(5), step(10, 3));
  assert.deepEqual(
    records.map(({ steps, objective, penalty }) => [steps, objective, penalty]),
    [[1, 9, 9], [3, 4, 1], [1, 10, 3]],
  ); // prettier-ignore
});

test('steps a second are those of the last seconds, with two digits', () => {
  const { reporter, records, clock } = setUp();
  const rate = (time: number, steps: number): unknown => {
    for (let step = 1; step < steps; step++) reporter.add(place(step), outcome(1, 1));
    clock.time = time;
    reporter.add(place(steps, true), outcome(1, 1));
    return records.at(-1)?.stepsPerSecond;
  };
  assert.equal(rate(600, 2), 3.33);
  assert.equal(rate(2000, 5), 3.5, 'seven in two seconds');
  // More than two seconds since the beginning: after this the count begins anew.
  assert.equal(rate(2500, 3), 4);
  assert.equal(rate(3500, 1), 1);
  assert.equal(rate(4500, 7), 4);
  // A clock that has not moved is taken for a millisecond.
  const still = setUp();
  still.reporter.add(place(1), outcome(1, 1));
  assert.equal(still.records[0]?.stepsPerSecond, 1000);
});

test('memory is measured once a second at most, and left out in between', () => {
  const { reporter, records, clock } = setUp();
  for (const time of [0, 400, 999, 1100, 1500, 2101]) {
    clock.time = time;
    reporter.add(place(time), outcome(1, 1));
  }
  assert.deepEqual(
    records.map(({ residentBytes }) => residentBytes),
    [5, undefined, undefined, 1105, undefined, 2106],
  );
});

test('a weight is known from the first step in which its task is present', () => {
  const { reporter, records, clock } = setUp();
  reporter.add(place(1), outcome(1, null));
  clock.time = 100;
  reporter.add(place(2), { ...outcome(null, 1), weights: [null, 3] });
  assert.deepEqual(records.map(({ weights }) => [...(weights ?? [])]), [[['10', 0.5]], [['10', 0.5], ['2', 3]]]); // prettier-ignore
});
