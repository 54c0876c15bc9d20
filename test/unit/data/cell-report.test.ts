/** What was noticed in several parts of a column is put together. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { CellReport } from '../../../src/data/cell-report.ts';

test('forms of numbers add up, column by column; the first example stays', () => {
  const report = new CellReport();
  report.numberForms('a', { plain: 1, grouped: 2, other: 3, example: '' });
  report.numberForms('b', { plain: 7, grouped: 7, other: 7, example: 'x' });
  report.numberForms('a', { plain: 10, grouped: 20, other: 30, example: '1,257' });
  report.numberForms('a', { plain: 100, grouped: 200, other: 300, example: '2,000' });
  assert.deepEqual(Object.fromEntries(report.numbers), {
    a: { plain: 111, grouped: 222, other: 333, example: '1,257' },
    b: { plain: 7, grouped: 7, other: 7, example: 'x' },
  });
});

test('tokens are kept once; kinds of values add up', () => {
  const report = new CellReport();
  for (const [column, token] of [['a', 'NA'], ['b', '?'], ['a', '-1'], ['a', 'NA']] as const) report.tokenMet(column, token); // prettier-ignore
  assert.deepEqual([...report.tokens].map(([column, tokens]) => [column, ...tokens]), [['a', 'NA', '-1'], ['b', '?']]); // prettier-ignore
  report.labelKinds('a', { numbers: 1, texts: 2, others: 3 });
  report.labelKinds('a', { numbers: 10, texts: 20, others: 30 });
  report.labelKinds('b', { numbers: 5, texts: 0, others: 0 });
  assert.deepEqual(Object.fromEntries(report.kinds), {
    a: { numbers: 11, texts: 22, others: 33 },
    b: { numbers: 5, texts: 0, others: 0 },
  });
});

test('labels are told of where some are one, or look alike; the newest look counts', () => {
  const report = new CellReport();
  const [one, two] = [new Map([['1', 1], ['1.0', 2]]), new Map([['a', 1], ['A', 1]])]; // prettier-ignore
  report.labelForms('none', { merged: [], alike: [] });
  report.labelForms('merged', { merged: [one], alike: [] });
  report.labelForms('alike', { merged: [], alike: [two] });
  report.labelForms('alike', { merged: [one], alike: [two] });
  assert.deepEqual(Object.fromEntries(report.labels), {
    merged: { merged: [one], alike: [] },
    alike: { merged: [one], alike: [two] },
  });
});
