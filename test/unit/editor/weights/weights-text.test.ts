import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  outlineOf,
  weightNames,
  weightOf,
  weightStep,
  type SpecOutline,
} from '../../../../src/editor/weights/weights-text.ts';

function outline(text: string): SpecOutline {
  const found = outlineOf(text);
  assert.ok(found);
  return found;
}

const spec = `{
  "tasks": { "a": {}, "b": {}, "c": {} },
  "weights": {
    "a": 0.50, // half
    "b": 0.3, /* a third, nearly */
  }, // end
}
`;

test('entries with their places', () => {
  const { weights, tasks } = outline(spec);
  assert.deepEqual(tasks, ['a', 'b', 'c']);
  assert.deepEqual(
    weights?.entries.map(({ task, value, property }) => [task, value, spec.slice(property.start, property.end)]),
    [
      ['a', 0.5, '"a": 0.50'],
      ['b', 0.3, '"b": 0.3'],
    ],
  );
  assert.equal(spec.slice(weights.key.start, weights.key.end), '"weights"');
  assert.deepEqual(weightNames(outline(spec)), ['a', 'b', 'c']);
});

test('broken text has what can be read of it', () => {
  const broken = outline('{ "weights": { "a": -1, "b": "x", "c": 2, "d" ');
  assert.deepEqual(
    broken.weights?.entries.map(({ task, value }) => [task, value]),
    [
      ['a', null],
      ['b', null],
      ['c', 2],
      ['d', null],
    ],
  );
  assert.equal(outlineOf(''), undefined);
  assert.equal(outlineOf('[]'), undefined);
  assert.equal(outline('{ "weights": 3 }').weights, undefined);
  assert.equal(outlineOf(`{ "weights": ${'['.repeat(100_000)}`), undefined);
});

test('the weight in force is 1 where none is written', () => {
  assert.equal(weightOf(outline(spec), 'a'), 0.5);
  assert.equal(weightOf(outline(spec), 'c'), 1);
});

test('what a weight can be: a number from 0 on', () => {
  const { weights, tasks } = outline(
    '{ "weights": { "zero": 0, "half": 0.5, "text": "1", "yes": true, "none": null, "list": [1], "object": {}, "huge": 1e999, "minus": -0.1 }, "network": { "trunk": {} }, "data": { "inputs": { "x": {} } }, "tasks": { "t": {}, "half": {} } }',
  );
  assert.deepEqual(
    weights?.entries.map(({ task, value }) => [task, value]),
    [['zero', 0], ['half', 0.5], ...['text', 'yes', 'none', 'list', 'object', 'huge', 'minus'].map((name) => [name, null])],
  ); // prettier-ignore
  assert.deepEqual(tasks, ['t', 'half'], 'tasks alone, not blocks or inputs');
  const found = outline('{ "weights": { "b": 2, "a": 1 }, "tasks": { "a": {}, "c": {} } }');
  assert.deepEqual(weightNames(found), ['b', 'a', 'c']);
  assert.deepEqual([weightOf(found, 'b'), weightOf(found, 'c'), weightOf(outline('{}'), 'c')], [2, 1, 1]);
  assert.equal(weightOf(outline('{ "weights": { "a": "x" } }'), 'a'), null);
  assert.deepEqual(outline(' {}').root, { start: 1, end: 3 });
  assert.deepEqual(weightNames(outline('{}')), []);
  const planned = '{ "experiment": { "replicates": 2 } }';
  assert.deepEqual(outline(planned).experiment, { start: 2, end: 14 }, 'the key alone');
  assert.equal(outline('{}').experiment, undefined);
});

test('an entry reaches from its key to the end of its value, or of its key where there is none', () => {
  const text = '{ "weights": { "a": 1.5, "b" } }';
  const places = outline(text).weights?.entries.map(({ property }) => text.slice(property.start, property.end));
  assert.deepEqual(places, ['"a": 1.5', '"b"']);
  assert.equal(weightStep, 0.05);
});
