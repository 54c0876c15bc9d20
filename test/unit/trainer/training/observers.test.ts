/** Looking at a run changes nothing of it, is recorded, and survives a checkpoint. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../../../src/engine/contract.ts';
import { Observers } from '../../../../src/trainer/training/observers.ts';
import { makeSteps } from '../../../../src/trainer/training/make-steps.ts';
import {
  csvOf,
  distance,
  embeddedEngine,
  parameters,
  recordsOf,
  sampleRows,
  trainThrough,
  trial,
} from '../training-helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const specOf = (strategy: object, training: object = {}) => ({
  data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } } },
  network: {
    trunk: {
      input: 'x',
      layers: [
        { type: 'dense', units: 6, activation: 'tanh' },
        { type: 'dropout', rate: 0.2 },
      ],
    },
  },
  tasks: {
    kind: { type: 'classification', target: 'kind', input: 'trunk' },
    value: { type: 'regression', target: 'value', input: 'trunk' },
    other: { type: 'regression', target: 'other', input: 'trunk' },
  },
  strategy,
  training: { batchSize: 16, epochs: 3, engine: 'wasm', ...training },
});

const files = { 'data.csv': csvOf(sampleRows(120)) };

async function trained(strategy: object, training: object = {}) {
  const made = await trial(specOf(strategy, training), files);
  trainThrough(made.training);
  return made;
}

const watched = ['uncertainty', 'dwa', 'mgda', 'nash-mtl', 'gradnorm'];

test('a watched training is the same training, bit for bit', async () => {
  for (const name of ['static', 'pcgrad', 'uncertainty', 'modo', 'auto-lambda']) {
    const plain = await trained({ name });
    const looked = await trained({ name, observe: watched }, { affinity: 1 });
    assert.equal(distance(parameters(plain.prepared), parameters(looked.prepared)), 0, name);
    const told = recordsOf(looked.records, 'affinity');
    assert.equal(told.length, 3, name);
    assert.equal(recordsOf(plain.records, 'affinity').length, 0);
    plain.dispose();
    looked.dispose();
  }
});

test('the records: observed weights of the tasks present, affinity with n, sd and cosines', async () => {
  const made = await trained({ name: 'mgda', observe: watched }, { affinity: 2 });
  const gradients = recordsOf(made.records, 'gradients');
  assert.ok(gradients.length > 0);
  for (const { observed, tasks } of gradients) {
    const weights = observed as ReadonlyMap<string, readonly number[]>;
    assert.deepEqual([...weights.keys()], watched);
    for (const [name, values] of weights) {
      assert.equal(values.length, tasks.length, name);
      assert.ok(values.every(Number.isFinite), name);
    }
    const sum = (weights.get('mgda') ?? []).reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9);
  }
  const [last] = recordsOf(made.records, 'affinity').slice(-1);
  const measurements = Math.ceil(made.training.totalSteps / 2);
  assert.deepEqual(last?.tasks, ['kind', 'value', 'other']);
  for (const row of last.n) for (const n of row) assert.equal(n, measurements);
  for (const row of last.sd) for (const sd of row) assert.ok(Number(sd) >= 0);
  for (const [i, row] of (last.cosines ?? []).entries()) assert.ok(Math.abs(Number(row[i]) - 1) < 1e-6);
  made.dispose();
});

test('the observed running strategy chooses what the strategy itself chooses', async () => {
  for (const name of ['mgda', 'cagrad', 'fairgrad']) {
    const made = await trained({ name, observe: [name] });
    const gradients = recordsOf(made.records, 'gradients');
    const steps = recordsOf(made.records, 'step').filter(({ steps: averaged }) => averaged === 1);
    for (const record of gradients) {
      const step = steps.find((candidate) => candidate.step === record.step);
      const weights = step?.weights as ReadonlyMap<string, number> | undefined;
      const observed = (record.observed as ReadonlyMap<string, readonly number[]>).get(name) ?? [];
      if (!weights) continue;
      record.tasks.forEach((task, index) => {
        assert.ok(Math.abs(Number(weights.get(task)) - Number(observed[index])) < 1e-6, `${name} ${task}`);
      });
    }
    made.dispose();
  }
});

test('its state goes through text, and a stranger’s starts anew', async () => {
  const made = await trained({ name: 'static', observe: ['dwa', 'uncertainty'] }, { affinity: 1 });
  const { prepared, training } = made;
  const steps = makeSteps({ prepared, optimizer: training.optimizer });
  const one = new Observers({ prepared, steps, optimizer: training.optimizer });
  const state = JSON.parse(JSON.stringify(one.state())) as ReturnType<Observers['state']>;
  const other = new Observers({ prepared, steps, optimizer: training.optimizer });
  other.restore(state);
  assert.deepEqual(other.state(), one.state());
  other.restore({ observed: 3, affinity: [1] });
  assert.equal(other.endEpoch([], [], 1), null);
  made.dispose();
});

test('gradients of other tasks than those present are shown to nobody', async () => {
  const made = await trained({ name: 'static', observe: ['mgda', 'dwa'] });
  const { prepared, training } = made;
  const steps = makeSteps({ prepared, optimizer: training.optimizer });
  const watching = new Observers({ prepared, steps, optimizer: training.optimizer });
  const { tasks } = steps.context;
  const losses = tasks.map((_, index) => (index === 1 ? null : { sum: 8, weight: 8 }));
  const at = { step: 1, epoch: 1, learningRate: 0.1 };
  type After = Parameters<Observers['after']>;
  const look = (present: readonly number[] | null): readonly number[] | undefined => {
    const measured =
      present &&
      ({ present, norms: present.map((_, place) => 1 + 3 * place), gram: present.map((_, row) => present.map((__, column) => (row === column ? (1 + 3 * row) ** 2 : 0))) }); // prettier-ignore
    const input = { batches: [{ size: 8 }], step: 1 } as unknown as After[0];
    return watching.after(input, at as unknown as After[1], { losses }, measured).weights.get('mgda');
  };
  // Two orthogonal gradients of lengths 1 and 4: the shortest mean takes 16/17 and 1/17 of them.
  const own = look([0, 2]) ?? [];
  assert.ok(Math.abs((own[0] ?? NaN) - 16 / 17) < 1e-6 && Math.abs((own[1] ?? NaN) - 1 / 17) < 1e-6, String(own));
  const none = look(null);
  for (const others of [[0, 1], [1, 2], [0, 1, 2], [2, 0], [0]]) assert.deepEqual(look(others), none, String(others)); // prettier-ignore
  assert.notDeepEqual(none, own);
  made.dispose();
});
