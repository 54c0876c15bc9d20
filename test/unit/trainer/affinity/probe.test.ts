/** When affinity is measured, and when there is something new to record. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../../../src/engine/contract.ts';
import { AffinityProbe } from '../../../../src/trainer/affinity/probe.ts';
import { createOptimizer } from '../../../../src/trainer/optimizers/optimizer.ts';
import { loadBatch } from '../../../../src/trainer/prepare/load-batch.ts';
import { makeSteps } from '../../../../src/trainer/training/make-steps.ts';
import type { Json } from '../../../../src/weighting/contract.ts';
import { embeddedEngine, type Trial } from '../training-helpers.ts';
import { fullRows, smallTrial, threeTasks } from '../step/helpers.ts';

let engine: Engine;
let made: Trial;
before(async () => {
  engine = await embeddedEngine();
  // The last eight rows have no label.
  const rows = fullRows.map((row, at) => (at < 40 ? row : { ...row, kind: '', value: '', other: '' }));
  made = await smallTrial({ training: { optimizer: 'sgd' } }, rows);
});
after(() => {
  made.dispose();
  engine.dispose();
});

/** A probe, and its look at a step on eight rows from `from`. */
function probeOf(every: number) {
  const { data, model, tasks, spec } = made.prepared;
  const optimizer = createOptimizer(model.variables, spec.training);
  const { context, executor } = makeSteps({ prepared: made.prepared, optimizer });
  const probe = new AffinityProbe({ context, executor, optimizer, clipNorm: undefined }, every);
  const look = (step: number, from = 0): void => {
    const positions = Int32Array.from({ length: 8 }, (_, at) => from + at);
    const batch = loadBatch(data.splits.train, positions, model.inputs, tasks.map(({ name }) => name)); // prettier-ignore
    probe.look({ batches: [batch], step }, 0.05);
    batch.dispose();
  };
  /** How often tasks 0 and 1 were measured, by the next record; null without one. */
  const told = (step = 0): number | null => {
    const record = probe.record(step);
    if (record === null) return null;
    assert.ok(record.kind === 'affinity' && record.step === step);
    assert.deepEqual(record.tasks, Object.keys(threeTasks));
    return record.n[0]?.[1] ?? null;
  };
  return { probe, look, told, dispose: () => optimizer.dispose() };
}

test('the first step is measured, then every third; a record tells all so far, once', () => {
  const { look, told, dispose } = probeOf(3);
  assert.equal(told(), null);
  const found = [0, 1, 2, 3, 4, 5, 6].map((step) => {
    look(step);
    return told(step + 1);
  });
  assert.deepEqual(found, [1, null, null, 2, null, null, 3]);
  assert.equal(told(), null);
  dispose();
});

test('a step in which no task has a label is no news, and counts for nothing', () => {
  const { look, told, dispose } = probeOf(1);
  look(0, 40);
  assert.equal(told(), null);
  look(1);
  look(2, 40);
  assert.equal(told(), 1);
  dispose();
});

test('what a checkpoint holds goes on, and is news only with the next measurement', () => {
  const one = probeOf(1);
  one.look(0);
  one.look(1);
  const two = probeOf(1);
  two.probe.restore(JSON.parse(JSON.stringify(one.probe.state())) as Json);
  assert.deepEqual(two.probe.state(), one.probe.state());
  assert.equal(two.told(), null);
  two.look(2);
  assert.equal(two.told(), 3);
  // Of other tasks, or none at all: it begins anew.
  for (const strange of [null, { n: [[4]], mean: [[0]], squares: [[0]], cosineCount: [[4]], cosines: [[1]] }]) {
    two.probe.restore(strange);
    two.look(3);
    assert.equal(two.told(), 1);
  }
  one.dispose();
  two.dispose();
});
