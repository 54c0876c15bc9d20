import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadsFor } from '../../../src/plan/threads.ts';

const map = (of: Record<string, unknown>): Map<string, unknown> => new Map(Object.entries(of));
const withLayers = (...layers: Map<string, unknown>[]): Map<string, unknown> =>
  map({ network: map({ trunk: map({ stages: [layers] }) }) });

test('small layers get one thread, wide ones all processors', () => {
  const small = [map({ type: 'conv2d', filters: 10 }), map({ type: 'dense', units: 128 })];
  assert.equal(threadsFor(withLayers(...small), 8), 1);
  assert.equal(threadsFor(withLayers(...small, map({ type: 'conv2d', filters: 32 })), 8), 8);
  assert.equal(threadsFor(withLayers(map({ type: 'dense', units: 2048 })), 8), 8);
  assert.equal(threadsFor(null, 8), 1);
});

test('from which width on a layer of each kind is worth several threads', () => {
  const rows = [
    ['conv1d', 'filters', 32],
    ['conv2d', 'filters', 16],
    ['separableConv2d', 'filters', 16],
    ['conv2dTranspose', 'filters', 16],
    ['dense', 'units', 1024],
    ['lstm', 'units', 256],
    ['gru', 'units', 256],
  ] as const;
  for (const [type, key, least] of rows) {
    assert.equal(threadsFor(withLayers(map({ type, [key]: least - 1 })), 8), 1, type);
    assert.equal(threadsFor(withLayers(map({ type, [key]: least })), 8), 8, type);
    // Widths of another name do not count.
    assert.equal(threadsFor(withLayers(map({ type, [key === 'units' ? 'filters' : 'units']: 4096 })), 8), 1, type);
  }
  assert.equal(threadsFor(withLayers(map({ type: 'dropout', units: 4096 })), 8), 1);
  assert.equal(threadsFor(withLayers(map({ type: 'dense', units: 4096 }), map({ type: 'dense', units: 2 })), 5), 5);
  // A layer within a layer, as a residual block has them.
  assert.equal(threadsFor(withLayers(map({ type: 'residual', layers: [map({ type: 'lstm', units: 512 })] })), 8), 8);
});
