import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Plan } from '../../../../../src/plan/plan.ts';
import { tf, tfl } from '../../../../../src/engine/tfjs.ts';
import { buildModel, type Model } from '../../../../../src/trainer/model/build.ts';
import { forwardTasks } from '../../../../../src/trainer/model/partial.ts';
import { mapSpec, mechanisms, planOfSpec, treeSpec, vectorSpec } from './mechanisms.ts';

const shapes: Readonly<Record<string, (sharing: object) => object>> = {
  vectors: vectorSpec,
  trees: treeSpec,
  maps: mapSpec,
};

function sampleFor(plan: Plan): tf.Tensor {
  const shape = [...plan.inputs.values()][0]?.shape ?? [];
  return tf.randomNormal([3, ...shape.map((size) => size ?? 1)], 0, 1, 'float32', 5);
}

/** What tfjs itself saves. */
async function artifactsOf(model: Model): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts = {};
  await model.predictor.save(
    tf.io.withSaveHandler((given) => {
      artifacts = given;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  return artifacts;
}

/** Tasks for whose raw output the gradient by a variable is not zero everywhere. */
function reachedBy(model: Model, input: tf.Tensor): Map<string, string[]> {
  const reached = new Map<string, string[]>();
  const trainable = model.variables.filter((variable) => variable.trainable);
  for (const [index, task] of model.tasks.entries()) {
    const { value, grads } = tf.variableGrads(
      () => tf.sum<tf.Scalar>(tf.square(forwardTasks(model, [input], [index], true)[0] as tf.Tensor)),
      trainable.map(({ variable }) => variable),
    );
    for (const { path, variable } of trainable) {
      if (grads[variable.name]) reached.set(path, [...(reached.get(path) ?? []), task]);
    }
    tf.dispose([value, grads]);
  }
  return reached;
}

describe('sharing mechanisms on vectors, maps and trees', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  for (const [name, sharing] of Object.entries(mechanisms)) {
    for (const [kind, specOf] of Object.entries(shapes)) {
      it(`${name} on ${kind}: counts and reach of the plan are the model's`, () => {
        const plan = planOfSpec(specOf(sharing));
        const model = buildModel(plan, { seed: 1, conventions: 'tf' });
        const size = (chosen: (tasks: readonly string[]) => boolean): number =>
          model.variables.filter(({ tasks }) => chosen(tasks)).reduce((sum, { variable }) => sum + variable.size, 0);
        assert.equal(
          plan.parameters.total,
          size(() => true),
        );
        assert.equal(
          plan.parameters.shared,
          size((tasks) => tasks.length > 1),
        );
        for (const [task, count] of plan.parameters.byTask) {
          assert.equal(
            count,
            size((tasks) => tasks.length === 1 && tasks[0] === task),
          );
        }
        const input = sampleFor(plan);
        // After the warm-up of learned branching, so that its logits take part.
        model.setSchedule(1, 10);
        model.setStep(5);
        const reached = reachedBy(model, input);
        for (const { path, tasks, trainable } of model.variables) {
          if (trainable) assert.deepEqual(reached.get(path) ?? [], tasks, path);
        }
        input.dispose();
        model.dispose();
      });
    }

    it(`${name}: a saved model loads in plain tf.loadLayersModel with the same predictions`, async () => {
      for (const specOf of Object.values(shapes)) {
        const plan = planOfSpec(specOf(sharing));
        const model = buildModel(plan, { seed: 1, conventions: 'tf' });
        tf.tidy(() => {
          for (const { variable, parameter } of model.variables) {
            if (!parameter.startsWith('moving')) variable.assign(tf.randomNormal(variable.shape, 0, 0.5));
          }
        });
        const artifacts = await artifactsOf(model);
        const topology = JSON.parse(JSON.stringify(artifacts.modelTopology)) as object;
        const loaded = await tfl.loadLayersModel(tf.io.fromMemory({ ...artifacts, modelTopology: topology }));
        const input = sampleFor(plan);
        const expected = model.predict([input]);
        for (const [index, output] of [loaded.predict(input)].flat().entries()) {
          assert.deepEqual(await output.data(), await expected[index]?.data());
        }
        loaded.dispose();
        model.dispose();
      }
    });

    it(`${name}: first values are keyed by path, so a further task changes none`, () => {
      const values = (spec: object): Map<string, Float32Array> => {
        const model = buildModel(planOfSpec(spec), { seed: 4, conventions: 'pytorch' });
        const map = new Map(
          model.variables.map(({ path, variable }) => [path, variable.dataSync<'float32'>()] as const),
        );
        model.dispose();
        return map;
      };
      const spec = vectorSpec(sharing) as { tasks: object };
      const more = { ...spec, tasks: { ...spec.tasks, third: { type: 'regression', target: 'other', input: 'x' } } };
      const [before, after] = [values(spec), values(more)];
      for (const [path, numbers] of before) assert.deepEqual(after.get(path), numbers, path);
    });
  }
});
