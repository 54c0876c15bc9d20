import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { tf } from '../../../../src/trainer/engine/tfjs.ts';
import { buildModel } from '../../../../src/trainer/model/build.ts';
import { modelFiles, modelFromFiles } from '../../../../src/trainer/model/save.ts';
import { article, type LoosePlan, planOf } from './fixture.ts';

/** A tree with an embedding, pooling of every kind and a task that reads another. */
const tree: LoosePlan = {
  inputs: { 编号: { shape: [2], dtype: 'int32' }, 'x y': { shape: [3] } },
  blocks: {
    嵌入: { input: ['编号'], layers: [{ type: 'embedding', inputDim: 5, outputDim: 3 }, { type: 'flatten' }] },
    主干: { input: ['嵌入', 'x y'], layers: [{ type: 'dense', units: 4, activation: 'elu' }, { type: 'activation', activation: 'swish' }] },
  },
  tasks: {
    a: { type: 'classification', input: ['主干'], units: 3 },
    'a/b': { type: 'regression', input: ['主干', 'task:a'], units: 1, stopGradient: true },
  },
};

async function roundTrip(loose: LoosePlan, inputs: () => tf.Tensor[]): Promise<void> {
  const model = buildModel(planOf(loose), { seed: 3, conventions: 'tf' });
  for (const { variable, parameter } of model.variables) {
    if (parameter.startsWith('moving')) tf.tidy(() => variable.assign(tf.randomUniform(variable.shape, 0.5, 2)));
  }
  const files = await modelFiles(model.predictor);
  const again = await modelFiles(model.predictor);
  assert.equal(files.json, again.json);
  assert.deepEqual(files.weights, again.weights);
  assert.equal(files.weights.length, 4 * model.variables.reduce((sum, { variable }) => sum + variable.size, 0));
  const loaded = await modelFromFiles(files);
  const tensors = inputs();
  const outputs = loaded.predict(tensors.length === 1 ? (tensors[0] as tf.Tensor) : tensors);
  const expected = model.predict(tensors);
  for (const [index, output] of [outputs].flat().entries()) {
    assert.deepEqual(await output.data(), await expected[index]?.data());
  }
  assert.deepEqual(loaded.outputNames, [...model.outputNames.values()]);
  assert.deepEqual(loaded.inputNames, [...model.inputNames.values()]);
  // A second model of the same plan in the same process has the same bytes: no counter gets into a name.
  const twin = buildModel(planOf(loose), { seed: 3, conventions: 'tf' });
  assert.equal((await modelFiles(twin.predictor)).json, files.json);
  loaded.dispose();
  twin.dispose();
  model.dispose();
}

describe('saved models', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  it('load in plain tf.loadLayersModel with the same predictions, under Chinese names', async () => {
    await roundTrip(article, () => [tf.randomNormal([4, 8, 8, 1])]);
  });

  it('hold trees, embeddings and tasks that read tasks', async () => {
    await roundTrip(tree, () => [tf.tensor2d([[0, 4], [2, 2]], [2, 2], 'int32'), tf.randomNormal([2, 3])]);
  });
});
