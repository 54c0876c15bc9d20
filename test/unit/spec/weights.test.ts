import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addWeight,
  applyEdits,
  editWeight,
  normalizeWeights,
  normalized,
  readSpec,
  steppedWeight,
  tidyWeight,
} from '../../../src/spec/index.ts';
import { golden, withParts } from './golden.ts';

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
