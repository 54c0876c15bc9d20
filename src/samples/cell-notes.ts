/** What was noticed while cells became numbers and labels, told at the key of the spec that uses the column. */
import { text, type Text } from '../common/text.ts';
import { notesOfCsv } from '../data/csv-notes.ts';
import type { Spellings } from '../data/labels.ts';
import { defaultMissingTokens } from '../data/missing.ts';
import type { DataSpec, Spec } from '../spec/index.ts';
import { pointerOf } from '../spec/index.ts';
import { inputRow, type FittedInput } from './inputs/table.ts';
import type { Settings } from './settings.ts';
import { targetRow, type FittedTarget } from './targets/table.ts';
import type { About, Cells, Notes } from './contract.ts';
import { rowsText } from './contract.ts';

/** A column and what it is for. */
interface Use {
  readonly column: string;
  readonly as: 'labels' | 'numbers';
  readonly who: Text;
  readonly about: About;
}

/** Of the rows of a spec. */
export function tellCells(spec: Spec, settings: Settings, cells: Cells, notes: Notes): void {
  const inputs = settings.inputs.map((input) => ({
    name: input.name,
    reads: inputRow(input).reads,
    columns: input.columns,
  }));
  const tasks = settings.tasks.map((task) => ({
    ...task,
    target: { name: task.target.name, reads: targetRow(task.target).reads, columns: task.target.columns },
  }));
  const uses = usesOf(inputs, tasks);
  const { split } = spec.data;
  if ('stratify' in split && typeof split.stratify === 'string')
    uses.push({
      column: split.stratify,
      as: 'labels',
      who: text('The split', '数据划分'),
      about: { pointer: pointerOf(['data', 'split', 'stratify']) },
    });
  tellUses(uses, cells, notes);
  tellTokens(spec.data.missingTokens, new Set(uses.map(({ column }) => column)), cells.report.tokens, notes);
}

/** Of other rows that a fitted preparation prepares, with the labels of these tasks. */
export function tellOtherCells(
  inputs: readonly FittedInput[],
  tasks: readonly (Omit<TaskColumns, 'target'> & { readonly target: FittedTarget })[],
  cells: Cells,
  notes: Notes,
): void {
  const columns = inputs.map((input) => {
    const row = inputRow(input);
    return { name: input.name, reads: row.reads, columns: row.columns(input) };
  });
  const targets = tasks.map(({ target, ...task }) => ({
    ...task,
    target: {
      name: target.name,
      reads: targetRow(target).reads,
      columns: targetRow(target).columns(target),
    },
  }));
  tellUses(usesOf(columns, targets), cells, notes);
}

function tellUses(uses: readonly Use[], { table, csv, report }: Cells, notes: Notes): void {
  for (const { code, message, severity } of csv === undefined ? [] : notesOfCsv(csv, table.file))
    notes.warn(code, message, { severity, pointer: '/data/source' });
  const told = new Set<string>();
  for (const { column, as, who, about } of uses) {
    const key = `${as} ${column}`;
    if (told.has(key)) continue;
    told.add(key);
    const say = (code: string, en: string, zh: string): void =>
      notes.warn(code, text(`${who.en}, column “${column}”: ${en}`, `${who.zh}，列“${column}”：${zh}`), about);
    if (as === 'numbers') tellNumbers(report.numbers.get(column), say);
    else {
      const { merged = [], alike = [] } = report.labels.get(column) ?? {};
      tellSpellings(merged, alike, say);
      tellKinds(report.kinds.get(column), say);
    }
  }
}

type Say = (code: string, en: string, zh: string) => void;

interface InputColumns {
  readonly name: string;
  readonly reads: 'numbers' | 'labels' | 'pictures';
  readonly columns: readonly string[];
}

interface TaskColumns {
  readonly target: InputColumns;
  readonly sampleWeight?: string | undefined;
  readonly when?: { readonly column: string } | undefined;
}

function usesOf(inputs: readonly InputColumns[], tasks: readonly TaskColumns[]): Use[] {
  const uses: Use[] = [];
  for (const { target, sampleWeight, when } of tasks) {
    const who = text(`Task “${target.name}”`, `任务“${target.name}”`);
    const at = (...keys: string[]): About => ({
      task: target.name,
      pointer: pointerOf(['tasks', target.name, ...keys]),
    });
    const { reads } = target;
    if (reads !== 'pictures')
      for (const column of target.columns) uses.push({ column, as: reads, who, about: at('target') });
    if (sampleWeight !== undefined) uses.push({ column: sampleWeight, as: 'numbers', who, about: at('sampleWeight') });
    if (when !== undefined) uses.push({ column: when.column, as: 'labels', who, about: at('when') });
  }
  for (const { name, reads, columns } of inputs) {
    if (reads === 'pictures') continue;
    const who = text(`Input “${name}”`, `输入“${name}”`);
    const about = { pointer: pointerOf(['data', 'inputs', name, 'from']) };
    for (const column of columns) uses.push({ column, as: reads, who, about });
  }
  return uses;
}

