/** Where a strategy stands in the text of a spec, and what is written there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategyEdit, strategyPlace } from '../../../../src/editor/weights/strategy-text.ts';
import { applyEdits } from '../../../../src/spec/index.ts';

test('a remark stands at the strategy, else the weights, else the tasks, else the brace', () => {
  const shown = (text: string): string | undefined => {
    const place = strategyPlace(text);
    return place && `${String(place.start)} ${text.slice(place.start, place.end)}`;
  };
  assert.equal(shown('{"tasks":{},"weights":{},"strategy":"dwa"}'), '25 "strategy"');
  assert.equal(shown('{"tasks":{},"weights":{}}'), '12 "weights"');
  assert.equal(shown('{"name":"x","tasks":{}}'), '12 "tasks"');
  assert.equal(shown('  {"name":"x"}'), '2 {');
  for (const text of ['', '[]', '3', '[{"tasks":{}}]']) assert.equal(strategyPlace(text), undefined, text);
});

const edited = (text: string, ...more: [parameters?: Readonly<Record<string, boolean | number>>]): string =>
  applyEdits(text, strategyEdit(text, 'cagrad', ...more));

test('an empty object gets it right behind its brace, wherever that is', () => {
  assert.equal(edited('  {}'), '  { "strategy": "cagrad" }');
  assert.equal(edited('// on\n{}\n'), '// on\n{ "strategy": "cagrad" }\n');
});

test('it follows the weights, else the tasks, else what is last; on a line of its own where they have one', () => {
  assert.equal(
    edited('{ "weights": { "a": 1 }, "tasks": {}, "name": "x" }'),
    '{ "weights": { "a": 1 }, "strategy": "cagrad", "tasks": {}, "name": "x" }',
  );
  assert.equal(edited('{\n\t"tasks": {}, "name": "x"\n}'), '{\n\t"tasks": {},\n\t"strategy": "cagrad", "name": "x"\n}');
  assert.equal(edited('{ "a": 1,\r  "b": 2 }'), '{ "a": 1,\r  "b": 2,\r  "strategy": "cagrad" }');
  // The line break belongs to the first neighbor only.
  assert.equal(edited('{\n  "a": 1, "tasks": {} }'), '{\n  "a": 1, "tasks": {}, "strategy": "cagrad" }');
});

test('parameters follow the name, what is observed comes last; the old parameters go', () => {
  assert.equal(edited('{"strategy":"dwa"}', { c: 0.5, prescale: true }), '{"strategy":{ "name": "cagrad", "c": 0.5, "prescale": true }}'); // prettier-ignore
  assert.equal(
    edited('{"strategy":{"name":"dwa","observe":[ "mgda" ],"temperature":2}}', { c: 1 }),
    '{"strategy":{ "name": "cagrad", "c": 1, "observe": [ "mgda" ] }}',
  );
  assert.equal(edited('{"strategy":{"temperature":2}}'), '{"strategy":"cagrad"}');
  assert.equal(edited('{"strategy":null}'), '{"strategy":"cagrad"}');
  // While it is being typed it is left alone.
  assert.deepEqual(strategyEdit('{"strategy": }', 'cagrad'), []);
});
