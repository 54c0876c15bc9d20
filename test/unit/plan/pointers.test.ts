// JSON Pointers by RFC 6901, and which node of the picture stands for a place in the text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin, nodeAtPointer, pointerOfNode, pointerTo } from '../../../src/plan/pointers.ts';
import type { Diagram, DiagramNode, DiagramNodeKind } from '../../../src/plan/plan.ts';

test('segments are joined by slashes; "~" and "/" in a name are written ~0 and ~1', () => {
  assert.equal(pointerTo(), '');
  assert.equal(pointerTo('network', 'trunk', 'layers', 0), '/network/trunk/layers/0');
  assert.equal(pointerTo('a/b', '~x', ''), '/a~1b/~0x/');
});

test('what lies within: the place itself and what is below, not a longer name', () => {
  assert.equal(isWithin('/a/b', '/a/b'), true);
  assert.equal(isWithin('/a/b/0/c', '/a/b'), true);
  assert.equal(isWithin('/a/bc', '/a/b'), false);
  assert.equal(isWithin('/a', '/a/b'), false);
  assert.equal(isWithin('/x/a/b', '/a/b'), false);
});

const node = (id: string, kind: DiagramNodeKind, name: string, pointer: string | null): DiagramNode => ({
  ...{ id, kind, name, pointer },
  ...{ shared: false, task: null, label: [], spoken: [] },
});
const diagramWith = (...nodes: DiagramNode[]): Diagram => ({
  ...{ title: '', description: '', mermaid: '', note: '', direction: 'TB', frames: [], groups: [], edges: [] },
  nodes,
});
const diagram = diagramWith(
  node('n0', 'prediction', 'mass', '/tasks/mass/target'),
  node('n1', 'block', 'trunk', '/network/trunk'),
  node('n2', 'part', 'trunk/experts/0', '/network/trunk'),
  node('n3', 'task', 'mass', '/tasks/mass'),
  node('n4', 'task', 'kind', '/tasks/kind'),
  node('n5', 'prediction', 'kind', '/tasks/kind/target'),
  node('n6', 'total', 'total', null),
);

test('the deepest node whose text holds the place, whatever their order; of a block and its parts the block', () => {
  const at = (pointer: string): string | undefined => nodeAtPointer(diagram, pointer)?.id;
  assert.equal(at('/tasks/mass/target/0'), 'n0');
  assert.equal(at('/tasks/mass/input'), 'n3');
  assert.equal(at('/tasks/kind/target'), 'n5');
  assert.equal(at('/tasks/kind'), 'n4');
  assert.equal(at('/network/trunk/layers/3/units'), 'n1');
  assert.equal(nodeAtPointer(diagram, '/training'), null);
  assert.equal(nodeAtPointer(diagram, ''), null);
});

test('a weight stands for the prediction of its task, any other place in "weights" for the total', () => {
  const at = (pointer: string): string | undefined => nodeAtPointer(diagram, pointer)?.id;
  assert.equal(at('/weights/mass'), 'n0');
  assert.equal(at('/weights/kind'), 'n5');
  // A block of that name has no weight.
  assert.equal(at('/weights/trunk'), 'n6');
  assert.equal(at('/weights'), 'n6');
  assert.equal(nodeAtPointer(diagramWith(node('n0', 'task', 'a', '/tasks/a')), '/weights/a'), null);
});

test('the place of a node, and none of the total or of what is not there', () => {
  assert.equal(pointerOfNode(diagram, 'n4'), '/tasks/kind');
  assert.equal(pointerOfNode(diagram, 'n6'), null);
  assert.equal(pointerOfNode(diagram, 'n7'), null);
});
