/** How many images' patches are held at once: as many as fit into 16 MiB, at least one, no more than there are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backend_util } from '@tensorflow/tfjs-core';
import { imagesPerChunk } from '../../../../src/engine/wasm/patches.ts';

const convOf = (batch: number, side: number, channels: number): backend_util.Conv2DInfo =>
  backend_util.computeConv2DInfo([batch, side, side, channels], [3, 3, channels, 8], 1, 1, 'same');

test('patches stay within their budget: what does not fit whole is left for the next time', () => {
  // 32 · 32 · 9 · 64 = 589,824 numbers an image, of which 4 · 2^20 hold 7.11.
  assert.equal(imagesPerChunk(convOf(50, 32, 64)), 7);
  // 64 · 64 · 9 · 64: 1.78 of them.
  assert.equal(imagesPerChunk(convOf(50, 64, 64)), 1);
});

test('no more images than there are, and one where not even that fits', () => {
  assert.equal(imagesPerChunk(convOf(3, 32, 64)), 3);
  assert.equal(imagesPerChunk(convOf(5, 128, 64)), 1);
});
