import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonNumber, orderedText, parseOrdered } from '../../../src/runs/json.ts';

test('names that look like numbers keep their place, in text and back', () => {
  const value = new Map<string, unknown>([
    ['10', 1],
    ['b', new Map([['7', 'x'], ['3', 'y']])], // prettier-ignore
    ['2', [NaN, -Infinity, 1.5]],
  ]);
  const text = orderedText(value);
  assert.equal(text, '{"10":1,"b":{"7":"x","3":"y"},"2":["NaN","-Infinity",1.5]}');
  const back = parseOrdered(text);
  assert.ok(back instanceof Map);
  assert.deepEqual([...back.keys()], ['10', 'b', '2']);
  assert.equal(orderedText(back), text);
});

test('any JSON survives parseOrdered, whatever stands in its keys and strings', () => {
  const key = fc.oneof(
    fc.string(),
    fc.nat().map(String),
    fc.constantFrom('{"1":', ',"2"', '"3":', '{', 'a{"4', '__proto__'),
  );
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      key,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
    ),
  })).value;
  fc.assert(
    fc.property(tree, (value) => {
      const text = orderedText(value);
      assert.equal(orderedText(parseOrdered(text)), text);
    }),
    { numRuns: 500 },
  );
});

test('depth is limited and other values are refused', () => {
  assert.throws(() => parseOrdered('['.repeat(80) + ']'.repeat(80)), RangeError);
  assert.throws(() => orderedText(1n), TypeError);
  assert.equal(jsonNumber(-0.5), -0.5);
});
