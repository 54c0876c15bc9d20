import { text, type Text } from '../common/text.ts';
import { DataError } from '../data/error.ts';

/**
 * The refusal of what the language knows and this version does not prepare.
 * @param who {@link inputName}, {@link taskName}
 */
export function notAvailable(who: Text, what: Text): DataError {
  return new DataError(
    'not-available',
    text(`${who.en}: ${what.en} is not available in this version.`, `${who.zh}：此版本尚不支持${what.zh}。`),
  );
}

/** How messages begin that are about an input. */
export const inputName = (name: string): Text => text(`Input “${name}”`, `输入“${name}”`);

/** How messages begin that are about a task. */
export const taskName = (name: string): Text => text(`Task “${name}”`, `任务“${name}”`);
