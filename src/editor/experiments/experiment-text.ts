/** The words of the lens on `experiment` and of its runs in the list. Pure: the translator comes as an argument. */
import { durationText } from '../../common/duration.ts';
import type { Estimate } from '../../experiment/estimate.ts';
import type { PowerReport } from '../../experiment/power.ts';
import type { Language } from '../../common/text.ts';
import type { PlannedState } from '../../experiment/read.ts';
import { stateIcons, stateText } from '../runs/run-text.ts';
import type { Translate } from '../weights/lens-text.ts';
import type { ArmEntry, PlannedEntry } from './experiment-runs.ts';

export interface ExperimentSummary {
  readonly estimate: Estimate;
  readonly power: PowerReport | null;
  /** It comes to more than the budget allows. */
  readonly over: boolean;
  readonly language: Language;
}

/** `148 runs · ≈ 3 h 10 min · 8 seeds, 4 tasks: 39 % power at 1 sd`. */
export function experimentText(t: Translate, { estimate, power, over, language }: ExperimentSummary): string {
  const time = estimate.seconds === null ? t('time not measured yet') : `≈ ${durationText(estimate.seconds)[language]}`;
  const parts = [(over ? '⛔ ' : '') + t('{0} runs', estimate.runs), time];
  if (power !== null) {
    const percent = `${String(Math.round(power.effective * 100))} %`;
    parts.push(t('{0} seeds, {1} tasks: {2} power at 1 sd', power.n, power.tasks, percent));
  }
  return parts.join(' · ');
}

/** `3 of 8 done · 1 failed · 2 running`: an arm's runs, as the ledger tells. */
export function countsText(t: Translate, { runs, done, failed, running }: ArmEntry): string {
  const parts = [t('{0} of {1} done', done, runs.length)];
  if (failed > 0) parts.push(t('{0} failed', failed));
  if (running > 0) parts.push(t('{0} running', running));
  return parts.join(' · ');
}

/** `seed 3 · mass`: what tells a run from the others of its arm. */
export function seedText(t: Translate, { seed, task, label }: Pick<PlannedEntry, 'seed' | 'task' | 'label'>): string {
  return [t('seed {0}', seed), task ?? '', label].filter((part) => part !== '').join(' · ');
}

export function plannedText(t: Translate, state: PlannedState): string {
  switch (state) {
    case 'waiting':
      return t('waiting');
    case 'preparing':
    case 'running':
    case 'paused':
    case 'stopping':
      return stateText(t, state);
    case 'interrupted':
      return t('interrupted');
    case 'done':
      return t('completed');
    case 'failed':
      return t('failed');
    case 'pruned':
      return t('cut early');
    case 'foreign':
      return t('not of this experiment');
  }
}

/** Codicon of a state. */
export const plannedIcons: Readonly<Record<PlannedState, string>> = {
  waiting: 'circle-outline',
  preparing: stateIcons.preparing,
  running: stateIcons.running,
  paused: stateIcons.paused,
  stopping: stateIcons.stopping,
  interrupted: 'debug-disconnect',
  done: 'pass',
  failed: 'error',
  pruned: 'circle-slash',
  foreign: 'warning',
};
