import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addWeight,
  applyEdits,
  editWeight,
  editWeights,
  normalizeWeights,
  normalized,
  readSpec,
  steppedWeight,
  tidyWeight,
} from '../../../../src/spec/index.ts';
import { golden, withParts } from '../golden.ts';

const commented = `{
  // 保留
  "data": { "source": "a.csv", "inputs": { "x": { "type": "number", "from": ["a"] } } },
  "network": {},
  "tasks": {
    "10": { "type": "regression", "target": "y", "input": "x" },
    "2": { "type": "regression", "target": "z", "input": "x" } // second
  },
  "weights": {
    "10": 3, // three
    /* one */ "2": 1
  },
}
`;

test('a weight is replaced in place, comments and formatting stay', () => {
  const edits = editWeight(commented, '10', 0.33333);
  assert.equal(applyEdits(commented, edits), commented.replace('"10": 3,', '"10": 0.3333,'));
  assert.deepEqual(editWeight(commented, '2', 1), []);
});

test('a missing weight is added in the manner of the others', () => {
  const source = commented.replace('\n    /* one */ "2": 1', '');
  const after = applyEdits(source, addWeight(source, '2'));
  assert.ok(after.includes('"10": 3,\n    "2": 1, // three') || after.includes('"10": 3,\n    "2": 1'));
  assert.deepEqual([...(readSpec(after).spec?.weights ?? [])], [['10', 3], ['2', 1]]); // prettier-ignore
  assert.deepEqual(addWeight(commented, '2'), []);
});

test('a missing section is added after the tasks', () => {
  for (const source of [
    withParts({}),
    golden('smallest').replace(/,\n  "weights".*\n/, '\n'),
    withParts({ rest: '"weights": {}' }),
  ]) {
    const after = applyEdits(source, editWeight(source, 't', 0.4));
    assert.equal(readSpec(after).spec?.weights.get('t'), 0.4);
    assert.ok(after.includes('"weights"'));
  }
});

test('normalizing keeps comments, names every task and sums to exactly 1', () => {
  const after = applyEdits(commented, normalizeWeights(commented));
  assert.equal(after, commented.replace('"10": 3,', '"10": 0.75,').replace('"2": 1\n', '"2": 0.25\n'));
  const none = commented.replace(/,\n {2}"weights": \{[^}]*\},/, '');
  const filled = applyEdits(none, normalizeWeights(none));
  assert.deepEqual([...(readSpec(filled).spec?.weights ?? [])], [['10', 0.5], ['2', 0.5]]); // prettier-ignore
});

test('normalized weights sum to exactly 1 with at most 4 decimals, in proportion', () => {
  const weight = fc.oneof(fc.double({ min: 0, max: 1e308, noNaN: true }), fc.constantFrom(0, 1, 1 / 3, 5e-324));
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 12 }), (values) => {
      const shares = [...normalized(new Map(values.map((value, index) => [String(index), value]))).values()];
      const units = shares.map((share) => Math.round(share * 10_000));
      assert.equal(units.reduce((sum, value) => sum + value, 0), 10_000); // prettier-ignore
      for (const share of shares) assert.match(String(share), /^(1|0(\.\d{1,4})?|[1-9]e-4)$/);
      const largest = Math.max(...values);
      if (largest === 0) return;
      const sum = values.reduce((total, value) => total + value / largest, 0);
      // One unit by rounding, and up to eight more so that the sum is 1 in floating point, too.
      values.forEach((value, index) =>
        assert.ok(Math.abs((shares[index] ?? 0) - value / largest / sum) <= 9e-4 + 1e-12),
      );
    }),
  );
});

test('where decimals do not sum to 1 a unit goes from the first that can give it to the first that makes it so', () => {
  const shares = (...parts: readonly number[]): readonly number[] => [
    ...normalized(new Map(parts.map((part, index) => [String(index), part]))).values(),
  ];
  assert.notEqual(0.1388 + 0.1498 + 0.1253 + 0.5861, 1);
  assert.deepEqual(shares(1388, 1498, 1253, 5861), [0.1387, 0.1498, 0.1254, 0.5861]);
  assert.deepEqual(shares(31, 215, 1505, 1440, 6809), [0.003, 0.0216, 0.1505, 0.144, 0.6809]);
});

test('steps stay at or above 0 with at most 4 decimals', () => {
  assert.equal(steppedWeight(0.3, 0.05), 0.35);
  assert.equal(steppedWeight(0.02, -0.05), 0);
  assert.equal(tidyWeight(0.1 + 0.2), 0.3);
  assert.equal(tidyWeight(NaN), 0);
});

test('hostile names survive an edit', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), (name) => {
      const quoted = JSON.stringify(name);
      const source = withParts({ tasks: `${quoted}: { "type": "regression", "target": "y", "input": "x" }` });
      const { tree } = readSpec(applyEdits(source, editWeight(source, name, 0.25)));
      assert.ok(tree?.kind === 'object');
      const weights = tree.members.get('weights')?.value;
      assert.ok(weights?.kind === 'object');
      const entry = weights.members.get(name)?.value;
      assert.ok(entry?.kind === 'scalar' && entry.value === 0.25);
    }),
  );
});

test('text that cannot be edited is left alone', () => {
  for (const source of ['', '[', '{ "weights": 3 }', 'null']) {
    assert.deepEqual(editWeight(source, 'a', 1), []);
    assert.deepEqual(normalizeWeights(source), []);
  }
});

