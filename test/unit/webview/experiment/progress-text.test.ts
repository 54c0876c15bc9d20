import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringsFor } from '../../../../webview/experiment/language.ts';
import { progressText, totalsOf } from '../../../../webview/experiment/progress-text.ts';
import { progressOf } from '../../../webview/comparisons.ts';

const [en, zh] = [stringsFor('en'), stringsFor('zh-cn')];

test('what has ended in any way, of what is known', () => {
  assert.deepEqual(totalsOf(progressOf('running')), { ended: 15, all: 40 });
  assert.deepEqual(totalsOf(progressOf('running', { failed: 0, pruned: 0, running: 0, waiting: 0 })), { ended: 12, all: 12 }); // prettier-ignore
});

test('parts that are nothing are not said', () => {
  assert.equal(
    progressText(progressOf('running'), en),
    '15 of 40 runs done · 2 running · 1 failed · 2 cut short · up to 4 more are not known yet · about 13 min left',
  );
  const plain = { failed: 0, pruned: 0, running: 0, later: 0 };
  assert.equal(progressText(progressOf('paused', { ...plain, remaining: null }), en), '12 of 35 runs done');
  assert.equal(progressText(progressOf('running', { ...plain, remaining: 30, atMost: true }), zh), '已完成 12 / 35 次运行 · 至多还需 30 秒'); // prettier-ignore
  assert.equal(progressText(progressOf('done', { ...plain, waiting: 0, remaining: 30 }), en), '12 of 12 runs done');
  // All have ended, and the driver has not said so yet; more may come of a later stage.
  const ended = { ...plain, waiting: 0, remaining: 3, atMost: false };
  assert.equal(progressText(progressOf('running', ended), en), '12 of 12 runs done');
  assert.match(progressText(progressOf('running', { ...ended, later: 2 }), en), /about 3 s left$/);
  assert.equal(progressText(progressOf('done', { ...ended, waiting: 3 }), en), '12 of 15 runs done');
});
