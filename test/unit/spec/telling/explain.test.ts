import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explain, orderedText, readSpec, specFromJson, specToJson, toOrdered } from '../../../../src/spec/index.ts';
import { golden, withLayer, withParts } from '../golden.ts';

const numeric = withParts({
  data: '"source": ["a.csv", "b.csv"], "inputs": { "3": { "type": "category", "from": ["k", { "match": "p*" }], "missing": { "constant": "?" } } }, "missingTokens": { "10": ["-"], "2": [] }',
  network: '"10": { "input": "3", "layers": [] }, "2": { "input": "10" }',
  tasks:
    '"7": { "type": "regression", "target": "y", "input": "2", "loss": { "type": "huber", "delta": 2 } }, "1": { "type": "classification", "target": "z", "input": "10", "when": { "column": "c", "in": [1, "a"] }, "loss": { "type": "weighted-cross-entropy", "classWeights": { "9": 1, "3": 2 } } }',
});

test('the long form is a spec that reads as itself', () => {
  for (const source of [
    golden('smallest'),
    golden('article'),
    numeric,
    withLayer('{ "type": "batchNormalization" }'),
  ]) {
    const { spec, problems } = readSpec(source);
    assert.deepEqual(problems, []);
    assert.ok(spec);
    for (const again of [
      specFromJson(specToJson(spec)),
      specFromJson(toOrdered(spec)),
      readSpec(explain(spec)),
      readSpec(explain(spec, 'zh')),
    ]) {
      assert.deepEqual(again.problems, []);
      assert.deepEqual(again.spec, spec);
      assert.equal(specToJson(again.spec ?? spec), specToJson(spec));
    }
  }
});

test('both worlds are shown where their constants differ', () => {
  const { spec } = readSpec(withLayer('{ "type": "batchNormalization" }'));
  assert.ok(spec);
  const text = explain(spec);
  assert.match(text, /"momentum": 0.99, \/\/ conventions: tf 0.99 · pytorch 0.9/);
  assert.match(text, /"epsilon": 0.001, \/\/ conventions: tf 0.001 · pytorch 0.00001/);
  assert.match(text, /"epochs": 50/);
});

test('ordered text keeps every value and the order of keys', () => {
  const key = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('10', '2', '__proto__', 'constructor'));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.constantFrom(true, false, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    ),
  }));
  fc.assert(
    fc.property(value, (one) => {
      const read = specFromJson(`{"x": ${orderedText(one)}}`);
      assert.ok(read.tree?.kind === 'object');
      const again = toOrdered(new Map([['x', one]]));
      assert.deepEqual(again, treeValue(read.tree));
    }),
  );
});

function treeValue(node: NonNullable<ReturnType<typeof readSpec>['tree']>): unknown {
  if (node.kind === 'object') return new Map([...node.members].map(([key, member]) => [key, treeValue(member.value)]));
  if (node.kind === 'array') return node.items.map(treeValue);
  return node.kind === 'scalar' ? node.value : null;
}
