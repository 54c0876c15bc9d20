import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { tf } from '../../../../src/trainer/engine/tfjs.ts';
import { buildModel } from '../../../../src/trainer/model/build.ts';
import { article, planOf } from './fixture.ts';

describe('buildModel', () => {
  before(async () => {
    await tf.setBackend('cpu');
    await tf.ready();
  });

  it('builds the article network, frees everything, and leaks nothing in a step', () => {
    const before = tf.memory().numTensors;
    const model = buildModel(planOf(article), { seed: 1, conventions: 'tf' });
    assert.deepEqual(
      model.variables.map(({ path }) => path),
      [
        ...['特征提取/0/kernel', '特征提取/0/bias'],
        ...['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => `特征提取/1/${name}`),
        ...['特征提取/5/kernel', '特征提取/5/bias'],
        ...['tasks/分类/head/kernel', 'tasks/分类/head/bias'],
        ...['tasks/回归/0/kernel', 'tasks/回归/0/bias', 'tasks/回归/head/kernel', 'tasks/回归/head/bias'],
        ...['tasks/检测/head/kernel', 'tasks/检测/head/bias'],
      ],
    );
    assert.equal(tf.memory().numTensors, before + model.variables.length);
    const x = tf.randomNormal([5, 8, 8, 1], 0, 1, 'float32', 7);
    const held = tf.memory().numTensors;
    const [logits, values, box] = model.forward([x], true);
    assert.deepEqual([logits?.shape, values?.shape, box?.shape], [[5, 3], [5, 2], [5, 4]]);
    tf.dispose([logits, values, box].filter((tensor) => tensor !== undefined));
    assert.equal(tf.memory().numTensors, held);
    x.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  after(() => {
    tf.disposeVariables();
  });
});