test('a section is put behind the tasks, else behind all, in the manner of what stands there', () => {
  const one = new Map([['a', 0.5]]);
  const both = new Map([
    ['a', 0.5],
    ['b"', 2],
  ]);
  for (const [before, wanted, after] of [
    ['{}', one, '{ "weights": { "a": 0.5 } }'],
    ['{ "tasks": {} }', one, '{ "tasks": {}, "weights": { "a": 0.5 } }'],
    ['{ "tasks": {}, "x": 1 }', both, '{ "tasks": {}, "weights": { "a": 0.5, "b\\"": 2 }, "x": 1 }'],
    ['{ "x": 1 }', one, '{ "x": 1, "weights": { "a": 0.5 } }'],
    ['{\r\n\t"tasks": {},\r\n\t"x": 1\r\n}', one, '{\r\n\t"tasks": {},\r\n\t"weights": { "a": 0.5 },\r\n\t"x": 1\r\n}'],
    ['// c\n{\n  "tasks": {}\n}', one, '// c\n{\n  "tasks": {},\n  "weights": { "a": 0.5 }\n}'],
    ['{\r  "x": 1\r}', one, '{\r  "x": 1,\r  "weights": { "a": 0.5 }\r}'],
    ['{ "weights": {} }', both, '{ "weights": { "a": 0.5, "b\\"": 2 } }'],
    ['{ "weights": { "c": 1 } }', both, '{ "weights": { "c": 1, "a": 0.5, "b\\"": 2 } }'],
    [
      '{\n  "weights": {\n    "c": 1\n  }\n}',
      both,
      '{\n  "weights": {\n    "c": 1,\n    "a": 0.5,\n    "b\\"": 2\n  }\n}',
    ],
    ['{ "weights": { "a": 1, "c": 3, "b\\"": 2.0 } }', both, '{ "weights": { "a": 0.5, "c": 3, "b\\"": 2 } }'],
    ['{ "weights": { "a": "much" } }', one, '{ "weights": { "a": 0.5 } }'],
    ['{ "weights": { "a": 0.5 } }', one, '{ "weights": { "a": 0.5 } }'],
  ] as const)
    assert.equal(applyEdits(before, editWeights(before, wanted)), after, before);
  // While a value is typed nothing is put in its place.
  assert.deepEqual(editWeights('{ "weights": { "a": } }', one), []);
});

test('shares of a table: largest remainders first, what is no number counts 0, a task without a weight 1', () => {
  const shares = (values: Readonly<Record<string, number>>): unknown =>
    Object.fromEntries(normalized(new Map(Object.entries(values))));
  assert.deepEqual(shares({ a: 1, b: 1, c: 2 }), { a: 0.25, b: 0.25, c: 0.5 });
  assert.deepEqual(shares({ a: 0, b: 0 }), { a: 0.5, b: 0.5 });
  assert.deepEqual(shares({ a: 0, b: 3 }), { a: 0, b: 1 });
  assert.deepEqual(shares({ a: 1, b: 2, c: 4 }), { a: 0.1429, b: 0.2857, c: 0.5714 });
  const of = (weights: string): unknown => {
    const source = `{ "tasks": { "a": {}, "b": {} }, "weights": ${weights} }`;
    return Object.fromEntries(normalizeWeights(source).map(({ start, text }) => [start, text]));
  };
  const values = (weights: string): readonly string[] => {
    const source = `{ "tasks": { "a": {}, "b": {} }, "weights": ${weights} }`;
    const after = applyEdits(source, normalizeWeights(source));
    return [/"a": ([^,} ]+)/.exec(after.slice(32))?.[1] ?? '', /"b": ([^,} ]+)/.exec(after.slice(32))?.[1] ?? ''];
  };
  assert.deepEqual(values('{ "a": 3, "b": 1 }'), ['0.75', '0.25']);
  assert.deepEqual(values('{ "a": 3 }'), ['0.75', '0.25']);
  assert.deepEqual(values('{ "a": -5, "b": 2 }'), ['0', '1']);
  assert.deepEqual(values('{ "a": "x", "b": 2 }'), ['0', '1']);
  assert.deepEqual(values('{ "a": 1e999, "b": 2 }'), ['0', '1']);
  assert.deepEqual(of('{ "a": 0.5, "b": 0.5 }'), {});
  assert.deepEqual(normalizeWeights('{ "weights": {} }'), []);
});

test('a weight that is added counts 1 where nothing else is said', () => {
  assert.equal(applyEdits('{ "weights": {} }', addWeight('{ "weights": {} }', 'a')), '{ "weights": { "a": 1 } }');
  assert.equal(
    applyEdits('{ "weights": {} }', addWeight('{ "weights": {} }', 'a', 0.3)),
    '{ "weights": { "a": 0.3 } }',
  );
  assert.deepEqual([tidyWeight(Infinity), tidyWeight(-1), tidyWeight(0.00005), tidyWeight(0.00004)], [0, 0, 0.0001, 0]);
});

test('a task without weight keeps none when shares are rounded to a sum of exactly 1', () => {
  // 0.7 + 0.2 + 0.1 is less than 1 in binary: some units have to move between the others.
  for (const names of ['z a b c', 'a z b c', 'a b z c', 'a b c z']) {
    const weights = new Map(names.split(' ').map((name) => [name, { a: 7, b: 2, c: 1 }[name] ?? 0] as const));
    const shares = normalized(weights);
    assert.equal(shares.get('z'), 0, names);
    assert.equal([...shares.values()].reduce((sum, share) => sum + share, 0), 1, names); // prettier-ignore
    for (const [name, share] of shares) assert.ok(Math.abs(share - (weights.get(name) ?? NaN) / 10) <= 0.0008, name);
  }
});