/** So many of a kind are shown; more would be a list, not a remark. */
const mostShown = 5;

function tellSpellings(merged: readonly Spellings[], alike: readonly Spellings[], say: Say): void {
  if (merged.length > 0) {
    const list = shown(merged, ' = ');
    say(
      'labels-merged',
      `a whole number and the same with zeros behind the point are one label: ${list.en}.`,
      `整数与小数部分全为零的同一个数视为同一标签：${list.zh}。`,
    );
  }
  if (alike.length === 0) return;
  const list = shown(alike, ' ≠ ');
  say(
    'labels-alike',
    `labels are told apart as they are written: ${list.en}. If they mean the same, write them in one way.`,
    `标签按写法区分：${list.zh}。若含义相同，请统一写法。`,
  );
}

/** `“1” (3 rows) = “1.0” (2 rows); …` */
function shown(groups: readonly Spellings[], between: string): Text {
  const some = groups.slice(0, mostShown).map((group) => [...group].slice(0, mostShown));
  const join = (entry: (label: string, count: number) => string): string =>
    some.map((group) => group.map(([label, count]) => entry(label.slice(0, 40), count)).join(between)).join('; ');
  const rest = groups.length - some.length;
  return text(
    join((label, count) => `“${label}” (${rowsText(count)})`) + (rest > 0 ? ` and ${rest} more` : ''),
    join((label, count) => `“${label}”（${count} 行）`).replaceAll('; ', '；') +
      (rest > 0 ? ` 等 ${groups.length} 组` : ''),
  );
}

function tellKinds(kinds: { readonly numbers: number; readonly texts: number } | undefined, say: Say): void {
  if (kinds === undefined || kinds.numbers === 0 || kinds.texts === 0) return;
  say(
    'mixed-kinds',
    `${rowsText(kinds.numbers, 'holds', 'hold')} a number and ${rowsText(kinds.texts)} a text; they are compared as they are written, so 1 and "1" are one label.`,
    `${kinds.numbers} 行是数，${kinds.texts} 行是文本；按写法比较，因此 1 与 "1" 是同一标签。`,
  );
}

function tellNumbers(
  forms:
    { readonly plain: number; readonly grouped: number; readonly other: number; readonly example: string } | undefined,
  say: Say,
): void {
  // Fractions of three digits each, beside numbers without any: that is how thousands look.
  if (forms === undefined || forms.other > 0 || forms.grouped === 0 || forms.plain === 0) return;
  const sign = forms.example.includes(',') ? ',' : '.';
  say(
    'ambiguous-number',
    `${rowsText(forms.grouped, 'has', 'have')} three digits behind a “${sign}”, such as “${forms.example}”, and ${rowsText(forms.plain)} no “${sign}”. They are read as fractions; if “${sign}” groups thousands, set data.csv.thousands to "${sign}", else data.csv.decimal.`,
    `${forms.grouped} 行在“${sign}”后恰有三位数字（如“${forms.example}”），${forms.plain} 行没有“${sign}”。现按小数读取；若“${sign}”是千位分隔符，请将 data.csv.thousands 设为 "${sign}"，否则请设置 data.csv.decimal。`,
  );
}

function tellTokens(
  given: DataSpec['missingTokens'],
  used: ReadonlySet<string>,
  met: ReadonlyMap<string, ReadonlySet<string>>,
  notes: Notes,
): void {
  const idle = (tokens: readonly (string | number)[], columns: Iterable<string>): string[] => {
    const found = new Set([...columns].flatMap((column) => [...(met.get(column) ?? [])]));
    return tokens.map(String).filter((token) => !found.has(token) && !defaultMissingTokens.includes(token));
  };
  const say = (tokens: readonly string[], pointer: string, en: string, zh: string): void => {
    if (tokens.length === 0) return;
    const list = tokens.slice(0, mostShown).map((token) => `“${token.slice(0, 40)}”`);
    const message = text(
      `No cell of ${en} is ${list.join(' or ')}: check data.missingTokens (text is compared as it is spelled, numbers by their value).`,
      `${zh}中没有任何单元格是${list.join('或')}：请检查 data.missingTokens（文本按拼写比较，数按数值比较）。`,
    );
    notes.warn('missing-token-unused', message, { pointer });
  };
  if (!isByColumn(given)) {
    say(idle(given, used), '/data/missingTokens', 'the columns in use', '所用各列');
    return;
  }
  for (const [column, tokens] of given)
    if (used.has(column))
      say(idle(tokens, [column]), pointerOf(['data', 'missingTokens', column]), `column “${column}”`, `列“${column}”`);
}

function isByColumn(
  tokens: DataSpec['missingTokens'],
): tokens is Extract<DataSpec['missingTokens'], ReadonlyMap<string, unknown>> {
  return tokens instanceof Map;
}
