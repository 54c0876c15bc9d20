// What metrics and inputs are called where a person reads of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputs } from '../../../src/spec/schema/inputs.ts';
import { metrics } from '../../../src/spec/schema/metrics.ts';
import { inputTitle, metricTitle } from '../../../src/spec/index.ts';

test('every metric has a name in both languages; in English the one of a spec', () => {
  const names = new Set(Object.values(metrics).flatMap((table) => Object.keys(table)));
  for (const name of names) {
    const { en, zh } = metricTitle(name);
    assert.equal(en, name);
    // Abbreviations that Chinese papers write as they are.
    const latin = ['f1', 'r2', 'chrF', 'bleu'];
    assert.equal(/\p{Script=Han}/u.test(zh), !latin.includes(name), `${name}: ${zh}`);
  }
  assert.deepEqual(metricTitle('accuracy'), { en: 'accuracy', zh: '准确率' });
  assert.deepEqual(metricTitle('of another version'), { en: 'of another version', zh: 'of another version' });
  assert.equal(metricTitle('constructor').zh, 'constructor');
});

test('every type of input has one', () => {
  for (const type of Object.keys(inputs)) assert.match(inputTitle(type).zh, /^\p{Script=Han}+$/u, type);
  assert.deepEqual(inputTitle('other'), { en: 'other', zh: 'other' });
});
