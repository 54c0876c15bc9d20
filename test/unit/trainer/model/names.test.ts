import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { layerName, LayerNames } from '../../../../src/trainer/model/names.ts';

describe('layer names', () => {
  it('spell out what tfjs does not take', () => {
    assert.equal(layerName('trunk/0'), 'trunk.0');
    assert.equal(layerName('特征提取/0'), 'x_7279__5f81__63d0__53d6_.0');
    assert.equal(layerName('a b_c'), 'a_20_b_5f_c');
  });

  it('are legal for any text, and unique in a model', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 1 }), (paths) => {
        const names = new LayerNames();
        const taken = paths.map((path) => names.take(path));
        for (const name of taken) assert.match(name, /^[A-Za-z0-9][-A-Za-z0-9._]*$/);
        assert.equal(new Set(taken).size, taken.length);
      }),
    );
  });
});
