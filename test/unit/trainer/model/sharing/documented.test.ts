import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { tf, tfl } from '../../../../../src/engine/tfjs.ts';
import { buildModel } from '../../../../../src/trainer/model/build.ts';
import { mechanisms, planOfSpec, vectorSpec } from './mechanisms.ts';

const page = readFileSync(new URL('../../../../../docs/sharing.md', import.meta.url), 'utf8');
const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

/** The page's classes as somebody else's program would have them. */
function strangersClasses(): Map<string, tf.serialization.SerializableConstructor<tf.serialization.Serializable>> {
  const classes = new Map<string, tf.serialization.SerializableConstructor<tf.serialization.Serializable>>();
  const theirs = {
    ...tf,
    layers: { Layer: tfl.layers.Layer },
    initializers: tfl.initializers,
    serialization: {
      registerClass: (one: tf.serialization.SerializableConstructor<tf.serialization.Serializable>) =>
        classes.set(one.className, one),
    },
  };
  // The page is ours; running it is what the test is about.
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call
  new Function('tf', code)(theirs);
  return classes;
}

describe('the page on sharing', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  it('tells of every mechanism', () => {
    for (const { type } of Object.values(mechanisms) as { type: string }[])
      assert.ok(page.includes(`| \`${type}\` |`), type);
  });

  for (const name of ['dselect-k', 'branch']) {
    it(`has code that loads a model with ${name}`, async () => {
      const model = buildModel(planOfSpec(vectorSpec(mechanisms[name] ?? {})), { seed: 2, conventions: 'tf' });
      tf.tidy(() => {
        for (const { variable } of model.variables) variable.assign(tf.randomNormal(variable.shape, 0, 0.5));
      });
      let artifacts: tf.io.ModelArtifacts = {};
      await model.predictor.save(
        tf.io.withSaveHandler((given) => {
          artifacts = given;
          return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
        }),
      );
      const ours = tf.serialization.SerializationMap.getMap().classNameMap;
      const classes = strangersClasses();
      const before = [...classes.keys()].map((className) => [className, ours[className]] as const);
      for (const [className, one] of classes) ours[className] = [one, one.fromConfig];
      try {
        const topology = JSON.parse(JSON.stringify(artifacts.modelTopology)) as object;
        const loaded = await tfl.loadLayersModel(tf.io.fromMemory({ ...artifacts, modelTopology: topology }));
        const foreign = loaded.layers.filter((layer) => classes.get(layer.getClassName()) === layer.constructor);
        assert.ok(foreign.length > 0, 'the page’s classes are used');
        const input = tf.randomNormal([4, 3]);
        const expected = model.predict([input]);
        for (const [index, output] of [loaded.predict(input)].flat().entries()) {
          assert.deepEqual(await output.data(), await expected[index]?.data());
        }
      } finally {
        for (const [className, entry] of before) if (entry) ours[className] = entry;
      }
    });
  }
});
