// A block part by part: what no wanted task needs is not built, and layers that are used again are the same ones.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { PlanPart, PlanSharing } from '../../../../../src/plan/plan.ts';
import { tf, tfl } from '../../../../../src/engine/tfjs.ts';
import { stepContext } from '../../../../../src/trainer/model/context.ts';
import { buildParts, type PartHost } from '../../../../../src/trainer/model/sharing/parts.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const part = (id: string, reads: readonly string[], layersOf?: string): PlanPart => ({
  ...{ id, role: 'expert', label: id, reads, operation: { kind: 'join' }, weights: [], path: `block/${id}` },
  ...{ layers: [], outputShape: [2], parameters: 0, trainable: 0, tasks: [] },
  ...(layersOf !== undefined && { layersOf }),
});

const outputs = new Map([['task:one', 'second'], ['task:two', 'again'], ['block:deep', 'alone']]); // prettier-ignore
const sharing: PlanSharing = {
  ...{ type: 'cross-stitch', outputs },
  parts: [
    part('first', ['input']),
    part('second', ['first']),
    part('third', ['input']),
    part('again', ['third'], 'second'),
    part('alone', ['first', 'third']),
    part('nobody', ['input']),
  ],
};

const context = stepContext(1);

/** The ids whose layers were made, and the model from the input to each part. */
function built(needed: readonly string[], given: PlanSharing = sharing) {
  const input = tfl.input({ shape: [2] });
  const stacked: string[] = [];
  const host: PartHost = {
    stack(of, symbol) {
      stacked.push(of.id);
      const layers = [0, 1].map(() => tfl.layers.dense({ units: 2, useBias: false }));
      return { layers, output: layers.reduce((last, layer) => layer.apply(last) as tfl.SymbolicTensor, symbol) };
    },
    operation: ({ id }) => ({
      ...{ shape: [2], trainable: true, context },
      name: (suffix) => `${id.replaceAll('/', '_')}_${suffix}`,
      once: (_, make) => make(),
    }),
    weighted: () => assert.fail('joining has no weights of its own'),
  };
  const symbols = buildParts(given, input, (consumer) => needed.includes(consumer), host);
  const at = (id: string) => symbols.get(id) ?? assert.fail(id);
  return { stacked, symbols, model: (id: string) => tfl.model({ inputs: input, outputs: at(id) }), input };
}

test('the parts that are read by needed consumers, directly or not, in their order', () => {
  const ids = (...needed: string[]): string[] => [...built(needed).symbols.keys()];
  assert.deepEqual(ids('task:one'), ['input', 'first', 'second']);
  // Its layers are those of `second`, which reads `first`.
  assert.deepEqual(ids('task:two'), ['input', 'first', 'second', 'third', 'again']);
  assert.deepEqual(ids('block:deep'), ['input', 'first', 'third', 'alone']);
  assert.deepEqual(ids('task:other'), ['input']);
  // What comes after layers that are used again is built, too.
  assert.deepEqual(ids('task:two', 'block:deep'), ['input', 'first', 'second', 'third', 'again', 'alone']);
  assert.deepEqual(ids('task:one', 'block:deep'), ['input', 'first', 'second', 'third', 'alone']);
  assert.deepEqual(built(['task:two']).stacked, ['first', 'second', 'third']);
  const { symbols, input } = built(['task:one']);
  assert.equal(symbols.get('input'), input);
});

test('layers used again are applied one after the other to what the part reads', () => {
  const { model } = built(['task:two']);
  const [second, again] = [model('second'), model('again')];
  const dense = (of: tfl.LayersModel): tfl.layers.Layer[] =>
    of.layers.filter((layer) => layer.getClassName() === 'Dense');
  // second: two of first and two of its own; again: two of third and the same two.
  assert.deepEqual([dense(second).length, dense(again).length], [4, 4]);
  const shared = dense(again).filter((layer) => dense(second).includes(layer));
  assert.equal(shared.length, 2);
  tf.tidy(() => {
    const x = tf.tensor2d([[1, -2]]);
    const through = (layers: readonly tfl.layers.Layer[], from: tf.Tensor): tf.Tensor =>
      layers.reduce((value, layer) => layer.apply(value) as tf.Tensor, from);
    const own = dense(again).filter((layer) => !shared.includes(layer));
    const expected = through(shared, through(own, x)).dataSync();
    const found = (again.predict(x) as tf.Tensor).dataSync();
    found.forEach((value, i) => assert.ok(Math.abs(value - (expected[i] ?? NaN)) < 1e-6, found.join()));
  });
});

test('a part that reads what comes after it is an error', () => {
  const turned = { ...sharing, parts: sharing.parts.toReversed() };
  assert.throws(() => built(['task:one'], turned), /"block\/second" reads "first" before it is defined/);
});
