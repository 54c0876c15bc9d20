/** TensorFlow's own operations for optimizers get their inputs in the order of TensorFlow's registry. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph } from '../../../../../../src/engine/native/capture/graph.ts';
import { operationOf } from '../../../../../../src/engine/native/capture/operations.ts';
import { dataTypes, type Node, type Output } from '../../../../../../src/engine/native/capture/graph-words.ts';
import { addVariable } from '../../../../../../src/engine/native/capture/variables.ts';
import { fusedUpdate } from '../../../../../../src/trainer/step/executors/captured/optimizers.ts';
import type { UpdateRule } from '../../../../../../src/trainer/optimizers/contract.ts';

const constants = { momentum: 0.75, beta1: 0.9, beta2: 0.99 };

function applied(name: string) {
  const graph = new Graph();
  const [variable, first, second] = [0, 1, 2].map((place) => addVariable(graph, place, [2]).handle);
  assert.ok(variable && first && second);
  const place = (): Output => graph.placeholder(dataTypes.float, []);
  const [gradient, value, before] = [place(), place(), place()];
  const coefficients = [place(), place(), place()];
  const apply = fusedUpdate({ name } as UpdateRule);
  assert.ok(apply, name);
  const node = apply({
    ...{ graph, constants, gradient, value, coefficients },
    handle: variable,
    slots: [first, second],
    after: [before.node],
  });
  /** By the names of TensorFlow's arguments. */
  const given = new Map(operationOf(node.operation).inputs.map(({ name: each }, index) => [each, node.inputs[index]]));
  const number = (of: Output | undefined): number => {
    const attribute = of?.node.attributes.get('value');
    assert.ok(attribute?.kind === 'tensor');
    return new Float32Array(attribute.value.bytes.slice().buffer)[0] ?? NaN;
  };
  return { graph, node, given, number, variable, first, second, gradient, value, before, coefficients };
}

const after = (node: Node): string[] => node.after.map(({ name }) => name);

test('gradient descent', () => {
  const { node, given, variable, gradient, before, coefficients } = applied('sgd');
  assert.equal(node.operation, 'ResourceApplyGradientDescent');
  assert.deepEqual(
    ['var', 'alpha', 'delta'].map((name) => given.get(name)),
    [variable, coefficients[0], gradient],
  );
  assert.deepEqual(after(node), [before.node.name]);
});

for (const [name, nesterov] of [
  ['momentum', false],
  ['nesterov', true],
] as const) {
  test(name, () => {
    const { node, given, number, variable, first, gradient, before, coefficients } = applied(name);
    assert.equal(node.operation, 'ResourceApplyMomentum');
    assert.deepEqual(
      ['var', 'accum', 'lr', 'grad'].map((each) => given.get(each)),
      [variable, first, coefficients[0], gradient],
    );
    assert.equal(number(given.get('momentum')), 0.75);
    assert.deepEqual(node.attributes.get('use_nesterov'), { kind: 'bool', value: nesterov });
    assert.deepEqual(after(node), [before.node.name]);
  });
}

test('adam: the corrections are in its coefficients, so TensorFlow’s powers are 0', () => {
  const { node, given, number, variable, first, second, gradient, before, coefficients } = applied('adam');
  assert.equal(node.operation, 'ResourceApplyAdam');
  assert.deepEqual(
    ['var', 'm', 'v', 'lr', 'epsilon', 'grad'].map((each) => given.get(each)),
    [variable, first, second, coefficients[0], coefficients[1], gradient],
  );
  assert.deepEqual([given.get('beta1_power'), given.get('beta2_power')].map(number), [0, 0]);
  assert.deepEqual([given.get('beta1'), given.get('beta2')].map(number), [Math.fround(0.9), Math.fround(0.99)]);
  assert.deepEqual(after(node), [before.node.name]);
});

test('adamw: the value is multiplied by what is kept of it, and adam comes afterwards', () => {
  const { graph, node, variable, value, before, coefficients } = applied('adamw');
  assert.equal(node.operation, 'ResourceApplyAdam');
  const [first, decay] = node.after;
  assert.equal(node.after.length, 2);
  assert.equal(first, before.node);
  assert.ok(decay);
  assert.equal(decay.operation, 'AssignVariableOp');
  assert.equal(decay.inputs[0], variable);
  const kept = decay.inputs[1]?.node;
  assert.equal(kept?.operation, 'Mul');
  assert.deepEqual(kept.inputs, [value, coefficients[2]]);
  assert.deepEqual(after(decay), [before.node.name]);
  assert.ok(graph.nodes.indexOf(decay) < graph.nodes.indexOf(node));
});

test('optimizers that TensorFlow has no operation for are recorded from their own rule', () => {
  for (const name of ['adagrad', 'adadelta', 'rmsprop', 'adamax'])
    assert.equal(fusedUpdate({ name } as UpdateRule), undefined, name);
});
