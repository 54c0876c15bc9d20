import { text } from '../common/text.ts';
import { ToldError } from '../common/told-error.ts';

export type RunErrorCode =
  /** Another process writes this directory. */
  | 'alive'
  /** Nobody is there to receive the request. */
  | 'not-alive'
  /** The lock passed to another process while we wrote. */
  | 'lock-lost'
  | 'unwritable'
  /** A link in place of a folder or file of the run. */
  | 'link'
  | 'not-a-run'
  | 'damaged'
  | 'exists'
  | 'name'
  | 'version'
  | 'no-checkpoint'
  /** A fork could not go on with the state of its parent. */
  | 'fork'
  /** What the run depends on is not what it was. */
  | 'changed'
  | 'spawn';

export class RunError extends ToldError {
  override readonly name = 'RunError';
  readonly code: RunErrorCode;

  constructor(code: RunErrorCode, en: string, zh: string) {
    super(text(en, zh));
    this.code = code;
  }

  /** Exit code of a command that ends with this error: 2 when nothing was started, else 1. */
  get exitCode(): 1 | 2 {
    return this.code === 'lock-lost' || this.code === 'damaged' ? 1 : 2;
  }
}
