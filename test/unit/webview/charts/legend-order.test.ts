// The order of the legend's rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sorted, type LegendEntry, type Sort } from '../../../../webview/charts/legend-order.ts';

const entry = (name: string, value: number | null, trend: LegendEntry['trend'], broken = false): LegendEntry => ({
  ...{ task: 0, name, value, trend },
  ...(broken ? { broken: { step: 3, word: 'NaN' } } : {}),
});
const entries = [entry('b', 2, -1), entry('a', null, null), entry('d', 0.5, 1), entry('c', NaN, 0, true)];
const order = (sort: Sort): string => sorted(entries, sort).map(({ name }) => name).join(''); // prettier-ignore

test('the order of the spec, by name, by value, by trend; what has no value stands last either way', () => {
  assert.equal(order(''), 'badc');
  assert.equal(order('task'), 'abcd');
  assert.equal(order('-task'), 'dcba');
  assert.equal(order('value'), 'dbac', 'what is no finite number is above any');
  assert.equal(order('-value'), 'cbda');
  assert.equal(order('trend'), 'bdac');
  assert.equal(order('-trend'), 'cdba');
});
