/** Which weights are kept, reported and put back, with an executor that has its own weights as a captured one has. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import type { EventInput } from '../../../../src/runs/events.ts';
import type { ValidationNumbers } from '../../../../src/trainer/state/monitor.ts';
import { Selection } from '../../../../src/trainer/training/selection.ts';
import { csvOf, embeddedEngine, sampleRows, trial, type Trial } from '../training-helpers.ts';

let engine: Engine;
const made = new Map<string, Trial>();
const rows = sampleRows(30).map((row, index) => ({ ...row, part: index < 20 ? 'train' : 'validation' }));

async function runWith(name: string, training: object): Promise<void> {
  const spec = {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b'] } }, split: { column: 'part' } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 1 }] } },
    tasks: { value: { type: 'regression', target: 'value', input: 'trunk' } },
    training: { epochs: 2, seed: 1, ...training },
  };
  made.set(name, await trial(spec, { 'data.csv': csvOf(rows) }));
}

before(async () => {
  engine = await embeddedEngine();
  await runWith('best', {});
  await runWith('last', { report: 'last' });
});
after(() => {
  for (const each of made.values()) each.dispose();
  engine.dispose();
});

let records: EventInput[] = [];
let calls: string[] = [];
beforeEach(() => {
  records = [];
  calls = [];
});

/** `running` are the weights of the executor; pull copies them into the model, push those of the model back. */
function setUp(name: string): {
  selection: Selection;
  running: { value: number };
  weights: () => number;
  set: (value: number) => void;
} {
  const { prepared } = made.get(name) ?? assert.fail();
  const variable = prepared.model.kept[0]?.variable ?? assert.fail();
  const set = (value: number): void => tf.tidy(() => variable.assign(tf.fill(variable.shape, value)));
  const weights = (): number => variable.dataSync()[0] ?? NaN;
  const running = { value: 0 };
  const executor = {
    pull: (): void => {
      calls.push('pull');
      set(running.value);
    },
    push: (): void => {
      calls.push('push');
      running.value = weights();
    },
  };
  const warn = (code: string): void => void calls.push(`warn ${code}`);
  const selection = new Selection({ prepared, executor, append: (record) => records.push(record), warn });
  return { selection, running, weights, set };
}

const numbers = (total: number): ValidationNumbers => ({
  losses: new Map([['value', total]]),
  metrics: new Map(),
  total,
  skill: null,
});
const fresh = made.size === 0 ? { best: null, reference: null, waited: 0 } : assert.fail();

test('the executor’s weights are kept at a better epoch, and told; a worse one changes nothing', () => {
  const { selection, running } = setUp('best');
  running.value = 3;
  const progress = { selection: fresh, plateau: { factor: 1, reference: null, waited: 0 } as never };
  const first = selection.decide(progress, 1, numbers(0.5));
  assert.deepEqual(records, [{ kind: 'best', epoch: 1, monitor: 'validation/total', value: 0.5 }]);
  assert.deepEqual([calls, first.best], [['pull'], 0.5]);
  const kept = selection.best;
  assert.equal(kept?.values().next().value?.[0], 3);
  running.value = 4;
  const second = selection.decide({ ...progress, selection: first.selection }, 2, numbers(0.6));
  assert.deepEqual([second.best, selection.best === kept, records.length, calls], [null, true, 1, ['pull']]);
  running.value = 5;
  selection.decide({ ...progress, selection: second.selection }, 3, numbers(0.4));
  assert.equal(selection.best?.values().next().value?.[0], 5);
  assert.deepEqual(records[1], { kind: 'best', epoch: 3, monitor: 'validation/total', value: 0.4 });
});

test('what is reported are the best weights, in the model and in the executor', () => {
  const { selection, running, weights } = setUp('best');
  running.value = 2;
  selection.takeReported();
  assert.deepEqual([weights(), running.value, calls], [2, 2, ['pull', 'push']], 'without a best one the last');
  selection.decide({ selection: fresh, plateau: {} as never }, 1, numbers(0.5));
  running.value = 7;
  selection.takeReported();
  assert.deepEqual([weights(), running.value], [2, 2]);
});

test('a run that reports the last weights keeps them, though one epoch was the best', () => {
  const { selection, running, weights } = setUp('last');
  running.value = 2;
  selection.decide({ selection: fresh, plateau: {} as never }, 1, numbers(0.5));
  assert.notEqual(selection.best, null);
  running.value = 7;
  selection.takeReported();
  assert.deepEqual([weights(), running.value], [7, 7]);
});

test('after a look with the reported weights the running ones are back, in the model and in the executor', async () => {
  const { selection, running, weights, set } = setUp('best');
  running.value = 2;
  selection.decide({ selection: fresh, plateau: {} as never }, 1, numbers(0.5));
  running.value = 9;
  set(-1);
  let seen: readonly number[] = [];
  await selection.withReported(async () => {
    await Promise.resolve();
    seen = [weights(), running.value];
  });
  assert.deepEqual(seen, [2, 2]);
  assert.deepEqual([weights(), running.value], [9, 9]);
});
