/** What the plan says of an optimizer's memory against the optimizer itself. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { optimizerMemory, readSpecValue, type OptimizerSpec } from '../../../../src/spec/index.ts';
import { openEngine } from '../../../../src/engine/open.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { optimizers } from '../../../../src/spec/schema/optimizers.ts';
import { ruleOf } from '../../../../src/trainer/optimizers/table.ts';
import { assetsDirectory } from '../../engine/support.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
});
after(() => engine.dispose());

function resolved(optimizer: object): OptimizerSpec {
  const { spec } = readSpecValue({
    data: { source: 'a.csv', inputs: { x: { type: 'number', from: ['a'] } } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 1 }] } },
    tasks: { y: { type: 'regression', target: 'y', input: 'trunk' } },
    training: { optimizer },
  });
  assert.ok(spec);
  return spec.training.optimizer;
}

const size = 1000;
const variants = [
  ...Object.keys(optimizers).map((name) => ({ name })),
  { name: 'rmsprop', momentum: 0.9 },
  { name: 'rmsprop', centered: true },
  { name: 'rmsprop', momentum: 0.9, centered: true },
];

for (const variant of variants) {
  test(`slots and temporary tensors of ${JSON.stringify(variant)}`, () => {
    const optimizer = resolved(variant);
    const rule = ruleOf(optimizer, 'tf');
    const { slots, scratch } = optimizerMemory(optimizer);
    assert.equal(slots, rule.slots.length);
    const [value, gradient] = [tf.ones([size]), tf.ones([size])];
    const old = rule.slots.map(() => tf.ones([size]));
    const made = tf.tidy(() => {
      const empty = tf.memory().numBytes;
      const coefficients = rule.coefficients({ learningRate: 0.1, count: 1, decays: true });
      rule.update(value, gradient, old, coefficients);
      return (tf.memory().numBytes - empty) / (4 * size);
    });
    tf.dispose([value, gradient, ...old]);
    assert.equal(Math.round(made), scratch);
  });
}

test('slots have names, which are those of their tensors in a checkpoint', () => {
  const names = (optimizer: object): string => ruleOf(resolved(optimizer), 'tf').slots.map(({ name }) => name).join(' '); // prettier-ignore
  assert.deepEqual(Object.fromEntries(Object.keys(optimizers).map((name) => [name, names({ name })])), {
    ...{ sgd: '', momentum: 'velocity', nesterov: 'velocity', adam: 'mean square', adamw: 'mean square' },
    ...{ adamax: 'mean largest', adagrad: 'sum', adadelta: 'square update', rmsprop: 'square' },
  });
  assert.equal(names({ name: 'rmsprop', momentum: 0.9, centered: true }), 'square velocity mean');
});
