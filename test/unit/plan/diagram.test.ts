import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import DOMPurify from 'dompurify';
import mermaid from 'mermaid';
import { diagramOf, nodeAtPointer, pointerOfNode } from '../../../src/plan/index.ts';
import type { DataFacts, Diagram } from '../../../src/plan/plan.ts';
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
  // oxlint-disable-next-line typescript/no-deprecated
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

describe('nodes and edges by hand', () => {
  const dense = (units: number): object => ({ type: 'dense', units });
  const task = (input: unknown, target: unknown = 'mass', more: object = {}): object => ({
    ...{ type: 'regression', target, input },
    ...more,
  });
  const drawn = (parts: object): Diagram =>
    diagramOf(planText(specText({ weights: {}, ...parts }), table, true).plan, 'en');
  const labels = (diagram: Diagram, kind: string): readonly (readonly string[])[] =>
    diagram.nodes.filter((node) => node.kind === kind).map(({ label }) => label);

  test('a block of six layers is whole; of more the middle is counted, the last one stays', () => {
    const layersOf = (count: number): readonly string[] => {
      const layers = Array.from({ length: count }, (_, index) => dense(index + 1));
      const [label = []] = labels(drawn({ network: { trunk: { input: 'measures', layers } } }), 'block');
      return label.slice(1, -1);
    };
    assert.deepEqual(layersOf(6), ['dense 1', 'dense 2', 'dense 3', 'dense 4', 'dense 5', 'dense 6']);
    assert.deepEqual(layersOf(7), ['dense 1', 'dense 2', 'dense 3', 'dense 4', '… 2 more layers', 'dense 7']);
    assert.deepEqual(layersOf(20).slice(3), ['dense 4', '… 15 more layers', 'dense 20']);
    const layers = [1, 2, 3, 4].map(dense);
    const mixed = drawn({ network: { trunk: { input: 'measures', layers, sharing: { type: 'mmoe', experts: 1 } } } });
    assert.deepEqual(labels(mixed, 'part')[0], ['expert 0', 'dense 1', '… 2 more layers', 'dense 4', '33 parameters']);
    assert.deepEqual(labels(mixed, 'block')[0]?.slice(0, 2), ['trunk', 'mmoe']);
  });

  test('labels say what each node is', () => {
    const diagram = drawn({
      network: { trunk: { input: 'measures', layers: [dense(8)] } },
      tasks: { mass: task('trunk', ['a', 'b', 'c', 'mass', 'id']), other: task('trunk', ['mass', 'kind', 'id', 'b']) },
      weights: { mass: 0.25, other: 2 },
    });
    assert.deepEqual(labels(diagram, 'input'), [['measures', 'number [3]']]);
    assert.deepEqual(labels(diagram, 'block'), [['trunk', 'dense 8', '[8] · 32 parameters']]);
    assert.deepEqual(labels(diagram, 'task')[0], ['mass', 'dense 5', '45 parameters']);
    assert.deepEqual(labels(diagram, 'prediction'), [['a, b, c, mass, …', 'regression [5]'], ['mass, kind, id, b', 'regression [4]']]); // prettier-ignore
    assert.deepEqual(labels(diagram, 'total'), [['Total loss', 'weighted sum of the task losses']]);
    assert.deepEqual(diagram.edges.map(({ label }) => label).filter((label) => label !== ''), ['× 0.25', '× 2']); // prettier-ignore
    const unknown = drawn({ tasks: { kind: { type: 'classification', target: 'kind', input: 'trunk' } } });
    assert.deepEqual(labels(unknown, 'task')[0], ['kind', 'dense ?', '? parameters']);
  });

  test('what one task alone reaches has its color, what several reach is shared, what none reaches has neither', () => {
    const diagram = drawn({
      data: { source: 't.csv', inputs: { x: { type: 'number', from: 'a' }, y: { type: 'number', from: 'b' }, z: { type: 'number', from: 'c' } } },
      network: { trunk: { input: 'x', layers: [dense(2)] }, own: { input: ['trunk', 'y'], layers: [dense(2)] }, idle: { input: 'z', layers: [dense(2)] } },
      tasks: { one: task('trunk', 'kind'), two: task(['own', 'task:one'], 'mass', { stopGradient: true }) },
    }); // prettier-ignore
    const colors = diagram.nodes.map(({ kind, name, shared, task: color }) => `${kind} ${name} ${String(shared)} ${String(color)}`); // prettier-ignore
    assert.deepEqual(colors, [
      'input x true null',
      'input y false 1',
      'input z false null',
      'block trunk true null',
      'block own false 1',
      'block idle false null',
      'task one false 0',
      'task two false 1',
      'prediction one false 0',
      'prediction two false 1',
      'total total true null',
    ]);
    const named = new Map(diagram.nodes.map(({ id, kind, name }) => [id, `${kind} ${name}`]));
    const edges = diagram.edges.map(({ from, to, shared, task: color }) => `${named.get(from) ?? ''} → ${named.get(to) ?? ''} ${String(shared)} ${String(color)}`); // prettier-ignore
    assert.deepEqual(edges, [
      'input x → block trunk true null',
      'block trunk → block own false 1',
      'input y → block own false 1',
      'input z → block idle false null',
      'block trunk → task one false 0',
      'block own → task two false 1',
      'prediction one → task two false 1',
      'task one → prediction one false 0',
      'task two → prediction two false 1',
      'prediction one → total total false 0',
      'prediction two → total total false 1',
    ]);
    assert.deepEqual(diagram.nodes.map(({ id }) => id), diagram.nodes.map((_, index) => `n${index}`)); // prettier-ignore
    assert.equal(diagram.description, '3 inputs, 3 blocks of which 1 shared, 2 tasks (one, two)');
    assert.equal(diagram.title, 'Task mapping');
    // Only the edge of the cut prediction is dotted.
    assert.equal(diagram.mermaid.split('-.->').length, 2);
    assert.match(diagram.mermaid, /n8 -\.-> n7\n/);
  });

  test('an input that a task reads itself counts for that task', () => {
    const inputs = { x: { type: 'number', from: 'a' }, y: { type: 'number', from: 'b' } };
    const diagram = drawn({
      data: { source: 't.csv', inputs },
      network: { trunk: { input: 'x', layers: [dense(2)] } },
      tasks: { one: task(['trunk', 'y'], 'kind'), two: task('x') },
    });
    const [x, y] = diagram.nodes;
    assert.deepEqual([x?.shared, x?.task, y?.shared, y?.task], [true, null, false, 0]);
  });
});
