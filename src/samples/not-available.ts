import { DataError } from '../data/error.ts';

/**
 * The refusal of what the language knows and this version does not prepare.
 * @param who `Input “x”`, `Task “y”`
 */
export function notAvailable(who: string, what: string): DataError {
  return new DataError('not-available', `${who}: ${what} is not available in this version.`);
}
