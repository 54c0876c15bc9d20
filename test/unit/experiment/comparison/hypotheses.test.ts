// What a claim is answered with, word for word in both languages, and what it carries where it cannot be tested.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HypothesisResult } from '../../../../src/experiment/comparison/contract.ts';
import { tabled, three, type Values } from './evidence.ts';
import { but, close, made } from './readings.ts';

/** `wide` is higher than `single` by this, give or take a thousandth or two, whatever the task. */
const by =
  (difference: number): Values =>
  (arm, task, place) =>
    (tabled('single', task, place % 5) as number) + (arm === 'wide' ? difference + ((place % 5) - 2) / 1000 : 0);
/** Unpaired, each arm has five seeds of its own: those of `single` are the second five, those of `wide` the third. */
const apart =
  (changes: Parameters<typeof but>[0]): Values =>
  (arm, task, place) =>
    but(changes)(arm, task, place % 5);

const measures = { kind: { metric: 'accuracy', margin: 0.02 }, size: { metric: 'mae', margin: 0.02 } };
const unpaired = { replicates: { n: 5, hold: 'split', paired: false } };

function claimed(claim: string, values: Values, rest: object = {}, arms = ['wide', 'single'], measure = 'kind') {
  const [result] = made(
    { ...three, measures, ...rest, hypotheses: [{ id: 'H', claim, measure, arms }] },
    values,
  ).hypotheses;
  assert.ok(result);
  return result;
}
/** The sentence up to its numbers. */
const told = ({ result, reason: { en, zh } }: HypothesisResult) => [result, en.split(':')[0], zh.split('：')[0]];

describe('the words of an answer', () => {
  test('superior', () => {
    assert.deepEqual(told(claimed('superior', by(0.1))), ['supported', 'Better', '更好']);
    assert.deepEqual(told(claimed('superior', by(-0.1))), ['refuted', 'Worse', '更差']);
    assert.deepEqual(told(claimed('superior', by(0))), [
      'undecided',
      'No better could be shown, and any difference lies within the margin',
      '未能证明更好，且差异在界值之内',
    ]);
    const open = claimed('superior', by(0), { measures: { kind: { metric: 'accuracy' } } });
    assert.deepEqual(told(open), ['undecided', 'No difference could be shown', '未能证明有差异']);
  });

  test('non-inferior', () => {
    assert.deepEqual(told(claimed('non-inferior', by(0))), [
      'supported',
      'No worse than the margin allows',
      '未差过界值',
    ]);
    assert.deepEqual(told(claimed('non-inferior', by(-0.1))), ['refuted', 'Worse by more than the margin', '差于界值']);
    assert.deepEqual(told(claimed('non-inferior', by(-0.0205))), [
      'undecided',
      'It may be worse by more than the margin',
      '可能差于界值',
    ]);
  });

  test('equivalent', () => {
    assert.deepEqual(told(claimed('equivalent', by(0))), [
      'supported',
      'The difference lies within the margin',
      '差异在界值之内',
    ]);
    assert.deepEqual(told(claimed('equivalent', by(0.1))), [
      'refuted',
      'The difference lies outside the margin',
      '差异在界值之外',
    ]);
    assert.deepEqual(told(claimed('equivalent', by(0.0205))), [
      'undecided',
      'The difference may lie on either side of the margin',
      '差异可能在界值内，也可能在界值外',
    ]);
  });

  test('the numbers: paired or not, corrected or not', () => {
    const paired = claimed('superior', by(0));
    assert.equal(paired.reason.en.split(': ')[1], 'mean difference 0, adjusted p 1.');
    assert.equal(paired.reason.zh.split('：')[1], '平均差 0，校正后 p 1。');
    const free = claimed('superior', by(0), unpaired);
    assert.match(free.reason.en, /: unpaired, difference of means \S+, adjusted p \S+\.$/);
    assert.match(free.reason.zh, /：非配对，均值之差 \S+，校正后 p \S+。$/u);
    const margin = claimed('non-inferior', by(0));
    assert.match(margin.reason.en, /: mean difference 0, p [\d.e-]+\.$/);
    assert.match(margin.reason.zh, /：平均差 0，p [\d.e-]+。$/u);
  });
});

