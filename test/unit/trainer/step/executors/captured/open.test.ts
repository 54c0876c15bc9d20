/** On an engine that has no graphs, steps run operation by operation without a word. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../../../../../src/engine/types.ts';
import type { Model } from '../../../../../../src/trainer/model/build.ts';
import { capturing, inferenceOf } from '../../../../../../src/trainer/step/executors/captured/open.ts';
import type { Update } from '../../../../../../src/trainer/step/passes/update.ts';

const engine = { backend: {} } as unknown as Engine;
const description = {
  name: 'wasm',
  device: 'cpu',
  graph: false,
  threads: 1,
  deterministic: true,
  detail: 'plain',
} as const;

test('its executor is the eager one, and a rehearsal takes no step', () => {
  const told: string[] = [];
  const capture = capturing(engine, (reason) => told.push(reason));
  const model = { variables: [], kept: [], tasks: [] } as unknown as Model;
  const executor = capture.factory({ model, tasks: [], reduction: 'labelled-mean' }, { options: {} } as Update);
  assert.equal(executor.captured, false);
  const found = capture.rehearse(() => assert.fail('a step was taken'), description);
  assert.deepEqual(found, { ...description, graph: false, detail: 'plain' });
  assert.deepEqual(told, []);
});

test('its inference has nothing to refuse', () => {
  const inference = inferenceOf(engine, {} as Model, []);
  assert.equal(inference.refusal(), undefined);
  inference.dispose();
});
