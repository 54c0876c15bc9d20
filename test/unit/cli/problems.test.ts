// Problems as people read them in both languages, and as programs do.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setLanguage } from '../../../src/cli/language.ts';
import { countText, errorLine, Positions, problemJson, problemLines, warningLine } from '../../../src/cli/problems.ts';
import type { Problem } from '../../../src/spec/index.ts';

beforeEach(() => setLanguage('en'));

const text = 'ab\ncd\r\ne\rfgh';
const problem = (severity: Problem['severity'], more: Partial<Problem> = {}): Problem => ({
  ...{ code: 'some-code', severity, message: { en: 'wrong', zh: '有误' }, range: { start: 4, end: 9 } },
  ...{ pointer: '/a', fixes: [], ...more },
});

test('lines begin behind any end of a line; places outside the text are its ends', () => {
  const positions = new Positions(text);
  // a b ⏎ c d ⏎⏎ e ⏎ f g h
  const expected = [
    [1, 1], [1, 2], [1, 3], [2, 1], [2, 2], [2, 3], [2, 4], [3, 1], [3, 2], [4, 1], [4, 2], [4, 3], [4, 4],
  ]; // prettier-ignore
  for (const [offset, place] of expected.entries()) {
    const { line, column } = positions.at(offset);
    assert.deepEqual([line, column], place, String(offset));
  }
  assert.deepEqual(positions.at(99), { line: 4, column: 4 });
  assert.deepEqual(positions.at(-1), { line: 1, column: 1 });
  assert.deepEqual(new Positions('').at(0), { line: 1, column: 1 });
});

test('a line a problem with its severity, and one a fix; what steers a terminal is shown', () => {
  const fixes = ['one', 'two'].map((title) => ({ title: { en: title, zh: `修${title}` }, edits: [] }));
  const problems = [problem('error', { fixes }), problem('warning'), problem('information')];
  assert.deepEqual(problemLines('a\u001b.json', new Positions(text), problems), [
    'a\\u001b.json:2:2: error: wrong [some-code]',
    '    fix: one',
    '    fix: two',
    'a\\u001b.json:2:2: warning: wrong [some-code]',
    'a\\u001b.json:2:2: information: wrong [some-code]',
  ]);
  setLanguage('zh');
  assert.deepEqual(problemLines('a', new Positions(text), problems), [
    'a:2:2: 错误: 有误 [some-code]',
    '    修复：修one',
    '    修复：修two',
    'a:2:2: 警告: 有误 [some-code]',
    'a:2:2: 提示: 有误 [some-code]',
  ]);
});

test('for programs: both ends of the problem and of each edit, in lines and in offsets', () => {
  const edits = [{ start: 0, end: 3, text: 'x' }];
  const fixes = [{ title: { en: 'one', zh: '一' }, edits }];
  const common = { code: 'some-code', severity: 'error', message: 'wrong', pointer: '/a' };
  const place = { line: 2, column: 2, endLine: 4, endColumn: 1 };
  assert.deepEqual(problemJson(new Positions(text), problem('error')), { ...common, ...place, fixes: [] });
  const edit = { line: 1, column: 1, endLine: 2, endColumn: 1, start: 0, end: 3, text: 'x' };
  assert.deepEqual(problemJson(new Positions(text), problem('error', { fixes, origin: 'rows' })), {
    ...common,
    ...place,
    fixes: [{ title: 'one', edits: [edit] }],
    origin: 'rows',
  });
  setLanguage('zh');
  const chinese = problemJson(new Positions(text), problem('error', { fixes }));
  assert.deepEqual(chinese, { ...common, ...place, message: '有误', fixes: [{ title: '一', edits: [edit] }] });
});

test('errors, warnings and notes are counted; notes alone are no problem', () => {
  const of = (errors: number, warnings: number, notes: number): readonly Problem[] => [
    ...Array.from({ length: errors }, () => problem('error')),
    ...Array.from({ length: warnings }, () => problem('warning')),
    ...Array.from({ length: notes }, () => problem('information')),
  ];
  const told: readonly (readonly [readonly [number, number, number], string, string])[] = [
    [[0, 0, 0], 'No problems.', '没有问题。'],
    [[0, 0, 1], 'No problems, 1 note.', '没有问题，1 条提示。'],
    [[0, 0, 2], 'No problems, 2 notes.', '没有问题，2 条提示。'],
    [[1, 0, 3], '1 error, 0 warnings', '1 个错误，0 个警告'],
    [[0, 1, 3], '0 errors, 1 warning', '0 个错误，1 个警告'],
    [[2, 1, 0], '2 errors, 1 warning', '2 个错误，1 个警告'],
  ];
  for (const [counts, en, zh] of told) {
    setLanguage('en');
    assert.equal(countText(of(...counts)), en);
    setLanguage('zh');
    assert.equal(countText(of(...counts)), zh);
  }
});

test('a warning of a run names its task once, and keeps the one language that it has', () => {
  const lines = (warning: object): readonly string[] =>
    (['en', 'zh'] as const).map((language) => {
      setLanguage(language);
      return warningLine({ code: 'c', message: 'odd', ...warning });
    });
  assert.deepEqual(lines({ zh: '奇怪' }), ['warning: odd', '警告：奇怪']);
  assert.deepEqual(lines({}), ['warning: odd', '警告：odd']);
  assert.deepEqual(lines({ severity: 'information', zh: '奇怪' }), ['note: odd', '提示：奇怪']);
  assert.deepEqual(lines({ task: '2', zh: '奇怪' }), ['warning: Task “2”: odd', '警告：任务“2”：奇怪']);
  for (const message of ['the “2” is odd', 'the "2" is odd'])
    assert.deepEqual(lines({ task: '2', message }), [`warning: ${message}`, `警告：${message}`]);
  assert.deepEqual(lines({ task: '2', message: 'the 2 is odd' })[0], 'warning: Task “2”: the 2 is odd');
  assert.deepEqual(lines({ message: 'a\nmtl: b' })[0], 'warning: a\\nmtl: b');
});

test('why a run failed, in the language that there is', () => {
  const told = { code: 'c', message: 'bad', zh: '坏' };
  assert.equal(errorLine(told), 'bad');
  setLanguage('zh');
  assert.equal(errorLine(told), '坏');
  assert.equal(errorLine({ code: 'c', message: 'bad' }), 'bad');
});
