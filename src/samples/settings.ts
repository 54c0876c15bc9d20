/** From the spec's words to what each input and target type takes; columns are resolved against the real header. */
import { text, type Text } from '../common/text.ts';
import { DataError } from '../data/error.ts';
import { listNames } from '../data/table.ts';
import { canonicalLabel } from '../data/values.ts';
import { targetSelectors } from '../plan/heads/table.ts';
import type { Selector } from '../plan/columns.ts';
import { selectColumns } from '../plan/columns.ts';
import type { DomainDemand, Spec, TaskSpec, WhenSpec } from '../spec/index.ts';
import { domainsOf } from '../spec/index.ts';
import { inputSettings, type InputSettings } from './inputs/table.ts';
import { inputName, taskName } from './not-available.ts';
import { rowFor, targetSettings, type TargetSettings } from './targets/table.ts';

/** In which rows a task applies: those whose cell is one of the values. */
export interface When {
  readonly column: string;
  readonly values: readonly string[];
}

export interface TaskSettings {
  readonly target: TargetSettings;
  readonly sampleWeight?: string | undefined;
  readonly when?: When | undefined;
  /** What its loss and metrics ask of the labels, where that is more than the type does. */
  readonly demands: readonly DomainDemand[];
}

export interface Settings {
  readonly inputs: readonly InputSettings[];
  readonly tasks: readonly TaskSettings[];
  /** Every column that has to be read. */
  readonly columns: ReadonlySet<string>;
}

/**
 * @param header names of the columns that the data have
 * @throws DataError `unknown-column`, `not-available`
 */
export function settingsOf(spec: Spec, header: readonly string[], file: string): Settings {
  const targets = new Map(
    [...spec.tasks].map(([name, task]) => [name, resolve(targetsOf(name, task), header, file, taskName(name))]),
  );
  const targetColumns = new Set([...targets.values()].flat());
  const inputs = [...spec.data.inputs].map(([name, input]) =>
    inputSettings(name, input, resolve(input.from, header, file, inputName(name), targetColumns)),
  );
  const tasks = [...spec.tasks].map(([name, task]) => taskSettings(name, task, targets.get(name) ?? []));
  const columns = new Set([
    ...targetColumns,
    ...inputs.flatMap((input) => input.columns),
    ...tasks.flatMap(extraColumns),
    ...splitColumns(spec),
  ]);
  for (const column of columns) {
    if (!header.includes(column)) throw unknownColumn(file, column, header, text('The spec', '实验描述文件'));
  }
  return { inputs, tasks, columns };
}

function extraColumns(task: TaskSettings): string[] {
  return [task.sampleWeight, task.when?.column].filter((column) => column !== undefined);
}

function splitColumns({ data: { split } }: Spec): string[] {
  if ('column' in split) return [split.column];
  return 'stratify' in split && typeof split.stratify === 'string' ? [split.stratify] : [];
}

function unknownColumn(file: string, column: string, header: readonly string[], who: Text): DataError {
  return new DataError(
    'unknown-column',
    text(
      `${who.en} names the column “${column}”, but ${file} has ${listNames(header)}.`,
      `${who.zh}所指的列“${column}”不存在：${file} 只有 ${listNames(header, 'zh')}。`,
    ),
    {
      file,
      column,
    },
  );
}

function resolve(
  selectors: readonly Selector[],
  header: readonly string[],
  file: string,
  who: Text,
  targets?: ReadonlySet<string>,
): readonly string[] {
  const { columns, unmatched } = selectColumns(selectors, header, targets);
  const first = selectors[unmatched[0] ?? -1];
  if (typeof first === 'string') throw unknownColumn(file, first, header, who);
  if (columns.length === 0)
    throw new DataError(
      'unknown-column',
      text(
        `${who.en}: no column of ${file} fits. It has ${listNames(header)}.`,
        `${who.zh}：${file} 中没有匹配的列，只有 ${listNames(header, 'zh')}。`,
      ),
      { file },
    );
  return columns;
}

/** @throws DataError `not-available` before anything is said of its columns */
function targetsOf(name: string, task: TaskSpec): readonly Selector[] {
  rowFor(name, task);
  return targetSelectors(task);
}

function taskSettings(name: string, task: TaskSpec, columns: readonly string[]): TaskSettings {
  const demands = domainsOf(task).filter(({ domain }) => domain === 'non-negative');
  const when = task.when === undefined ? undefined : whenOf(task.when);
  return { target: targetSettings(name, task, columns), sampleWeight: task.sampleWeight, when, demands };
}

function whenOf(when: WhenSpec): When {
  const values = 'in' in when ? when.in : [when.equals];
  return { column: when.column, values: values.map((value) => canonicalLabel(value)) };
}
