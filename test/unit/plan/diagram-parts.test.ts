// Parts of sharing mechanisms in the picture: what is drawn as one, what it is called, and which edges there are.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drawnParts, partEdges, partKeys, partName, partTitle } from '../../../src/plan/diagram-parts.ts';
import type { PartRole, PlanBlock, PlanPart } from '../../../src/plan/plan.ts';

const part = (id: string, role: PartRole, more: Partial<PlanPart> = {}): PlanPart => ({
  ...{ id, role, label: 'L', reads: ['input'], operation: { kind: 'join' }, weights: [], path: `t/${id}`, layers: [] },
  ...{ outputShape: [4], parameters: 5, trainable: 5, tasks: ['a'] },
  ...more,
});
const block = (...parts: PlanPart[]): PlanBlock =>
  ({ name: 't', tasks: ['a', 'b'], sharing: { type: 'mmoe', parts, outputs: new Map() } }) as unknown as PlanBlock;

const flat = part('flat', 'gate', { parameters: 0 });
const expert = part('experts/0', 'expert', { tasks: ['a', 'b'] });
const gate = part('gates/a', 'gate', { reads: ['flat'] });
const mixture = part('mixtures/a', 'mixture', { reads: ['gates/a', 'experts/0'], drawnWith: 'gates/a' });
const again = part('again/0', 'expert', { reads: ['input'], layersOf: 'experts/0', tasks: ['b'] });
const whole = block(expert, flat, gate, mixture, again);

describe('what is drawn', () => {
  test('are parts that do something themselves: not what only flattens, goes with a gate, or is used again', () => {
    assert.deepEqual(drawnParts(whole).map(({ id }) => id), ['experts/0', 'gates/a']); // prettier-ignore
    assert.deepEqual(drawnParts({ ...whole, sharing: undefined } as unknown as PlanBlock), []);
    // A gate without weights that chooses, and a layer without weights that is no gate, are drawn.
    const selector = part('s', 'gate', { parameters: 0, operation: { kind: 'choice' } });
    const plain = part('p', 'column', { parameters: 0 });
    assert.deepEqual(drawnParts(block(selector, plain)).map(({ id }) => id), ['s', 'p']); // prettier-ignore
  });

  test('are at most eighty; more are the block alone', () => {
    const many = (count: number): PlanBlock =>
      block(...Array.from({ length: count }, (_, index) => part(String(index), 'expert')));
    assert.equal(drawnParts(many(80)).length, 80);
    assert.equal(drawnParts(many(81)).length, 0);
    assert.equal(partKeys(many(81))('3'), 'block:t');
    const linked = Array.from({ length: 81 }, (_, index) => part(String(index), 'expert'));
    const none = block(...linked, part('x', 'mixture', { drawnWith: '3' }));
    assert.equal(partKeys(none)('x'), 'block:t');
    assert.deepEqual(partEdges(none, none.sharing ?? assert.fail()), []);
  });

  test('stand for what is drawn with them, the block for its input', () => {
    const key = partKeys(whole);
    assert.deepEqual(['experts/0', 'gates/a', 'mixtures/a', 'again/0', 'flat', 'input', 'nowhere'].map(key), ['part:t/experts/0', 'part:t/gates/a', 'part:t/gates/a', 'part:t/experts/0', 'block:t', 'block:t', 'block:t']); // prettier-ignore
    assert.equal(partName('t', 'experts/0'), 't/experts/0');
  });
});

test('each edge is there once, with the tasks whose gradients flow along it', () => {
  assert.deepEqual(partEdges(whole, whole.sharing ?? assert.fail()), [
    { from: 'block:t', to: 'part:t/experts/0', tasks: ['a', 'b'] },
    { from: 'block:t', to: 'part:t/gates/a', tasks: ['a'] },
    { from: 'part:t/experts/0', to: 'part:t/gates/a', tasks: ['a'] },
  ]);
  // Along one stream only its own tasks flow back, though the layers are everybody's.
  const column = part('columns/a', 'column', { tasks: ['a', 'c'] });
  const shared = part('shared', 'expert', { reads: ['columns/a'], tasks: ['a', 'b', 'c'] });
  const two = block(column, shared);
  assert.deepEqual(partEdges(two, two.sharing ?? assert.fail()), [
    { from: 'block:t', to: 'part:t/columns/a', tasks: ['a'] },
    { from: 'part:t/columns/a', to: 'part:t/shared', tasks: ['a', 'c'] },
  ]);
});

test('each part is called by what it does', () => {
  const title = (...given: Parameters<typeof part>): readonly string[] => partTitle(part(...given), 'en');
  assert.deepEqual(title('x', 'expert'), ['expert L']);
  assert.deepEqual(title('x', 'gate', { outputShape: [2, 7] }), ['gate of L', 'softmax over 7 experts']);
  assert.deepEqual(title('x', 'gate', { outputShape: [5] }), ['gate of L', 'softmax over 5 experts']);
  const codes = [[0], [1]];
  const operation = { kind: 'selector', codes, selected: 1, gamma: 1, entropy: 0 } as const;
  assert.deepEqual(title('x', 'gate', { operation }), ['gate of L', 'selects 1 of 2 experts']);
  assert.deepEqual(title('x', 'column'), ['column of L']);
  assert.deepEqual(title('x', 'unit', { operation: { kind: 'stitch', first: [] } }), ['unit of L']);
  assert.deepEqual(title('x', 'unit', { operation: { kind: 'choice' } }), ['branch of L']);
  assert.deepEqual(title('x', 'trunk'), ['trunk, stage L']);
  assert.deepEqual(title('masks/0/a', 'attention'), ['attention mask of L']);
  assert.deepEqual(title('convolutions/1', 'attention'), ['attention, stage L']);
  assert.deepEqual(title('x', 'mixture'), ['L']);
  assert.deepEqual(partTitle(part('x', 'expert'), 'zh-cn'), ['专家 L']);
});
