import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadNotes } from '../../../src/common/spread-notes.ts';
import { text } from '../../../src/common/text.ts';

const always = text('Descriptive; no verdict comes from it.', '仅为描述，不据此下结论。');
const reason = text('Why not.', '原因。');

test('what is said of all tasks has no names, what is said of some has theirs, each once', () => {
  assert.deepEqual(spreadNotes([]), [always]);
  const same = ['a', 'b'].map((task) => ({ task, reason, dropped: 0 }));
  assert.deepEqual(spreadNotes(same), [always, reason]);
  const left = text(
    'a, c: 3 runs a task are left out, since not every arm has a value there.',
    'a、c：每个任务略去 3 次运行，因为并非各组都有相应的值。',
  );
  const some = ['a', 'b', 'c'].map((task) => ({ task, reason, dropped: task === 'b' ? 0 : 3 }));
  assert.deepEqual(spreadNotes(some), [always, reason, left]);
});

test('a single run that is left out is said, and in the singular', () => {
  assert.deepEqual(spreadNotes([{ task: 'a', reason: null, dropped: 1 }]), [
    always,
    text(
      '1 run a task is left out, since not every arm has a value there.',
      '每个任务略去 1 次运行，因为并非各组都有相应的值。',
    ),
  ]);
  assert.deepEqual(spreadNotes([{ task: 'a', reason: null, dropped: 0 }]), [always]);
});
