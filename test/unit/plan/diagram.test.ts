import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import DOMPurify from 'dompurify';
import mermaid from 'mermaid';
import { diagramOf, nodeAtPointer, pointerOfNode } from '../../../src/plan/index.ts';
import type { DataFacts, Diagram } from '../../../src/plan/types.ts';
import { header, planText, specText, table } from './helpers.ts';

const golden = (name: string): URL => new URL(`../../golden/mermaid/${name}.mmd`, import.meta.url);
const example = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url)), 'utf8');

interface Picture {
  readonly name: string;
  readonly source: string;
  readonly facts: DataFacts;
  readonly locale: 'en' | 'zh-cn';
}

const boxes = header([], { images: [28, 28], label: [], edge_box: [4], box: [4] });
const penguins: DataFacts = {
  ...header([
    ...['species', 'island', 'beak_length_mm', 'beak_depth_mm', 'flipper_length_mm', 'body_mass_g', 'sex', 'year'],
    ...['bill_length_mm', 'bill_depth_mm'],
  ]),
  inputShapes: new Map([
    ['measures', [3]],
    ['island', [5]],
  ]),
  classes: new Map([
    ['species', ['Adelie', 'Chinstrap', 'Gentoo']],
    ['sex', ['female', 'male']],
  ]),
};
const deep = specText({
  network: {
    trunk: {
      input: 'measures',
      layers: [4, 5, 6, 7, 8, 9, 10, 11].map((units) => ({ type: 'dense', units, activation: 'tanh' })),
    },
    private: { input: ['trunk', 'measures'], layers: [{ type: 'dropout', rate: 0.5 }] },
  },
  tasks: {
    kind: { type: 'classification', target: 'kind', input: 'trunk', layers: [{ type: 'dense', units: 3 }] },
    mass: { type: 'regression', target: ['mass', 'id'], input: ['private', 'task:kind'] },
    cut: { type: 'regression', target: 'mass', input: ['trunk', 'task:kind'], stopGradient: true },
  },
  weights: { kind: 0.5, mass: 1, cut: 0 },
});

const pictures: readonly Picture[] = [
  { name: 'article', source: example('digits/article.mtl.json'), facts: boxes, locale: 'zh-cn' },
  { name: 'penguins', source: example('penguins/penguins.mtl.json'), facts: penguins, locale: 'en' },
  { name: 'task-on-task', source: deep, facts: table, locale: 'en' },
];

interface MermaidDiagram {
  readonly db: {
    getVertices(): ReadonlyMap<string, { readonly text: string }>;
    getEdges(): readonly { readonly start: string; readonly end: string; readonly stroke: string }[];
  };
}

/** Mermaid's own reading. It cleans labels with DOMPurify, which needs a page: here the labels are only looked at. */
async function parsed(diagram: Diagram): Promise<MermaidDiagram> {
  await mermaid.parse(diagram.mermaid);
  // The new names give no access to what was read.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return (await mermaid.mermaidAPI.getDiagramFromText(diagram.mermaid)) as unknown as MermaidDiagram;
}

before(() => {
  Object.assign(DOMPurify, { sanitize: (text: string) => text, addHook: () => undefined });
});

for (const { name, source, facts, locale } of pictures) {
  test(`${name}: the Mermaid text is the golden one`, async () => {
    const diagram = diagramOf(planText(source, facts, true).plan, locale);
    // UPDATE_GOLDEN=1 writes the files anew: look at the difference before committing it.
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden(name), diagram.mermaid);
    assert.equal(diagram.mermaid, readFileSync(golden(name), 'utf8'));
    await checkAgainstMermaid(diagram);
  });
}

/** Nodes and edges that Mermaid reads are those that the diagram lists. */
async function checkAgainstMermaid(diagram: Diagram): Promise<void> {
  const { db } = await parsed(diagram);
  assert.deepEqual(
    [...db.getVertices().keys()],
    diagram.nodes.map((node) => node.id),
  );
  assert.deepEqual(
    db.getEdges().map((edge) => [edge.start, edge.end]),
    diagram.edges.map((edge) => [edge.from, edge.to]),
  );
}

