/** Why a training cannot begin or go on, said for people. */
import { deviceFailure } from '../runtime/gpu.ts';
import { withoutHome } from '../runs/log.ts';

export type TrainingErrorCode =
  | 'changed-meanwhile'
  | 'invalid-spec'
  | 'no-data'
  | 'no-facts'
  | 'monitor-without-value'
  | 'diverged'
  | 'no-model'
  | 'memory'
  | 'strategy-module';

export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;

  constructor(code: TrainingErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface ErrorText {
  readonly code: string;
  readonly message: string;
}

/**
 * What JavaScript, WebAssembly, C++ and the system say where a buffer cannot be had: a calling of nothing and a view at an
 * address that is none are how the embedded engine's C++ fails.
 */
const outOfMemory = new RegExp(
  [
    '^(?:',
    [
      'Invalid (?:typed )?array (?:buffer )?length|Set maximum size exceeded|Map maximum size exceeded',
      'Array buffer allocation failed|Cannot create a Buffer larger than',
      'null function or function signature mismatch|memory access out of bounds|table index is out of bounds|unreachable',
      'Aborted\\(|Cannot enlarge memory|WebAssembly\\.Memory|offset is out of bounds|[Ss]tart offset -?\\d+ is outside',
    ].join('|'),
    ')|out of memory|bad_alloc|ENOMEM|cannot allocate memory',
  ].join(''),
  'i',
);

/** Code and sentence of any error: those made for people keep theirs, the rest is `internal` and points to the log. */
export function describeError(error: unknown): ErrorText {
  const { code, message } = describe(error);
  // Records are sent along with bug reports: they name no user.
  return { code, message: withoutHome(message) };
}

function describe(error: unknown): ErrorText {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'ERR_';
  if (error instanceof Error && !code.startsWith('ERR_') && code !== 'ENOMEM') return { code, message: error.message };
  const device = error instanceof Error ? deviceFailure(error.message) : null;
  if (device !== null) return { code: device.code, message: device.text };
  if (error instanceof Error && outOfMemory.test(error.message)) {
    return {
      code: 'memory',
      message:
        'There is not enough memory for this network and batch. Use smaller layers, smaller images, a smaller batchSize or an optimizer that remembers less ("sgd"), or close other programs. The last checkpoint is kept.',
    };
  }
  // Losses and tasks refuse impossible labels with a RangeError that says which parameter and why.
  if (error instanceof RangeError) return { code: 'refused', message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `${message}. This is a fault of the program; log.txt in the run directory has the details.`,
  };
}
