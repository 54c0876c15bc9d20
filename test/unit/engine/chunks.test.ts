/** Convolutions whose patches exceed the workspace and are taken a few images at a time. */
import { test } from 'node:test';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { openEngine } from '../../../src/engine/open.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { assertClose, assetsDirectory, outcome, random, uniform, type Case } from './support.ts';

const cases: Readonly<Record<string, Case>> = {
  'many channels, two strides': {
    operands: [uniform([10, 40, 40, 64], random(1)), uniform([3, 3, 64, 2], random(2))],
    run: (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, [1, 2], 'same'),
    slopes: [0, 1],
  },
  'one channel, large pictures': {
    operands: [uniform([3, 200, 200, 1], random(3)), uniform([7, 7, 1, 2], random(4))],
    run: (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'valid'),
    slopes: [0, 1],
  },
};

for (const [name, example] of Object.entries(cases)) {
  test(`convolution in several pieces: ${name}`, async () => {
    const engine = await openEngine('wasm', { assetsDirectory });
    const want = await outcome('cpu', example);
    const got = await outcome('wasm', example);
    assertClose(got.values, want.values, 2e-5, name);
    want.gradients.forEach((gradient, i) => {
      assertClose(got.gradients[i] ?? [], gradient, 2e-5, `${name}, gradient ${String(i)}`);
    });
    await tf.setBackend('cpu');
    engine.dispose();
  });
}
