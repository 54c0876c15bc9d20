// The words of the lens above an experiment and of its runs in the list.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countsText,
  experimentText,
  plannedIcons,
  plannedText,
  seedText,
  type ExperimentSummary,
} from '../../../../src/editor/experiments/experiment-text.ts';
import type { ArmEntry } from '../../../../src/editor/experiments/experiment-runs.ts';

/** The English text with its places filled in, as the editor does. */
const t = (text: string, ...values: readonly (string | number | boolean)[]): string =>
  text.replace(/\{(\d+)\}/g, (_, place: string) => String(values[Number(place)]));

const summary = (more: Partial<ExperimentSummary> & { readonly seconds?: number | null } = {}): ExperimentSummary => ({
  estimate: { runs: 148, seconds: more.seconds ?? null } as ExperimentSummary['estimate'],
  power: more.power ?? null,
  over: more.over ?? false,
  language: more.language ?? 'en',
});

test('the lens: runs, time, power; what is not known is said, and what is over the budget is marked', () => {
  const power = { n: 8, tasks: 4, effective: 0.5 } as ExperimentSummary['power'];
  assert.equal(
    experimentText(t, summary({ seconds: 11_400, power })),
    '148 runs · ≈ 3 h 10 min · 8 seeds, 4 tasks: 50 % power at 1 sd',
  );
  assert.equal(experimentText(t, summary()), '148 runs · time not measured yet');
  assert.equal(experimentText(t, summary({ over: true })), '⛔ 148 runs · time not measured yet');
  assert.match(experimentText(t, summary({ seconds: 11_400, language: 'zh' })), /≈ 3 小时 10 分/);
});

test('an arm: what is done of its runs; failures and live ones only where there are any', () => {
  const arm = (counts: Partial<ArmEntry>): ArmEntry =>
    ({ runs: [1, 2, 3, 4, 5, 6, 7, 8], done: 3, failed: 0, running: 0, ...counts }) as unknown as ArmEntry;
  assert.equal(countsText(t, arm({})), '3 of 8 done');
  assert.equal(countsText(t, arm({ failed: 1, running: 2 })), '3 of 8 done · 1 failed · 2 running');
  assert.equal(countsText(t, arm({ running: 1 })), '3 of 8 done · 1 running');
});

test('a run is told from others by its seed, its task and its level', () => {
  assert.equal(seedText(t, { seed: 3, task: 'mass', label: 'w = 1' }), 'seed 3 · mass · w = 1');
  assert.equal(seedText(t, { seed: 0, task: null, label: '' }), 'seed 0');
});

test('each state of a planned run has a word of its own, and an icon that says how it went', () => {
  const words = Object.keys(plannedIcons).map((state) => [state, plannedText(t, state as keyof typeof plannedIcons)]);
  const same = ['waiting', 'preparing', 'running', 'paused', 'stopping', 'interrupted', 'failed'];
  assert.deepEqual(Object.fromEntries(words), {
    ...Object.fromEntries(same.map((state) => [state, state])),
    ...{ done: 'completed', pruned: 'cut early', foreign: 'not of this experiment' },
  });
  assert.deepEqual([plannedIcons.running, plannedIcons.paused], ['sync~spin', 'debug-pause']);
  const { waiting, interrupted, done, failed, pruned, foreign } = plannedIcons;
  assert.deepEqual(
    [waiting, interrupted, done, failed, pruned, foreign],
    ['circle-outline', 'debug-disconnect', 'pass', 'error', 'circle-slash', 'warning'],
  );
});
