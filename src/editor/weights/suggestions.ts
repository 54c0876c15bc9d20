/** The answer of `mtl suggest --json`: read, and put into words. Pure. */

import { isFields, type Fields } from '../../common/checks.ts';
import { text as told } from '../../common/text.ts';
import { ToldError } from '../../common/told-error.ts';
import { shorten } from './lens-text.ts';

/** Weights that one method proposes, with its numbers. */
export interface Suggestion {
  readonly by: string;
  readonly formula: string;
  /** In the order of the answer. */
  readonly weights: ReadonlyMap<string, number>;
  /** Each task with its numbers, in the person's language. */
  readonly details: readonly string[];
  readonly warnings: readonly string[];
}

/** A method that cannot say anything here, and why. */
export interface Refusal {
  readonly by: string;
  readonly refused: string;
}

export interface Suggestions {
  readonly found: readonly (Suggestion | Refusal)[];
  readonly note: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/**
 * @param text standard output of the command
 * @throws ToldError when that is not what the command writes
 */
export function readSuggestions(text: string): Suggestions {
  const value: unknown = JSON.parse(text);
  if (!isFields(value) || value['v'] !== 1) {
    throw new ToldError(
      told(
        'The answer of "mtl suggest" is of another version. Reload the window.',
        '“mtl suggest”的答复来自其他版本。请重新加载窗口。',
      ),
    );
  }
  const all = 'suggestions' in value ? listOf(value['suggestions']) : [value];
  return { found: all.filter(isFields).map(readOne), note: textOf(value['note']) };
}

function readOne(value: Fields): Suggestion | Refusal {
  const by = textOf(value['by']);
  if (typeof value['refused'] === 'string') return { by, refused: value['refused'] };
  const details = listOf(value['details']).filter(isFields);
  // By the details' order, since a JSON object would put a task called "10" first.
  const weights = new Map<string, number>();
  const given = isFields(value['weights']) ? value['weights'] : {};
  for (const task of [...details.map((one) => textOf(one['task'])), ...Object.keys(given)]) {
    const weight = Object.hasOwn(given, task) ? given[task] : undefined;
    if (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0) weights.set(task, weight);
  }
  const warnings = listOf(value['warnings']).map((one) => (isFields(one) ? textOf(one['message']) : textOf(one)));
  return {
    by,
    formula: textOf(value['formula']),
    weights,
    details: details
      .filter((one) => textOf(one['text']) !== '')
      .map((one) => `${shorten(textOf(one['task']))}: ${textOf(one['text'])}`),
    warnings: warnings.filter((line) => line !== ''),
  };
}

export function isRefusal(one: Suggestion | Refusal): one is Refusal {
  return 'refused' in one;
}

/** `a 1.2 · b 0.8`. */
export function weightsText(weights: ReadonlyMap<string, number>): string {
  return [...weights].map(([task, weight]) => `${shorten(task)} ${String(weight)}`).join(' · ');
}
