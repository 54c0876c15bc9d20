import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { panned, zoomed } from '../../../../webview/charts/zooming.ts';

const reach = { from: 10, to: 110 };

test('zooming keeps the place under the cursor, and ends with everything', () => {
  assert.deepEqual(zoomed(reach, 60, 0.5, reach), { from: 35, to: 85 });
  assert.deepEqual(zoomed(reach, 10, 0.5, reach), { from: 10, to: 60 });
  assert.deepEqual(zoomed({ from: 20, to: 40 }, 25, 0.5, reach), { from: 22.5, to: 32.5 });
  assert.deepEqual(zoomed({ from: 10, to: 30 }, 30, 2, reach), { from: 10, to: 50 }, 'not beyond the first');
  for (const factor of [2, 1, Infinity]) assert.equal(zoomed(reach, 60, factor, reach), null);
  assert.equal(zoomed({ from: 20, to: 70 }, 30, 2, reach), null);
});

test('moving along keeps the width and stays within what there is', () => {
  assert.deepEqual(panned({ from: 20, to: 40 }, 5, reach), { from: 25, to: 45 });
  assert.deepEqual(panned({ from: 20, to: 40 }, -50, reach), { from: 10, to: 30 });
  assert.deepEqual(panned({ from: 20, to: 40 }, 500, reach), { from: 90, to: 110 });
  const whole = fc.integer({ min: -1000, max: 1000 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 1, max: 20 }), whole, (start, width, by) => {
      const next = panned({ from: 10 + start, to: 10 + start + width }, by, reach);
      assert.equal(next.to - next.from, width);
      assert.ok(next.from >= 10 && next.to <= 110);
    }),
  );
});
