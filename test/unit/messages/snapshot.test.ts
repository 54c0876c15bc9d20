// A history as one value: taken at any moment, carried as JSON and a block of numbers, it goes on as if nothing had happened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LossHistory } from '../../../src/messages/history.ts';
import { pack, unpack, type PackedHistory } from '../../../src/messages/snapshot.ts';
import type { EventRecord, JsonNumber } from '../../../src/runs/events.ts';

const tasks = ['b', '10', 'constructor'];
const named = <T>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(tasks.map((task, index) => [task, values[index] as T]));

const loss = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<JsonNumber | null>('NaN', 'Infinity', '-Infinity', null, -0, 5e-324),
);
const jsonLoss = loss.map((value) => (typeof value === 'number' ? value + 0 : value));
const three = fc.tuple(loss, loss, loss).map(named);
const numbers = fc.tuple(...tasks.map(() => fc.constantFrom<JsonNumber>(1, 0.25, 'NaN')));
const weights = fc.constantFrom(named<JsonNumber>([0.5, 0.3, 0.2]), named<JsonNumber>([1, 0, 'NaN']), null);

type Body = EventRecord extends infer One ? (One extends EventRecord ? Omit<One, 'v' | 'seq' | 't'> : never) : never;

const start: Body = {
  ...{ kind: 'start', attempt: 1, stepsPerEpoch: 10, epochs: 3, strategy: 'static', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  tasks: tasks.map((name) => ({ name, type: '', loss: '', metrics: [], primary: '', higherIsBetter: false })),
  parameters: { total: 0, shared: 0, byTask: {} },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
};

const bodies: fc.Arbitrary<Body> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ losses: three, weights, total: loss }).map((one): Body => ({
    ...{ kind: 'step', step: 1, steps: 1, epoch: 1, objective: 1, penalty: 0, learningRate: 0.1, stepsPerSecond: 5 },
    ...one,
  })) }, // prettier-ignore
  { weight: 3, arbitrary: fc.tuple(numbers, loss, fc.boolean()).map(([norms, cosine, more]): Body => ({
    ...{ kind: 'gradients', step: 1, tasks, norms: norms },
    cosines: tasks.map(() => tasks.map(() => cosine as JsonNumber)),
    ...(more ? { observed: { mgda: [0.1, 0.2, 'NaN'] }, blocks: { trunk: { norms: [1, null, 'NaN'], agreement: [0, 1, null] } } } : {}),
  })) }, // prettier-ignore
  // JSON, which carries these, has no −0.
  fc
    .tuple(jsonLoss, jsonLoss, jsonLoss)
    .map(named)
    .map((losses): Body => ({
      ...{ kind: 'epoch', epoch: 1, seconds: 1, train: { losses, metrics: {} } },
      validation: { losses, metrics: {}, total: null, skill: null },
    })),
  fc.constantFrom<Body>(
    { kind: 'warning', code: 'a', message: 'b' },
    { kind: 'best', epoch: 1, monitor: 'm', value: 'NaN' },
    { kind: 'progress', phase: 'read', done: 1, total: 2 },
    { kind: 'affinity', step: 1, tasks, mean: [[1]], sd: [[1]], n: [[1]] },
    { kind: 'end', status: 'stopped', seconds: 1 },
  ),
  fc.nat(20).map((seq): Body => ({ ...start, resumedFrom: { step: 1, epoch: 1, seq } })),
);

const runs = fc.array(bodies, { maxLength: 60 }).map((list) =>
  [start, ...list].map((body, seq) => {
    const record = { v: 1, seq, t: 1000 * seq, ...body } as EventRecord;
    if (record.kind === 'start' && record.resumedFrom) return { ...record, resumedFrom: { ...record.resumedFrom, seq: Math.min(record.resumedFrom.seq, seq - 1) } }; // prettier-ignore
    return 'step' in record ? { ...record, step: seq } : record;
  }),
);

