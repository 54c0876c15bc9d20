/** What the prepared data give reason to say before anything is trained: splits too small to judge by, rows that are there twice. */
import { text } from '../../spec/index.ts';
import { tellDuplicates } from './duplicates.ts';
import type { Settings } from './settings.ts';
import { partNames, type Part } from './split.ts';
import { rowsText, type Cells, type Notes, type PreparedSplit } from './types.ts';

/** With fewer rows one of them is more than 3 % of an accuracy. */
const tiny = 30;

export function tellFindings(
  settings: Settings,
  cells: Cells,
  splits: Readonly<Record<Part, PreparedSplit>>,
  notes: Notes,
): void {
  for (const part of ['validation', 'test'] as const) {
    const { n } = splits[part];
    if (n === 0 || n >= tiny) continue;
    const share = Math.round(100 / n);
    const message = text(
      `The ${part} split has ${rowsText(n)}: one of them is ${share} % of an accuracy there, so small differences are chance.`,
      `${partNames[part]}只有 ${n} 行：其中一行就占准确率的 ${share} %，细小的差别只是偶然。`,
    );
    notes.warn(`tiny-${part}`, message, { pointer: '/data/split', severity: 'information' });
  }
  const { train, validation, test } = splits;
  tellDuplicates(settings, cells, { train: train.rows, validation: validation.rows, test: test.rows }, notes);
}
