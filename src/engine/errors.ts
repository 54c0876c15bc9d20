import { text, type Text } from '../common/text.ts';
import { ToldError } from '../common/told-error.ts';

/** Why an engine, or one operation on it, is not to be had. The message says what to do next. */
export type EngineErrorCode = 'engine-unavailable' | 'operation-unsupported' | 'memory';

export class EngineError extends ToldError {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, told: Text, options?: ErrorOptions) {
    super(told, options);
    this.name = 'EngineError';
    this.code = code;
  }
}

/** There is no native engine here, as the middle of a sentence. */
export function notInstalled(): EngineError {
  return new EngineError(
    'engine-unavailable',
    text(
      'the native engine is not installed ("mtl runtime install")',
      '未安装原生引擎（可用“mtl runtime install”安装）',
    ),
  );
}
