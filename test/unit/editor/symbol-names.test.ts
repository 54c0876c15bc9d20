import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'jsonc-parser';
import { isTaken, occurrenceAt, occurrencesIn, renameEdits, sameAs } from '../../../src/editor/symbol-names.ts';
import { applyEdits } from '../../../src/spec/fixes.ts';
import { parseTree } from '../../../src/spec/tree.ts';

const text = `{
  "data": { "inputs": { "image": { "type": "image" }, "age": { "type": "number" } } },
  "network": { "trunk": { "input": ["image", "age"] }, "upper": { "input": "trunk" } },
  "tasks": {
    "a/b": { "input": "upper" },
    "trunk": { "input": ["trunk", "task:a/b"] } },
  "weights": { "a/b": 1, "trunk": 2 },
  "training": { "earlyStopping": { "monitor": "validation/a~1b/accuracy" } }
}`;
const occurrences = occurrencesIn(parseTree(text).tree);
const at = (needle: string, from = 0): number => text.indexOf(needle, from) + 1;

test('tasks and blocks of the same name are two things', () => {
  const block = occurrenceAt(occurrences, at('"trunk"'));
  assert.ok(block);
  assert.equal(block.kind, 'block');
  assert.equal(sameAs(occurrences, block).length, 3);
  const task = occurrenceAt(occurrences, at('"trunk": 2'));
  assert.ok(task);
  assert.equal(task.kind, 'task');
  assert.equal(sameAs(occurrences, task).filter(({ definition }) => definition).length, 1);
});

test('renaming a task renames key, weight, prediction and monitor, and escapes what needs it', () => {
  const task = occurrenceAt(occurrences, at('"a/b"'));
  assert.ok(task);
  const renamed = applyEdits(text, renameEdits(occurrences, task, 'x"/~'));
  const spec = parse(renamed) as {
    tasks: Record<string, { input: unknown }>;
    weights: Record<string, number>;
    training: { earlyStopping: { monitor: string } };
  };
  assert.deepEqual(Object.keys(spec.tasks), ['x"/~', 'trunk']);
  assert.deepEqual(Object.keys(spec.weights), ['x"/~', 'trunk']);
  assert.deepEqual(spec.tasks['trunk']?.input, ['trunk', 'task:x"/~']);
  assert.equal(spec.training.earlyStopping.monitor, 'validation/x"~1~0/accuracy');
});

test('renaming an input renames its uses; a name that is taken is known', () => {
  const input = occurrenceAt(occurrences, at('"age"'));
  assert.ok(input);
  assert.equal(applyEdits(text, renameEdits(occurrences, input, '年龄')), text.replaceAll('"age"', '"年龄"'));
  assert.equal(isTaken(occurrences, input, 'upper'), true);
  assert.equal(isTaken(occurrences, input, 'a/b'), false);
});

test('broken or foreign text has no names and throws nothing', () => {
  for (const broken of [
    '',
    '[',
    '{ "data": 3, "network": [1], "tasks": { "a" } }',
    '{"training":{"earlyStopping":{"monitor":"x"}}}',
  ]) {
    assert.ok(occurrencesIn(parseTree(broken).tree).length <= 1);
  }
});
