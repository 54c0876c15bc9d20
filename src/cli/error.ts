import { text } from '../common/text.ts';
import { ToldError } from '../common/told-error.ts';

/** The command cannot do what was asked; said to the person without a stack, with the exit code (conventions 9). */
export class CliError extends ToldError {
  override readonly name = 'CliError';
  readonly exitCode: number;

  /** @param exitCode 2: the request is wrong, nothing was started; 1: the work failed */
  constructor(en: string, zh: string, exitCode: 1 | 2 = 2) {
    super(text(en, zh));
    this.exitCode = exitCode;
  }
}
