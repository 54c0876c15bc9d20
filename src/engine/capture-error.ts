import { text } from '../common/text.ts';
import { ToldError } from '../common/told-error.ts';

/** Why a piece of work cannot become a graph, as the end of a sentence. Training then goes on operation by operation. */
export class CaptureError extends ToldError {
  override readonly name = 'CaptureError';

  constructor(en: string, zh: string, options?: ErrorOptions) {
    super(text(en, zh), options);
  }
}
