/** When a warning is the same as another, and what losses, metrics and parameters give reason to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import type { Model } from '../../../../src/trainer/model/build.ts';
import type { PassResult } from '../../../../src/trainer/state/totals.ts';
import {
  metricWarnings,
  notFinite,
  refuseBroken,
  tellOnce,
  warningOf,
} from '../../../../src/trainer/training/warnings.ts';

const words = text('Ten.', '十。');

test('a warning is told once for its code, task and what it is about, whatever its words', () => {
  let warned: readonly string[] = [];
  const tell = (
    ...[code, message, about]: Parameters<typeof tellOnce> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    const told = tellOnce(warned, code, message, about);
    warned = told?.warned ?? warned;
    return told?.fields ?? null;
  };
  assert.deepEqual(tell('a', words, {}), { code: 'a', message: 'Ten.', zh: '十。' });
  assert.equal(tell('a', words, {}), null);
  assert.deepEqual(tell('a', words, { task: 't' }), { code: 'a', message: 'Ten.', zh: '十。', task: 't' });
  assert.notEqual(tell('b', words, {}), null);
  assert.notEqual(tell('a', text('Eleven.', '十。'), {}), null);
  assert.equal(tell('a', text('Ten.', '11。'), {}), null, 'the English words decide');
  assert.notEqual(tell('a', words, { about: 'x' }), null);
  assert.equal(tell('a', text('Other words.', '别的。'), { about: 'x' }), null);
  assert.notEqual(tell('a', words, { about: 'xy' }), null, 'the beginning of another one is not the same');
  const mild = tell('a', words, { about: 'mild', severity: 'information' });
  assert.deepEqual(mild, { code: 'a', message: 'Ten.', zh: '十。', severity: 'information' });
  assert.equal('severity' in (tell('a', words, { about: 'w', severity: 'warning' }) ?? {}), false);
  assert.equal(warned.length, 8);
});

test('what is kept of a warning says all of it again; earlier versions kept the English words alone', () => {
  const [key = ''] = tellOnce([], 'a', words, { task: 't', about: 'x', severity: 'information' })?.warned ?? [];
  assert.deepEqual(warningOf(key), { code: 'a', message: words, task: 't', severity: 'information' });
  const [plain = ''] = tellOnce([], 'a', words, {})?.warned ?? [];
  assert.deepEqual(warningOf(plain), { code: 'a', message: words });
  assert.deepEqual(warningOf('["a",null,"x","Ten."]'), { code: 'a', message: { en: 'Ten.', zh: 'Ten.' } });
});

test('metrics speak for their task and split, but not of labels that are not there', () => {
  const undefinedMetric = { code: 'metric-undefined', metric: 'r2', message: text('No r2.', '无 r2。') };
  const results = new Map([['t', { values: new Map(), warnings: [undefinedMetric], details: {} }]]);
  const pass: PassResult = { losses: new Map(), metrics: new Map(), results } as unknown as PassResult;
  const [told, ...rest] = metricWarnings(pass, 'validation');
  assert.deepEqual(rest, []);
  assert.equal(told?.code, 'metric-undefined');
  assert.equal(told.task, 't');
  assert.equal(told.about, 'r2 validation');
  assert.equal(told.message.en, 'No r2. (validation split)');
  assert.match(told.message.zh, /^无 r2。（.+）$/);
});

test('a loss that is no number any more is told of its task; an absent one is not', () => {
  const tasks = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));
  const losses = [{ sum: 1, weight: 2 }, null, { sum: NaN, weight: 1 }, { sum: Infinity, weight: 1 }, { sum: 0, weight: 0 }]; // prettier-ignore
  const found = notFinite(tasks, losses);
  assert.deepEqual(found.map(({ name }) => name), ['c', 'd', 'e']); // prettier-ignore
  assert.match(found[0]?.message.en ?? '', /^The loss of "c" is no longer a finite number\. Lower learningRate/);
  assert.match(found[0]?.message.zh ?? '', /^“c”的损失不再是有限数值/);
  assert.deepEqual(notFinite(tasks, []), []);
});

test('parameters that are no numbers end the training, the first one named', () => {
  const model = (...values: readonly (readonly number[])[]) =>
    ({
      variables: values.map((value, at) => ({
        path: `p${at}`,
        variable: { dataSync: () => Float32Array.from(value) },
      })),
    }) as unknown as Pick<Model, 'variables'>;
  refuseBroken(model([1, 2], [0], []));
  for (const bad of [NaN, Infinity, -Infinity]) {
    assert.throws(() => refuseBroken(model([1], [0, bad], [NaN])), {
      code: 'diverged',
      message: /^Training diverged: "p1" holds values that are not finite\./,
    });
  }
});
