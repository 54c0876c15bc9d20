import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTextOrder, type Problem } from '../../../src/spec/problem.ts';

test('problems in the order of the text: by their beginnings, then their ends, else as they came', () => {
  const at = (code: string, start: number, end: number): Problem => ({
    ...{ code, message: { en: code, zh: code }, severity: 'error', pointer: '', fixes: [] },
    range: { start, end },
  });
  const problems = [
    at('d', 10, 12),
    at('c', 2, 90),
    at('a', 2, 3),
    at('b', 2, 9),
    at('e', 100, 101),
    at('f', 100, 101),
  ];
  assert.deepEqual(inTextOrder(problems).map(({ code }) => code), ['a', 'b', 'c', 'd', 'e', 'f']); // prettier-ignore
  assert.equal(problems[0]?.code, 'd', 'what is handed in stays');
  assert.deepEqual(inTextOrder([]), []);
});
