import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MergedNode } from '../../../../src/experiment/networks/merge.ts';
import { layoutOf, shortened } from '../../../../webview/experiment/network-layout.ts';

const node = (name: string, rank: number, lines: readonly string[] = [name]): MergedNode => ({
  ...{ key: `block:${name}`, kind: 'block', name, side: 'both', first: lines, second: lines, rank },
});

test('a row a rank, nodes beside each other without touching, all within the picture', () => {
  const nodes = [node('a', 0), node('b', 2, ['b', '1', '2']), node('c', 2), node('d', 5)];
  const { width, height, nodes: placed } = layoutOf({ nodes, edges: [] });
  const at = new Map(placed.map((one) => [one.node.name, one]));
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => at.get(name));
  assert.ok(a && b && c && d);
  assert.equal(b.y, c.y);
  assert.equal(b.height, c.height, 'as high as the highest of the row');
  assert.ok(b.x + b.width < c.x);
  assert.ok(a.y + a.height < b.y && b.y + b.height < d.y);
  assert.equal(a.x + a.width / 2, width / 2);
  for (const one of placed) assert.ok(one.x >= 12 && one.y >= 12 && one.x + one.width <= width - 12 + 1e-9 && one.y + one.height <= height - 12 + 1e-9); // prettier-ignore
});

test('what only the second has shows its own lines; long lists and lines are cut, and that is seen', () => {
  const own: MergedNode = { ...node('x', 0), first: [], second: ['x', '1', '2', '3', '4', '5'], side: 'second' };
  const [placed] = layoutOf({ nodes: [own], edges: [] }).nodes;
  assert.deepEqual(placed?.lines, ['x', '1', '2', '3', '…']);
  assert.equal(layoutOf({ nodes: [node('x', 0, ['x', '1', '2', '3', '4'])], edges: [] }).nodes[0]?.lines.length, 5);
  assert.equal(shortened('a'.repeat(25)), 'a'.repeat(25));
  assert.equal(shortened('a'.repeat(26)), `${'a'.repeat(25)}…`);
  assert.equal(shortened('任'.repeat(13)), `${'任'.repeat(12)}…`);
});

test('nothing is nothing', () => {
  assert.deepEqual(layoutOf({ nodes: [], edges: [] }), { width: 24, height: 24, nodes: [] });
});

test('places by hand: a line is 15 high, boxes are 164 wide, 22 beside and 44 above each other', () => {
  const nodes = [node('below', 3), node('left', 1), node('right', 1, ['right', 'dense 8'])];
  const { width, height, nodes: placed } = layoutOf({ nodes, edges: [] });
  assert.deepEqual([width, height], [12 + 164 + 22 + 164 + 12, 12 + (2 * 15 + 18) + 44 + (15 + 18) + 12]);
  assert.deepEqual(
    placed.map(({ node: { name }, x, y, width: own, height: high }) => [name, x, y, own, high]),
    [
      ['left', 12, 12, 164, 48],
      ['right', 198, 12, 164, 48],
      ['below', 105, 104, 164, 33],
    ],
  );
});

test('what both have shows the lines of the first; Chinese characters count twice, others once', () => {
  const both: MergedNode = { ...node('x', 0), first: ['a'], second: ['b'] };
  assert.deepEqual(layoutOf({ nodes: [both], edges: [] }).nodes[0]?.lines, ['a']);
  const five = ['1', '2', '3', '4', '5'];
  assert.deepEqual(layoutOf({ nodes: [node('x', 0, five)], edges: [] }).nodes[0]?.lines, five);
  assert.equal(shortened('\u2e7f'.repeat(25)), '\u2e7f'.repeat(25));
  assert.equal(shortened('\u2e80'.repeat(13)), `${'\u2e80'.repeat(12)}…`);
});
