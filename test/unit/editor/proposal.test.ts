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
} from '../../../src/editor/proposal.ts';

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
