import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import {
  equalWeights,
  inputTypeFor,
  looksLikeId,
  specText,
  typesFor,
  type ColumnIdea,
} from '../../../../src/editor/create/proposal.ts';

const column = (name: string, more: Partial<ColumnIdea> = {}): ColumnIdea => ({
  name,
  kind: 'number',
  shape: [],
  dtype: 'text',
  distinct: 100,
  ...more,
});
const comments = { head: 'head', inputs: 'inputs', network: 'network', weights: 'weights' };

test('target types by what a column holds', () => {
  assert.deepEqual(typesFor(column('species', { kind: 'category', distinct: 3 })), ['classification']);
  assert.deepEqual(typesFor(column('mass')), ['regression']);
  assert.deepEqual(typesFor(column('label', { dtype: 'uint8', distinct: 10 })), ['classification', 'regression']);
  assert.deepEqual(typesFor(column('rate', { dtype: 'float32', distinct: 10 })), ['regression', 'classification']);
  assert.deepEqual(typesFor(column('box', { kind: 'array', shape: [4] })), ['box', 'regression']);
  assert.deepEqual(typesFor(column('images', { kind: 'array', shape: [28, 28] })), []);
  assert.deepEqual(typesFor(column('comment', { kind: 'text' })), []);
  assert.deepEqual(typesFor(column('nothing', { kind: 'empty' })), []);
});

test('input types by what a column holds', () => {
  assert.equal(inputTypeFor(column('a')), 'number');
  assert.equal(inputTypeFor(column('b', { kind: 'category' })), 'category');
  assert.equal(inputTypeFor(column('c', { kind: 'array', shape: [28, 28] })), 'image');
  assert.equal(inputTypeFor(column('d', { kind: 'array', shape: [32, 32, 3] })), 'image');
  assert.equal(inputTypeFor(column('e', { kind: 'array', shape: [9] })), 'number');
  assert.equal(inputTypeFor(column('f', { kind: 'array', shape: [2, 2] })), undefined);
  assert.equal(inputTypeFor(column('g', { kind: 'text' })), undefined);
});

test('identifiers are not proposed as inputs', () => {
  assert.equal(looksLikeId(column('ID'), 10), true);
  assert.equal(looksLikeId(column('mass'), 10), false);
});

