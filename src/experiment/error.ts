/** Why an experiment is not started or does not go on, said for people. */
import { text, type Text } from '../common/text.ts';
import { ToldError } from '../common/told-error.ts';

export type ExperimentErrorCode =
  | 'not-an-experiment'
  | 'damaged'
  | 'version'
  /** Another process works on it. */
  | 'alive'
  | 'not-alive'
  /** The directory belongs to another spec. */
  | 'other-spec'
  /** Text, data or engine are not what the plan was made of. */
  | 'changed'
  /** There is nothing to run. */
  | 'nothing'
  | 'executor'
  | 'lock-lost'
  | 'unwritable'
  | 'spawn';

export class ExperimentError extends ToldError {
  override readonly name = 'ExperimentError';
  readonly code: ExperimentErrorCode;

  constructor(code: ExperimentErrorCode, told: Text) {
    super(told);
    this.code = code;
  }

  /** Exit code of a command that ends with this error: 2 when nothing was started, else 1. */
  get exitCode(): 1 | 2 {
    return this.code === 'lock-lost' || this.code === 'damaged' || this.code === 'unwritable' ? 1 : 2;
  }
}

export function aliveText(pid: number): Text {
  return text(
    `This experiment is alive in process ${String(pid)}. Watch it with "mtl experiment SPEC", or stop it there first.`,
    `此实验正在进程 ${String(pid)} 中进行。可用“mtl experiment SPEC”查看，或先在那里停止它。`,
  );
}
