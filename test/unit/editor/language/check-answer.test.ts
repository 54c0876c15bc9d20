import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRowProblems } from '../../../../src/editor/language/check-answer.ts';

const problem = {
  ...{ code: 'unknown-label', severity: 'warning', message: 'Two rows.', pointer: '/tasks/a/target' },
  ...{ line: 3, column: 7, endLine: 3, endColumn: 9, fixes: [], origin: 'rows' },
};
const answer = (...problems: readonly unknown[]): string => JSON.stringify({ v: 1, file: 'a.mtl.json', problems });

test('problems of the rows are taken, those of the text are the editor’s own', () => {
  const found = readRowProblems(answer(problem, { ...problem, origin: undefined }, { ...problem, origin: 'text' }));
  assert.deepEqual(found, [
    {
      ...{ code: 'unknown-label', severity: 'warning', message: { en: 'Two rows.', zh: 'Two rows.' } },
      ...{ pointer: '/tasks/a/target', range: { start: 0, end: 0 }, fixes: [], origin: 'rows' },
    },
  ]);
  for (const severity of ['error', 'information']) {
    assert.equal(readRowProblems(answer({ ...problem, severity }))[0]?.severity, severity);
  }
});

test('what is no problem is passed over', () => {
  for (const wrong of [null, 7, [], { ...problem, code: 1 }, { ...problem, message: null }]) {
    assert.deepEqual(readRowProblems(answer(wrong)), []);
  }
  assert.deepEqual(readRowProblems(answer({ ...problem, pointer: 3 }, { ...problem, severity: 'fatal' })), []);
});

test('another answer is refused', () => {
  for (const wrong of ['[]', '{}', '{"v":2,"problems":[]}', '{"v":1,"problems":{}}', 'null']) {
    assert.throws(() => readRowProblems(wrong), /of another version/);
  }
  assert.throws(() => readRowProblems('no JSON'), SyntaxError);
});
