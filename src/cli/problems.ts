/** Problems as lines for people and as JSON for programs. */
import type { ErrorRecord } from '../runs/events.ts';
import type { RunResult } from '../runs/result.ts';
import type { Problem } from '../spec/index.ts';
import { say, t } from './language.ts';
import { plain } from './output.ts';

type WarningRecord = RunResult['warnings'][number];

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
}

/** Turns offsets of a text into lines and columns. */
export class Positions {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
    this.#starts = starts;
    this.#length = text.length;
  }

  at(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - (this.#starts[low] ?? 0) + 1 };
  }
}

/** `file:line:column: severity: message [code]`, and one line a fix. */
export function problemLines(name: string, positions: Positions, problems: readonly Problem[]): readonly string[] {
  const words = {
    error: t('error', '错误'),
    warning: t('warning', '警告'),
    information: t('information', '提示'),
  };
  return problems.flatMap((problem) => {
    const { line, column } = positions.at(problem.range.start);
    const said = `${plain(name)}:${line}:${column}: ${words[problem.severity]}: ${plain(say(problem.message))} [${problem.code}]`;
    return [said, ...problem.fixes.map((fix) => `    ${t('fix: ', '修复：')}${plain(say(fix.title))}`)];
  });
}

/** A warning of a run in the person's language; names its task where its words do not. */
export function warningLine({ message, zh = message, task, severity }: WarningRecord): string {
  const words = say({ en: message, zh });
  const named = task === undefined || words.includes(`“${task}”`) || words.includes(`"${task}"`);
  const said = named ? words : t(`Task “${task}”: ${words}`, `任务“${task}”：${words}`);
  const kind = severity === 'information' ? t('note: ', '提示：') : t('warning: ', '警告：');
  return `${kind}${plain(said)}`;
}

/** Why a run failed, in the person's language. */
export function errorLine({ message, zh = message }: ErrorRecord): string {
  return say({ en: message, zh });
}

/** One element of `problems` of `check --json`. */
export function problemJson(positions: Positions, problem: Problem): object {
  const place = (start: number, end: number): object => {
    const from = positions.at(start);
    const to = positions.at(end);
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  const { code, severity, message, range, pointer, fixes, origin } = problem;
  return {
    code,
    severity,
    message: say(message),
    ...place(range.start, range.end),
    pointer,
    fixes: fixes.map(({ title, edits }) => ({
      title: say(title),
      edits: edits.map(({ start, end, text }) => ({ ...place(start, end), start, end, text })),
    })),
    ...(origin === undefined ? {} : { origin }),
  };
}

/** "2 errors, 1 warning", or that nothing is wrong. */
export function countText(problems: readonly Problem[]): string {
  const count = (severity: Problem['severity']): number => problems.filter((one) => one.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  const many = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
  const notes = count('information');
  if (errors + warnings === 0) {
    if (notes === 0) return t('No problems.', '没有问题。');
    return t(`No problems, ${many(notes, 'note')}.`, `没有问题，${notes} 条提示。`);
  }
  return t(`${many(errors, 'error')}, ${many(warnings, 'warning')}`, `${errors} 个错误，${warnings} 个警告`);
}
