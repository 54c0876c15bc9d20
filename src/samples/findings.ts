/** What the prepared data give reason to say before anything is trained: splits too small to judge by, rows that are there twice. */
import { text } from '../common/text.ts';
import { listNames } from '../data/table.ts';
import { pointerOf, type Spec } from '../spec/index.ts';
import { tellCells } from './cell-notes.ts';
import { tellDuplicates } from './duplicates.ts';
import { appliesTo, type PreparedTask, type Preparation } from './preparation.ts';
import { eachLabel } from './row-stores.ts';
import type { Source } from './source.ts';
import { partNames, type Part } from './split.ts';
import { classesOf } from './targets/table.ts';
import { rowsText, type Cells, type Notes, type PreparedSplit } from './contract.ts';

/** With fewer rows one of them is more than 3 % of an accuracy. */
const tiny = 30;

export function tellFindings(
  spec: Spec,
  { settings, cells }: Pick<Source, 'settings' | 'cells'>,
  preparation: Preparation,
  splits: Readonly<Record<Part, PreparedSplit>>,
  notes: Notes,
): void {
  tellCells(spec, settings, cells, notes);
  for (const task of preparation.tasks) tellTask(task, cells, splits.train, notes);
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

/** A condition that holds nowhere, and classes of which nothing is learned. */
function tellTask({ target, when }: PreparedTask, cells: Cells, train: PreparedSplit, notes: Notes): void {
  const { name } = target;
  if (when !== undefined && !appliesTo(when, cells).includes(1)) {
    const message = text(
      `Task “${name}” applies to no row: column “${when.column}” never holds ${listNames(when.values)} (labels are compared as they are written).`,
      `任务“${name}”不适用于任何行：列“${when.column}”中没有 ${listNames(when.values, 'zh')}（标签按写法比较）。`,
    );
    notes.warn('when-never', message, { task: name, pointer: pointerOf(['tasks', name, 'when']) });
  }
  const labels = train.targets.get(name);
  const classes = classesOf(target);
  if (classes === undefined || labels === undefined || labels.labeled === 0) return;
  const met = new Set<number>();
  eachLabel(labels, (label, present) => label.forEach((found, at) => present?.[at] !== 0 && met.add(found)));
  const absent = classes.filter((_, index) => !met.has(index));
  if (absent.length === 0) return;
  const message = text(
    `Task “${name}”: no training row has the ${absent.length === 1 ? 'class' : 'classes'} ${listNames(absent)}, so nothing is learned of ${absent.length === 1 ? 'it' : 'them'}.`,
    `任务“${name}”：训练行中没有类别 ${listNames(absent, 'zh')}，学不到这些类别。`,
  );
  notes.warn('class-without-rows', message, { task: name });
}
