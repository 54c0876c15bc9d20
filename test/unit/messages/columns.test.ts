import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberColumn } from '../../../src/messages/columns.ts';

test('a column keeps every value while it grows, and has nothing outside', () => {
  const column = new NumberColumn();
  assert.ok(Number.isNaN(column.last()) && Number.isNaN(column.at(0)));
  const values = Array.from({ length: 5000 }, (_, index) => index * index - 7);
  for (const [index, value] of values.entries()) {
    column.push(value);
    assert.equal(column.last(), value);
    assert.equal(column.length, index + 1);
  }
  assert.deepEqual([...column.values()], values);
  assert.deepEqual([column.at(0), column.at(1023), column.at(1024), column.at(4999)], [-7, 1023 ** 2 - 7, 1024 ** 2 - 7, 4999 ** 2 - 7]); // prettier-ignore
  for (const outside of [-1, 5000, 8000]) assert.ok(Number.isNaN(column.at(outside)), String(outside));
});

test('a column is cut, never lengthened, and grows again from there', () => {
  const column = new NumberColumn();
  for (let value = 0; value < 10; value++) column.push(value);
  column.truncate(20);
  assert.equal(column.length, 10);
  column.truncate(3);
  assert.deepEqual([...column.values()], [0, 1, 2]);
  assert.ok(Number.isNaN(column.at(3)), 'what was cut is gone');
  column.push(9);
  assert.deepEqual([...column.values()], [0, 1, 2, 9]);
  column.truncate(-1);
  assert.deepEqual([...column.values()], []);
});