test('a proposal is JSON with comments that names inputs, trunk, tasks and weights', () => {
  const text = specText(
    {
      name: 'digits',
      source: 'mnist.npz',
      inputs: [
        column('images', { kind: 'array', shape: [28, 28] }),
        column('a'),
        column('b'),
        column('c', { kind: 'category' }),
      ],
      targets: [
        { column: column('label'), type: 'classification' },
        { column: column('box', { kind: 'array', shape: [4], range: { min: 0, max: 27 } }), type: 'box' },
        { column: column('trunk'), type: 'regression' },
      ],
    },
    comments,
  );
  const spec: unknown = parse(text);
  assert.deepEqual(spec, {
    version: 1,
    name: 'digits',
    data: {
      source: 'mnist.npz',
      inputs: {
        images: { type: 'image', from: 'images' },
        numbers: { type: 'number', from: ['a', 'b'] },
        c: { type: 'category', from: 'c' },
      },
      split: { train: 0.7, validation: 0.15, test: 0.15 },
    },
    network: {
      'images features': {
        input: 'images',
        layers: [
          { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' },
          { type: 'maxPooling2d', poolSize: 2 },
          { type: 'flatten' },
        ],
      },
      trunk: {
        input: ['images features', 'numbers', 'c'],
        layers: [{ type: 'dense', units: 64, activation: 'relu' }],
      },
    },
    tasks: {
      label: { type: 'classification', target: 'label', input: 'trunk' },
      box: { type: 'box', target: 'box', input: 'trunk', scale: 'pixels' },
      trunk: { type: 'regression', target: 'trunk', input: 'trunk' },
    },
    weights: { label: 0.3333, box: 0.3334, trunk: 0.3333 },
    training: { epochs: 50, batchSize: 32, learningRate: 0.001, seed: 42 },
  });
});

test('the text is laid out: an entry a line, layers one a line, two spaces a level', () => {
  const image = column('pixels', { kind: 'array', shape: [8, 8] });
  const targets = [{ column: column('kind', { kind: 'category', distinct: 3 }), type: 'classification' }] as const;
  const text = specText({ name: 'a', source: 'b.npz', inputs: [image, column('age')], targets }, comments);
  const expected = `// head
{
  "version": 1,
  "name": "a",
  "data": {
    "source": "b.npz",
    // inputs
    "inputs": {
      "pixels": { "type": "image", "from": "pixels" },
      "numbers": { "type": "number", "from": ["age"] }
    },
    "split": { "train": 0.7, "validation": 0.15, "test": 0.15 }
  },
  // network
  "network": {
    "pixels features": { "input": "pixels", "layers": [
      { "type": "conv2d", "filters": 16, "kernelSize": 3, "padding": "same", "activation": "relu" },
      { "type": "maxPooling2d", "poolSize": 2 },
      { "type": "flatten" }
    ] },
    "trunk": { "input": ["pixels features", "numbers"], "layers": [
      { "type": "dense", "units": 64, "activation": "relu" }
    ] }
  },
  "tasks": {
    "kind": { "type": "classification", "target": "kind", "input": "trunk" }
  },
  // weights
  "weights": {
    "kind": 1
  },
  "training": { "epochs": 50, "batchSize": 32, "learningRate": 0.001, "seed": 42 }
}
`;
  assert.equal(text, expected);
});

test('hostile column names stay data', () => {
  const hostile = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(fc.uniqueArray(hostile, { minLength: 2, maxLength: 6 }), (names) => {
      const [first = '', ...rest] = names;
      const text = specText(
        {
          name: first,
          source: 'data.csv',
          inputs: [column(first, { kind: 'category' })],
          targets: rest.map((name) => ({ column: column(name), type: 'regression' })),
        },
        comments,
      );
      const errors: unknown[] = [];
      const spec = parse(text, errors as never, { allowTrailingComma: false }) as Record<
        string,
        Record<string, unknown>
      >;
      assert.deepEqual(errors, []);
      assert.equal(Object.keys(spec['tasks'] ?? {}).length, rest.length);
      assert.equal(Object.keys(spec['weights'] ?? {}).length, rest.length);
    }),
  );
});

test('equal weights sum to one in ten-thousandths', () => {
  for (let tasks = 1; tasks <= 12; tasks++) {
    const units = equalWeights(tasks).map((weight) => Math.round(weight * 10_000));
    assert.equal(
      units.reduce((a, b) => a + b, 0),
      10_000,
    );
    assert.ok(Math.max(...units) - Math.min(...units) <= 1);
  }
});

test('which numbers are classes: few of them, whole ones up to twenty', () => {
  const first = (dtype: string, distinct: number): string | undefined => typesFor(column('x', { dtype, distinct }))[0];
  for (const dtype of ['uint8', 'int32', 'int64', 'bool']) {
    assert.deepEqual([1, 2, 20, 21].map((count) => first(dtype, count)), ['regression', 'classification', 'classification', 'regression'], dtype); // prettier-ignore
  }
  for (const dtype of ['float32', 'text', 'pointint']) {
    assert.deepEqual([2, 5, 6].map((count) => first(dtype, count)), ['classification', 'classification', 'regression'], dtype); // prettier-ignore
  }
  assert.deepEqual(typesFor(column('x', { kind: 'array', shape: [5] })), ['regression']);
});

test('what is a picture: two or three axes, four pixels at least, four channels at most', () => {
  const type = (...shape: number[]): string | undefined => inputTypeFor(column('x', { kind: 'array', shape }));
  assert.deepEqual([[4, 4], [4, 4, 4], [3, 4], [4, 3], [4, 4, 5], [4, 4, 1, 1]].map((shape) => type(...shape)), ['image', 'image', undefined, undefined, undefined, undefined]); // prettier-ignore
  assert.equal(inputTypeFor(column('x', { kind: 'empty' })), undefined);
});

