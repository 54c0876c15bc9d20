import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOf, placesOf, shapeAt } from '../../../../webview/experiment/marks.ts';

test('arms keep their places while others come and go', () => {
  const first = placesOf([], ['a', 'b']);
  assert.deepEqual([...first], [['a', 0], ['b', 1]]); // prettier-ignore
  const next = placesOf(first, ['c', 'b', '__proto__']);
  assert.deepEqual([...next], [['a', 0], ['b', 1], ['c', 2], ['__proto__', 3]]); // prettier-ignore
  assert.deepEqual([...placesOf([['x', 7]], ['y'])], [['x', 7], ['y', 8]]); // prettier-ignore
});

test('64 arms differ by color or shape, and neighbors by both', () => {
  const pairs = Array.from({ length: 64 }, (_, place) => `${String(place % 8)} ${shapeAt(place)}`);
  assert.equal(new Set(pairs).size, 64);
  for (let place = 1; place < 64; place++) {
    assert.notEqual(shapeAt(place), shapeAt(place - 1), String(place));
  }
  assert.equal(shapeAt(0), 'circle');
  assert.equal(shapeAt(8), 'square');
});

test('every shape is a closed path about the size that is asked for, around the middle', () => {
  const seen = new Set<string>();
  for (let place = 0; place < 8; place++) {
    const path = pathOf(shapeAt(place), 10);
    assert.match(path, /^M.*Z$/);
    seen.add(path);
    const numbers = [...path.matchAll(/-?\d+(\.\d+)?/g)].map(([text]) => Math.abs(Number(text)));
    assert.ok(Math.max(...numbers) >= 8 && Math.max(...numbers) <= 14, path);
    if (shapeAt(place) === 'circle') continue;
    const points = [...path.matchAll(/(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)/g)].map(([, x, y]) => [Number(x), Number(y)] as const); // prettier-ignore
    const middle = points.reduce((sum, [x]) => sum + x, 0) / points.length;
    assert.ok(Math.abs(middle) < 1e-9, path);
  }
  assert.equal(seen.size, 8);
});
