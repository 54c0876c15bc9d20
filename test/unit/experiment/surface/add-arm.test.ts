// Weights as an arm of the text: what is there stays, and what would not be a comparison is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addArm } from '../../../../src/experiment/surface/add-arm.ts';
import { readDesign } from '../../../../src/experiment/design.ts';
import { applyEdits } from '../../../../src/spec/index.ts';
import { assertBilingual } from '../../bilingual.ts';
import { spec } from '../specs.ts';

const weights = new Map([['kind', 0.3], ['size', 0.7000001]]); // prettier-ignore
const added = (text: string, how: 'weights' | 'strategy' = 'weights', values = weights, planned = text): string => {
  const result = addArm(text, planned, values, how);
  if ('refused' in result) {
    assertBilingual(result.refused);
    return `refused: ${result.refused.en}`;
  }
  return applyEdits(text, result.edits);
};
const idsOf = (text: string): readonly string[] => readDesign(text).design?.arms.map(({ id }) => id) ?? [];

test('behind the last arm, in its manner, with comments left alone', () => {
  const listed = spec({ replicates: 3, arms: [{ id: 'joint' }, { id: 'single', auto: 'single-task' }] });
  const text = listed.replace('"experiment": {', '// mine\n  "experiment": {');
  const now = added(text);
  assert.deepEqual(idsOf(now), ['joint', 'single', 'weights 0.3:0.7']);
  assert.ok(now.includes('// mine'));
  assert.match(
    now,
    /\n {6}\{ "id": "weights 0\.3:0\.7", "set": \{ "\/weights\/kind": 0\.3, "\/weights\/size": 0\.7 \} \}\n/,
  );
  assert.equal(now.replace(/,\s*\{ "id": "weights[^\n]*/, ''), text);
  // On one line it stays on one line.
  const flat = JSON.stringify(JSON.parse(listed));
  assert.equal(added(flat).split('\n').length, 1);
  assert.deepEqual(idsOf(added(flat)), ['joint', 'single', 'weights 0.3:0.7']);
});

test('with the strategy where the spec has another one', () => {
  const text = spec({ arms: [{ id: 'joint' }] }, { strategy: { name: 'uncertainty' } });
  assert.match(added(text, 'strategy'), /"set": \{ "\/strategy\/name": "static", "\/weights\/kind": 0\.3/);
});

test('implied arms are written out', () => {
  for (const experiment of [{ replicates: 3 }, {}, { arms: [] }]) {
    const text = spec(experiment);
    assert.deepEqual(idsOf(added(text)), ['joint', 'single', 'weights 0.3:0.7'], JSON.stringify(experiment));
  }
  const factors = spec({ factors: [{ name: 'a', path: '/training/learningRate', levels: [0.1, 0.01] }] });
  assert.match(added(factors), /^refused: The section "experiment" has factors/);
});

test('a name that is taken gets a number; the same weights again are refused as the check refuses them', () => {
  const text = spec({ arms: [{ id: 'joint' }, { id: 'weights 0.3:0.7', set: { '/weights/kind': 0.2 } }] });
  assert.deepEqual(idsOf(added(text)), ['joint', 'weights 0.3:0.7', 'weights 0.3:0.7 (2)']);
  const once = added(spec({ arms: [{ id: 'joint' }] }));
  assert.match(added(once), /^refused: /);
});

test('refused where the spec is another one than the runs had, but not for its experiment, seeds or comments', () => {
  const planned = spec({ arms: [{ id: 'joint' }] });
  const other = planned.replace('"units": 8', '"units": 9');
  assert.match(added(other, 'weights', weights, planned), /^refused: The spec has changed since/);
  assert.match(added('{', 'weights', weights, planned), /^refused: The spec has changed since/);
  const same = `// new\n${planned.replace('"seed": 3', '"seed": 4').replace('"joint"', '"both"')}`;
  assert.deepEqual(idsOf(added(same, 'weights', weights, planned)), ['both', 'weights 0.3:0.7']);
});

test('every task needs a weight from 0 up', () => {
  const text = spec({ arms: [{ id: 'joint' }] });
  for (const wrong of [
    [['kind', 1]],
    [
      ['kind', 1],
      ['size', -1],
    ],
    [
      ['kind', NaN],
      ['size', 1],
    ],
    [
      ['kind', 1],
      ['size', 1],
      ['more', 1],
    ],
    [
      ['kind', 1],
      ['size', Infinity],
    ],
  ] as const)
    // prettier-ignore
    assert.match(added(text, 'weights', new Map<string, number>(wrong)), /^refused: Every task needs a weight/);
  assert.match(added(text, 'weights', new Map([['kind', 0], ['size', 1]])), /"\/weights\/kind": 0,/); // prettier-ignore
});
