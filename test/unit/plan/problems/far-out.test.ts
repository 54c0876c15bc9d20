/** Remarks on values that are allowed and probably a slip. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, planText, specText, squiggles } from '../helpers.ts';

const training = (value: Readonly<Record<string, unknown>>): string => specText({ training: value });
const told = (value: Readonly<Record<string, unknown>>) => squiggles(planText(training(value)));

test('a learning rate that nobody means is remarked on, by what its optimizer can take', () => {
  assert.deepEqual(told({ learningRate: 3 }), [['learning-rate-far-out', '3']]);
  assert.deepEqual(told({ learningRate: 0.1 }), []);
  assert.deepEqual(told({ learningRate: 0.11 }), [['learning-rate-far-out', '0.11']]);
  assert.deepEqual(told({ optimizer: 'sgd', learningRate: 1 }), []);
  assert.deepEqual(told({ optimizer: 'sgd', learningRate: 1.5 }), [['learning-rate-far-out', '1.5']]);
  assert.deepEqual(told({ optimizer: 'adadelta', learningRate: 1 }), []);
  assert.deepEqual(told({ learningRate: 1e-9 }), [['learning-rate-far-out', '1e-9']]);
  assert.deepEqual(told({}), []);
  const reading = planText(training({ learningRate: 3, seed: 1 }));
  assert.equal(reading.problems[0]?.severity, 'information');
  assert.deepEqual(planText(fixed(reading)).problems, []);
});

test('batch normalization of a vector with one sample a batch', () => {
  const spec = (layers: readonly unknown[], batchSize: number): string =>
    specText({ network: { trunk: { input: 'measures', layers } }, training: { batchSize } });
  const layers = [{ type: 'dense', units: 8, useBias: false }, 'batchNormalization'];
  assert.deepEqual(squiggles(planText(spec(layers, 1))), [['batch-of-one', '1']]);
  assert.deepEqual(squiggles(planText(spec(layers, 2))), []);
  assert.deepEqual(squiggles(planText(spec([{ type: 'dense', units: 8 }], 1))), []);
  assert.deepEqual(planText(fixed(planText(spec(layers, 1)))).problems, []);
});
