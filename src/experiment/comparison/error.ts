import { text } from '../../common/text.ts';
import { ToldError } from '../../common/told-error.ts';

/** What was asked for cannot be compared; nothing was computed. */
export class ComparisonError extends ToldError {
  override readonly name = 'ComparisonError';
  /** The request is wrong (conventions 9). */
  readonly exitCode = 2;

  constructor(en: string, zh: string) {
    super(text(en, zh));
  }
}
