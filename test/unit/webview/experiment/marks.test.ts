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

test('each shape is the one that its name says, pointing where it should', () => {
  const points = (shape: Parameters<typeof pathOf>[0]): (readonly [number, number])[] =>
    pathOf(shape, 10).slice(1, -1).split('L').map((place) => place.split(' ').map(Number) as [number, number]); // prettier-ignore
  assert.equal(pathOf('circle', 10), 'M10 0A10 10 0 1 1 -10 0A10 10 0 1 1 10 0Z');
  // y points down: a triangle has its tip on top.
  assert.equal(pathOf('square', 10), 'M-9 -9L9 -9L9 9L-9 9Z');
  assert.equal(pathOf('triangle', 10), 'M0 -11.5L11 8.5L-11 8.5Z');
  assert.equal(pathOf('down', 10), 'M0 11.5L11 -8.5L-11 -8.5Z');
  assert.equal(pathOf('diamond', 10), 'M0 -12.5L12.5 0L0 12.5L-12.5 0Z');
  // A plus has twelve corners, each side across or down from the one before; a cross is one turned by 45°.
  const plus = points('plus');
  assert.deepEqual(plus.slice(0, 4), [[-3.6, -3.6], [-3.6, -11.5], [3.6, -11.5], [3.6, -3.6]]); // prettier-ignore
  assert.equal(plus.length, 12);
  for (const [at, [x, y]] of plus.entries()) {
    const [nextX = NaN, nextY = NaN] = plus[(at + 1) % 12] ?? [];
    assert.ok(x === nextX ? Math.abs(y - nextY) > 7 : y === nextY && Math.abs(x - nextX) > 7, String(at));
  }
  const turned = plus.map(([x, y]) =>
    [(x - y) / Math.SQRT2, (x + y) / Math.SQRT2].map((one) => Number(one.toFixed(1))),
  );
  assert.deepEqual(points('cross').map((place) => place.map((one) => Number(one.toFixed(1)) + 0)), turned.map((place) => place.map((one) => one + 0))); // prettier-ignore
  // A star has five tips, the first on top.
  const star = points('star');
  assert.deepEqual(star[0], [0, -13]);
  assert.deepEqual(star.map(([x, y]) => Math.round(Math.hypot(x, y) * 10) / 10), Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? 13 : 5.5))); // prettier-ignore
  for (const [at, [x, y]] of star.entries()) {
    const around = (Math.atan2(x, -y) + 2 * Math.PI) % (2 * Math.PI);
    assert.ok(Math.abs(around - (at * Math.PI) / 5) < 0.01, String(at));
  }
});