const historyOf = (records: readonly EventRecord[]): LossHistory => {
  const history = new LossHistory([['b', 1]]);
  history.append(records);
  return history;
};
/** As it crosses a border: JSON, and bytes that are nobody else's. */
const carried = ({ body, ...rest }: PackedHistory): PackedHistory => ({
  ...(JSON.parse(JSON.stringify(rest)) as Omit<PackedHistory, 'body'>),
  body: body.slice(0),
});
const opened = (packed: PackedHistory): LossHistory | undefined => {
  const snapshot = unpack(packed);
  return snapshot && LossHistory.of(snapshot, [['b', 1]]);
};
const told = (history: LossHistory): unknown => [
  JSON.parse(JSON.stringify(history.snapshot().told)),
  history.snapshot().steps.map((column) => [...column]),
  history.snapshot().gradients.map((column) => [...column]),
  history.steps.notFinite,
  history.now(),
  history.lastTotal(),
  history.gradients.conflicts(),
  history.gradients.meanNorms(),
  history.gradients.blocks,
];

test('a history that was carried over in between is the same as one that was not', () => {
  fc.assert(
    fc.property(runs, fc.nat(60), (records, cut) => {
      const whole = historyOf(records);
      const resumed = opened(carried(pack(historyOf(records.slice(0, cut)).snapshot())));
      assert.ok(resumed);
      resumed.append(records.slice(cut));
      assert.deepEqual(told(resumed), told(whole));
    }),
    { numRuns: 300 },
  );
});

test('what is packed is a copy, and columns that stay take no room', () => {
  const steps = Array.from({ length: 1000 }, (_, index): EventRecord => ({
    ...{ v: 1, seq: index + 1, t: index, kind: 'step', step: index, steps: 1, epoch: 1, objective: 1, penalty: 0 },
    ...{ total: index, learningRate: 0.1, stepsPerSecond: 5, weights: named([0.5, 0.3, 0.2]) },
    losses: named([index, null, 'NaN']),
  })); // prettier-ignore
  const history = historyOf([{ v: 1, seq: 0, t: 0, ...start }, ...steps]);
  const packed = pack(history.snapshot());
  // seq, step, epoch, seconds, total, one loss; and where the last one is no number.
  assert.equal(packed.body.byteLength, 8 * (1000 * 6 + 1000));
  const again = opened(packed);
  history.append([{ ...steps[0], seq: 2000 } as EventRecord]);
  again?.append([{ ...steps[1], seq: 2000 } as EventRecord]);
  assert.deepEqual([history.points, again?.points, history.steps.losses[0]?.last(), again?.steps.losses[0]?.last()], [1001, 1001, 0, 1]); // prettier-ignore
  assert.deepEqual(again?.now()[1], { ...again?.now()[1], train: null, weight: 0.3 });
});

test('parts that do not fit are refused, not read', () => {
  const good = pack(historyOf([{ v: 1, seq: 0, t: 0, ...start }]).snapshot());
  const column = { length: 1, all: 1 } as const;
  const { told: all, steps, gradients } = good;
  for (const bad of [
    { ...good, steps: [...steps, column] },
    { ...good, steps: [column, ...steps.slice(1)] },
    { ...good, steps: [{ length: 1, from: 0 }, ...steps.slice(1)] },
    { ...good, steps: steps.map(() => ({ length: 2 ** 29, all: 1 })) },
    { ...good, gradients: [...gradients, column] },
    { ...good, gradients: gradients.slice(1) },
    { ...good, notFinite: [column, { length: 0, all: 1 }] },
    { ...good, notFinite: [] },
    { ...good, told: { ...all, start: null } },
    { ...good, told: { ...all, observed: ['mgda'] } },
    { ...good, told: { ...all, blocks: [[]] } },
  ])
    assert.equal(opened(bad), undefined);
  assert.ok(opened(good));
});
