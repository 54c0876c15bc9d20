/** Every row of every table is documented in both languages, and what is not available yet is a row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { notAvailable } from '../../../src/spec/available.ts';
import { Reader } from '../../../src/spec/reading/reader.ts';
import { augmentations } from '../../../src/spec/schema/augmentations.ts';
import { extraOf } from '../../../src/spec/schema/build.ts';
import { inputs } from '../../../src/spec/schema/inputs.ts';
import { layers } from '../../../src/spec/schema/layers.ts';
import { losses } from '../../../src/spec/schema/losses.ts';
import { metrics } from '../../../src/spec/schema/metrics.ts';
import { sharings } from '../../../src/spec/schema/network.ts';
import { optimizers } from '../../../src/spec/schema/optimizers.ts';
import { schedules } from '../../../src/spec/schema/schedules.ts';
import { strategies } from '../../../src/spec/schema/strategies.ts';
import { tasks } from '../../../src/spec/schema/tasks.ts';
import { reports, samplings } from '../../../src/spec/schema/training.ts';
import { nodeOf } from '../../../src/spec/reading/values.ts';
import { constOf, propertiesOf } from '../../../src/spec/telling/words.ts';
import { everything } from './grammar.ts';

type Tables = Readonly<Record<string, Readonly<Record<string, TSchema>>>>;

const tables: Tables = {
  augmentations,
  inputs,
  layers,
  sharings,
  optimizers,
  schedules,
  strategies,
  tasks,
  reports,
  samplings,
  ...losses,
  ...Object.fromEntries(Object.entries(metrics).map(([name, rows]) => [`metrics of ${name}`, rows])),
};

test('every row has a title and a text in both languages', () => {
  for (const [table, rows] of Object.entries(tables)) {
    for (const [name, row] of Object.entries(rows)) {
      const { title, zh } = extraOf(row);
      const { description = '' } = row as { description?: string };
      assert.ok(title !== undefined && title.en !== '' && title.zh !== '', `${table} ${name}: title`);
      assert.ok(description !== '', `${table} ${name}: English`);
      assert.match(zh, /\p{Script=Han}/u, `${table} ${name}: Chinese`);
      const tag = ['type', 'name'].map((key) => constOf(propertiesOf(row)[key] ?? {}));
      assert.ok(tag.includes(name), `${table} ${name}: its tag is its name`);
    }
  }
});

test('every key is described in both languages', () => {
  for (const [schema, path] of everything()) {
    for (const [key, property] of Object.entries(propertiesOf(schema))) {
      if (constOf(property) !== undefined && key !== 'version') continue;
      const { description = '' } = property as { description?: string };
      assert.ok(description !== '', `${path}/${key}: English`);
      assert.ok(extraOf(property).zh !== '', `${path}/${key}: Chinese`);
    }
  }
});

test('every default is a value its key takes, in both conventions', () => {
  for (const [schema, path] of everything()) {
    const { fallback, byConventions, fallbackWhen = [] } = extraOf(schema);
    const values = [fallback, byConventions?.tf, byConventions?.pytorch, ...fallbackWhen.map(({ value }) => value)];
    for (const value of values.filter((one) => one !== undefined)) {
      const reader = new Reader('', 'tf');
      const node = nodeOf(value);
      reader.read(schema, node, { tokens: [], label: node });
      assert.deepEqual(reader.problems, [], `${path}: ${JSON.stringify(value)}`);
    }
  }
});

test('the list of what is not available names only things that there are', () => {
  const features = new Set([...everything().keys()].map((schema) => extraOf(schema).feature));
  for (const feature of notAvailable) {
    if (!feature.startsWith('format/')) assert.ok(features.has(feature), feature);
  }
});

test('every loss says what it never falls below, every metric which way is better', () => {
  for (const rows of Object.values(losses as Tables)) {
    for (const row of Object.values(rows)) assert.equal(typeof extraOf(row).infimum, 'number');
  }
  for (const rows of Object.values(metrics as Tables)) {
    for (const row of Object.values(rows)) assert.equal(typeof extraOf(row).higherIsBetter, 'boolean');
  }
});