test('what is a row’s name: by what it is called, or a text that is another in every row', () => {
  for (const name of ['id', ' Index ', 'ROW', 'no', 'nr', '编号', '序号'])
    assert.ok(looksLikeId(column(name), 5), name);
  for (const name of ['idle', 'my id', 'rows', 'number']) assert.ok(!looksLikeId(column(name), 5), name);
  assert.equal(looksLikeId(column('x', { kind: 'text', distinct: 5 }), 5), true);
  assert.equal(looksLikeId(column('x', { kind: 'text', distinct: 4 }), 5), false);
  assert.equal(looksLikeId(column('x', { kind: 'number', distinct: 5 }), 5), false);
});

test('names that are taken or forbidden get others, in order', () => {
  const names = ['trunk', 'task:trunk', ' trunk\u202e', '__proto__', 'constructor', 'é', 'e\u0301', 'x'.repeat(95)];
  const text = specText(
    {
      ...{ name: 'n', source: 's.csv', inputs: names.map((name) => column(name, { kind: 'category' })) },
      targets: [
        { column: column('a'), type: 'regression' },
        { column: column('box', { kind: 'array', shape: [4], range: { min: 0, max: 1.5 } }), type: 'box' },
        { column: column('other', { kind: 'array', shape: [4] }), type: 'box' },
      ],
    },
    comments,
  );
  const spec = parse(text) as {
    data: { inputs: Record<string, { from: string }> };
    network: Record<string, { input: unknown }>;
    tasks: Record<string, object>;
  };
  const inputs = ['trunk', 'trunk 2', 'trunk 3', 'column', 'column 2', 'é', 'é 2', 'x'.repeat(90)];
  assert.deepEqual(Object.keys(spec.data.inputs), inputs);
  assert.deepEqual(Object.values(spec.data.inputs).map(({ from }) => from), names); // prettier-ignore
  assert.deepEqual([Object.keys(spec.network), spec.network['trunk 4']?.input], [['trunk 4'], inputs]);
  assert.deepEqual(spec.tasks['box'], { type: 'box', target: 'box', input: 'trunk 4' }, 'in shares of the picture');
  assert.deepEqual(spec.tasks['other'], { type: 'box', target: 'other', input: 'trunk 4' });
});

test('boxes beyond 1.5 are in pixels; a name that is nothing, forbidden or a prefix is made one', () => {
  const box = (name: string, max: number) =>
    ({ column: column(name, { kind: 'array', shape: [4], range: { min: 0, max } }), type: 'box' }) as const;
  const names = ['prototype', '\u202e\u202d', 'a task:b'];
  const images = ['first', 'second'].map((name) => column(name, { kind: 'array', shape: [8, 8] }));
  const inputs = [...names.map((name) => column(name, { kind: 'category' })), ...images];
  const choice = { name: 'n', source: 's', inputs, targets: [box('two', 2), box('one', 1)] };
  const spec = parse(specText(choice, comments)) as {
    data: { inputs: object };
    network: object;
    tasks: Record<string, { scale?: string }>;
  };
  assert.deepEqual([spec.tasks['two']?.scale, spec.tasks['one']?.scale], ['pixels', undefined]);
  const known = Object.keys(spec.data.inputs);
  assert.deepEqual(known.filter((name) => !['first', 'second'].includes(name)), ['column', 'column 2', 'a task:b']); // prettier-ignore
  assert.deepEqual(Object.keys(spec.network), ['first features', 'second features', 'trunk']);
});

test('one input is named alone', () => {
  const choice = { name: 'n', source: 's', inputs: [column('a')], targets: [{ column: column('y'), type: 'regression' as const }] }; // prettier-ignore
  const spec = parse(specText(choice, comments)) as { network: { trunk: { input: unknown } } };
  assert.equal(spec.network.trunk.input, 'numbers');
});
