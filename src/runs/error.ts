import type { Text } from '../common/text.ts';

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
  /** What the run depends on is not what it was. */
  | 'changed'
  | 'spawn';

export class RunError extends Error {
  override readonly name = 'RunError';
  readonly code: RunErrorCode;
  readonly text: Text;

  constructor(code: RunErrorCode, en: string, zh: string) {
    super(en);
    this.code = code;
    this.text = { en, zh };
  }

  /** Exit code of a command that ends with this error: 2 when nothing was started, else 1. */
  get exitCode(): 1 | 2 {
    return this.code === 'lock-lost' || this.code === 'damaged' ? 1 : 2;
  }
}

/** Node's `code` of a failed system call, or an empty string. */
export function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
