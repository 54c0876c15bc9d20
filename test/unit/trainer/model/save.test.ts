import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { tf, tfl } from '../../../../src/engine/tfjs.ts';
import { buildModel, type Model } from '../../../../src/trainer/model/build.ts';
import { article, type LoosePlan, planOf } from './fixture.ts';

/** A tree with an embedding, pooling of every kind and a task that reads another. */
const tree: LoosePlan = {
  inputs: { 编号: { shape: [2], dtype: 'int32' }, 'x y': { shape: [3] } },
  blocks: {
    嵌入: { input: ['编号'], layers: [{ type: 'embedding', inputDim: 5, outputDim: 3 }, { type: 'flatten' }] },
    主干: {
      input: ['嵌入', 'x y'],
      layers: [
        { type: 'dense', units: 4, activation: 'elu' },
        { type: 'activation', activation: 'swish' },
      ],
    },
  },
  tasks: {
    a: { type: 'classification', input: ['主干'], units: 3 },
    'a/b': { type: 'regression', input: ['主干', 'task:a'], units: 1, stopGradient: true },
  },
};

/** What tfjs itself would save of the predictor; the weights as one block of bytes. */
async function artifactsOf(model: Model): Promise<tf.io.ModelArtifacts & { readonly weightData: ArrayBuffer }> {
  let artifacts: tf.io.ModelArtifacts = {};
  const handler = tf.io.withSaveHandler((given) => {
    artifacts = given;
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
  });
  await model.predictor.save(handler);
  const data = artifacts.weightData;
  assert.ok(data instanceof ArrayBuffer);
  return { ...artifacts, weightData: data };
}

async function roundTrip(loose: LoosePlan, inputs: () => tf.Tensor[]): Promise<void> {
  const model = buildModel(planOf(loose), { seed: 3, conventions: 'tf' });
  for (const { variable, parameter } of model.variables) {
    if (parameter.startsWith('moving')) tf.tidy(() => variable.assign(tf.randomUniform(variable.shape, 0.5, 2)));
  }
  const saved = await artifactsOf(model);
  assert.deepEqual(await artifactsOf(model), saved);
  assert.equal(saved.weightData.byteLength, 4 * model.variables.reduce((sum, { variable }) => sum + variable.size, 0));
  // As anybody would load it: the topology went through JSON, and nothing of ours takes part.
  const modelTopology = JSON.parse(JSON.stringify(saved.modelTopology)) as object;
  const loaded = await tfl.loadLayersModel(tf.io.fromMemory({ ...saved, modelTopology }));
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
  assert.deepEqual((await artifactsOf(twin)).modelTopology, saved.modelTopology);
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
    await roundTrip(tree, () => [
      tf.tensor2d(
        [
          [0, 4],
          [2, 2],
        ],
        [2, 2],
        'int32',
      ),
      tf.randomNormal([2, 3]),
    ]);
  });
});
