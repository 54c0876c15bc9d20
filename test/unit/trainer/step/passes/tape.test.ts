/** One forward pass, walked back several times, against derivatives by hand. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tf } from '../../../../../src/engine/tfjs.ts';
import { Tape } from '../../../../../src/trainer/step/passes/tape.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const numbers = (tensors: readonly (tf.Tensor | null)[]): (number[] | null)[] =>
  tensors.map((tensor) => tensor && [...tensor.dataSync()]);

test('gradients of each output alone and of both together, by what is reached', () => {
  const [x, y, unused] = [
    tf.variable(tf.tensor1d([2, 3])),
    tf.variable(tf.tensor1d([5, 7])),
    tf.variable(tf.scalar(1)),
  ];
  const held = tf.memory().numTensors;
  const { tape, value } = Tape.record(() => {
    const product = tf.mul(x, y);
    // x² + x: two ways back to x.
    return { product, square: tf.add(tf.square(x), x) };
  });
  const ones = tf.tensor1d([1, 10]);
  const seed = (tensor: tf.Tensor) => ({ tensor, gradient: ones });
  const first = tape.gradients([seed(value.product)], [x, y, unused]);
  assert.deepEqual(numbers(first), [[5, 70], [2, 30], null]);
  const second = tape.gradients([seed(value.square)], [y, x]);
  assert.deepEqual(numbers(second), [null, [5, 70]]);
  const both = tape.gradients([seed(value.product), seed(value.square)], [x]);
  assert.deepEqual(numbers(both), [[10, 140]]);
  // Twice the same seed counts twice; a source that is a seed itself has that gradient.
  const twice = tape.gradients([seed(value.product), seed(value.product)], [y, value.product]);
  assert.deepEqual(numbers(twice), [[4, 60], [2, 20]]); // prettier-ignore
  tape.dispose();
  for (const each of [...first, ...second, ...both, ...twice]) each?.dispose();
  tf.dispose([value.product, value.square, ones]);
  assert.equal(tf.memory().numTensors, held);
  tf.dispose([x, y, unused]);
});

test('what does not depend on a source needs no gradient; what does and has none is named', () => {
  const x = tf.variable(tf.tensor1d([1.5, -2.5]));
  const { tape, value } = Tape.record(() => ({ made: tf.mul(x, tf.ceil(tf.tensor1d([0.5, 1.5]))) }));
  const [gradient] = tape.gradients([{ tensor: value.made, gradient: tf.tensor1d([1, 1]) }], [x]);
  assert.deepEqual(numbers([gradient ?? null]), [[1, 2]]);
  const lost = Tape.record(() => ({ largest: tf.topk(x, 1).values }));
  assert.throws(
    () => lost.tape.gradients([{ tensor: lost.value.largest, gradient: tf.tensor1d([1]) }], [x]),
    /"TopK" has no gradient\./,
  );
});

test('a tape within a tape is refused, and one after another is not; a failing pass ends its tape', () => {
  const nested = (): unknown => Tape.record(() => Tape.record(() => ({})));
  assert.throws(nested, /A tape was begun inside another/);
  assert.throws(() => Tape.record(() => { throw new Error('in the pass'); }), /in the pass/); // prettier-ignore
  const x = tf.variable(tf.scalar(3));
  const { tape, value } = Tape.record(() => ({ square: tf.square(x) }));
  assert.deepEqual(numbers(tape.gradients([{ tensor: value.square, gradient: tf.scalar(1) }], [x])), [[6]]);
});
