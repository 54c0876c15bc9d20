/** The samples' specs, read and planned by their own rooms: the model has the plan's weights, and their reach. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { makePlan } from '../../../../src/plan/make.ts';
import type { ColumnFacts, DataFacts } from '../../../../src/plan/plan.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { buildModel } from '../../../../src/trainer/model/build.ts';

const columns = new Map<string, ColumnFacts>([
  ['images', { shape: [28, 28], dtype: 'uint8' }],
  ['box', { shape: [4], dtype: 'float32' }],
  ['edge_box', { shape: [4], dtype: 'float32' }],
  ['label', { shape: [], dtype: 'int64' }],
]);
const facts: DataFacts = { columns, inputShapes: new Map([['image', [28, 28, 1]]]) };

describe('models of the samples', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  for (const file of ['digits/article', 'digits/digits']) {
    it(file, () => {
      const text = readFileSync(new URL(`../../../../examples/${file}.mtl.json`, import.meta.url), 'utf8');
      const { spec } = readSpec(text);
      assert.ok(spec);
      const { plan, problems } = makePlan(spec, undefined, facts);
      assert.ok(plan);
      assert.deepEqual(
        problems.filter(({ severity }) => severity === 'error'),
        [],
      );
      const { conventions } = spec.training;
      const model = buildModel(plan, { seed: 1, conventions });
      const layers = plan.order.flatMap(({ kind, name }) => {
        if (kind === 'block') return plan.blocks.get(name)?.layers ?? [];
        const task = plan.tasks.get(name);
        return task ? [...task.layers, task.head] : [];
      });
      const planned = layers.flatMap(({ path, weights }) =>
        weights.map(({ name, shape }) => [`${path}/${name}`, shape]),
      );
      assert.deepEqual(
        model.variables.map(({ path, variable }) => [path, variable.shape]),
        planned,
      );
      const count = (shared: boolean): number =>
        model.variables
          .filter((entry) => !shared || entry.shared)
          .reduce((sum, { variable }) => sum + variable.size, 0);
      assert.equal(count(false), plan.parameters.total);
      assert.equal(count(true), plan.parameters.shared);
      for (const { path, tasks } of model.variables) {
        const [place = '', name = ''] = path.split('/');
        assert.deepEqual(tasks, place === 'tasks' ? plan.tasks.get(name)?.tasks : plan.blocks.get(place)?.tasks, path);
      }
      model.dispose();
    });
  }
});
