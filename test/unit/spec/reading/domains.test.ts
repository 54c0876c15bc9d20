/** The labels that losses and metrics make sense of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSpec } from '../../../../src/spec/index.ts';
import { domainsOf } from '../../../../src/spec/reading/domains.ts';
import { extraOf } from '../../../../src/spec/schema/build.ts';
import type { Members } from '../../../../src/spec/schema/build.ts';
import { losses } from '../../../../src/spec/schema/losses.ts';
import { metrics } from '../../../../src/spec/schema/metrics.ts';
import { withParts } from '../golden.ts';

test('classes, numbers, boxes; a count is not negative', () => {
  const byTask = (table: Readonly<Record<string, Members>>): unknown =>
    Object.fromEntries(
      Object.entries(table).map(([task, rows]) => [
        task,
        [...new Set(Object.values(rows).map((row) => extraOf(row).domain))],
      ]),
    );
  const none = [undefined];
  const later = {
    multilabel: none,
    ordinal: none,
    detection: none,
    segmentation: none,
    translation: none,
    tagging: none,
    survival: none,
    similarity: none,
  };
  assert.deepEqual(byTask(metrics), { ...later, classification: ['class'], regression: ['real'], box: ['box'] });
  assert.deepEqual(byTask(losses), {
    ...later,
    classification: ['class'],
    regression: ['real', 'non-negative'],
    box: ['box'],
  });
  assert.equal(extraOf(losses.regression.poisson).domain, 'non-negative');
  assert.deepEqual(
    Object.entries(losses.regression)
      .filter(([, row]) => extraOf(row).domain === 'non-negative')
      .map(([name]) => name),
    ['poisson'],
  );
});

test('no loss falls below 0', () => {
  const tables: Readonly<Record<string, Members>> = losses;
  for (const rows of Object.values(tables))
    for (const row of Object.values(rows)) assert.equal(extraOf(row).infimum, 0);
});

test('a task asks what its loss and each of its metrics ask, by name', () => {
  const of = (members: string): unknown => {
    const { spec } = readSpec(withParts({ tasks: `"t": { "target": "y", "input": "trunk", ${members} }` }));
    const task = spec?.tasks.get('t');
    assert.ok(task);
    return domainsOf(task);
  };
  assert.deepEqual(of('"type": "regression", "loss": "poisson", "metrics": ["mae", "r2"]'), [
    { domain: 'non-negative', by: 'loss "poisson"' },
    { domain: 'real', by: 'metric "mae"' },
    { domain: 'real', by: 'metric "r2"' },
  ]);
  assert.deepEqual(of('"type": "classification", "metrics": "accuracy"'), [
    { domain: 'class', by: 'loss "cross-entropy"' },
    { domain: 'class', by: 'metric "accuracy"' },
  ]);
});
