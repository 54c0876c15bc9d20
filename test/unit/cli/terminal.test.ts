import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveTable } from '../../../src/cli/live-table.ts';
import { languageOf, setLanguage } from '../../../src/cli/language.ts';
import { Positions } from '../../../src/cli/problems.ts';
import { numberText, seconds, TrainingView } from '../../../src/cli/training-view.ts';
import { columns, cut, padEnd, widthOf } from '../../../src/cli/width.ts';
import type { EventInput, EventRecord } from '../../../src/runs/events.ts';
import { encodeRecord, parseRecord } from '../../../src/runs/records.ts';
import { startBody, stepBody } from '../runs/helpers.ts';

test('Chinese takes two columns', () => {
  assert.equal(widthOf('分类 a'), 6);
  assert.equal(padEnd('分', 4), '分  ');
  assert.equal(cut('特征提取', 5), '特征…');
  assert.equal(widthOf(cut('特征提取', 6)), 5);
  assert.deepEqual(columns([['任务', '1'], ['a', '100']]), ['任务    1', 'a     100']); // prettier-ignore
});

test('a table is redrawn in place, and cut to the window', () => {
  let written = '';
  const table = new LiveTable({ columns: 80, rows: 3, write: (text: string) => (written += text) });
  table.draw(['a', 'b', 'c'], 0);
  assert.equal(written, 'a\nb\n');
  written = '';
  table.draw(['d', 'e', 'f'], 1000);
  assert.equal(written, '\u001b[2F\u001b[0Jd\ne\n');
  written = '';
  table.above('note');
  assert.equal(written, '\u001b[2F\u001b[0Jnote\nd\ne\n');
  table.leave();
  written = '';
  table.draw(['g'], 2000);
  assert.equal(written, 'g\n');
});

test('lines and columns are counted as editors do', () => {
  const positions = new Positions('a\r\nbc\n\u{1F427}d\rlast');
  const places = [0, 3, 4, 6, 8, 10, 14, 99].map((offset) => positions.at(offset));
  assert.deepEqual(
    places.map(({ line, column }) => [line, column]),
    [[1, 1], [2, 1], [2, 2], [3, 1], [3, 3], [4, 1], [4, 5], [4, 5]], // prettier-ignore
  );
});

test('the language is that of the environment', () => {
  assert.equal(languageOf({ LANG: 'zh_CN.UTF-8' }), 'zh');
  assert.equal(languageOf({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }), 'en');
  assert.equal(languageOf({ LC_ALL: '', LC_MESSAGES: 'zh_TW', LANG: 'en' }), 'zh');
  assert.equal(languageOf({}), 'en');
});

test('numbers and times are short', () => {
  assert.deepEqual([0, 0.123456, 12345.678, 1e-5, null, 'NaN' as const].map(numberText), ['0', '0.1235', '12350', '1.000e-5', '–', 'NaN']); // prettier-ignore
  assert.deepEqual([5.25, 65, 3725, NaN].map(seconds), ['5.3 s', '1:05', '1:02:05', '?']);
});

test('a run is told by its records: head, rows per task, epoch lines, closing words', () => {
  setLanguage('en');
  const record = (seq: number, body: EventInput): EventRecord => {
    const parsed = parseRecord(encodeRecord(seq, 0, body));
    if (typeof parsed === 'string') throw new Error(parsed);
    return parsed;
  };
  const result = {
    losses: new Map([['10', 0.25], ['2', 0.5]]), // prettier-ignore
    metrics: new Map(['10', '2'].map((task) => [task, new Map([['mae', 1.5]])])),
  };
  const view = new TrainingView([['10', 3], ['2', 4]]); // prettier-ignore
  assert.match(view.table(80)[0] ?? '', /Starting/);
  assert.match(view.take(record(0, startBody(1))) ?? '', /Engine wasm .* 8 training/);
  view.take(record(1, stepBody(2)));
  const line = view.take(record(2, { kind: 'epoch', epoch: 1, train: result, validation: { ...result, total: 0.75, skill: null }, seconds: 2 })); // prettier-ignore
  assert.equal(line, 'epoch 1/3  val total 0.75  10 0.25 (val 0.25, mae 1.5)  2 0.5 (val 0.5, mae 1.5)  2.0 s');
  const table = view.table(79);
  assert.match(table[0] ?? '', /training · epoch 1\/3 · step 2\/6/);
  assert.equal(table.length, 5);
  assert.match(table[2] ?? '', /^10\s+0\.25\s+0\.5\s+0\.25\s+mae 1\.5$/);
  assert.ok(table.every((row) => widthOf(row) <= 79));
  view.take(record(3, { kind: 'end', status: 'completed', seconds: 3, best: { epoch: 1, monitor: 'validation/skill', value: 0.5 }, test: result })); // prettier-ignore
  assert.deepEqual(view.closing(), [
    'Completed, 3.0 s, best epoch 1 (validation/skill 0.5)',
    'test',
    '  10  loss 0.25  mae 1.5',
    '  2    loss 0.5  mae 1.5',
  ]);
});
