/** A comparison as CSV: a row an arm, task and seed; or a row an arm and task. */
import { csvText, type CsvCell } from '../../common/csv.ts';
import type { Comparison } from '../comparison/contract.ts';
import { deltaOf } from './cells.ts';
import type { FigureData } from './contract.ts';

/** Every value there is. `state` tells an undefined metric from a failed run and from one that has not ended. */
export function valuesCsv({ arms, baseline }: Comparison): string {
  const rows = arms.flatMap((arm) =>
    arm.measures.flatMap(({ task, metric, cells }) =>
      arm.seeds.map((seed, index): CsvCell[] => {
        const { state, value } = cells[index] ?? { state: 'missing', value: null };
        return [arm.id, arm.id === baseline, task, metric, arm.split, seed, state, value];
      }),
    ),
  );
  return csvText(['arm', 'baseline', 'task', 'metric', 'split', 'seed', 'state', 'value'], rows);
}

const summaryColumns = [
  ...['arm', 'baseline', 'task', 'metric', 'split', 'n', 'failed', 'undefined', 'missing', 'mean', 'low', 'high'],
  ...['pairs', 'delta', 'delta_low', 'delta_high', 'family_low', 'family_high'],
  // As in the JSON: `p` without any correction, then for overlapping training sets, then for looks and the family as well.
  ...['p', 'rank_p', 'corrected_p', 'adjusted_p', 'sign_flip_p'],
  ...['verdict', 'reason'],
];

/** What the values come to. */
export function summaryCsv({ arms, baseline }: Comparison): string {
  const rows = arms.flatMap((arm) =>
    arm.measures.map((one): CsvCell[] => {
      const delta = deltaOf(arm, one.task);
      const { interval, familyInterval } = delta ?? {};
      return [
        ...[
          arm.id,
          arm.id === baseline,
          one.task,
          one.metric,
          arm.split,
          one.n,
          one.failed,
          one.undefined,
          one.missing,
        ],
        ...[one.mean, ...ends(one.interval), delta?.n ?? null, delta?.mean ?? null],
        ...[...ends(interval), ...ends(familyInterval)],
        ...[delta?.p ?? null, delta?.rankP ?? null, delta?.correctedP ?? null, delta?.adjustedP ?? null],
        ...[delta?.signFlipP ?? null, delta?.verdict ?? null],
        (delta?.reason ?? one.reason)?.en ?? null,
      ];
    }),
  );
  return csvText(summaryColumns, rows);
}

const ends = (interval: readonly [number, number] | null | undefined): readonly CsvCell[] => interval ?? [null, null];

export const figureCsv = ({ columns, rows }: FigureData): string => csvText(columns, rows);
