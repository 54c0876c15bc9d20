/** Every kind of node and edge has its own form in Mermaid's text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mermaidText, type DrawnEdge, type DrawnNode } from '../../../src/plan/mermaid.ts';
import type { DiagramEdge, DiagramNode } from '../../../src/plan/plan.ts';

const drawn = (id: string, more: Partial<DiagramNode>, ...lines: string[]): DrawnNode => ({
  node: { id, kind: 'part', shared: false, ...more } as DiagramNode,
  lines: (lines.length === 0 ? ['l'] : lines).map((text) => ({ text, encoded: text })),
});
const edge = (more: Partial<DiagramEdge>, cut = false): DrawnEdge => ({
  edge: { from: 'a', to: 'b', label: '', shared: false, ...more } as DiagramEdge,
  cut,
});
const linesOf = (nodes: readonly DrawnNode[], edges: readonly DrawnEdge[] = []): string[] =>
  mermaidText({ title: 't', description: 'd', direction: 'TB', frames: [] }, nodes, edges).split('\n').slice(3, -1).map((line) => line.slice(2)); // prettier-ignore

test('the title is a name, the description a phrase', () => {
  const text = mermaidText({ title: 'a-b', description: 'a-b', direction: 'TB', frames: [] }, [], []);
  assert.equal(text, 'graph TB\n  accTitle: a#45;b\n  accDescr: a-b\n  classDef shared stroke-width:3px\n');
});

test('each kind of node has its shape', () => {
  const shapes = {
    input: '[/"l"/]',
    block: '["l"]',
    part: '[["l"]]',
    task: '("l")',
    prediction: '(["l"])',
    total: '{{"l"}}',
  };
  for (const [kind, shape] of Object.entries(shapes)) {
    assert.deepEqual(linesOf([drawn('n', { kind: kind as DiagramNode['kind'] })])[0], `n${shape}`);
  }
});

test('each part of a sharing mechanism has the shape of what it does', () => {
  const shapes = {
    expert: '[["l"]]',
    column: '[["l"]]',
    trunk: '[["l"]]',
    gate: '[\\"l"/]',
    mixture: '[\\"l"/]',
    unit: '{{"l"}}',
    attention: '>"l"]',
  };
  for (const [role, shape] of Object.entries(shapes)) {
    const of = (shared: boolean): string | undefined => linesOf([drawn('n', { role: role as never, shared })])[0];
    assert.equal(of(false), `n${shape}`);
    // Convolutions that all tasks go through are layers; whatever else is shared keeps its shape.
    assert.equal(of(true), role === 'attention' ? 'n[["l"]]' : `n${shape}`, role);
  }
});

test('lines of a label follow each other, as they are encoded', () => {
  const { node } = drawn('n', { kind: 'block' });
  const lines = [{ text: 'a-b', encoded: 'a#45;b' }, { text: 'c', encoded: 'c' }]; // prettier-ignore
  assert.equal(linesOf([{ node, lines }])[0], 'n["a#45;b<br/>c"]');
});

test('an edge is thick for several tasks, thin for one, dotted where no gradient flows; its label is a phrase', () => {
  const [thin, thick, dotted, cut, labeled] = linesOf(
    [],
    [edge({}), edge({ shared: true }), edge({}, true), edge({ shared: true }, true), edge({ label: '8×8|"', shared: true })], // prettier-ignore
  );
  assert.deepEqual([thin, thick, dotted, cut], ['a --> b', 'a ==> b', 'a -.-> b', 'a -.-> b']);
  assert.equal(labeled, 'a ==>|"8×8#124;#34;"| b');
});

test('classes are those of the kind, of what is shared and of each task, without the empty ones', () => {
  const nodes = [
    drawn('i', { kind: 'input', shared: true }),
    drawn('b', { kind: 'block', shared: true }),
    drawn('x', { kind: 'task', task: 2 }),
    drawn('y', { kind: 'task', task: 0 }),
    drawn('p', { kind: 'prediction', task: 2 }),
  ];
  assert.deepEqual(linesOf(nodes).slice(nodes.length), [
    'classDef shared stroke-width:3px',
    'class i input',
    'class b block',
    'class x,y task',
    'class p prediction',
    'class i,b shared',
    'class y task0',
    'class x,p task2',
  ]);
});
