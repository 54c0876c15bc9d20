/** What the examination of a strategy says, in Chinese as well as in English. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBilingual } from '../../bilingual.ts';
import type { StepStatistics } from '../../../../src/weighting/contract.ts';
import { examine } from '../../../../src/weighting/custom/examine.ts';
import { readModule } from '../../../../src/weighting/custom/module.ts';

type Weigh = (given: StepStatistics) => unknown;
const detailsOf = (weigh: Weigh): Readonly<Record<string, readonly [en: string, zh: string]>> =>
  Object.fromEntries(
    examine(readModule('mine.mjs', { weigh })).map(({ name, detail }) => {
      assertBilingual(name);
      return [name.en.split(/[ :]/).slice(0, 2).join(' '), [detail.en, detail.zh]];
    }),
  );

test('equal weights: how many trials pass, and what holds in all of them', () => {
  const found = detailsOf(({ losses }) => losses.map(() => 1));
  for (const check of ['the same', 'the state', 'another order', 'losses of'])
    assert.deepEqual(found[check], ['15 trials', '15 次试验'], check);
  assert.deepEqual(found['multiplying all'], ['in all trials', '所有试验中']);
  assert.deepEqual(found['identical tasks'], ['T = 2: 2, T = 3: 3, T = 5: 5', 'T = 2: 2, T = 3: 3, T = 5: 5']);
  const [en, zh] = found['no task'] ?? ['', ''];
  const [, kept, steps] = /^in (\d+) of (\d+) steps$/.exec(en) ?? [];
  assert.equal(zh, `${steps ?? ''} 步中的 ${kept ?? ''} 步`);
  const [range, rangeZh] = found['two tasks'] ?? ['', ''];
  const [, least, most] = /^from (\S+) to (\S+)$/.exec(range) ?? [];
  assert.equal(rangeZh, `${least ?? ''} 至 ${most ?? ''}`);
});

test('weights that follow the place and grow with the losses: where they fail, and how far', () => {
  const found = detailsOf(({ losses }) => losses.map((_, index) => index - 1));
  assert.deepEqual(found['another order'], [
    'independent gradients of 2 tasks, step 1: [0, -1] and [-1, 0]',
    '2 个任务的梯度（独立），第 1 步：[0, -1] 与 [-1, 0]',
  ]);
  const negative = examine(readModule('mine.mjs', { weigh: ({ losses }: StepStatistics) => losses.map(() => -2.5) }));
  assert.deepEqual(
    negative.filter(({ name }) => name.en === 'weights are never negative').map(({ detail }) => detail),
    [{ en: 'no: down to -2.5', zh: '否：最小 -2.5' }],
  );
  // Proportions of wᵢ = 1 + Lᵢ move with the size of the losses, wherever these differ.
  assert.deepEqual(detailsOf(({ losses }) => losses.map((loss) => 1 + loss))['multiplying all'], [
    'in 0 of 15 trials',
    '15 次试验中的 0 次',
  ]);
  assert.deepEqual(detailsOf(({ losses }) => losses.map(() => 0))['two tasks'], ['no direction', '无方向']);
});
