import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison, Verdict } from '../../../../src/experiment/comparison/contract.ts';
import { stringsFor } from '../../../../webview/experiment/language.ts';
import {
  effectsSentence,
  forestSentence,
  overallSentence,
  verdictNotes,
} from '../../../../webview/experiment/sentences.ts';
import { comparisonOf, delta } from '../../../webview/comparisons.ts';

const [en, zh] = [stringsFor('en'), stringsFor('zh-cn')];

/** A comparison with these verdicts, arm by arm, on 分类 and 回归. */
function judged(verdicts: readonly (readonly [Verdict, Verdict])[]): Comparison {
  const base = comparisonOf(verdicts.length + 1, 2);
  const arms = base.arms.map((arm, at) => ({
    ...arm,
    measures: arm.measures.map((one, task) => ({
      ...one,
      delta: at === 0 ? null : delta(0.1, 0.1, verdicts[at - 1]?.[task] ?? 'undecided'),
    })),
  }));
  return { ...base, arms };
}

test('few arms are named with what is decided of them', () => {
  assert.equal(
    overallSentence(judged([['helps', 'hurts'], ['equivalent', 'undecided']]), en), // prettier-ignore
    'Compared with “single”: “joint” helps 分类, hurts 回归; “wide” is equivalent on 分类.',
  );
  assert.equal(
    overallSentence(judged([['undecided', 'not-confirmed']]), en),
    'Compared with “single”: “joint” is not decided on any task.',
  );
  assert.equal(
    overallSentence(judged([['helps', 'helps'], ['non-inferior', 'hurts']]), zh), // prettier-ignore
    '与“single”相比：“joint”对 分类、回归 有益；“wide”对 回归 有害、对 分类 非劣。',
  );
});

test('many arms are counted, each once', () => {
  const many = judged([['helps', 'undecided'], ['helps', 'hurts'], ['undecided', 'hurts'], ['equivalent', 'undecided'], ['helps', 'helps']]); // prettier-ignore
  assert.equal(
    overallSentence(many, en),
    'Compared with “single”: of 5 arms 2 help a task and hurt none, 2 hurt a task, 1 does neither for certain.',
  );
  assert.match(
    overallSentence(many, zh),
    /5 个实验组中，2 个对某任务有益且无害处、2 个对某任务有害、1 个两者均未定。$/,
  );
  // Three are still named.
  assert.match(overallSentence(judged([['helps', 'helps'], ['helps', 'helps'], ['helps', 'helps']]), en), /“uncertainty” helps/); // prettier-ignore
});

test('alone the baseline is compared with nothing', () => {
  assert.equal(overallSentence(comparisonOf(1, 2), en), 'There is no arm to compare with “single” yet.');
});

test('a forest plot: its verdicts counted', () => {
  const one = judged([['helps', 'hurts'], ['undecided', 'hurts'], ['helps', 'not-confirmed']]); // prettier-ignore
  assert.equal(forestSentence(one, '分类', en), '分类 (accuracy): 2 arms help, 1 arm is undecided.');
  assert.equal(forestSentence(one, '回归', zh), '回归（mae）：2 个有害、1 个未确认。');
  assert.equal(forestSentence(one, 'x', en), 'No arm can be compared with the baseline on x.');
});

test('effects: the largest one', () => {
  const view = comparisonOf().factors[0];
  assert.equal(effectsSentence(view, en), '分类: most of the spread goes with weight (η² 50.0 %).');
  assert.ok(view);
  const both = { factors: ['a', 'b'], df: 1, etaSquared: 0.9, partialEtaSquared: null };
  assert.match(effectsSentence({ ...view, effects: [...view.effects, both] }, en), /a × b \(η² 90\.0 %\)/);
  const unknown = view.effects.map((effect) => ({ ...effect, etaSquared: null }));
  assert.equal(effectsSentence({ ...view, effects: unknown }, en), en.sentences.noEffects);
  assert.equal(effectsSentence(undefined, zh), zh.sentences.noEffects);
});

test('beside a verdict: the reason, seeds that would decide, tests that disagree', () => {
  const reason = { en: 'A run failed.', zh: '有运行失败。' };
  const open = delta(0.1, 0.2, 'undecided', { reason, moreSeeds: 5, disagreement: true });
  assert.equal(verdictNotes(open, en), 'A run failed. About 5 more seeds would decide. The t test and the sign-flip test disagree.'); // prettier-ignore
  assert.equal(verdictNotes({ ...open, moreSeeds: 1, disagreement: false, reason: null }, en), 'About 1 more seed would decide.'); // prettier-ignore
  assert.equal(verdictNotes({ ...open, moreSeeds: 0, disagreement: false }, zh), '有运行失败。');
  assert.equal(verdictNotes({ ...open, verdict: 'helps', disagreement: false }, en), 'A run failed.');
  assert.equal(verdictNotes(delta(0.1, 0.2, 'helps'), en), '');
});