const hostile = [
  '`; alert(1)',
  '%%{init: {"theme": "dark"}}%%',
  '$$x^2$$',
  '"quoted"',
  '"]; click n0 "javascript:alert(1)"',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</svg><b>',
  '**bold** _it_ ~~gone~~',
  '# heading',
  '1. item',
  '- item',
  '[link](http://example.com)',
  'http://example.com',
  'end',
  'subgraph one',
  'graph TB',
  'style n0 fill:#f00;',
  'classDef a fill:#f00;',
  'linkStyle 0 stroke:#f00;',
  'click n0 href "x"',
  'n0 --> n1',
  'a & b',
  '&lt;b&gt;',
  '&#96;',
  '#96;',
  '#quot;',
  'ﬂ°°96¶ß',
  '%% comment',
  '---',
  '===',
  '{{hexagon}}',
  '((circle))',
  '|pipe|',
  '/slash/',
  '\\backslash\\',
  'fa:fa-user',
  ':::class',
  '@{ shape: circle }',
  'a;b',
  'a  b',
  'toString',
  'hasOwnProperty',
  '你好，世界',
  '多任务 学习',
  'emoji 🧪',
  '٣ عربي',
  "it's",
  '~0/~1',
  'accTitle: x',
];

test('50 hostile names: one statement a line, ids alone, and Mermaid finds as many nodes as there are', async () => {
  assert.equal(new Set(hostile).size, 50);
  const named = (wrap: (name: string, index: number) => unknown): Record<string, unknown> =>
    Object.fromEntries(hostile.map((name, index) => [name, wrap(name, index)]));
  const source = specText({
    name: hostile.join(' '),
    data: { source: 'table.csv', inputs: { measures: { type: 'number', from: ['a', 'b', 'c'] } } },
    network: named(() => ({ input: 'measures', layers: [{ type: 'dense', units: 2, name: 'x"y`' }] })),
    tasks: named((name) => ({ type: 'regression', target: 'mass', input: [name] })),
    weights: {},
  });
  for (const locale of ['en', 'zh-cn'] as const) {
    const { plan, problems } = planText(source, table);
    assert.deepEqual(problems, []);
    const diagram = diagramOf(plan, locale);
    const statement =
      /^(?:graph TB| {2}(?:acc(?:Title|Descr): [^\n"`{}<>]*|n\d+(?:\[\/|\[|\(\[|\(|\{\{)"[^"`{}<>%$*_~&@\\|]*(?:<br\/>[^"`{}<>%$*_~&@\\|]*)*"(?:\/\]|\]\)|\]|\)|\}\})|n\d+ (?:-->|==>|-\.->)(?:\|"[^"]*"\|)? n\d+|classDef shared stroke-width:3px|class (?:n\d+,?)+ [a-z]+\d*))$/u;
    for (const line of diagram.mermaid.trimEnd().split('\n')) assert.match(line, statement);
    assert.equal(diagram.nodes.length, 1 + 50 * 3 + 1);
    assert.deepEqual(
      diagram.nodes.filter((node) => node.kind === 'task').map((node) => node.name),
      hostile,
    );
    await checkAgainstMermaid(diagram);
  }
});

test('edges say shared or not, cut or not, and carry the weights', () => {
  const diagram = diagramOf(planText(deep, table, true).plan, 'en');
  const id = (kind: string, name: string): string =>
    diagram.nodes.find((node) => node.kind === kind && node.name === name)?.id ?? '';
  const edge = (from: string, to: string) => diagram.edges.find((one) => one.from === from && one.to === to);
  assert.equal(edge(id('input', 'measures'), id('block', 'trunk'))?.shared, true);
  assert.equal(edge(id('block', 'trunk'), id('task', 'kind'))?.task, 0);
  assert.equal(edge(id('prediction', 'mass'), id('total', 'total'))?.label, '× 1');
  assert.match(diagram.mermaid, new RegExp(`${id('prediction', 'kind')} -\\.-> ${id('task', 'cut')}\n`));
});

test('from the text to the node and back', () => {
  const diagram = diagramOf(planText(specText(), table).plan, 'en');
  const at = (pointer: string): string | undefined => {
    const node = nodeAtPointer(diagram, pointer);
    return node === null ? undefined : `${node.kind} ${node.name}`;
  };
  assert.equal(at('/data/inputs/measures/from/1'), 'input measures');
  assert.equal(at('/network/trunk/layers/0/units'), 'block trunk');
  assert.equal(at('/tasks/kind/input'), 'task kind');
  assert.equal(at('/tasks/kind/target'), 'prediction kind');
  assert.equal(at('/weights/mass'), 'prediction mass');
  assert.equal(at('/weights'), 'total total');
  assert.equal(at('/training/seed'), undefined);
  assert.equal(at('/network/trunkk'), undefined);
  for (const node of diagram.nodes) assert.equal(pointerOfNode(diagram, node.id), node.pointer);
  assert.equal(pointerOfNode(diagram, 'n99'), null);
});
