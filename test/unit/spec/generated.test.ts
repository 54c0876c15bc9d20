import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import Schema from 'typebox/schema';
import { generated } from '../../../scripts/generate.ts';
import { looseSchema, strictSchema } from '../../../src/spec/telling/json-schema.ts';
import { readSpec, specToJson } from '../../../src/spec/index.ts';
import { golden, withLayer, withParts } from './golden.ts';

for (const [path, content] of generated) {
  test(`${path} is fresh (otherwise: npm run generate)`, () => {
    const written = readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
    assert.ok(written === content(), `${path} is stale: run npm run generate`);
  });
}

/** The text as plain JSON: comments and trailing commas out, by way of the reader's tree. */
function plain(source: string): unknown {
  const { tree } = readSpec(source);
  const value = (node: NonNullable<typeof tree>): unknown => {
    if (node.kind === 'object')
      return Object.fromEntries([...node.members].map(([key, member]) => [key, value(member.value)]));
    if (node.kind === 'array') return node.items.map(value);
    return node.kind === 'scalar' ? node.value : null;
  };
  assert.ok(tree);
  return value(tree);
}

test('the loose schema says nothing against any spec, however broken', () => {
  const loose = Schema.Compile(looseSchema());
  for (const value of [plain(golden('article')), {}, { data: 1, nonsense: true }, { tasks: [] }])
    assert.ok(loose.Check(value));
  const written = JSON.stringify(looseSchema());
  assert.doesNotMatch(written, /additionalProperties|"description":"|required|"type"/);
});

test('the strict schema takes what the reader takes, short and long', () => {
  const strict = Schema.Compile(strictSchema());
  const good = [
    golden('smallest'),
    golden('article'),
    golden('experiment'),
    withLayer(
      '"flatten", { "type": "residual", "layers": ["flatten", { "type": "dense", "units": 2 }] }, { "type": "conv2d", "filters": 1, "kernelSize": [1, 2] }',
    ),
    withParts({
      rest: '"strategy": { "name": "cr-mogm", "of": "mgda" }, "training": { "optimizer": "sgd", "evaluateEvery": 3, "report": { "type": "mean" } }',
    }),
    withParts({ rest: '"strategy": { "module": "./mine.mjs" }' }),
  ];
  for (const source of good) {
    const { spec } = readSpec(source);
    assert.ok(spec, source);
    const [, errors] = strict.Errors(plain(source));
    assert.ok(strict.Check(plain(source)), JSON.stringify(errors.slice(0, 3)));
    assert.ok(strict.Check(JSON.parse(specToJson(spec))), source);
  }
});

test('the strict schema refuses what the reader refuses', () => {
  const strict = Schema.Compile(strictSchema());
  const bad = [
    '{}',
    golden('article').replace('"units"', '"unit"'),
    golden('article').replace('"dense"', '"dens"'),
    golden('article').replace('"mse"', '{ "type": "mse", "delta": 1 }'),
    golden('article').replace('64', '0'),
    golden('article').replace('"tasks"', '"taskss"'),
  ];
  for (const source of bad) {
    assert.ok(readSpec(source).problems.length > 0);
    assert.ok(!strict.Check(plain(source)), source);
  }
});
