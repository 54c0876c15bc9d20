/** What a rule compares of a report: every task's measure, or the monitor alone. */
import { text, type Text } from '../../common/text.ts';
import type { PruneDecision, PruneRequest, Report } from './contract.ts';

export interface Criterion {
  readonly name: Text;
  readonly of: (report: Report) => number | null;
}

export const criteriaOf = ({ rule, tasks }: PruneRequest): readonly Criterion[] =>
  rule === 'worse-on-monitor'
    ? [{ name: text('the monitor', '监控指标'), of: ({ monitor }) => monitor }]
    : tasks.map((task, index) => ({
        name: text(JSON.stringify(task), JSON.stringify(task)),
        of: ({ measures }) => measures[index] ?? null,
      }));

/** A value that can be compared. What is not finite says nothing. */
export const isEvidence = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

export const goOn = (en: string, zh: string): PruneDecision => ({ decision: 'go on', reason: text(en, zh) });
export const cut = (en: string, zh: string): PruneDecision => ({ decision: 'cut', reason: text(en, zh) });

export const namesOf = (criteria: readonly { readonly name: Text }[]): Text =>
  text(criteria.map(({ name }) => name.en).join(', '), criteria.map(({ name }) => name.zh).join('、'));