describe('what cannot be tested', () => {
  const empty = { mean: null, interval: null, p: null, adjustedP: null, bound: null, n: 0, result: 'undecided' } as const; // prettier-ignore

  test('an arm that is not there, whichever of the two; a task that is none', () => {
    for (const arms of [
      ['wide', 'nobody'],
      ['nobody', 'single'],
      ['nobody', 'wide'],
    ]) {
      const { reason, ...rest } = claimed('non-inferior', by(0), {}, arms);
      assert.deepEqual(reason, {
        en: 'The arm "nobody" is not known here (yet).',
        zh: '此处（尚）没有实验组“nobody”。',
      });
      const family = arms[1] === 'single' ? 'none' : 'hypotheses';
      assert.deepEqual(rest, { ...empty, id: 'H', claim: 'non-inferior', measure: 'kind', metric: 'accuracy', arms, margin: 0.02, family }); // prettier-ignore
    }
    // Two that are not there: the first is named.
    assert.match(claimed('superior', by(0), {}, ['one', 'two']).reason.en, /"one"/);
  });

  test('failed runs, of pairs or of runs', () => {
    const failing = but({ 'wide//2': 'failed' });
    assert.deepEqual(claimed('equivalent', failing).reason, {
      en: 'A run failed in 1 of 5 pairs.',
      zh: '5 对中有 1 对存在失败的运行。',
    });
    assert.deepEqual(claimed('equivalent', apart({ 'wide//2': 'failed' }), unpaired).reason, {
      en: '1 of 10 runs failed.',
      zh: '10 次运行中有 1 次失败。',
    });
    // Worse by rank it cannot be said to be, nor better: the failure is the reason.
    assert.deepEqual(claimed('superior', failing).reason.en, 'A run failed in 1 of 5 pairs.');
  });

  test('runs that have not ended, of pairs or of runs', () => {
    const open = { 'wide//2': 'missing', 'single//4': 'missing' } as const;
    assert.deepEqual(claimed('superior', but(open)).reason, {
      en: '2 of 5 pairs have not ended.',
      zh: '5 对中有 2 对尚未结束。',
    });
    assert.deepEqual(claimed('superior', apart(open), unpaired).reason, {
      en: '2 of 10 runs have not ended.',
      zh: '10 次运行中有 2 次尚未结束。',
    });
  });

  test('no margin to be held against', () => {
    const { reason, margin } = claimed('equivalent', by(0), { measures: { kind: { metric: 'accuracy' } } });
    assert.deepEqual([reason.en, reason.zh, margin], ['"kind" has no margin.', '“kind”没有界值。', null]);
  });
});

describe('which p counts', () => {
  test('beside the baseline that of its family; of a margin its own; of other arms that of the claims', () => {
    const [first, second, third] = made(three).hypotheses;
    // Holm of the family of four: the smallest p, times four.
    close((first?.adjustedP ?? NaN) / (first?.p ?? NaN), 4);
    assert.equal(second?.adjustedP, second?.p);
    assert.equal(third?.adjustedP, third?.p, 'a family of one');
    const equivalent = claimed('equivalent', by(0));
    const inferior = claimed('non-inferior', by(0));
    // Symmetric about 0 and the margin the same on both sides: both one-sided tests have one p.
    close(equivalent.p, inferior.p ?? NaN);
    assert.notEqual(claimed('superior', by(0)).p, equivalent.p);
    assert.deepEqual([equivalent.n, equivalent.family, inferior.family], [5, 'none', 'none']);
  });

  test('just at the level it is enough', () => {
    const { p } = claimed('superior', by(0.002));
    assert.ok(p !== null && p > 0.001 && p < 0.5);
    const at = (level: number) => claimed('superior', by(0.002), { analysis: { level, family: 'all' } }).result;
    assert.deepEqual([at(1 - p * 1.001), at(1 - p * 0.999)], ['supported', 'undecided']);
  });
});

test('where runs failed the test is by ranks: no p of a t test, no margin, no sign-flip', () => {
  const wide = made(three, but({ 'wide//2': 'failed' })).arms.find(({ id }) => id === 'wide');
  const delta = wide?.measures[0]?.delta;
  assert.ok(delta);
  const { p, correctedP, signFlipP, equivalence, nonInferiority, disagreement, failed } = delta;
  assert.deepEqual([p, signFlipP, equivalence, nonInferiority, disagreement], [null, null, null, null, false]);
  // Four differences above zero and one failed run, the largest rank: 5 of 15; sums to 5 or less, or 10 or more: 2 · 10 of 32.
  assert.deepEqual([failed, delta.rankP, correctedP], [1, 20 / 32, 20 / 32]);
});
