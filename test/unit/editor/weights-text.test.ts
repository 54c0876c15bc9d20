import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import type { TextEdit } from '../../../src/spec/index.ts';
import {
  editsFor,
  normalized,
  outlineOf,
  roundWeight,
  stepped,
  weightOf,
  type SpecOutline,
} from '../../../src/editor/weights-text.ts';

function apply(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: part }) => result.slice(0, start) + part + result.slice(end), text);
}

function outline(text: string): SpecOutline {
  const found = outlineOf(text);
  assert.ok(found);
  return found;
}

const set = (text: string, weights: Record<string, number>): string =>
  apply(text, editsFor(text, outline(text), new Map(Object.entries(weights))));

const spec = `{
  "tasks": { "a": {}, "b": {}, "c": {} },
  "weights": {
    "a": 0.50, // half
    "b": 0.3, /* a third, nearly */
  }, // end
}
`;

test('entries with their places, also in broken text', () => {
  const { weights, tasks } = outline(spec);
  assert.deepEqual(tasks, ['a', 'b', 'c']);
  assert.deepEqual(
    weights?.entries.map(({ task, value }) => [task, value]),
    [
      ['a', 0.5],
      ['b', 0.3],
    ],
  );
  assert.equal(spec.slice(weights?.key.start, weights?.key.end), '"weights"');
  assert.equal(
    outline('{ "weights": { "a": -1, "b": "x", "c": 2, }')
      .weights?.entries.map(({ value }) => value)
      .join(),
    ',,2',
  );
  assert.equal(outlineOf(''), undefined);
  assert.equal(outline('{ "weights": 3 }').weights, undefined);
});

test('a weight changes its own characters and nothing else', () => {
  assert.equal(set(spec, { a: 0.55 }), spec.replace('0.50', '0.55'));
  assert.equal(set(spec, { b: 0.3 }), spec);
});

test('a missing weight comes after the last, on its own line where the others have one', () => {
  assert.equal(set(spec, { c: 1 }), spec.replace('"b": 0.3', '"b": 0.3,\n    "c": 1'));
  assert.equal(set('{ "weights": { "a": 1 } }', { b: 2 }), '{ "weights": { "a": 1, "b": 2 } }');
  assert.equal(set('{ "weights": {} }', { b: 2 }), '{ "weights": { "b": 2 } }');
  assert.equal(
    set('{\r\n  "weights": {\r\n\t"a": 1\r\n} }', { b: 2 }),
    '{\r\n  "weights": {\r\n\t"a": 1,\r\n\t"b": 2\r\n} }',
  );
});

test('a spec without weights gets the section at its end', () => {
  assert.equal(
    set('{\n  "tasks": { "a": {} } // x\n}\n', { a: 0.4 }),
    '{\n  "tasks": { "a": {} },\n  "weights": { "a": 0.4 } // x\n}\n',
  );
  assert.equal(set('{\n  "tasks": {},\n}', { a: 0.4 }), '{\n  "tasks": {},\n  "weights": { "a": 0.4 }\n}');
  assert.deepEqual(parse(set('{ }', { a: 0.4 })), { weights: { a: 0.4 } });
});

test('steps of 0.05, not below zero, at most four decimals', () => {
  assert.equal(stepped(0.5, 1), 0.55);
  assert.equal(stepped(0.1, -1), 0.05);
  assert.equal(stepped(0.03, -1), 0);
  assert.equal(stepped(0.33333, 1), 0.3833);
  assert.equal(roundWeight(-2), 0);
});

test('the weight in force is 1 where none is written', () => {
  assert.equal(weightOf(outline(spec), 'a'), 0.5);
  assert.equal(weightOf(outline(spec), 'c'), 1);
});

test('normalized weights sum to exactly 1 in floating point, in proportion, with at most four decimals', () => {
  assert.deepEqual(
    normalized(new Map(Object.entries({ a: 5, b: 3, c: 2 }))),
    new Map([
      ['a', 0.5],
      ['b', 0.3],
      ['c', 0.2],
    ]),
  );
  assert.equal(normalized(new Map([['a', 0]])), undefined);
  assert.equal(normalized(new Map()), undefined);
  const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 8 }), (values) => {
      const names = values.map((_, index) => `t${index}`);
      const result = normalized(new Map(names.map((name, index) => [name, values[index] ?? 0])));
      const sum = values.reduce((a, b) => a + b, 0);
      if (sum === 0) return assert.equal(result, undefined);
      const parts = names.map((name) => result?.get(name) ?? NaN);
      assert.equal(
        parts.reduce((a, b) => a + b, 0),
        1,
      );
      for (const [index, part] of parts.entries()) {
        assert.equal(part, roundWeight(part));
        assert.equal(part > 0, (values[index] ?? 0) > 0);
        assert.ok(Math.abs(part - (values[index] ?? 0) / sum) < 0.002);
      }
    }),
    { numRuns: 3000 },
  );
});
