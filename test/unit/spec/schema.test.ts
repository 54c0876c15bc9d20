/**
 * What the tables say beyond the generated JSON Schemas: which lists hold no value twice, which keys exclude each other, which
 * names refer to what, how many there may be. Each is written down here once more, and tried on the reader.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { readSpec, readSpecValue } from '../../../src/spec/index.ts';
import { extraOf } from '../../../src/spec/schema/build.ts';
import { golden, withParts } from './golden.ts';
import { everything } from './grammar.ts';

const codes = (source: string): readonly string[] =>
  readSpec(source)
    .problems.map(({ code }) => code)
    .filter((code) => code !== 'not-available');
const training = (members: string): string => withParts({ rest: `"training": { ${members} }` });
const strategy = (written: string): string => withParts({ rest: `"strategy": ${written}` });
const task = (members: string): string => withParts({ tasks: `"t": { "target": "y", "input": "trunk", ${members} }` });

/** What has something of a kind, by what it has. */
function table(of: (schema: TSchema) => string | undefined): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const [schema, path] of everything()) {
    const one = of(schema);
    if (one !== undefined) (found[one] ??= []).push(path);
  }
  return found;
}

test('what a key refers to: completion, renaming and definitions follow it', () => {
  assert.deepEqual(
    table((schema) => extraOf(schema).refers),
    {
      file: [
        '/data/source/train/0',
        '/data/source/validation/0',
        '/data/source/test/0',
        '/data/sources/*/join/file',
        '/data/split:file/file',
        '/network/*/weightsFrom',
        '/strategy:module/module',
      ],
      column: [
        '/data/sources/*/join/by',
        '/data/inputs/*:number/from/0',
        '/data/inputs/*:number/from/0/except/0',
        '/data/split:column/column',
        '/data/split:folds/stratify',
        '/data/split:folds/group',
        '/data/split:/time',
        '/tasks/*:classification/sampleWeight',
        '/tasks/*:classification/when:in/column',
        '/tasks/*:classification/when:/column',
        '/tasks/*:survival/target/time',
        '/tasks/*:survival/target/event',
      ],
      node: ['/network/*/input/0', '/tasks/*:classification/input/0'],
      source: ['/tasks/*:classification/source'],
      block: ['/strategy:gradnorm/layer'],
      task: ['/strategy:pcd/primary', '/experiment/hypotheses/0/measure'],
      arm: ['/experiment/baseline', '/experiment/hypotheses/0/arms/0'],
      stage: ['/experiment/stages/0/take/from'],
      strategy: ['/strategy:static/observe/0'],
      monitor: ['/training/schedule:plateau/monitor', '/training/earlyStopping/monitor'],
    },
  );
});

test('what the names of a map are', () => {
  assert.deepEqual(
    table((schema) => extraOf(schema).keys),
    {
      names: ['/data/sources', '/data/inputs', '/network', '/tasks'],
      column: ['/data/missingTokens'],
      task: ['/weights', '/experiment/measures'],
      factor: ['/experiment/factors/0:range/when'],
    },
  );
});

test('which objects are looked at as a whole', () => {
  const each = (path: string, names: string): readonly string[] =>
    names.split(' ').map((name) => path.replace('$', name));
  assert.deepEqual(
    table((schema) => extraOf(schema).rule),
    {
      data: ['/data'],
      missing: each('/data/inputs/*:$/missing:', 'number category image text audio sequence'),
      shares: ['/data/split:'],
      block: ['/network/*'],
      task: each(
        '/tasks/*:$',
        'classification multilabel regression ordinal box detection segmentation translation tagging survival similarity',
      ),
      range: ['/experiment/factors/0:range'],
    },
  );
});

test('lists of quantiles and of classes hold no value twice', () => {
  assert.deepEqual(codes(task('"type": "regression", "loss": { "type": "quantile", "quantiles": [0.1, 0.9] }')), []);
  assert.deepEqual(codes(task('"type": "regression", "loss": { "type": "quantile", "quantiles": [0.1, 0.9, 0.1] }')), [
    'duplicate-value',
  ]);
  assert.deepEqual(codes(task('"type": "classification", "classes": ["a", "b"]')), []);
  assert.deepEqual(codes(task('"type": "classification", "classes": ["a", "b", "b"]')), ['duplicate-value']);
  assert.equal([...everything().keys()].filter((schema) => extraOf(schema).distinct === true).length, 2);
});

