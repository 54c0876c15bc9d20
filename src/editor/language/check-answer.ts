/** The answer of `mtl check --json`: what only the rows of the data could tell. Pure. */
import { isFields } from '../../common/checks.ts';
import { text } from '../../common/text.ts';
import { ToldError } from '../../common/told-error.ts';
import type { Problem, Severity } from '../../spec/index.ts';

const severities: readonly string[] = ['error', 'warning', 'information'] satisfies Severity[];
const isSeverity = (value: unknown): value is Severity => typeof value === 'string' && severities.includes(value);

/**
 * Problems whose `origin` is the rows. Their ranges are those of the checked text; their messages are in one language, the
 * one that was asked for.
 *
 * @param answer standard output of the command
 * @throws ToldError when that is not what the command writes
 */
export function readRowProblems(answer: string): readonly Problem[] {
  const value: unknown = JSON.parse(answer);
  const list = isFields(value) && value['v'] === 1 ? value['problems'] : undefined;
  if (!Array.isArray(list)) {
    throw new ToldError(
      text(
        'The answer of "mtl check" is of another version. Reload the window.',
        '“mtl check”的答复来自其他版本。请重新加载窗口。',
      ),
    );
  }
  return list.flatMap((one: unknown) => {
    if (!isFields(one) || one['origin'] !== 'rows') return [];
    const { code, severity, message, pointer } = one;
    if (typeof code !== 'string' || typeof message !== 'string' || typeof pointer !== 'string') return [];
    if (!isSeverity(severity)) return [];
    const words = { en: message, zh: message };
    return [
      { code, severity, message: words, pointer, range: { start: 0, end: 0 }, fixes: [], origin: 'rows' as const },
    ];
  });
}
