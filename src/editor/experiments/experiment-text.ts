/** The words of the lens on `experiment`. Pure: the translator comes as an argument. */
import { durationText } from '../../common/duration.ts';
import type { Estimate } from '../../experiment/estimate.ts';
import type { PowerReport } from '../../experiment/power.ts';
import type { Language } from '../../common/text.ts';
import type { Translate } from '../weights/lens-text.ts';

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
