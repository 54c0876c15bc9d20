import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefusal, readSuggestions, weightsText } from '../../../../src/editor/weights/suggestions.ts';
import { applyEdits, editWeights } from '../../../../src/spec/index.ts';

const details = [
  { task: 'b', weight: 1.2, text: 'L⁰ 0.5' },
  { task: '10', weight: 0.8, text: 'L⁰ 0.9' },
];

test('one method and all methods are read, tasks in the order of the details', () => {
  const one = {
    by: 'initial-loss',
    formula: 'w ∝ 1/L⁰',
    weights: { '10': 0.8, b: 1.2 },
    details,
    warnings: ['few labels'],
  };
  const refused = { by: 'performance', refused: 'There is no run yet.' };
  const answer = readSuggestions(JSON.stringify({ v: 1, suggestions: [one, refused], note: 'a starting point' }));
  assert.equal(answer.note, 'a starting point');
  const [first, second] = answer.found;
  assert.ok(first && !isRefusal(first) && second && isRefusal(second));
  assert.deepEqual(
    [...first.weights],
    [
      ['b', 1.2],
      ['10', 0.8],
    ],
  );
  assert.deepEqual(first.details, ['b: L⁰ 0.5', '10: L⁰ 0.9']);
  assert.equal(first.formula, 'w ∝ 1/L⁰');
  assert.deepEqual(first.warnings, ['few labels']);
  assert.equal(second.refused, 'There is no run yet.');
  assert.equal(weightsText(first.weights), 'b 1.2 · 10 0.8');
  const alone = readSuggestions(JSON.stringify({ v: 1, ...one, note: 'n' })).found[0];
  assert.deepEqual(alone, first);
});

test('an answer of another version, or with weights that are none, changes nothing', () => {
  assert.throws(() => readSuggestions('{"v":2}'), /another version/);
  const odd = { v: 1, by: 'data', weights: { a: -1, b: 'x', __proto__: 1 }, details: [{ task: 'constructor' }] };
  const [one] = readSuggestions(JSON.stringify(odd)).found;
  assert.ok(one && !isRefusal(one));
  assert.deepEqual([...one.weights], []);
});

test('suggested weights go into the text in one go, comments kept', () => {
  const text = '{\n  "tasks": { "b": {}, "10": {} },\n  // why\n  "weights": { "b": 1 /* half */ }\n}';
  const edited = applyEdits(text, editWeights(text, new Map(details.map(({ task, weight }) => [task, weight]))));
  assert.equal(
    edited,
    '{\n  "tasks": { "b": {}, "10": {} },\n  // why\n  "weights": { "b": 1.2, "10": 0.8 /* half */ }\n}',
  );
});

test('what does not belong is passed over: weights of 0 stay, names beside the details come after them', () => {
  const one = {
    ...{ v: 1, by: 'data', formula: 3, note: 4 },
    weights: { more: 0, b: 2, wrong: NaN, huge: 'x', minus: -0.5 },
    details: [7, { task: 'b', text: 'n 3' }, { task: 'c', text: '' }, { text: 'nobody' }, null],
    warnings: [{ message: 'few' }, 'plain', '', 3, { message: 5 }],
  };
  const { found, note } = readSuggestions(JSON.stringify(one));
  assert.equal(note, '');
  assert.deepEqual(found, [
    {
      ...{ by: 'data', formula: '' },
      weights: new Map([['b', 2], ['more', 0]]),
      details: ['b: n 3', ': nobody'],
      warnings: ['few', 'plain'],
    },
  ]); // prettier-ignore
  const [first] = found;
  assert.ok(first && !isRefusal(first));
  assert.deepEqual([...first.weights.keys()], ['b', 'more']);
  const several = readSuggestions(
    JSON.stringify({ v: 1, suggestions: [3, null, ['x'], { by: 'data', refused: 'No.' }] }),
  );
  assert.deepEqual(several, { found: [{ by: 'data', refused: 'No.' }], note: '' });
  assert.deepEqual(readSuggestions('{"v":1,"suggestions":{}}').found, []);
  for (const other of ['[]', 'null', '{"v":"1"}']) assert.throws(() => readSuggestions(other), /another version/);
});
