// Every strategy that the language lets through, in real training: with every way of sharing, partial labels, and resumed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readLatestCheckpoint } from '../../../../src/runs/checkpoints.ts';
import { notAvailable, strategyNames } from '../../../../src/spec/index.ts';
import { restoreCheckpoint } from '../../../../src/trainer/state/checkpoint.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { distance, parameters, recordsOf, slots } from '../training-helpers.ts';
import { mechanisms, smallTrial, takeSteps, type Fields, type Mechanism, type Overrides } from './helpers.ts';

/** What a strategy cannot do without, and variants that run other code. */
const settings: Readonly<Record<string, readonly Fields[]>> = {
  pcd: [{ primary: 'value' }],
  gradnorm: [{ measured: 'shared' }, { measured: 'shared', convention: 'libmtl' }],
  config: [{}, { momentum: true }],
  'cr-mogm': [{ of: { name: 'mgda' } }, { of: { name: 'uncertainty' } }, { of: { name: 'moml' } }],
  uncertainty: [{}, { stateLearningRate: 0.05 }],
  mgda: [{}, { per: 'block' }],
  moco: [{}, { per: 'block' }],
  cagrad: [{}, { heads: 'weighted' }],
  'initial-loss': [{}, { batches: 2 }],
};

const names = strategyNames.filter((name) => !notAvailable.has(`strategy/${name}`));

const cases = names.flatMap((name) => (settings[name] ?? [{}]).map((fields) => ({ name, ...fields })));

/** Registers the tests of all of them on one engine. */
export function walkStrategies(
  open: () => Promise<Engine>,
  ways: readonly Mechanism[] = Object.keys(mechanisms) as Mechanism[],
): void {
  let engine: Engine;
  before(async () => {
    engine = await open();
  });
  after(() => {
    engine.dispose();
  });
  for (const strategy of cases) {
    const { name, ...rest } = strategy;
    describe(`${name} ${Object.keys(rest).length > 0 ? JSON.stringify(rest) : ''}`, () => {
      for (const mechanism of ways) {
        test(`trains three tasks with partial labels: ${mechanism}`, async () => {
          const made = await smallTrial({ mechanism, strategy });
          const before = parameters(made.prepared);
          takeSteps(made, 1);
          const held = tf.memory().numTensors;
          takeSteps(made, 2);
          assert.equal(tf.memory().numTensors, held, 'a step leaks tensors');
          const after = parameters(made.prepared);
          for (const [path, values] of after) assert.ok(values.every(Number.isFinite), path);
          assert.ok(distance(before, after) > 1e-4);
          made.training.flush();
          for (const { losses, weights } of recordsOf(made.records, 'step')) {
            for (const loss of losses.values()) assert.ok(loss === null || Number.isFinite(loss));
            for (const weight of weights?.values() ?? []) assert.ok(Number.isFinite(weight));
          }
          made.dispose();
        });
      }

      test('resumed in the middle it is the uninterrupted training', () => resumed({ strategy }));
    });
  }
}

/** Six steps against three, a checkpoint, and three more of another run that begins from it. */
async function resumed(overrides: Overrides): Promise<void> {
  const whole = await smallTrial(overrides);
  takeSteps(whole, 3);
  await whole.save();
  takeSteps(whole, 3);
  const again = await smallTrial(overrides);
  const checkpoint = readLatestCheckpoint(whole.directory);
  assert.ok(checkpoint);
  const { model } = again.prepared;
  const identity = { version: 'test', spec: 'hash' };
  again.training.continueFrom(restoreCheckpoint(checkpoint.files, model, again.training.optimizer, identity));
  takeSteps(again, 3);
  assert.equal(again.training.progress.step, 6);
  assert.equal(distance(parameters(whole.prepared), parameters(again.prepared)), 0);
  assert.equal(distance(slots(whole.training), slots(again.training)), 0);
  assert.deepEqual(again.training.progress.strategy, whole.training.progress.strategy);
  whole.dispose();
  again.dispose();
}
