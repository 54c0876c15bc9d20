/** Why a run cannot begin or go on, said for people. */
import { text, type Text } from '../common/text.ts';
import { systemText, textOfError, ToldError, toldText } from '../common/told-error.ts';
import { deviceFailure } from '../runtime/gpu.ts';
import type { ErrorRecord } from '../runs/events.ts';
import { withoutHome } from '../runs/log.ts';

export type TrainingErrorCode =
  | 'changed-meanwhile'
  | 'invalid-spec'
  | 'fork'
  | 'no-data'
  | 'no-facts'
  | 'monitor-without-value'
  | 'diverged'
  | 'no-model'
  | 'memory'
  | 'strategy-module';

export class TrainingError extends ToldError {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;

  constructor(code: TrainingErrorCode, told: Text) {
    super(told);
    this.code = code;
  }
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

const noMemory = text(
  'There is not enough memory for this network and batch. Use smaller layers, smaller images, a smaller batchSize or an optimizer that remembers less ("sgd"), or close other programs. The last checkpoint is kept.',
  '内存不足以容纳此网络与批。请使用更小的层、更小的图像、更小的 batchSize 或占用更少的优化器（"sgd"），或关闭其他程序。最近的检查点已保留。',
);

/** A checkpoint that this run cannot go on from. */
export class CheckpointError extends ToldError {
  override readonly name = 'CheckpointError';
  readonly code = 'checkpoint-unusable';
}

/** A loss or task that the labels or its parameters make impossible: which parameter, and why. */
export class RefusedError extends ToldError {
  override readonly name = 'RefusedError';
  readonly code = 'refused';
}

/** Problems of a spec in one line. */
export function problemList(problems: readonly { readonly pointer: string; readonly message: Text }[]): Text {
  return text(
    problems.map(({ pointer, message }) => `${pointer}: ${message.en}`).join(' '),
    problems.map(({ pointer, message }) => `${pointer}：${message.zh}`).join(''),
  );
}

/** Code and sentence of any error: those made for people keep theirs, the rest is `internal` and points to the log. */
export function describeError(error: unknown): ErrorRecord {
  const { code, text: told } = describe(error);
  // Records are sent along with bug reports: they name no user.
  return { code, message: withoutHome(told.en), zh: withoutHome(told.zh) };
}

interface Described {
  readonly code: string;
  readonly text: Text;
}

function describe(error: unknown): Described {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const told = toldText(error);
  if (told) return { code: code === '' ? 'refused' : code, text: told };
  const device = error instanceof Error ? deviceFailure(error.message) : null;
  if (device !== null) return device;
  if (code === 'ENOMEM' || (error instanceof Error && outOfMemory.test(error.message))) {
    return { code: 'memory', text: noMemory };
  }
  if (systemText(error)) return { code, text: textOfError(error) };
  return { code: 'internal', text: faultText(error instanceof Error ? error.message : String(error)) };
}

function faultText(message: string): Text {
  const words = message.replace(/\.$/, '');
  return text(
    `${words}. This is a fault of the program; log.txt in the run directory has the details.`,
    `程序内部错误（“${words}”），详见运行目录中的 log.txt。`,
  );
}
