/** Why a training cannot begin or go on, said for people. */
export type TrainingErrorCode = 'invalid-spec' | 'no-data' | 'diverged' | 'no-model';

export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;

  constructor(code: TrainingErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Code and sentence of any error: those made for people keep theirs, the rest is `internal` and points to the log. */
export function describeError(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_')) {
    return { code: error.code, message: error.message };
  }
  // Losses and tasks refuse impossible labels with a RangeError that says which parameter and why.
  if (error instanceof RangeError) return { code: 'refused', message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `${message}. This is a fault of the program; log.txt in the run directory has the details.`,
  };
}
