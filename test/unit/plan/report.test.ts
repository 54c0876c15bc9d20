/** Problems find their places, are told in the order of the text and in bounds; fixes edit what is written there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from '../../../src/common/text.ts';
import { Report, type MaybeEdit } from '../../../src/plan/report.ts';
import { maxProblemsOfKind, parseTree, type Fix } from '../../../src/spec/index.ts';

const source = '{"a": {"x": 1, "y": [1, 2, 3]}, "b": {}, "c": [], "d": "word"}';
const words = text('What.', '什么。');
const reportOf = (written = source): Report => new Report(parseTree(written).tree);

function after(edit: MaybeEdit, written = source): string {
  assert.ok(edit, 'an edit');
  return written.slice(0, edit.start) + edit.text + written.slice(edit.end);
}

test('each severity keeps its code, its words and the value that it stands under', () => {
  const report = reportOf();
  report.warning('w', '/d', words);
  report.error('e', '/a/x', words);
  report.information('i', '/a/y', words, { at: 'key' });
  const told = report.sorted().map(({ code, severity, message, range, pointer }) => [code, severity, message, source.slice(range.start, range.end), pointer]); // prettier-ignore
  assert.deepEqual(told, [
    ['e', 'error', words, '1', '/a/x'],
    ['i', 'information', words, '"y"', '/a/y'],
    ['w', 'warning', words, '"word"', '/d'],
  ]);
});

test('without a text a problem has no place, and no fix finds one', () => {
  const report = new Report(undefined);
  report.error('e', '/a/x', words, { at: 'key' });
  assert.deepEqual(report.sorted().map(({ range, pointer }) => [range, pointer]), [[{ start: 0, end: 0 }, '/a/x']]); // prettier-ignore
  assert.equal(report.writtenKeys('/a'), undefined);
  assert.equal(report.replaceValue('/a/x', '2'), undefined);
  assert.equal(report.setProperties('/a', [['z', '1']]), undefined);
});

test('of many of a kind the first are told, and how many more there are from where on', () => {
  const list = Array.from({ length: maxProblemsOfKind + 3 }, (_, index) => index);
  const written = JSON.stringify({ a: list, b: 1 });
  const tell = (count: number): readonly { readonly en: string; readonly at: number; readonly fixes: number }[] => {
    const report = reportOf(written);
    const fix: Fix = { title: words, edits: [{ start: 0, end: 0, text: '' }] };
    for (let index = 0; index < count; index++) report.error('many', `/a/${index}`, words, { fixes: [fix] });
    report.error('other', '/b', words);
    return report.sorted().map(({ message, range, fixes }) => ({ en: message.en, at: range.start, fixes: fixes.length })); // prettier-ignore
  };
  assert.equal(tell(maxProblemsOfKind).length, maxProblemsOfKind + 1);
  // One more is told as it is: a sentence about it would be no shorter.
  const one = tell(maxProblemsOfKind + 1);
  assert.ok(one.every(({ en }) => en === 'What.'));
  assert.equal(one.length, maxProblemsOfKind + 2);
  for (const more of [2, 3]) {
    const told = tell(maxProblemsOfKind + more);
    assert.equal(told.length, maxProblemsOfKind + 2);
    const last = told.at(-2);
    assert.match(last?.en ?? '', new RegExp(`there are ${String(more)} more problems of this kind`));
    assert.equal(last?.fixes, 0);
    assert.equal(written.slice(last.at, last.at + 5), JSON.stringify(list).slice(1).split(`${String(maxProblemsOfKind - 1)},`)[1]?.slice(0, 5)); // prettier-ignore
  }
});

test('a fix without an edit is not offered; one of which a part found no place has none', () => {
  const report = reportOf();
  const edit = { start: 1, end: 2, text: 'x' };
  assert.deepEqual(report.fix(words, edit, edit), { title: words, edits: [edit, edit] });
  assert.deepEqual(report.fix(words, edit, undefined), { title: words, edits: [] });
  const none = report.fix(words);
  report.error('e', '/d', words, { fixes: [none, report.fix(words, edit)] });
  assert.deepEqual(report.sorted()[0]?.fixes, [{ title: words, edits: [edit] }]);
});

test('values, words and keys are replaced where they are written, and nowhere else', () => {
  const report = reportOf();
  assert.equal(after(report.replace('/d', 'a "new" one')), source.replace('"word"', '"a \\"new\\" one"'));
  assert.equal(report.replace('/a', 'x'), undefined);
  assert.equal(after(report.replaceValue('/a/y', '[]')), source.replace('[1, 2, 3]', '[]'));
  assert.equal(report.replaceValue('/a/z', '[]'), undefined);
  assert.equal(after(report.renameKey('/a/x', 'z')), source.replace('"x"', '"z"'));
  assert.equal(report.renameKey('/a/y/0', 'z'), undefined);
  assert.equal(report.renameKey('/e', 'z'), undefined);
  assert.deepEqual(report.writtenKeys('/a'), ['x', 'y']);
  assert.deepEqual(report.writtenKeys('/c'), []);
  assert.deepEqual(report.writtenKeys('/nowhere'), []);
});

test('properties and items are added at the end, with a comma where one is needed', () => {
  const report = reportOf();
  const two = [['u', '1'], ['v w', '[2]']] as const; // prettier-ignore
  assert.equal(after(report.setProperties('/a', two)), source.replace('3]}', '3], "u": 1, "v w": [2]}'));
  assert.equal(after(report.setProperties('/b', two)), source.replace('{}', '{ "u": 1, "v w": [2] }'));
  assert.equal(report.setProperties('/c', two), undefined);
  const twice = '{"a": 1, "a": 2}';
  assert.equal(after(reportOf(twice).setProperties('', [['b', '3']]), twice), '{"a": 1, "a": 2, "b": 3}');
  assert.equal(after(report.appendItem('/a/y', '4')), source.replace('3]', '3, 4]'));
  assert.equal(after(report.appendItem('/c', '4')), source.replace('[]', '[4]'));
  assert.equal(after(report.appendItem('/b/list', '4')), source.replace('{}', '{ "list": [4] }'));
  assert.equal(report.appendItem('/d', '4'), undefined);
  assert.equal(after(report.insertBefore('/a/y/1', '9')), source.replace('1, 2, 3', '1, 9, 2, 3'));
  assert.equal(report.insertBefore('/a/y/7', '9'), undefined);
});

test('an item goes with its comma, wherever it stands', () => {
  const report = reportOf();
  for (const [index, left] of ['[2, 3]', '[1, 3]', '[1, 2]'].entries()) {
    assert.equal(after(report.removeItem(`/a/y/${index}`)), source.replace('[1, 2, 3]', left));
  }
  assert.equal(after(reportOf('[7]').removeItem('/0'), '[7]'), '[]');
  assert.equal(report.removeItem('/a/x'), undefined);
});