test('a key that another one stands for has no default beside it, and both together are an error', () => {
  const read = (source: string): Record<string, unknown> => ({ ...readSpec(source).spec?.training });
  assert.deepEqual([read(training('"seed": 1'))['epochs'], read(training('"seed": 1'))['steps']], [50, undefined]);
  assert.deepEqual([read(training('"steps": 7'))['epochs'], read(training('"steps": 7'))['steps']], [undefined, 7]);
  assert.deepEqual(codes(training('"steps": 7, "epochs": 3')), ['conflicting-keys']);
  const wrapper = (members: string): Record<string, unknown> => ({
    ...readSpec(strategy(`{ "name": "cr-mogm", "of": "mgda"${members} }`)).spec?.strategy,
  });
  assert.deepEqual([wrapper('')['start'], wrapper('')['initial']], ['equal', undefined]);
  assert.deepEqual(
    [wrapper(', "initial": [0.5, 0.5]')['start'], wrapper(', "initial": [0.5, 0.5]')['initial']],
    [undefined, [0.5, 0.5]],
  );
  assert.deepEqual(codes(strategy('{ "name": "cr-mogm", "of": "mgda", "start": "first", "initial": [0.5, 0.5] }')), [
    'conflicting-keys',
  ]);
});

test('of a source and several sources exactly one is written', () => {
  const data = (members: string): string =>
    withParts({ data: `"inputs": { "x": { "type": "number", "from": "a" } }${members}` });
  assert.deepEqual(codes(data('')), ['missing-key']);
  assert.deepEqual(codes(data(', "source": "a.csv"')), []);
  assert.ok(codes(data(', "source": "a.csv", "sources": { "s": "b.csv" }')).includes('conflicting-keys'));
  const message = readSpec(data('')).problems[0]?.message;
  assert.deepEqual(message, { en: 'One of `source`, `sources` is needed.', zh: '需要 `source`、`sources` 之一。' });
});

test('a size of memory is written with its unit', () => {
  const data = (memory: string): string =>
    withParts({ data: `"source": "a.csv", "memory": ${memory}, "inputs": { "x": { "type": "number", "from": "a" } }` });
  assert.deepEqual(codes(data('"512 MB"')), []);
  assert.deepEqual(codes(data('"512"')), ['out-of-range']);
  assert.deepEqual(codes(data('512')), ['wrong-type']);
});

test('a quotation mark is one character', () => {
  const data = (quote: string): string =>
    withParts({
      data: `"source": "a.csv", "csv": { "quote": ${quote} }, "inputs": { "x": { "type": "number", "from": "a" } }`,
    });
  assert.deepEqual(
    [`"'"`, '"😀"', '"\'\'"', '""'].map((quote) => codes(data(quote))),
    [[], [], ['out-of-range'], ['empty']],
  );
});

test('a thousand blocks and a thousand tasks, a hundred stages: no more', () => {
  const value = (parts: { blocks?: number; tasks?: number; layers?: number; stages?: number }): readonly string[] => {
    const { blocks = 1, tasks = 1, layers = 0, stages = 0 } = parts;
    const dense = { type: 'flatten' };
    const block = {
      input: 'x',
      ...(stages > 0
        ? { stages: Array.from({ length: stages }, () => [dense]), sharing: 'cross-stitch' }
        : { layers: Array.from({ length: layers }, () => dense) }),
    };
    const { problems } = readSpecValue({
      data: { source: 'a.csv', inputs: { x: { type: 'number', from: 'a' } } },
      network: Object.fromEntries(
        Array.from({ length: blocks }, (_, index) => [`b${index}`, index === 0 ? block : { input: 'x' }]),
      ),
      tasks: Object.fromEntries(
        Array.from({ length: tasks }, (_, index) => [`t${index}`, { type: 'regression', target: 'y', input: 'b0' }]),
      ),
    });
    return problems.map(({ code, pointer }) => `${code} ${pointer}`);
  };
  assert.deepEqual(value({ blocks: 1000, tasks: 1000, layers: 1000 }), []);
  assert.deepEqual(value({ stages: 100 }), []);
  assert.deepEqual(value({ blocks: 1001 }), ['wrong-count /network']);
  assert.deepEqual(value({ tasks: 1001 }), ['wrong-count /tasks']);
  assert.deepEqual(value({ layers: 1001 }), ['wrong-count /network/b0/layers']);
  assert.deepEqual(value({ stages: 101 }), ['wrong-count /network/b0/stages']);
});

test('a default that follows from a sibling', () => {
  const normalize = (loss: string): unknown => {
    const found = readSpec(task(`"type": "regression"${loss}`)).spec?.tasks.get('t');
    return found?.type === 'regression' ? found.normalize : undefined;
  };
  assert.deepEqual(['', ', "loss": "mse"', ', "loss": "poisson"', ', "loss": { "type": "poisson" }'].map(normalize), [
    'standard',
    'standard',
    'none',
    'none',
  ]);
});

test('the whole experiment of the design has the problems of no other part', () => {
  assert.deepEqual(codes(golden('experiment')), []);
});
